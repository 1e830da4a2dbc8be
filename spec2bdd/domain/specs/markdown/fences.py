"""Find the fenced code blocks of a text in one pass, without parsing the rest of its Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# `^` and `$` know only one kind of line ends.
_LINE_START = r"(?:(?<=[\r\n])|\A)"
_OPENING = re.compile(
    rf"{_LINE_START}(?P<indent> {{0,3}})(?P<fence>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^\s`]*)[^\r\n`]*(?:\r\n|\r|\n)"
)


class FencedBlock(NamedTuple):
    """A block: its indentation, the word after its fence, its span with the fences, and the span of its content."""

    indent: int
    info: str
    start: int
    end: int
    content_start: int
    content_end: int


def find_fenced_blocks(text: str, start: int = 0) -> Iterator[FencedBlock]:
    """Find the blocks from an offset on that are in no other block; one that is never closed reaches to the end.

    Fences that are indented by more than three columns, as in nested items, are not looked for.
    """
    position = start
    # Each search begins where the last one ended, so the time is linear however many fences are open.
    while opening := _OPENING.search(text, position):
        fence = f"{opening['fence']}{opening['fence'][0]}*"
        closing = re.compile(rf"{_LINE_START} {{0,3}}{fence}[ \t]*(?=[\r\n]|\Z)").search(text, opening.end())
        content_end, position = closing.span() if closing else (len(text), len(text))
        indent = len(opening["indent"])
        yield FencedBlock(indent, opening["info"], opening.start(), position, opening.end(), content_end)
