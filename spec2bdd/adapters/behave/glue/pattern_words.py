"""Look at the words of a step pattern in place of its regular expression, which takes a millisecond to compile.

Nearly all patterns of the `parse` kind are plain words around plain fields. Every text that such a pattern matches
begins with the whole words before the first field, and ends with those after the last one. The module is imported in
the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Any

import parse
from behave.matchers import CFParseMatcher, ParseMatcher, SimplifiedRegexMatcher

from spec2bdd.model.values import dataclass

# In lists of words: what is no plain text. NUL is in no step.
NO_TEXT = "\0"
_FIELD = re.compile(r"\{[^{}]*\}")
_PLAIN_FIELD = re.compile(r"\{([A-Za-z]\w*)(:d)?\}", re.ASCII)
# The parts of a regular expression that are no plain text, each without effect on the text around it.
_GROUP = re.compile(
    r"""
      \(\?P<\w+>(?:\[[^\[\]]*\]|[^()\[\]|])*\)    # a named group, without groups or alternatives in it
    | \[[^\[\]]*\]                                # a set of characters
    | \\.                                         # an escape
    """,
    re.VERBOSE,
)
# If one of these is left in a regular expression, it may match texts that lack one of its words.
_LOOSE = re.compile(r"[|()\[\]]| [*+?{]")
_PLAIN_WORD = re.compile(r"[\w,;:'\"!%&=<>@#-]+")
_DIGITS = re.compile(r"[0-9]+")
# More words hardly narrow the search, and `AffixIndex.find` looks at each number of words that occurs.
_MOST_WORDS = 12
# Bounds the memory of the caches; a project with more patterns than that parses some of them again.
_CACHE_SIZE = 20_000
_Key = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PatternAffixes:
    """The whole words before the first field of a pattern, and those after its last one."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def count(self) -> int:
        """The number of words at both ends."""
        return len(self.before) + len(self.after)

    def filter_texts(self, texts: Iterable[str]) -> list[str]:
        """Filter for the texts that begin and end with these words."""
        start, end = " ".join((*self.before, "")), " ".join(("", *self.after))
        return [text for text in texts if text.startswith(start) and text.endswith(end)]


def find_text(matcher: Any) -> str:
    """Find the pattern of a definition as written in its step file, which Behave compares with other patterns."""
    # Behave puts `^` and `$` around the pattern of the `re` matcher, but not of `re0`.
    return str(matcher.pattern[1:-1] if type(matcher) is SimplifiedRegexMatcher else matcher.pattern)


def is_parsed(matcher: Any) -> bool:
    """Whether a matcher reads its pattern as a format string, and distinguishes upper and lower case."""
    return type(matcher) in (ParseMatcher, CFParseMatcher) and bool(matcher.CASE_SENSITIVE)


def is_literal(matcher: Any) -> bool:
    """Whether a matcher matches its own pattern and no other text."""
    return is_parsed(matcher) and "{" not in matcher.pattern and "}" not in matcher.pattern


def is_plain(matcher: Any) -> bool:
    """Whether all fields of a matcher are words or numbers with different names, so that it certainly compiles."""
    # A project may register a type `d` of its own.
    is_standard = type(matcher) is ParseMatcher and matcher.CASE_SENSITIVE and not matcher.has_registered_type("d")
    return is_standard and is_plain_pattern(matcher.pattern)


def is_plain_pattern(pattern: str) -> bool:
    """Whether all fields of a pattern, of which there is at least one, are words or numbers with different names."""
    return bool(_split_plain(pattern))


def matches_plainly(matcher: Any, text: str) -> bool | None:
    """Whether a matcher matches a text and can convert its arguments; None if only its regular expression knows."""
    if is_literal(matcher):
        return bool(matcher.pattern == text)
    return _matches_parts(text, _split_plain(matcher.pattern)) if is_plain(matcher) else None


def find_words(matcher: Any) -> list[str]:
    """Split a pattern at its spaces into words, of which the parts that are no plain text are NUL.

    These are braces and fields, whose formats may hold spaces of their own. The list is empty if the words are unsure.
    """
    if type(matcher) is SimplifiedRegexMatcher:
        plain = _GROUP.sub(NO_TEXT, find_text(matcher))
        words = plain.split(" ")
        return [] if _LOOSE.search(plain) else [word if _PLAIN_WORD.fullmatch(word) else NO_TEXT for word in words]
    return list(_split_words(matcher.pattern)) if is_parsed(matcher) else []


@lru_cache(_CACHE_SIZE)
def _split_words(pattern: str) -> tuple[str, ...]:
    """Split a format string in the same way."""
    plain = _FIELD.sub(NO_TEXT, pattern.replace("{{", NO_TEXT).replace("}}", NO_TEXT))
    # Interned, because thousands of patterns have the same words.
    return () if "{" in plain or "}" in plain else tuple(map(sys.intern, plain.split(" ")))


