"""Parse plain Markdown without marko, which is many times slower; anything that is not plain is left to marko.

Plain are: a heading on the first line; a rule on the last one; paragraphs that begin with a word; and lists with one
space after each marker, with wrapped lines and nested blocks right under the first letter of the item; and tables
between blank lines whose rows all begin and end with a bar. No other line has a bar, none has any white space but
spaces, and a sign of Markdown begins a line only where it can mean nothing but emphasis or code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.markdown.blocks import Block, Heading, Item, MarkdownList, Paragraph, Table
from spec2bdd.domain.specs.markdown.source_map import SourceMap

# White space that a plain line must not have: a tab moves what follows it, and marko takes some of the others for the
# end of a line. No white space has a higher code point than U+3000.
_ODD = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign != " ")
# The text of a line. It does not begin with the marker of a list, quote, fence, rule, heading, table or HTML.
_TEXT = (
    r"(?!\d{1,9}[.)](?: |$))"  # no number of a list
    rf"(?:[^{_ODD} #>+\-=~<|`*_]"  # a character without a meaning of its own
    r"|\*{1,2}(?![ *]|$)|_{1,2}(?![ _]|$)|`{1,2}(?!`))"  # or emphasis or code, but no rule and no fence
    rf"[^{_ODD}|]*"
)
_HEADING = re.compile(rf"(#{{1,6}}) ([^{_ODD} #](?:[^{_ODD}]*[^{_ODD} #])?)(?:\n|\Z)")
_LINE = re.compile(rf"( *)(?:([-+*]|\d{{1,9}}[.)]) )?({_TEXT})(?:\n|\Z)", re.MULTILINE)
_BLANK = re.compile(r" *\n")

_TABLE = re.compile(
    rf"""
    (?P<header>\|[^{_ODD}]*\|)[ ]*\n
    (?P<delimiter>\|(?:[ ]*:?-+:?[ ]*\|)+)[ ]*(?:\n|\Z)
    (?P<rows>(?:\|[^{_ODD}]*\|[ ]*(?:\n|\Z))*)
    (?=[ ]*(?:\n|\Z))                                # a blank line below
    """,
    re.VERBOSE,
)
# What separates two cells, as marko 2.2.4 does.
_BAR = re.compile(r"\s*(?<!\\)\|\s*")

# A rule between two headings, which is no part of any block.
_LAST_RULE = re.compile(r"\n\n(?:-{3,}|\*{3,}|_{3,}) *\n*\Z")

# Deeper nesting is left to marko, so that there is one place that reports what is too deep.
_MAX_COLUMN = 24


class _Line(NamedTuple):
    """A line: its marker and text, the column and position where they begin, and whether a line precedes it directly.

    A table is one line, whose marker is a bar. A named tuple, because one is made of every line, in a third of the time
    that a frozen dataclass takes.
    """

    column: int
    marker: str
    text: str
    position: int
    joined: bool


def parse_heading(source_map: SourceMap, start: int) -> Heading | None:
    """Parse the heading at a position; `None` if there is none or it is not plain."""
    match = _HEADING.match(source_map.text, start)
    return Heading(len(match[1]), match[2], source_map.find_offset(start)) if match else None


def parse_plain(source_map: SourceMap, start: int, end: int, *, tables: bool = False) -> tuple[Block, ...] | None:
    """Parse the blocks from one position to another; `None` if they are not plain.

    Tables are plain only with `tables`, because the region that each of them covers is not found here.
    """
    if match := _LAST_RULE.search(source_map.text, start, end):
        end = match.start() + 1
    lines: list[_Line] = []
    position, joined = start, False
    while position < end:
        # Only a line that begins so can be blank, and trying the pattern on every line takes longer.
        if source_map.text[position] in " \n" and (blank := _BLANK.match(source_map.text, position)):
            position, joined = blank.end(), False
            continue
        match = _LINE.match(source_map.text, position, end)
        if match is None:
            table = _TABLE.match(source_map.text, position, end) if tables and not joined else None
            if table is None:
                return None
            lines.append(_Line(0, "|", table[0], position, joined))
            position = table.end()
            continue
        indent, marker, words = match.groups("")
        lines.append(_Line(len(indent), marker, words, position + len(indent), joined))
        position, joined = match.end(), True

    # One flat list is what most headings have under them.
    sign = lines[0].marker[-1:] if lines else ""
    if sign in ("", "|") or any(line.column or line.marker[-1:] != sign for line in lines):
        return _parse_blocks(lines, 0, source_map)
    items: list[Item] = []
    for line in lines:
        offset = source_map.find_offset(line.position)
        items.append(Item((Paragraph(line.text, offset + len(line.marker) + 1),), offset))
    return (MarkdownList(tuple(items), items[0].offset),)


def _parse_blocks(lines: Sequence[_Line], column: int, source_map: SourceMap) -> tuple[Block, ...] | None:
    """Parse lines whose blocks all begin in that column; `None` if they are not plain."""
    blocks: list[Block] = []
    start = 0
    while start < len(lines):
        first = lines[start]
        if first.column != column or column > _MAX_COLUMN:
            return None
        end = start + 1
        block: Block | None
        if first.marker == "|":
            block = _parse_table(first.text, source_map.find_offset(first.position))
        elif first.marker:
            # Other markers begin another list.
            sign = first.marker[-1]
            while end < len(lines) and (lines[end].column > column or lines[end].marker[-1:] == sign):
                end += 1
            block = _parse_list(lines[start:end], source_map)
        else:
            while end < len(lines) and lines[end].joined and not lines[end].marker and lines[end].column == column:
                end += 1
            text = "\n".join(line.text for line in lines[start:end])
            block = Paragraph(text, source_map.find_offset(first.position))
        if block is None:
            return None
        # On the line after a paragraph, only a bullet is certain to begin another block; after a list, nothing is.
        if end < len(lines) and lines[end].joined and (first.marker or lines[end].marker not in ("-", "*", "+")):
            return None
        blocks.append(block)
        start = end
    return tuple(blocks)


def _parse_table(text: str, offset: int) -> Table | None:
    """Parse a table; `None` if its header does not fit the row of dashes under it, or is such a row."""
    rows: list[tuple[str, ...]] = []
    for line in text.rstrip("\n").split("\n"):
        # Nothing comes before the first bar.
        cells = _BAR.split(line.strip())[1:]
        if not cells[-1]:
            cells.pop()
        rows.append(tuple(cell.replace("\\|", "|") for cell in cells))
    header, dashes, *others = rows
    if len(header) != len(dashes) or all(cell.startswith(("-", ":-")) for cell in header):
        return None
    # A row is filled up or cut to the width of the header.
    width = len(header)
    return Table((header, *((*row, *[""] * width)[:width] for row in others)), offset)


def _parse_list(lines: Sequence[_Line], source_map: SourceMap) -> MarkdownList | None:
    """Parse the lines of a list; `None` if an item is not plain."""
    items: list[Item] = []
    starts = [number for number, line in enumerate(lines) if line.column == lines[0].column]
    for start, end in pairwise([*starts, len(lines)]):
        first = lines[start]
        offset, indent = source_map.find_offset(first.position), len(first.marker) + 1
        if end == start + 1:
            items.append(Item((Paragraph(first.text, offset + indent),), offset))
            continue
        # Without its marker, the first line is like the others that begin in the column of its text.
        text = _Line(first.column + indent, "", first.text, first.position + indent, joined=False)
        blocks = _parse_blocks([text, *lines[start + 1 : end]], text.column, source_map)
        if blocks is None:
            return None
        items.append(Item(blocks, offset))
    return MarkdownList(tuple(items), items[0].offset)
