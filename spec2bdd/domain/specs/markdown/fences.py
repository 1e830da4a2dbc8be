"""Find the fenced code blocks of a text in one pass, without parsing the rest of its Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Each line begins after a line end, which `re` finds many times as fast as the start of a line, and a single character
# several times as fast as a class.
_OPENING_ROW = r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\s`]*)[^\r\n`]*(?:\r\n|\r|\n)"
_OPENING = re.compile(rf"[\r\n]{_OPENING_ROW}")
_OPENING_WITHOUT_CR = re.compile(rf"\n{_OPENING_ROW}")


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
    # With a line end above the first line, what begins after one begins at the same offset in the text.
    rows, position = f"\n{text}", start
    pattern = _OPENING if "\r" in text else _OPENING_WITHOUT_CR
    # Each search begins where the last one ended, so the time is linear however many fences are open.
    while opening := pattern.search(rows, position):
        fence = f"{opening['fence']}{opening['fence'][0]}*"
        closing = re.compile(rf"[\r\n] {{0,3}}{fence}[ \t]*(?=[\r\n]|\Z)").search(rows, opening.end() - 1)
        content_end, position = closing.span() if closing else (len(text), len(rows))
        indent, content_start = len(opening["indent"]), opening.end() - 1
        yield FencedBlock(indent, opening["info"], opening.start(), position - 1, content_start, content_end)