def find_affixes(matcher: Any) -> PatternAffixes | None:
    """Find the words at the ends of a pattern with fields, or None if there are not at least two."""
    return _split_affixes(tuple(find_words(matcher)))


@lru_cache(_CACHE_SIZE)
def _split_affixes(words: tuple[str, ...]) -> PatternAffixes | None:
    """Find the affixes in the words of a pattern."""
    if NO_TEXT not in "".join(words):
        return None
    before = tuple(takewhile(_is_text, words))
    after = tuple(takewhile(_is_text, reversed(words)))[::-1] if len(before) < len(words) else ()
    affixes = PatternAffixes(before[:_MOST_WORDS], after[-_MOST_WORDS:])
    return affixes if affixes.count > 1 else None


def _is_text(word: str) -> bool:
    """Whether all of a word is plain text."""
    return NO_TEXT not in word


class AffixIndex:
    """Items by the affixes of their patterns."""

    def __init__(self) -> None:
        # First by the numbers of words, so that a text has to be cut once for each pair of numbers.
        self._by_counts: defaultdict[tuple[int, int], defaultdict[_Key, list[Any]]]
        self._by_counts = defaultdict(lambda: defaultdict(list))

    def add(self, affixes: PatternAffixes, item: Any) -> None:
        """Add an item."""
        counts = len(affixes.before), len(affixes.after)
        self._by_counts[counts][affixes.before, affixes.after].append(item)

    def find(self, text: str) -> Iterator[Any]:
        """Yield all items whose affixes a text has."""
        words = tuple(text.split(" "))
        count = len(words)
        for (before, after), items in self._by_counts.items():
            # At least one word is between the affixes, perhaps an empty one.
            if count > before + after:
                yield from items.get((words[:before], words[count - after :]), ())


@lru_cache(_CACHE_SIZE)
def _split_plain(pattern: str) -> tuple[str | None, ...]:
    """Split into a literal, the name of a field, its type, a literal, and so on; empty if the pattern is not plain."""
    names = [match[1] for match in _PLAIN_FIELD.finditer(pattern)]
    literal_chars = {*_PLAIN_FIELD.sub("", pattern)}
    has_distinct_names = names and len(names) == len(set(names))
    is_plain_pattern = has_distinct_names and literal_chars.isdisjoint("{}")
    return tuple(_PLAIN_FIELD.split(pattern)) if is_plain_pattern else ()


def _matches_parts(text: str, parts: Sequence[str | None]) -> bool | None:
    """Whether a text is the literals with at least one character for each field between them, from left to right.

    Each literal is taken where it occurs first. If that way leads to the end, the regular expression matches as well.
    If it does not because a field for a number holds something else, another way may: then the result is None.
    """
    # `parts` is literal, (name, type, literal), (name, type, literal) ...
    first, *rest = parts
    literals, types = [literal or "" for literal in rest[2::3]], rest[1::3]
    reached, end = len(first or ""), len(text) - len(literals[-1])
    if not text.startswith(first or "") or not text.endswith(literals[-1]):
        return False
    fits = True
    for place, (literal, kind) in enumerate(zip(literals, types, strict=True)):
        # The last literal is the end of the text; the others follow a field of at least one character.
        start = end if place == len(literals) - 1 else text.find(literal, reached + 1)
        if start <= reached:
            return None if any(types) else False
        fits = fits and (not kind or _DIGITS.fullmatch(text, reached, start) is not None)
        reached = start + len(literal)
    return fits or None


def make_parsers_lazily() -> None:
    """Let Behave make the parsers of plain patterns when they are first used.

    With its dictionaries, a parser takes more memory than the function, and nearly all texts are matched without it.
    """
    # behave 1.3.3 calls this attribute of the class for each definition.
    ParseMatcher.PARSER_CLASS = staticmethod(_make_parser)


def _make_parser(pattern: str, extra_types: Any = None, *, case_sensitive: bool = False) -> Any:
    """Make the parser of a pattern; the errors of one that is not plain are raised at once."""
    is_literal = "{" not in pattern and "}" not in pattern
    # A plain field has no other type than `d`, which a project may register as one of its own.
    if is_literal or (is_plain_pattern(pattern) and "d" not in (extra_types or ())):
        return _LazyParser(pattern, case_sensitive=case_sensitive)
    return parse.Parser(pattern, extra_types, case_sensitive=case_sensitive)


class _LazyParser:
    """Takes each attribute from a parser that is made for the first of them."""

    __slots__ = ("_case_sensitive", "_parser", "_pattern")

    def __init__(self, pattern: str, *, case_sensitive: bool) -> None:
        self._pattern, self._case_sensitive = pattern, case_sensitive
        self._parser: Any = None

    def __getattr__(self, name: str) -> Any:
        if name in _LazyParser.__slots__:
            # A copy is made without `__init__`.
            raise AttributeError(name)
        if self._parser is None:
            self._parser = parse.Parser(self._pattern, {}, case_sensitive=self._case_sensitive)
        return getattr(self._parser, name)
