"""Index step matchers by their words, so that a text is tried on the few that can match it and not on all.

Behave 1.3.3 tries every definition on every text, also when it loads them: 8,200 definitions take a minute. A pattern
of the `parse` kind matches no text that lacks one of the words outside its fields, so its rarest words find all texts.
The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
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
    """Find words that are in every text that the matcher matches; empty if unsure."""
    return [word for word in find_words(matcher) if word and NO_TEXT not in word]


class StepIndex:
    """Matchers in the order in which they were added, found by a text as if each were tried in turn."""

    def __init__(self, matchers: Iterable[Any] = ()) -> None:
        self._matchers: list[Any] = []
        # The indexes hold positions in the list.
        self._literals: defaultdict[str, list[int]] = defaultdict(list)
        self._by_affixes = AffixIndex()
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for matcher in matchers:
            self.add_matcher(matcher)

    @property
    def count(self) -> int:
        """The number of matchers."""
        return len(self._matchers)

    def holds(self, matchers: Sequence[Any]) -> bool:
        """Whether its matchers are these, in this order."""
        return self._matchers == matchers

    def add_matcher(self, matcher: Any) -> None:
        """Add a matcher as the last one."""
        position = len(self._matchers)
        self._matchers.append(matcher)
        if is_literal(matcher):
            self._literals[matcher.pattern].append(position)
        elif affixes := find_affixes(matcher):
            self._by_affixes.add(affixes, position)
        else:
            # Under the word with the fewest matchers, so that words that all patterns share hold few of them.
            words = find_literal_words(matcher)
            positions = min((self._by_word[word] for word in words), key=len) if words else self._by_word[""]
            positions.append(position)

    def find_matchers(self, text: str) -> list[Any]:
        """Find all matchers that can match the text, and as few others as possible, in their order."""
        return [self._matchers[position] for position in self.find_positions(text)]

    def find_positions(self, text: str) -> list[int]:
        """Find the positions of all matchers that can match the text, and of as few others as possible, in order."""
        if not self._matchers:
            return []
        positions = [*self._literals.get(text, ()), *self._by_affixes.find(text), *self._by_word.get("", ())]
        for word in {*text.split(" ")} - {""} if self._by_word else ():
            positions += self._by_word.get(word, ())
        positions.sort()
        return positions


class TextIndex:
    """Texts by their pairs of neighbouring words, and by their words, of which the index is made when it is needed."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._all: list[str] = []
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        self._by_pair: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        # The number of texts in the index by words.
        self._indexed = 0
        for text in texts:
            self.add_text(text)

    def add_text(self, text: str) -> None:
        """Add a text."""
        self._all.append(text)
        for pair in set(pairwise(text.split(" "))):
            self._by_pair[pair].append(text)

    def find_texts(self, matcher: Any) -> Sequence[str]:
        """Find all texts that the matcher can match, and as few others as possible."""
        if is_literal(matcher):
            return [text for text in self._find_fewest(matcher) if text == matcher.pattern]
        affixes = find_affixes(matcher)
        fewest = self._find_fewest(matcher)
        return fewest if affixes is None else affixes.filter_texts(fewest)

    def _find_fewest(self, matcher: Any) -> Sequence[str]:
        """Find the texts with the rarest pair of neighbouring words of a matcher, or with its rarest word."""
        words = find_words(matcher)
        pairs = [pair for pair in pairwise(words) if NO_TEXT not in "".join(pair)]
        texts_by_key = [self._by_pair.get(pair, []) for pair in pairs]
        if not texts_by_key:
            texts_by_key = [self._find_with_word(word) for word in find_literal_words(matcher)]
        return min(texts_by_key, key=len, default=self._all)

    def _find_with_word(self, word: str) -> list[str]:
        """Find the texts with a word."""
        for text in self._all[self._indexed :]:
            for part in set(text.split(" ")):
                self._by_word[part].append(text)
        self._indexed = len(self._all)
        return self._by_word.get(word, [])


class MatcherIndex:
    """Matchers by texts, and their patterns as texts by matchers; `index` is theirs, if they have one already."""

    def __init__(self, matchers: Iterable[Any] = (), *, index: StepIndex | None = None) -> None:
        self._matchers = list(matchers)
        self._index = index or StepIndex(self._matchers)
        self._patterns: TextIndex | None = None

    @property
    def patterns(self) -> TextIndex:
        """The patterns as texts, indexed at the first use: a project without missing steps never needs them."""
        if self._patterns is None:
            self._patterns = TextIndex(map(find_text, self._matchers))
        return self._patterns

    def add_matcher(self, matcher: Any) -> None:
        """Add a matcher."""
        self._matchers.append(matcher)
        self._index.add_matcher(matcher)
        if self._patterns:
            self._patterns.add_text(find_text(matcher))

    def find_matchers(self, text: str) -> list[Any]:
        """Find all matchers that can match the text, and as few others as possible."""
        return self._index.find_matchers(text)
