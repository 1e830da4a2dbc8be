"""Old and new texts in, the pairs out that are one criterion in other words, and those of which nobody can be sure.

Two texts are near if they share most of their words. A word that is replaced weighs more than one that is added, since
"can be edited" and "can be deleted" are two demands; so do numbers and quoted text. A negation or an opposite in one of
them alone keeps them apart. A pair counts only if each is the nearest of the other by a clear margin, where texts that
have found their match already compete too: siblings of a family are not rewordings of each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain

from spec2bdd.domain.tracking.tokens import WeightedTokens, are_opposed, is_typo, parse_tokens
from spec2bdd.text.normalize import to_comparison_key

NEAR = 0.6
_MARGIN = 0.1
# A text whose every word stands in more texts than that is one of many, and no match can be clear.
_MOST_SHARED = 150
_MOST_CANDIDATES = 8
_WORTH_A_LOOK = 0.4
_TYPO = 0.9


@dataclass(frozen=True, slots=True)
class SimilarityMatches:
    """The old number of each new one that has a clear match, and the old ones that others are like without one."""

    pairs: Mapping[int, int] = field(default_factory=dict)
    doubts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def match_similar(
    old: Sequence[str], new: Sequence[str], *, free_old: Set[int], free_new: Set[int]
) -> SimilarityMatches:
    """Return which of the free new texts are which of the free old ones; the others only compete.

    The time grows with the number of texts, not with its square: only texts that share rare words are compared.
    """
    if not free_old or not free_new:
        return SimilarityMatches()
    olds, news = [parse_tokens(text) for text in old], [parse_tokens(text) for text in new]
    # Both directions ask for much the same pairs.
    score = cache(lambda late, early: measure_similarity(olds[early], news[late]))
    of_new = {
        n: _rank((score(n, other), other) for other in found) for n, found in _find_candidates(news, olds, free_new)
    }
    of_old = {
        n: _rank((score(other, n), other) for other in found) for n, found in _find_candidates(olds, news, free_old)
    }
    pairs: dict[int, int] = {}
    doubts: dict[int, tuple[int, ...]] = {}
    for number in sorted(free_new):
        clear = _find_clear(of_new[number])
        if clear in free_old and _find_clear(of_old[clear]) == number:
            pairs[number] = clear
        else:
            doubts[number] = tuple(other for score, other in of_new[number] if other in free_old and score >= NEAR)
    taken = set(pairs.values())
    left = {number: tuple(other for other in others if other not in taken) for number, others in doubts.items()}
    return SimilarityMatches(pairs, {number: others for number, others in left.items() if others})


def is_similar(one: str, other: str) -> bool:
    """Tell whether two texts are likely to be one criterion."""
    return (
        to_comparison_key(one) == to_comparison_key(other)
        or measure_similarity(*map(parse_tokens, (one, other))) >= NEAR
    )


def measure_similarity(one: WeightedTokens, other: WeightedTokens) -> float:
    """Return how near two texts are, from 0 to 1."""
    whole = one.weight + other.weight
    shared = one.words.keys() & other.words.keys()
    common: float = sum([min(one.words[word], other.words[word]) for word in shared])
    score = (2 * common - _derive_replaced(one, other, common)) / whole if whole else 0.0
    if score < _WORTH_A_LOOK:
        return score
    lost, gained = one.words.keys() - shared, other.words.keys() - shared
    if are_opposed(one, other, lost=lost, gained=gained):
        return 0.0
    typos = sum(_TYPO * min(one.words[word], other.words[late]) for word, late in _find_typos(lost, gained))
    common += typos
    return (2 * common - _derive_replaced(one, other, common)) / whole


def _derive_replaced(one: WeightedTokens, other: WeightedTokens, common: float) -> float:
    """Return the weight of the words that have others in their place."""
    return min(one.weight, other.weight) - common


def _find_typos(lost: Set[str], gained: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of words that are one with a slip of the pen; only few words can be slips."""
    if len(lost) + len(gained) <= 8:
        yield from ((word, late) for word in sorted(lost) for late in sorted(gained) if is_typo(word, late))


def _rank(scored: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    """Return texts with their scores, nearest first."""
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def _find_clear(ranked: Sequence[tuple[float, int]]) -> int:
    """Return the nearest of all, or -1 if it is not near or another is nearly as near."""
    if not ranked or ranked[0][0] < NEAR:
        return -1
    clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _MARGIN
    return ranked[0][1] if clear else -1


def _find_candidates(
    tokens: Sequence[WeightedTokens], others: Sequence[WeightedTokens], numbers: Set[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield for each of the numbers the other texts that share most of its rarest words, but no more than a few."""
    index: dict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(others):
        for word in other.words:
            index[word].append(number)
    for number in numbers:
        shared = sorted((len(index[word]), word) for word in tokens[number].words if word in index)
        sums = accumulate(count for count, _ in shared)
        rare = (word for (_, word), total in zip(shared, sums, strict=True) if total <= _MOST_SHARED)
        found = Counter(chain.from_iterable(index[word] for word in rare))
        yield number, [other for other, _ in found.most_common(_MOST_CANDIDATES)]
