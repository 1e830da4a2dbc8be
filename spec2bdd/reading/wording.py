"""Plain text in, what it says out: white space made single spaces, and templates' placeholders told from words."""

from __future__ import annotations

import re

# White space and the categories Cc, Zl, Zp; several of them end a line for Behave.
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLACEHOLDER = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{\{[^{}]*\}\}")


def collapse_space(text: str) -> str:
    """Return `text` with every run of white space and control characters made one space, and none at its ends."""
    return _SPACE.sub(" ", text).strip(" ")


def tell_placeholder(text: str) -> bool:
    """Tell whether a text is a template's unfilled `[phrase in brackets]` or `{{NAME}}` and nothing else."""
    return _PLACEHOLDER.fullmatch(text) is not None
