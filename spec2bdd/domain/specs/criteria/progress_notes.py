"""The text of a criterion in, the same without what its author noted of its state ("✅", "- DONE", "(open)") out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spec2bdd.domain.specs.headings.classifier import render_choice
from spec2bdd.domain.specs.vocabulary.words import find_words

_DATE = r"\(?\d{4}-\d\d-\d\d\)?"
# What may follow a state: where it went or will be taken up again.
_AT = "phase|step|sprint|milestone|release|version|v?\\d|#|pr|future|next|later|user"
_WHERE = rf"(?i:(?:in|to|by|per|on|until)\s+(?:{_AT})\b)"


@dataclass(frozen=True, slots=True)
class _ProgressPatterns:
    """What stands in front of a text, and each kind of thing that stands behind one."""

    lead: re.Pattern[str]
    tails: tuple[re.Pattern[str], ...]


def strip_leading_state(text: str) -> str:
    """Take signs such as a tick or a cross off the start of a text, unless nothing would be left."""
    # No sign is of ASCII.
    if text[:1].isascii():
        return text
    return _derive_patterns().lead.sub("", text, count=1) or text


def strip_trailing_state(text: str) -> str:
    """Take one note of state off the end of a text, unless nothing would be left."""
    # Most texts have nothing that a note could begin or end with.
    if text.isascii() and "-" not in text and not text.endswith((")", "]")):
        return text
    for pattern in _derive_patterns().tails:
        if match := pattern.search(text):
            return text[: match.start()].rstrip() or text
    return text


@cache
def _derive_patterns() -> _ProgressPatterns:
    """Return the patterns for the signs and words of the tables."""
    quiet, loud_words = find_words("states", "words"), find_words("states", "loud")
    sign = render_choice(find_words("states", "signs")) + "\ufe0f?"
    loud = render_choice(map(str.upper, (*quiet, *loud_words)))
    any_case = rf"(?:(?i:{render_choice(quiet)})|{render_choice(map(_raise, loud_words))}|{loud})"
    capital = rf"(?:{render_choice(map(_raise, quiet))}|{loud})"
    date = rf"(?:[:,]?\s*{_DATE})?"
    return _ProgressPatterns(
        lead=re.compile(rf"^(?:{sign}\s*)+(?=\S)"),
        tails=(
            re.compile(rf"\s*\((?:{sign}\s*)?{any_case}(?:{date}|\s+{_WHERE}[^()]*)\)$"),
            re.compile(rf"\s*\((?:{sign}\s*)?{loud}\s*[-\u2013\u2014:,]\s[^()]*\)$"),
            re.compile(rf"\s+[-\u2013\u2014]+\s+(?:{sign}\s*)?{capital}{date}(?:\s*\([^()]*\))?[.!]?$"),
            re.compile(rf"\s*\[{loud}\]$"),
            re.compile(rf"\s+(?:{sign}\s*)+(?:{any_case})?(?:\s*{_DATE})?$"),
        ),
    )


def _raise(word: str) -> str:
    """Return a word with a capital at its start."""
    return word[:1].upper() + word[1:]
