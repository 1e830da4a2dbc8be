"""Suggest the nearest known names for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

# So many characters at most are a short word.
_SHORT = 8
# How much less similar than the most similar one a candidate may be.
_NEAR = 0.15


def suggest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Find the candidate that is most like a word, if one is like it at all.

    `cutoff` is the least similarity, from 0 to 1: lower it for short words, raise it for whole sentences.
    """
    # Needed only where a name is wrong.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, tuple(candidates), n=1, cutoff=cutoff)), None)


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
