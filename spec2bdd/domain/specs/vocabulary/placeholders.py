"""Plain text in, what it says out: white space made single spaces, and templates' placeholders told from words."""

from __future__ import annotations

import re
from functools import cache

from spec2bdd.domain.specs.vocabulary.words import find_words
from spec2bdd.text.normalize import normalize_heading

_PLACEHOLDER = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{\{[^{}]*\}\}")
_FIRST_WORD = re.compile(r"[A-Za-z0-9']+")
_DOTS = re.compile(r"[\s._?\u2026\u2013\u2014-]+")


def is_placeholder(text: str) -> bool:
    """Tell whether a text is a template's unfilled `[phrase in brackets]` or `{{NAME}}` and nothing else."""
    return _PLACEHOLDER.fullmatch(text) is not None


def is_empty_marker(text: str) -> bool:
    """Tell whether a text says only that there is nothing yet, as "TBD", "None identified" and "..." do."""
    names, beginnings = _derive_unwritten()
    if (
        text.isascii()
        and "`" not in text
        and (first := _FIRST_WORD.search(text))
        and first[0].lower() not in beginnings
    ):
        # Most texts begin with another word than all of these, and are not looked at any further.
        return False
    return normalize_heading(text) in names or _DOTS.fullmatch(text) is not None


@cache
def _derive_unwritten() -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts that say so, as names are compared, and the words that they begin with."""
    names = frozenset(map(normalize_heading, find_words("placeholders", "texts")))
    return names, frozenset(name.split()[0] for name in names)
