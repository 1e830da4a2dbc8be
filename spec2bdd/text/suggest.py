"""Suggest the nearest known name for a misspelt one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Find the candidate that is most like a word, if one is like it at all.

    `cutoff` is the least similarity, from 0 to 1: lower it for short words, raise it for whole sentences.
    """
    return next(iter(difflib.get_close_matches(word, tuple(candidates), n=1, cutoff=cutoff)), None)
