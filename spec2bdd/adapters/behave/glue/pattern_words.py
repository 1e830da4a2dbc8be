"""A step pattern in, out what can be said of it without a regular expression, which takes a millisecond to compile.

Nearly all patterns of the `parse` kind are plain words around plain fields. The whole words before the first field and
behind the last one stand at the ends of every text that such a pattern matches.
The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any

from behave.matchers import CFParseMatcher, ParseMatcher, SimplifiedRegexMatcher

NO_TEXT = "\0"
_FIELD = re.compile(r"\{[^{}]*\}")
_PLAIN_FIELD = re.compile(r"\{([A-Za-z]\w*)(:d)?\}", re.ASCII)
_GROUP = re.compile(r"\(\?P<\w+>(?:\[[^\[\]]*\]|[^()\[\]|])*\)|\[[^\[\]]*\]|\\.")
# Where one of these is left in a regular expression, a word may be missing in what it matches.
_LOOSE = re.compile(r"[|()\[\]]| [*+?{]")
_PLAIN_WORD = re.compile(r"[\w,;:'\"!%&=<>@#-]+")
_DIGITS = re.compile(r"[0-9]+")
# More words tell no more, and every further number of words is another place to look at.
_MOST_WORDS = 12
# Of many thousands of patterns, what is known of all would be a good part of all that is held.
_MOST_KNOWN = 20_000
_Key = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PatternAffixes:
    """The whole words before the first field of a pattern, and those behind its last one."""

    before: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return how many words there are at both ends."""
        return len(self.before) + len(self.behind)

    def find_fitting(self, texts: Iterable[str]) -> list[str]:
        """Return those of the texts that begin and end with these words."""
        start, end = " ".join((*self.before, "")), " ".join(("", *self.behind))
        return [text for text in texts if text.startswith(start) and text.endswith(end)]


def find_text(matcher: Any) -> str:
    """Return the pattern of a definition as it stands in its step file, which is what Behave compares with others."""
    return str(matcher.pattern[1:-1] if type(matcher) is SimplifiedRegexMatcher else matcher.pattern)


def is_parsed(matcher: Any) -> bool:
    """Tell whether a matcher reads its pattern as a format string, and takes all letters as they are."""
    return type(matcher) in (ParseMatcher, CFParseMatcher) and bool(matcher.CASE_SENSITIVE)


def is_literal(matcher: Any) -> bool:
    """Tell whether a matcher matches its own pattern and no other text."""
    return is_parsed(matcher) and "{" not in matcher.pattern and "}" not in matcher.pattern


def is_plain(matcher: Any) -> bool:
    """Tell whether the fields of a matcher are words and numbers with names of their own: it compiles for sure."""
    known = type(matcher) is ParseMatcher and matcher.CASE_SENSITIVE and not matcher.has_registered_type("d")
    return known and bool(_split_plain(matcher.pattern))


def find_answer(matcher: Any, text: str) -> bool | None:
    """Return whether a matcher matches a text and can convert its arguments, or nothing where that is not sure."""
    if is_literal(matcher):
        return bool(matcher.pattern == text)
    return _find_fit(text, _split_plain(matcher.pattern)) if is_plain(matcher) else None


def find_words(matcher: Any) -> list[str]:
    """Return what stands between the spaces of a pattern, where what is no plain text is NUL.

    That is a brace, or a field, whose format may hold spaces of its own. Nothing is returned where that is unsure.
    """
    if type(matcher) is SimplifiedRegexMatcher:
        plain = _GROUP.sub(NO_TEXT, find_text(matcher))
        words = plain.split(" ")
        return [] if _LOOSE.search(plain) else [word if _PLAIN_WORD.fullmatch(word) else NO_TEXT for word in words]
    return list(_split_words(matcher.pattern)) if is_parsed(matcher) else []


@lru_cache(_MOST_KNOWN)
def _split_words(pattern: str) -> tuple[str, ...]:
    """Return what stands between the spaces of a format string, in the same way."""
    plain = _FIELD.sub(NO_TEXT, pattern.replace("{{", NO_TEXT).replace("}}", NO_TEXT))
    return () if "{" in plain or "}" in plain else tuple(plain.split(" "))


def find_affixes(matcher: Any) -> PatternAffixes | None:
    """Return the words at the ends of a pattern with fields, or nothing if there are not two of them."""
    return _derive_ends(tuple(find_words(matcher)))


@lru_cache(_MOST_KNOWN)
def _derive_ends(words: tuple[str, ...]) -> PatternAffixes | None:
    """Return the ends of a pattern with such words."""
    if NO_TEXT not in "".join(words):
        return None
    before = tuple(takewhile(_is_text, words))
    behind = tuple(takewhile(_is_text, reversed(words)))[::-1] if len(before) < len(words) else ()
    ends = PatternAffixes(before[:_MOST_WORDS], behind[-_MOST_WORDS:])
    return ends if ends.count > 1 else None


def _is_text(word: str) -> bool:
    """Tell whether all of a word is plain text."""
    return NO_TEXT not in word


class AffixIndex:
    """Things by the ends of their patterns."""

    def __init__(self) -> None:
        self._by_shape: defaultdict[tuple[int, int], defaultdict[_Key, list[Any]]]
        self._by_shape = defaultdict(lambda: defaultdict(list))

    def add(self, ends: PatternAffixes, item: Any) -> None:
        """Take an item in."""
        self._by_shape[len(ends.before), len(ends.behind)][ends.before, ends.behind].append(item)

    def find(self, text: str) -> Iterator[Any]:
        """Yield all items whose ends a text has."""
        words = tuple(text.split(" "))
        count = len(words)
        for (before, behind), items in self._by_shape.items():
            # At least one word stands between the ends, be it an empty one.
            if count > before + behind:
                yield from items.get((words[:before], words[count - behind :]), ())


@lru_cache(_MOST_KNOWN)
def _split_plain(pattern: str) -> tuple[str | None, ...]:
    """Return a literal, the name of a field and its type, a literal, and so on; nothing if the pattern is not plain."""
    names = [match[1] for match in _PLAIN_FIELD.finditer(pattern)]
    left = {*_PLAIN_FIELD.sub("", pattern)}
    plain = names and "{" not in left and "}" not in left and len(names) == len(set(names))
    return tuple(_PLAIN_FIELD.split(pattern)) if plain else ()


def _find_fit(text: str, parts: Sequence[str | None]) -> bool | None:
    """Return whether a text can be read from left to right as literals with fields between them.

    Where there is a way to read a text, a regular expression finds one, too. Where the first way is none because a
    field for a number holds something else, there may be another.
    """
    first, *rest = parts
    literals, types = [literal or "" for literal in rest[2::3]], rest[1::3]
    reached, end = len(first or ""), len(text) - len(literals[-1])
    if not text.startswith(first or "") or not text.endswith(literals[-1]):
        return False
    fits = True
    for place, (literal, kind) in enumerate(zip(literals, types, strict=True)):
        found = end if place == len(literals) - 1 else text.find(literal, reached + 1)
        if found <= reached:
            return None if any(types) else False
        fits = fits and (not kind or _DIGITS.fullmatch(text, reached, found) is not None)
        reached = found + len(literal)
    return fits or None
