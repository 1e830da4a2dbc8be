"""Find the tables of a Markdown file, and split their rows into cells.

The bars at both ends of a row may be left out, as GitHub reads it. What looks like a row and is none is found as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

# The row of dashes. What is above it is the header.
_DELIMITER_ROW = r"[ ]{0,3}(?P<row>(?=[|:-])(?=[^\r\n|]*\|)[|:\- \t]+)(?=[\r\n]|\Z)"
_DELIMITER = re.compile(rf"[\r\n]{_DELIMITER_ROW}")
# `re` finds a single character several times as fast as a class.
_DELIMITER_WITHOUT_CR = re.compile(rf"\n{_DELIMITER_ROW}")
_DASHES = re.compile(r"[ \t]*:?-+:?[ \t]*")
_LINE = re.compile(r"(?P<row>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_CELL = re.compile(r"(?<!\\)\|")
# What may be between a table and rows that belong to it for the eye only: empty lines and comments.
_GAP = re.compile(r"(?:[ \t]*(?:<!--(?:[^>\r\n]|(?<!--)>)*-->[ \t]*)?(?:\r\n|\r|\n))*")
# What begins another block and so ends a table, as on GitHub: a list item, a heading, a quote, a fence.
_BLOCK = re.compile(r"[ ]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]|>|```|~~~)")
_MOST_INDENTED = 3


class Cell(NamedTuple):
    """One cell: its source without blanks around it, the offset of that in the file, and where its bars are."""

    source: str
    offset: int
    span: tuple[int, int]


class TableRow(NamedTuple):
    """One row: its cells, its offset, and where its text ends, before the bar at its end."""

    cells: tuple[Cell, ...]
    offset: int
    end: int


class RawTable(NamedTuple):
    """A table: its header, its row of dashes, and its other rows; `stray` is the offset of what only looks like one."""

    header: TableRow
    delimiter: TableRow
    rows: tuple[TableRow, ...]
    stray: int | None


def find_tables(text: str, start: int) -> Iterator[RawTable]:
    """Find the tables from an offset on."""
    position = start
    pattern = _DELIMITER if "\r" in text else _DELIMITER_WITHOUT_CR
    while match := pattern.search(text, position):
        position = match.end()
        delimiter = split_row(match["row"], match.start("row"))
        # Of `\r\n`, the first character is not in the match.
        header_end = match.start() - text.endswith("\r\n", 0, match.start() + 1)
        header_start = max(text.rfind("\n", start, header_end), text.rfind("\r", start, header_end), start - 1) + 1
        header = split_row(text[header_start:header_end], header_start)
        is_open = text[header.offset : header.offset + 1] != "|"
        if (
            header_end < header_start
            or header.offset - header_start > _MOST_INDENTED
            or not _CELL.search(text, header_start, header_end)
            or not all(_DASHES.fullmatch(text, *cell.span) for cell in delimiter.cells)
            or (is_open and len(header.cells) != len(delimiter.cells))
        ):
            continue
        # Nothing is left of a file that ends with the dashes.
        line = _LINE.match(text, position)
        position = line.end() if line else position
        rows: list[TableRow] = []
        while (line := _LINE.match(text, position)) and _is_row(line["row"]):
            rows.append(split_row(line["row"], position))
            position = line.end()
        yield RawTable(header, delimiter, tuple(rows), _find_stray(text, position))
        # The end of the line above may begin the next match.
        position = max(position - 1, match.end())


def split_row(row: str, offset: int) -> TableRow:
    """Split a row, which begins at an offset, into its cells."""
    content = row.rstrip(" \t")
    start = len(content) - len(content.lstrip(" \t"))
    bars = [match.start() for match in _CELL.finditer(content)]
    end = bars[-1] if bars and bars[-1] == len(content) - 1 else len(content)
    bars = bars if bars and bars[0] == start else [start - 1, *bars]
    bars = bars if bars[-1] == end else [*bars, end]
    cells = []
    for left, right in pairwise(bars):
        source = content[left + 1 : right]
        span = offset + left + 1, offset + right
        cells.append(Cell(source.strip(), span[0] + len(source) - len(source.lstrip()), span))
    return TableRow(tuple(cells), offset + start, offset + end)


def _is_row(line: str) -> bool:
    """Whether a line under a table is one more of its rows."""
    indent = len(line) - len(line.lstrip(" \t"))
    is_plain = indent <= _MOST_INDENTED and "\t" not in line[:indent] and not _BLOCK.match(line)
    return is_plain and _CELL.search(line) is not None


def _find_stray(text: str, position: int) -> int | None:
    """Find a line that looks like a row of the table that ends at an offset, and is no part of it."""
    gap = _GAP.match(text, position)
    line = _LINE.match(text, gap.end() if gap else position)
    below = _LINE.match(text, line.end()) if line else None
    if line is None or not line["row"].lstrip().startswith("|"):
        return None
    is_header = below is not None and _DELIMITER.match(f"\n{below['row']}") is not None
    return None if is_header else line.start()
