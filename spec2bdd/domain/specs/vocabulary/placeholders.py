"""Recognize texts that are a template's placeholders, or that only say that there is nothing yet."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.vocabulary import find_words
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import normalize_heading

# `[phrase]`, also with one pair of brackets inside as in `[see [1]]`, or `{{NAME}}`.
_PLACEHOLDER = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{\{[^{}]*\}\}")
# The same anywhere, and `{phrase}`, `<phrase>` and `$PHRASE`: what a template leaves to be filled in.
_GAP = compile_lazily(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{\{?[^{}]*\}?\}|<[^<>\s][^<>]*>")
# "Criterion 1", "Requirement #2": the words of a template that only count.
_COUNTED = re.compile(r"[A-Za-z ]{1,40}[ #]*\d{1,3}[.:]?")
_FIRST_WORD = re.compile(r"[A-Za-z0-9']+")
# Nothing but dots, dashes and question marks, as in "..." and "???".
_DOTS = re.compile(r"[\s._?\u2026\u2013\u2014-]+")

# The normalized texts that say that there is nothing yet, and the words that they begin with.
_MARKERS = frozenset(map(normalize_heading, find_words("placeholders", "texts")))
_COUNTED_NAMES = frozenset(find_words("placeholders", "counted"))
_FRAME_WORDS = frozenset(find_words("placeholders", "frame"))
_FIRST_WORDS = frozenset(marker.split()[0] for marker in _MARKERS)


def is_placeholder(text: str) -> bool:
    """Whether a text is a template's unfilled `[phrase in brackets]` or `{{NAME}}` and nothing else."""
    return _PLACEHOLDER.fullmatch(text) is not None


def is_unfilled(text: str) -> bool:
    """Whether a text has nothing in it but the gaps of a template, and the words that a template puts between them.

    Such as `[Title] | [Description]`, `{criterion}`, `Given [context], when [action], then [outcome]`, `Criterion 1`.
    """
    has_gap = "[" in text or "{" in text or "<" in text
    # Most texts have nothing that a template could leave to be filled in.
    if not has_gap and not (len(text) < 40 and text.rstrip(".:")[-1:].isdigit()):
        return False
    words = _GAP.sub(" ", text).strip(" :|-\u2013\u2014")
    if _COUNTED.fullmatch(words):
        return normalize_heading(words.rstrip("0123456789.:# ")) in _COUNTED_NAMES
    return has_gap and _GAP.search(text) is not None and _FRAME_WORDS.issuperset(normalize_heading(words).split())


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
