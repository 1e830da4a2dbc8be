"""Split a spec into lines of known kinds, without parsing its Markdown.

Lint rules and fixes work on lines: they need exact positions, also where the Markdown is not what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from operator import attrgetter

from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LINE_END

# The marker of a list item: a bullet, or a number of at most nine digits (CommonMark 5.2) and a point or bracket.
LIST_MARKER = re.compile(r"[ \t]*(?:\d{1,9}(?P<point>[.)])|(?P<bullet>[-*+]))(?=[ \t]|$)")

# A fence may follow the markers of the items that it is in; there is no backtick after a fence of backticks.
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
# What ends a paragraph and is none itself: a quote, a table row, a comment, a bold line as a heading, a thematic break.
_APART = re.compile(
    r"""
    [ \t]*
    (?:
        > | \| | <!--
        | \*\*[^*]+\*\*:?[ \t]*$
        | (?:[-*_][ \t]*){3,}$
    )
    """,
    re.VERBOSE,
)
# The second line of a Setext heading; under anything but a paragraph it is a thematic break, or text.
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BOUNDARY = re.compile(r"\ufeff?-{3,}[ \t]*")


class LineKind(StrEnum):
    """What a line is, judged by its own text and the lines above it."""

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
        """How many columns the line is indented; a tab reaches to the next multiple of four."""
        expanded = self.text.expandtabs(4)
        return len(expanded) - len(expanded.lstrip(" "))


@dataclass(frozen=True, slots=True)
class MarkdownLines:
    """The lines of one file."""

    path: str
    text: str
    lines: tuple[MarkdownLine, ...]

    def find_extent(self, number: int) -> tuple[int, int]:
        """Find the first and the last line of the item or the paragraph that a line belongs to."""
        first = last = number
        while first > 1 and self._is_continuation(first):
            first -= 1
        while last < len(self.lines) and self._is_continuation(last + 1):
            last += 1
        return first, last

    def find_end(self, number: int) -> int:
        """Find the line after the item at a line with all that is nested in it, or after the section of a heading.

        Anything else ends before the next heading.
        """
        own = self.lines[number - 1]
        level = _count_level(own)
        for above, line in zip(self.lines[number - 1 :], self.lines[number:], strict=False):
            if line.kind is LineKind.HEADING and (not level or _count_level(line) <= level):
                return line.number
            is_text = line.kind in (LineKind.ITEM, LineKind.APART) or above.kind is LineKind.BLANK
            is_outside = line.kind not in (LineKind.BLANK, LineKind.CODE) and line.indent <= own.indent
            if own.kind is LineKind.ITEM and is_text and is_outside:
                return line.number
        return len(self.lines) + 1

    def _is_continuation(self, number: int) -> bool:
        """Whether a line continues the text of the line above it."""
        above, line = self.lines[number - 2], self.lines[number - 1]
        return line.kind is LineKind.WORDS and above.kind in (LineKind.ITEM, LineKind.WORDS)

    def find_place(self, offset: int) -> tuple[int, int]:
        """Find the line and the column of an offset, counted from 1."""
        line = self.lines[bisect_right(self.lines, offset, key=attrgetter("start")) - 1]
        return line.number, offset - line.start + 1

    @property
    def first_heading(self) -> int:
        """The number of the first heading, or of the line after the last one."""
        return next((line.number for line in self.lines if line.kind is LineKind.HEADING), len(self.lines) + 1)


def split_markdown_lines(path: str, text: str) -> MarkdownLines:
    """Split a text into lines and classify each."""
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    rows = LINE_END.split(text)
    front = _count_front_matter(rows)
    fence = ""
    lines: list[MarkdownLine] = []
    for number, (start, row) in enumerate(zip(starts, rows, strict=True), 1):
        if number <= front:
            lines.append(MarkdownLine(number, start, row, LineKind.FRONT))
            continue
        kind = _classify_line(row, fence)
        # `---` under a paragraph makes a heading of the paragraph, and is part of it.
        is_plain = kind in (LineKind.WORDS, LineKind.APART)
        if is_plain and _UNDERLINE.fullmatch(row) and lines and lines[-1].kind is LineKind.WORDS:
            kind = LineKind.HEADING
        # The fence that is open after this line: only one of the same character, and as long, closes it.
        if not fence:
            opening = _FENCE.match(row)
            fence = opening[1] if opening else ""
        elif len(row.strip()) >= len(fence) and set(row.strip()) == {fence[0]}:
            fence = ""
        lines.append(MarkdownLine(number, start, row, kind))
    return MarkdownLines(path, text, tuple(lines))


def _count_level(line: MarkdownLine) -> int:
    """Count the level of a heading, of which an underlined one is the highest; 0 for any other line."""
    if line.kind is not LineKind.HEADING:
        return 0
    return len(line.text.strip()) - len(line.text.strip().lstrip("#")) or 1


def _count_front_matter(rows: list[str]) -> int:
    """Count the lines of the front matter, its closing boundary included; 0 where there is none."""
    filled = [number for number, row in enumerate(rows, 1) if row.strip("\ufeff \t")]
    if not filled or not _BOUNDARY.fullmatch(rows[filled[0] - 1]):
        return 0
    return next((number for number in filled[1:] if _BOUNDARY.fullmatch(rows[number - 1])), 0)


def _classify_line(row: str, fence: str) -> LineKind:
    """Classify a line of the body; `fence` is the one that is open above it. The order of the checks matters."""
    if fence or _FENCE.match(row):
        return LineKind.CODE
    if not row.strip("\ufeff \t"):
        return LineKind.BLANK
    if _HEADING.match(row):
        return LineKind.HEADING
    # Before items: `- - -` is a thematic break.
    if _APART.match(row):
        return LineKind.APART
    return LineKind.ITEM if LIST_MARKER.match(row) else LineKind.WORDS
