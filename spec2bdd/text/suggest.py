"""Suggest the nearest known names for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

# So many characters at most are a short word.
_SHORT = 8


def suggest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Find the candidate that is most like a word, if one is like it at all.

    `cutoff` is the least similarity, from 0 to 1: lower it for short words, raise it for whole sentences.
    """
    # Needed only where a name is wrong.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, tuple(candidates), n=1, cutoff=cutoff)), None)


def suggest_several(word: str, candidates: Iterable[str], *, limit: int) -> list[str]:
    """Find the candidates that are most like a word in any case, the nearest first."""
    from difflib import get_close_matches

    known = {candidate.casefold(): candidate for candidate in candidates}
    # Of a short word, one wrong character is a third; sentences of one language are always a little alike.
    cutoff = 0.6 if len(word) <= _SHORT else 0.7
    return [known[match] for match in get_close_matches(word.casefold(), known, n=limit, cutoff=cutoff)]
