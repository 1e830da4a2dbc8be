"""Markdown that cannot be read in two ways in, its blocks out; nothing for all other Markdown, which is marko's.

Plain are: a first line that is a heading; paragraphs that begin with a word; and lists with one space behind each
marker, their wrapped lines and what is nested in them right below the first letter of the item. No line has a bar, no
white space but spaces, and a sign of Markdown at its beginning only where it can mean nothing but emphasis or code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.markdown.blocks import Block, Heading, Item, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.source_map import SourceMap

# White space that a line may not hold: a tab moves what follows it, and marko takes some others for blank lines.
_ODD = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign != " ")
# What a paragraph begins with: no marker of a list, a quote, a fence, a rule, a heading, a table or HTML.
_WORDS = (
    r"(?!\d{1,9}[.)](?: |$))"
    rf"(?:[^{_ODD} #>+\-=~<|`*_]|\*{{1,2}}(?![ *]|$)|_{{1,2}}(?![ _]|$)|`{{1,2}}(?!`))[^{_ODD}|]*"
)
_HEADING = re.compile(rf"(#{{1,6}}) ([^{_ODD} #](?:[^{_ODD}]*[^{_ODD} #])?)(?:\n|\Z)")
_LINE = re.compile(rf"( *)(?:([-+*]|\d{{1,9}}[.)]) )?({_WORDS})(?:\n|\Z)", re.MULTILINE)

# Whoever nests more deeply than this is marko's, which tells what is too deep.
_DEEPEST = 24


class _Line(NamedTuple):
    """One line: its marker and words, the column and the position of the first of them; `joined` to the line above.

    A tuple with names, because one is made of every line, and it is made in a third of the time of a dataclass.
    """

    column: int
    marker: str
    words: str
    position: int
    joined: bool


def parse_heading(origin: SourceMap, start: int) -> Heading | None:
    """Read the heading that stands there, or return nothing if there is none or it is not plain."""
    match = _HEADING.match(origin.text, start)
    return Heading(len(match[1]), match[2], origin.find_offset(start)) if match else None


def parse_plain(origin: SourceMap, start: int, end: int) -> tuple[Block, ...] | None:
    """Read the blocks from one place to another, or return nothing if they are not plain."""
    lines = _find_lines(origin.text, start, end)
    if lines is None:
        return None
    return (_derive_flat(lines, origin),) if _tell_flat(lines) else _parse_blocks(lines, 0, origin)


def _find_lines(text: str, position: int, end: int) -> list[_Line] | None:
    """Return the lines that are not blank, or nothing if one of them is not plain."""
    lines: list[_Line] = []
    joined = False
    while position < end:
        if text[position] == "\n":
            position, joined = position + 1, False
            continue
        match = _LINE.match(text, position, end)
        if match is None:
            return None
        indent, marker, words = match.groups("")
        lines.append(_Line(len(indent), marker, words, position + len(indent), joined))
        position, joined = match.end(), True
    return lines


def _tell_flat(lines: Sequence[_Line]) -> bool:
    """Tell whether lines are the items of one list, which is the usual thing below a heading."""
    sign = lines[0].marker[-1:] if lines else ""
    return bool(sign) and all(line.column == 0 and line.marker[-1:] == sign for line in lines)


def _derive_flat(lines: Sequence[_Line], origin: SourceMap) -> MarkdownList:
    """Return the list whose items are one line each."""
    offsets = [origin.find_offset(line.position) for line in lines]
    paragraphs = [Paragraph(line.words, n + len(line.marker) + 1) for line, n in zip(lines, offsets, strict=True)]
    return MarkdownList(tuple(Item((words,), n) for words, n in zip(paragraphs, offsets, strict=True)), offsets[0])


def _parse_blocks(lines: Sequence[_Line], column: int, origin: SourceMap) -> tuple[Block, ...] | None:
    """Read lines of which the outermost stand in that column."""
    blocks: list[Block] = []
    start = 0
    while start < len(lines):
        first = lines[start]
        if first.column != column or column > _DEEPEST:
            return None
        end = _find_listing_end(lines, start) if first.marker else _find_paragraph_end(lines, start)
        block = (_parse_listing if first.marker else _derive_paragraph)(lines[start:end], origin)
        # Right below a paragraph only a bullet is sure to begin something else, and right below a list nothing is.
        if block is None or (end < len(lines) and lines[end].joined and not _tell_bullet(first, lines[end])):
            return None
        blocks.append(block)
        start = end
    return tuple(blocks)


def _parse_listing(lines: Sequence[_Line], origin: SourceMap) -> MarkdownList | None:
    """Read a list."""
    items = [_parse_item(rows, origin) for rows in _split_items(lines)]
    sound = tuple(item for item in items if item)
    return MarkdownList(sound, sound[0].offset) if len(sound) == len(items) else None


def _parse_item(lines: Sequence[_Line], origin: SourceMap) -> Item | None:
    """Read one item: its words first, then what is nested in it."""
    first, *rest = lines
    offset, indent = origin.find_offset(first.position), len(first.marker) + 1
    if not rest:
        return Item((Paragraph(first.words, offset + indent),), offset)
    words = _Line(first.column + indent, "", first.words, first.position + indent, joined=False)
    blocks = _parse_blocks([words, *rest], words.column, origin)
    return Item(blocks, offset) if blocks is not None else None


def _derive_paragraph(lines: Sequence[_Line], origin: SourceMap) -> Paragraph:
    """Return the paragraph that some lines make."""
    return Paragraph("\n".join(line.words for line in lines), origin.find_offset(lines[0].position))


def _find_paragraph_end(lines: Sequence[_Line], start: int) -> int:
    """Return the number of the line behind a paragraph."""
    end = start + 1
    while end < len(lines) and lines[end].joined and not lines[end].marker and lines[end].column == lines[start].column:
        end += 1
    return end


def _find_listing_end(lines: Sequence[_Line], start: int) -> int:
    """Return the number of the line behind a list; other markers make another list."""
    column, sign = lines[start].column, lines[start].marker[-1]
    end = start + 1
    while end < len(lines) and (lines[end].column > column or lines[end].marker[-1:] == sign):
        end += 1
    return end


def _split_items(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Yield the lines of each item of a list."""
    starts = [n for n, line in enumerate(lines) if line.column == lines[0].column]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start:end]


def _tell_bullet(first: _Line, line: _Line) -> bool:
    """Tell whether a line is the bullet that follows a paragraph."""
    return not first.marker and line.marker in ("-", "*", "+")
