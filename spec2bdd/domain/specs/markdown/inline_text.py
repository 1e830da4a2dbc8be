"""The plain text of one paragraph, and the HTML comments in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from spec2bdd.text.normalize import to_single_line

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


class InlineText(NamedTuple):
    """What one paragraph says: clean text, the HTML comments in it, the bold words it starts with.

    `ends_in_code` tells that the last words are code, where brackets are no notes of the author's.
    """

    text: str
    comments: tuple[str, ...] = ()
    lead: str = ""
    ends_in_code: bool = False


def find_comments(source: str) -> tuple[str, ...]:
    """Return what the HTML comments of an HTML block say."""
    return tuple(to_single_line(match[1]) for match in _COMMENT.finditer(source))
