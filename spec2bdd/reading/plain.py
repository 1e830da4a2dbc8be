"""Markdown that cannot be read in two ways in, its blocks out; nothing for all other Markdown, which is marko's.

Plain are: a first line that is a heading; paragraphs that begin with a word; and lists with one space behind each
marker, their wrapped lines and what is nested in them right below the first letter of the item. No line has a bar, no
white space but spaces, and a sign of Markdown at its beginning only where it can mean nothing but emphasis or code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spec2bdd.reading.blocks import Block, Body, Ground, Heading, Item, Listing, Paragraph, Plot
from spec2bdd.reading.origin import Origin

# What a block of text begins with: no marker of a list, a quote, a fence, a rule, a heading, a table or HTML.
_WORDS = (
    r"(?!\d{1,9}[.)](?:\ |$))"
    r"(?:[^\s#>+\-=~<|`*_]|\*{1,2}(?![\s*]|\Z)|_{1,2}(?![\s_]|\Z)|`{1,2}(?!`))[^\n|]*"
)
_HEADING = re.compile(r"(#{1,6}) ([^\s#](?:[^\n]*[^\s#])?)(?:\n|\Z)")
_LINE = re.compile(rf"( *)(?:([-+*]|\d{{1,9}}[.)]) )?({_WORDS})(?:\n|\Z)", re.MULTILINE)
_ODD_SPACE = re.compile(r"[^\S \n]")

# Whoever nests more deeply than this is marko's, which tells what is too deep.
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its marker and words, the column and the position of the first of them; `joined` to the line above."""

    column: int
    marker: str
    words: str
    position: int
    joined: bool

    @property
    def inside(self) -> int:
        """Return the column of the words behind the marker."""
        return self.column + len(self.marker) + 1


def parse_heading(origin: Origin) -> Body | None:
    """Read the heading that a stretch begins with, and nothing else of it."""
    match = _HEADING.match(origin.text)
    if match is None:
        return None
    heading = Heading(len(match[1]), match[2], origin.find_offset(0))
    return Body((heading,), plots=(Plot(Ground.HEADING, heading.offset, origin.find_offset(match.end())),))


def parse_plain(origin: Origin) -> Body | None:
    """Read a stretch, or return nothing if it is not plain."""
    match = _HEADING.match(origin.text)
    heading = parse_heading(origin) or Body()
    lines = _find_lines(origin.text, match.end() if match else 0)
    blocks = _parse_blocks(lines, 0, origin) if lines is not None else None
    return Body((*heading.blocks, *blocks), plots=heading.plots) if blocks is not None else None


def _find_lines(text: str, start: int) -> list[_Line] | None:
    """Return the lines that are not blank, or nothing if one of them is not plain."""
    if _ODD_SPACE.search(text, start):
        return None
    lines: list[_Line] = []
    position, joined = start, False
    while position < len(text):
        if text[position] == "\n":
            position, joined = position + 1, False
            continue
        match = _LINE.match(text, position)
        if match is None:
            return None
        column = len(match[1])
        lines.append(_Line(column, match[2] or "", match[3], position + column, joined))
        position, joined = match.end(), True
    return lines


def _parse_blocks(lines: Sequence[_Line], column: int, origin: Origin) -> tuple[Block, ...] | None:
    """Read lines of which the outermost stand in that column."""
    blocks: list[Block] = []
    while lines:
        if lines[0].column != column or column > _DEEPEST:
            return None
        size = _measure_listing(lines) if lines[0].marker else _measure_paragraph(lines)
        block = _parse_listing(lines[:size], origin) if lines[0].marker else _derive_paragraph(lines[:size], origin)
        # Right below a paragraph only a bullet is sure to begin something else, and right below a list nothing is.
        if block is None or (len(lines) > size and lines[size].joined and not _tell_bullet(lines[0], lines[size])):
            return None
        blocks.append(block)
        lines = lines[size:]
    return tuple(blocks)


def _parse_listing(lines: Sequence[_Line], origin: Origin) -> Listing | None:
    """Read a list."""
    items = [_parse_item(rows, origin) for rows in _split_items(lines)]
    sound = tuple(item for item in items if item)
    return Listing(sound, sound[0].offset) if len(sound) == len(items) else None


def _parse_item(lines: Sequence[_Line], origin: Origin) -> Item | None:
    """Read one item: its words first, then what is nested in it."""
    first, *rest = lines
    words = _Line(first.inside, "", first.words, first.position + len(first.marker) + 1, joined=False)
    blocks = _parse_blocks([words, *rest], first.inside, origin)
    return Item(blocks, origin.find_offset(first.position)) if blocks is not None else None


def _derive_paragraph(lines: Sequence[_Line], origin: Origin) -> Paragraph:
    """Return the paragraph that some lines make."""
    return Paragraph("\n".join(line.words for line in lines), origin.find_offset(lines[0].position))


def _measure_paragraph(lines: Sequence[_Line]) -> int:
    """Return how many lines the paragraph at the beginning has."""
    column = lines[0].column
    ends = (n for n, line in enumerate(lines) if n and (line.marker or not line.joined or line.column != column))
    return next(ends, len(lines))


def _measure_listing(lines: Sequence[_Line]) -> int:
    """Return how many lines the list at the beginning has; other markers make another list."""
    column, sign = lines[0].column, lines[0].marker[-1]
    ends = (n for n, line in enumerate(lines) if line.column <= column and line.marker[-1:] != sign)
    return next(ends, len(lines))


def _split_items(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Yield the lines of each item of a list."""
    starts = [n for n, line in enumerate(lines) if line.column == lines[0].column]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start:end]


def _tell_bullet(first: _Line, line: _Line) -> bool:
    """Tell whether a line is the bullet that follows a paragraph."""
    return not first.marker and line.marker in ("-", "*", "+")
