"""The plain text of a paragraph, and the HTML comments in it.

This is a module of its own because `inline` (which tries the fast path) and `marko_inline` (which `inline` falls back
to) both build these values; without it, the two would import each other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from spec2bdd.text.normalize import to_single_line

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


class InlineText(NamedTuple):
    """The clean text of a paragraph, the HTML comments in it, and the bold words that it starts with.

    `ends_in_code` is set if the last words are code, where brackets are part of the code and not the author's notes.
    `struck` is set if some words were struck out; they are not in the text.
    """

    text: str
    comments: tuple[str, ...] = ()
    lead: str = ""
    ends_in_code: bool = False
    struck: bool = False


def find_comments(source: str) -> tuple[str, ...]:
    """Find the texts of the comments in a piece of HTML."""
    return tuple(to_single_line(match[1]) for match in _COMMENT.finditer(source))
