"""The text of a spec in, its lines out: where each one begins, what kind it is, and which of them belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_APART = re.compile(r"[ \t]*(?:>|\||<!--|\*\*[^*]+\*\*:?[ \t]*$|(?:[-*_][ \t]*){3,}$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BOUNDARY = re.compile(r"\ufeff?-{3,}[ \t]*")


class LineKind(StrEnum):
    """What a line is, as far as it matters to somebody who only looks at lines."""

    FRONT = "front"
    CODE = "code"
    BLANK = "blank"
    HEADING = "heading"
    ITEM = "item"
    APART = "apart"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class MarkdownLine:
    """One line without its end: its number from 1, the offset of its first character, its text, its kind."""

    number: int
    start: int
    text: str
    kind: LineKind

    @property
    def indent(self) -> int:
        """Return how far the line is indented; a tab reaches to the next fourth column."""
        expanded = self.text.expandtabs(4)
        return len(expanded) - len(expanded.lstrip(" "))


@dataclass(frozen=True, slots=True)
class MarkdownLines:
    """The lines of one file."""

    path: str
    text: str
    lines: tuple[MarkdownLine, ...]

    def find_extent(self, number: int) -> tuple[int, int]:
        """Return the first and the last line of the item or the paragraph that a line belongs to."""
        first = last = number
        while first > 1 and self._is_continued(first):
            first -= 1
        while last < len(self.lines) and self._is_continued(last + 1):
            last += 1
        return first, last

    def _is_continued(self, number: int) -> bool:
        """Tell whether a line goes on with what the line above it says."""
        above, line = self.lines[number - 2], self.lines[number - 1]
        return line.kind is LineKind.WORDS and above.kind in (LineKind.ITEM, LineKind.WORDS)

    def find_place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset, counted from 1."""
        line = self.lines[bisect_right(self.lines, offset, key=attrgetter("start")) - 1]
        return line.number, offset - line.start + 1

    @property
    def first_heading(self) -> int:
        """Return the number of the first heading, or of the line behind the last one."""
        return next((line.number for line in self.lines if line.kind is LineKind.HEADING), len(self.lines) + 1)


def split_markdown_lines(path: str, text: str) -> MarkdownLines:
    """Cut a text into its lines and tell their kinds."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    rows = list(zip(starts, _LINE_END.split(text), strict=True))
    body = _find_body([row for _, row in rows])
    fence = ""
    lines: list[MarkdownLine] = []
    for number, (start, row) in enumerate(rows, 1):
        kind = LineKind.FRONT if number <= body else _find_kind(row, fence)
        fence = "" if number <= body else _find_fence(row, fence)
        if (
            kind in (LineKind.WORDS, LineKind.APART)
            and _UNDERLINE.fullmatch(row)
            and lines
            and lines[-1].kind is LineKind.WORDS
        ):
            kind = LineKind.HEADING
        lines.append(MarkdownLine(number, start, row, kind))
    return MarkdownLines(path, text, tuple(lines))


def _find_body(rows: list[str]) -> int:
    """Return the number of the line that closes the front matter, 0 where there is none."""
    filled = [number for number, row in enumerate(rows, 1) if row.strip("\ufeff \t")]
    if not filled or not _BOUNDARY.fullmatch(rows[filled[0] - 1]):
        return 0
    return next((number for number in filled[1:] if _BOUNDARY.fullmatch(rows[number - 1])), 0)


def _find_kind(row: str, fence: str) -> LineKind:
    """Tell the kind of a line of the body; `fence` is the one that is open above it."""
    if fence or _FENCE.match(row):
        return LineKind.CODE
    if not row.strip("\ufeff \t"):
        return LineKind.BLANK
    if _HEADING.match(row):
        return LineKind.HEADING
    if _APART.match(row):
        return LineKind.APART
    return LineKind.ITEM if _ITEM.match(row) else LineKind.WORDS


def _find_fence(row: str, fence: str) -> str:
    """Return the fence that is open behind a line, or nothing."""
    if not fence:
        return found[1] if (found := _FENCE.match(row)) else ""
    closing = row.strip()
    return "" if len(closing) >= len(fence) and set(closing) == {fence[0]} else fence
