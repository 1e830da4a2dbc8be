"""Step matchers and texts in, out of many the few that can match each other at all, found by the words they share.

Behave tries every definition on every text, which takes a minute where there are some thousands of both. A pattern of
the `parse` kind matches no text that lacks one of the words outside its fields, so the rarest of them finds all texts.
The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from behave.matchers import CFParseMatcher, ParseMatcher

_FIELD = re.compile(r"\{[^{}]*\}")


def find_words(matcher: Any) -> list[str]:
    """Return words that stand between the spaces of every text that the matcher matches, or nothing if unsure."""
    if type(matcher) not in (ParseMatcher, CFParseMatcher) or not matcher.CASE_SENSITIVE:
        return []
    # NUL stands for what is not plain text: a brace, or a field, whose format may hold spaces of its own.
    plain = _FIELD.sub("\0", matcher.pattern.replace("{{", "\0").replace("}}", "\0"))
    return [] if {"{", "}"} & set(plain) else [word for word in plain.split(" ") if word and "\0" not in word]


def is_literal(matcher: Any) -> bool:
    """Tell whether a matcher matches its own pattern and no other text."""
    plain = type(matcher) in (ParseMatcher, CFParseMatcher) and matcher.CASE_SENSITIVE
    return plain and not {"{", "}"} & set(matcher.pattern)


class OrderedIndex:
    """Matchers in the order in which they came, found by a text as if each were tried in turn."""

    def __init__(self, matchers: Iterable[Any] = ()) -> None:
        self.count = 0
        self._literals: defaultdict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._by_word: defaultdict[str, list[tuple[int, Any]]] = defaultdict(list)
        for matcher in matchers:
            self.add_matcher(matcher)

    def add_matcher(self, matcher: Any) -> None:
        """Take a matcher in behind all others."""
        if is_literal(matcher):
            place = self._literals[matcher.pattern]
        else:
            # The emptiest place, so that words that all patterns share hold few of them.
            words = find_words(matcher)
            place = min((self._by_word[word] for word in words), key=len) if words else self._by_word[""]
        place.append((self.count, matcher))
        self.count += 1

    def find_matchers(self, text: str) -> list[Any]:
        """Return all matchers that can match the text, and as few others as may be, in their order."""
        found = [*self._literals.get(text, ()), *self._by_word.get("", ())]
        for word in {*text.split(" ")} - {""}:
            found += self._by_word.get(word, ())
        return [matcher for _, matcher in sorted(found, key=itemgetter(0))]


class TextIndex:
    """Texts by their words."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._all: list[str] = []
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        for text in texts:
            self.add_text(text)

    def add_text(self, text: str) -> None:
        """Take a text in."""
        self._all.append(text)
        for word in set(text.split(" ")):
            self._by_word[word].append(text)

    def find_texts(self, matcher: Any) -> Sequence[str]:
        """Return all texts that the matcher can match, and as few others as may be."""
        found = (self._by_word.get(word, []) for word in find_words(matcher))
        return min(found, key=len, default=self._all)

    def count_texts(self, word: str) -> int:
        """Return how many texts hold the word."""
        return len(self._by_word.get(word, ()))


class MatcherIndex:
    """Matchers by one word that a text must hold to match; those that ask for none stand under the empty word."""

    def __init__(self, matchers: Sequence[Any] = ()) -> None:
        # All patterns come first: only then is it known which words are rare.
        self.patterns = TextIndex(matcher.pattern for matcher in matchers)
        self._by_word: defaultdict[str, list[Any]] = defaultdict(list)
        for matcher in matchers:
            self._place_matcher(matcher)

    def add_matcher(self, matcher: Any) -> None:
        """Take a matcher in."""
        self.patterns.add_text(matcher.pattern)
        self._place_matcher(matcher)

    def _place_matcher(self, matcher: Any) -> None:
        """Put a matcher under its rarest word."""
        self._by_word[min(find_words(matcher), key=self.patterns.count_texts, default="")].append(matcher)

    def find_matchers(self, text: str) -> Iterator[Any]:
        """Yield all matchers that can match the text, and as few others as may be."""
        for word in {"", *text.split(" ")}:
            yield from self._by_word.get(word, ())
