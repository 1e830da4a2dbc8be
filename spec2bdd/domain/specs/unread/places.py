"""Find out what each line of a Markdown file is in: a code block, a comment, HTML, a quote, a table, or none of these.

Lines are judged by themselves and by the lines above them, so that a block which is never closed is seen as what it is.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import split_lines


class LinePlace(StrEnum):
    """What a line is in."""

    TEXT = "text"
    CODE = "code"
    OPEN_CODE = "open code"
    COMMENT = "comment"
    OPEN_COMMENT = "open comment"
    HTML = "html"
    QUOTE = "quote"
    TABLE = "table"


class PlacedLine(NamedTuple):
    """One line: its offset, its text, and what it is in; `labeled` is set for code whose fence names a language.

    A named tuple, because one is made of every line, in a third of the time that a frozen dataclass takes.
    """

    offset: int
    text: str
    place: LinePlace
    labeled: bool = False


# The marker of a list item.
ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<fence>`{3,}(?=[^`]*$)|~{3,})[ \t]*(?P<info>[^\s`]*)")
_TAG = re.compile(r" {0,3}</?[A-Za-z][A-Za-z0-9-]*(?:[\s>/]|$)")
_CODE_SPAN = re.compile(r"`[^`\r\n]*`")


@lru_cache(maxsize=2)
def place_lines(text: str, start: int) -> tuple[PlacedLine, ...]:
    """Find out what each line is in, from the offset `start` on, which is the beginning of a line."""
    lines: list[PlacedLine] = []
    offset, reader = start, _LineReader()
    for number, row in enumerate(split_lines(text, start)):
        place = reader.read(row, number)
        is_inside = place in (LinePlace.CODE, LinePlace.COMMENT)
        lines.append(PlacedLine(offset, row, place, labeled=reader.labeled and is_inside))
        offset += len(row)
    for first, last in reader.cut_fences:
        lines[first:last] = [PlacedLine(line.offset, line.text, LinePlace.OPEN_CODE) for line in lines[first:last]]
    open_place = LinePlace.OPEN_CODE if reader.fence else LinePlace.OPEN_COMMENT if reader.in_comment else None
    if open_place is None:
        return tuple(lines)
    rest = (PlacedLine(line.offset, line.text, open_place) for line in lines[reader.opened_by :])
    return (*lines[: reader.opened_by], *rest)


@dataclass(slots=True)
class _LineReader:
    """What is open after the lines read so far: a fence, a comment or HTML, and which line opened the first two.

    `cut_fences` are the lines, from one up to another, of each fence that is not closed before its item ends.
    """

    fence: str = ""
    fence_indent: int = 0
    labeled: bool = False
    in_comment: bool = False
    in_html: bool = False
    opened_by: int = 0
    cut_fences: list[tuple[int, int]] = field(default_factory=list)

    def read(self, row: str, number: int) -> LinePlace:
        """Find out what the next line is in."""
        stripped = row.strip()
        if self.fence_indent and stripped and len(row) - len(row.lstrip()) < self.fence_indent:
            # The item that the fence is in has ended.
            self.cut_fences += [(self.opened_by, number)] if self.fence else []
            self.fence, self.fence_indent = "", 0
        if self.fence:
            if len(stripped) >= len(self.fence) and set(stripped) == {self.fence[0]}:
                self.fence, self.fence_indent = "", 0
            return LinePlace.CODE
        if self.in_comment:
            self.in_comment = row.rfind("<!--") > row.rfind("-->") or "-->" not in row
            return LinePlace.COMMENT
        if match := _FENCE.match(row):
            self.fence, self.fence_indent, self.opened_by = match["fence"], match.start("fence"), number
            self.labeled = bool(match["info"])
            return LinePlace.CODE
        place = self._read_open(row, stripped)
        self.in_html = place is LinePlace.HTML
        if place is not LinePlace.QUOTE and "<!--" in row:
            words = _CODE_SPAN.sub("", row)
            self.in_comment = words.rfind("<!--") > words.rfind("-->")
            self.opened_by = number if self.in_comment else self.opened_by
        return place

    def _read_open(self, row: str, stripped: str) -> LinePlace:
        """Find out what a line is in that is in no fence and no comment."""
        if stripped.startswith(">"):
            return LinePlace.QUOTE
        if stripped.startswith("|"):
            return LinePlace.TABLE
        return LinePlace.HTML if stripped and (self.in_html or _TAG.match(row)) else LinePlace.TEXT
