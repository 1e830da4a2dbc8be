"""Step matchers and texts in, out of many the few that can match each other at all, found by the words they share.

Behave tries every definition on every text, which takes a minute where there are some thousands of both. A pattern of
the `parse` kind matches no text that lacks one of the words outside its fields, so the two rarest of them find all.
The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from spec2bdd.adapters.behave.glue.pattern_words import (
    NO_TEXT,
    AffixIndex,
    find_affixes,
    find_text,
    find_words,
    is_literal,
)


def find_literal_words(matcher: Any) -> list[str]:
    """Return words that stand between the spaces of every text that the matcher matches, or nothing if unsure."""
    return [word for word in find_words(matcher) if word and NO_TEXT not in word]


class StepIndex:
    """Matchers in the order in which they came, found by a text as if each were tried in turn."""

    def __init__(self, matchers: Iterable[Any] = ()) -> None:
        self.count = 0
        self._literals: defaultdict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._by_ends = AffixIndex()
        self._by_word: defaultdict[str, list[tuple[int, Any]]] = defaultdict(list)
        for matcher in matchers:
            self.add_matcher(matcher)

    def add_matcher(self, matcher: Any) -> None:
        """Take a matcher in behind all others."""
        item = (self.count, matcher)
        self.count += 1
        if is_literal(matcher):
            self._literals[matcher.pattern].append(item)
        elif ends := find_affixes(matcher):
            self._by_ends.add(ends, item)
        else:
            # The emptiest place, so that words that all patterns share hold few of them.
            words = find_literal_words(matcher)
            place = min((self._by_word[word] for word in words), key=len) if words else self._by_word[""]
            place.append(item)

    def find_matchers(self, text: str) -> list[Any]:
        """Return all matchers that can match the text, and as few others as may be, in their order."""
        if not self.count:
            return []
        found = [*self._literals.get(text, ()), *self._by_ends.find(text), *self._by_word.get("", ())]
        for word in {*text.split(" ")} - {""} if self._by_word else ():
            found += self._by_word.get(word, ())
        found.sort(key=itemgetter(0))
        return [matcher for _, matcher in found]


class TextIndex:
    """Texts by their words, and by each two words that stand side by side."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._all: list[str] = []
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        self._by_pair: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for text in texts:
            self.add_text(text)

    def add_text(self, text: str) -> None:
        """Take a text in."""
        words = text.split(" ")
        self._all.append(text)
        for word in set(words):
            self._by_word[word].append(text)
        for pair in set(pairwise(words)):
            self._by_pair[pair].append(text)

    def find_texts(self, matcher: Any) -> Sequence[str]:
        """Return all texts that the matcher can match, and as few others as may be."""
        if is_literal(matcher):
            return [text for text in self._find_fewest(matcher) if text == matcher.pattern]
        ends = find_affixes(matcher)
        fewest = self._find_fewest(matcher)
        return fewest if ends is None else ends.find_fitting(fewest)

    def _find_fewest(self, matcher: Any) -> Sequence[str]:
        """Return the texts with the rarest pair of words that a matcher asks for, or the rarest word."""
        words = find_words(matcher)
        pairs = [pair for pair in pairwise(words) if NO_TEXT not in "".join(pair)]
        found = [self._by_pair.get(pair, []) for pair in pairs]
        found += [] if found else [self._by_word.get(word, []) for word in find_literal_words(matcher)]
        return min(found, key=len, default=self._all)


class MatcherIndex:
    """Matchers, and their patterns as texts; `index` is theirs, where they have one already."""

    def __init__(self, matchers: Iterable[Any] = (), *, index: StepIndex | None = None) -> None:
        self._matchers = list(matchers)
        self._index = index or StepIndex(self._matchers)
        self._patterns: TextIndex | None = None

    @property
    def patterns(self) -> TextIndex:
        """Return the patterns, which are nowhere before somebody asks: where nothing is missing, nobody does."""
        if self._patterns is None:
            self._patterns = TextIndex(map(find_text, self._matchers))
        return self._patterns

    def add_matcher(self, matcher: Any) -> None:
        """Take a matcher in."""
        self._matchers.append(matcher)
        self._index.add_matcher(matcher)
        if self._patterns:
            self._patterns.add_text(find_text(matcher))

    def find_matchers(self, text: str) -> list[Any]:
        """Return all matchers that can match the text, and as few others as may be."""
        return self._index.find_matchers(text)
