"""Match old and new texts of criteria by similarity, to recognize reworded criteria.

Two texts are similar if they share most of their words. A word that is replaced weighs more than one that is added,
since "can be edited" and "can be deleted" are two requirements; so do numbers and quoted text. A negation or an
opposite in only one of them keeps them apart. A pair counts only if each text is the most similar of the other by a
clear margin. Texts that are matched already compete too, so that siblings of a family are not taken for rewordings of
each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from functools import cache
from itertools import accumulate, chain

from spec2bdd.domain.tracking.tokens import WeightedTokens, are_opposed, is_typo, parse_tokens
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key

# The least score of a match, and how far the second best has to be under it.
NEAR = 0.6
_MARGIN = 0.1
# A text whose every word is in more texts than that is one of many, and no match can be clear.
_MOST_SHARED = 150
# At most that many texts are compared with one, those with the most rare words in common.
_MOST_CANDIDATES = 8
# Under this score, neither typos nor opposites can change the result: they are not searched for.
_WORTH_A_LOOK = 0.4
# The share of a word's weight that a typo of it keeps, and the number of differing words above which none is a typo.
_TYPO = 0.9
_MOST_TYPO_WORDS = 8


@dataclass(frozen=True, slots=True)
class SimilarityMatches:
    """The clear matches, from new numbers to old ones, and the similar old numbers of each new one without a match."""

    pairs: Mapping[int, int] = field(default_factory=dict)
    doubts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def match_similar(
    old: Sequence[str], new: Sequence[str], *, free_old: Set[int], free_new: Set[int]
) -> SimilarityMatches:
    """Match the free new texts with the free old ones; the others only compete.

    The time grows with the number of texts, not with its square: only texts that share rare words are compared.
    """
    if not free_old or not free_new:
        return SimilarityMatches()
    olds, news = [parse_tokens(text) for text in old], [parse_tokens(text) for text in new]
    # Both directions ask for much the same pairs.
    score = cache(lambda number_new, number_old: measure_similarity(olds[number_old], news[number_new]))
    ranked_by_new = {
        number: _rank((score(number, candidate), candidate) for candidate in candidates)
        for number, candidates in _find_candidates(news, olds, free_new)
    }
    ranked_by_old = {
        number: _rank((score(candidate, number), candidate) for candidate in candidates)
        for number, candidates in _find_candidates(olds, news, free_old)
    }
    pairs: dict[int, int] = {}
    similar: dict[int, tuple[int, ...]] = {}
    for number in sorted(free_new):
        winner = _find_clear_winner(ranked_by_new[number])
        if winner in free_old and _find_clear_winner(ranked_by_old[winner]) == number:
            pairs[number] = winner
        else:
            similar[number] = tuple(
                candidate for score, candidate in ranked_by_new[number] if candidate in free_old and score >= NEAR
            )
    # An old text that turned out to be another criterion is no longer in doubt.
    taken = set(pairs.values())
    doubts = {number: tuple(old for old in candidates if old not in taken) for number, candidates in similar.items()}
    return SimilarityMatches(pairs, {number: candidates for number, candidates in doubts.items() if candidates})


def is_similar(first: str, second: str) -> bool:
    """Whether two texts are likely to be one criterion."""
    if to_comparison_key(first) == to_comparison_key(second):
        return True
    return measure_similarity(parse_tokens(first), parse_tokens(second)) >= NEAR


def measure_similarity(first: WeightedTokens, second: WeightedTokens) -> float:
    """Measure how similar two texts are, from 0 to 1."""
    shared = first.words.keys() & second.words.keys()
    common: float = sum([min(first.words[word], second.words[word]) for word in shared])
    score = _compute_score(first, second, common)
    if score < _WORTH_A_LOOK:
        return score
    lost, gained = first.words.keys() - shared, second.words.keys() - shared
    if are_opposed(first, second, lost=lost, gained=gained):
        return 0.0
    # Where many words differ, it is not by typos. Sorted, because the sum of floats depends on their order.
    if len(lost) + len(gained) <= _MOST_TYPO_WORDS:
        typos = ((old, new) for old in sorted(lost) for new in sorted(gained) if is_typo(old, new))
        common += sum(_TYPO * min(first.words[old], second.words[new]) for old, new in typos)
    return _compute_score(first, second, common)


def _compute_score(first: WeightedTokens, second: WeightedTokens, common: float) -> float:
    """Compute the Dice coefficient of two texts with the weight `common`, less the weight of the replaced words."""
    whole = first.weight + second.weight
    replaced = min(first.weight, second.weight) - common
    return (2 * common - replaced) / whole if whole else 0.0


def _rank(scored: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    """Sort texts with their scores, the most similar first."""
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def _find_clear_winner(ranked: Sequence[tuple[float, int]]) -> int:
    """Find the most similar text, -1 if it is not similar enough or the second one is nearly as similar."""
    if not ranked or ranked[0][0] < NEAR:
        return -1
    is_clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _MARGIN
    return ranked[0][1] if is_clear else -1


def _find_candidates(
    tokens: Sequence[WeightedTokens], others: Sequence[WeightedTokens], numbers: Set[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield for each of the numbers the few other texts that share most of its rarest words."""
    index: dict[str, list[int]] = defaultdict(list)
    for number, other_text in enumerate(others):
        for word in other_text.words:
            index[word].append(number)
    for number in numbers:
        shared = sorted((len(index[word]), word) for word in tokens[number].words if word in index)
        # From the rarest word on, until the texts that have them become too many.
        sums = accumulate(count for count, _ in shared)
        rare = (word for (_, word), total in zip(shared, sums, strict=True) if total <= _MOST_SHARED)
        counts = Counter(chain.from_iterable(index[word] for word in rare))
        yield number, [candidate for candidate, _ in counts.most_common(_MOST_CANDIDATES)]
