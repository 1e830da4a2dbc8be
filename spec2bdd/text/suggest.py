"""Suggest the nearest known names for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

# So many characters at most are a short word.
_SHORT = 8
# How much less similar than the most similar one a candidate may be.
_NEAR = 0.15
# An abbreviation has so many characters at least.
_LEAST_SHORT = 3


def suggest(word: str, candidates: Iterable[str], *, most: int | None = None) -> str | None:
    """Find the candidate that a word is a misspelling of, or else the first one that it abbreviates.

    A misspelling has at most `most` edits, by default one for three characters, as in cargo: a character is added,
    removed, replaced, or swapped with the next one.
    """
    names = tuple(candidates)
    folded, limit = word.casefold(), len(word) // 3 if most is None else most
    distances = [(count_edits(folded, name.casefold()), name) for name in names]
    distance, nearest = min(distances, key=lambda pair: pair[0], default=(limit + 1, ""))
    if distance <= limit:
        return nearest
    short = folded.lstrip("-")
    # Two characters begin too many words.
    if len(short) < _LEAST_SHORT:
        return None
    return next((name for name in names if _abbreviates(short, name.casefold().lstrip("-"))), None)


def count_edits(before: str, after: str) -> int:
    """Count the edits that turn one word into another (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance)."""
    rows: list[list[int]] = [[*range(len(after) + 1)]]
    for index, char in enumerate(before):
        last, row = rows[-1], [index + 1]
        for place, other in enumerate(after):
            cost = min(last[place + 1] + 1, row[place] + 1, last[place] + (char != other))
            if index and place and char == after[place - 1] and before[index - 1] == other:
                cost = min(cost, rows[-2][place - 1] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _abbreviates(short: str, word: str) -> bool:
    """Whether a word begins as another one and has only characters of it, in their order, such as `fmt` of `format`."""
    rest = iter(word)
    return word.startswith(short[:1]) and all(char in rest for char in short)


def suggest_several(word: str, candidates: Iterable[str], *, limit: int) -> list[str]:
    """Find the candidates that are most like a word in any case, the nearest first."""
    from difflib import SequenceMatcher

    # Of a short word, one wrong character is a third; sentences of one language are always a little alike.
    least = 0.6 if len(word) <= _SHORT else 0.7
    matcher = SequenceMatcher()
    # The matcher keeps what it knows of the second text.
    matcher.set_seq2(word.casefold())
    ratios: list[tuple[float, str]] = []
    for candidate in candidates:
        matcher.set_seq1(candidate.casefold())
        # The first two are upper bounds that cost less.
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least:
            ratios.append((matcher.ratio(), candidate))
    # Next to a clear match, the others are noise. Those that are equally near stay in their order.
    ratios.sort(key=lambda pair: -pair[0])
    return [candidate for ratio, candidate in ratios[:limit] if ratio > ratios[0][0] - _NEAR]
