"""Recognize texts that are a template's placeholders, or that only say that there is nothing yet."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.vocabulary import find_words
from spec2bdd.text.normalize import normalize_heading

# `[phrase]`, also with one pair of brackets inside as in `[see [1]]`, or `{{NAME}}`.
_PLACEHOLDER = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{\{[^{}]*\}\}")
_FIRST_WORD = re.compile(r"[A-Za-z0-9']+")
# Nothing but dots, dashes and question marks, as in "..." and "???".
_DOTS = re.compile(r"[\s._?\u2026\u2013\u2014-]+")

# The normalized texts that say that there is nothing yet, and the words that they begin with.
_MARKERS = frozenset(map(normalize_heading, find_words("placeholders", "texts")))
_FIRST_WORDS = frozenset(marker.split()[0] for marker in _MARKERS)


def is_placeholder(text: str) -> bool:
    """Whether a text is a template's unfilled `[phrase in brackets]` or `{{NAME}}` and nothing else."""
    return _PLACEHOLDER.fullmatch(text) is not None


def is_empty_marker(text: str) -> bool:
    """Whether a text says only that there is nothing yet, as "TBD", "None identified" and "..." do."""
    if (
        text.isascii()
        and "`" not in text
        and (first_word := _FIRST_WORD.search(text))
        and first_word[0].lower() not in _FIRST_WORDS
    ):
        # Most texts begin with another word than all of the markers, and need not be normalized.
        return False
    return normalize_heading(text) in _MARKERS or _DOTS.fullmatch(text) is not None
