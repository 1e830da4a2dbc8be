"""Parse plain Markdown without marko, which is many times slower; anything that is not plain is left to marko.

Plain are: headings; rules after a blank line; quotes before one; paragraphs that begin with a word; lists with one
space after each marker, with wrapped lines and nested blocks right under the first letter of the item; tables between
blank lines whose rows all begin and end with a bar; and fenced code and comments that end. No other line has a bar,
none has any white space but spaces, and a sign of Markdown begins a line only where it can mean nothing but emphasis or
code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.markdown.blocks import (
    Block,
    Code,
    Comment,
    Heading,
    Item,
    MarkdownList,
    Paragraph,
    Table,
)
from spec2bdd.domain.specs.markdown.source_map import SourceMap
from spec2bdd.text.lazy_patterns import compile_lazily

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

_TABLE = compile_lazily(
    rf"""
    (?P<indent>[ ]*)(?P<header>\|[^{_ODD}]*\|)[ ]*\n
    (?P=indent)(?P<delimiter>\|(?:[ ]*:?-+:?[ ]*\|)+)[ ]*(?:\n|\Z)
    (?P<rows>(?:(?P=indent)\|[^{_ODD}]*\|[ ]*(?:\n|\Z))*)
    (?=[ ]*(?:\n|\Z))                                # a blank line below
    """,
    re.VERBOSE,
)
# A fence that closes with the same indentation, and no line of which is further to the left.
_FENCE = compile_lazily(
    rf"""
    (?P<indent>[ ]*)(?P<fence>(?P<sign>[`~])(?P=sign){{2,}})(?!(?P=sign))
    [ ]*(?P<info>[^{_ODD} `\\]*)(?:[ ][^{_ODD}`\\]*)?\n
    (?P<code>(?:
        (?![^\S\n]*(?P=fence)(?P=sign)*[^\S\n]*(?:\n|\Z))   # no line that may close the fence
        (?:(?P=indent)[^\n]*)?\n
    )*+)
    (?P=indent)(?P=fence)(?P=sign)*[ ]*(?:\n|\Z)
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r" *(?=<!--)")
# What separates two cells, as marko 2.2.4 does.
_BAR = re.compile(r"\s*(?<!\\)\|\s*")

# Rules and quotes are no blocks of a spec. A line below a quote may continue it.
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}) *(?:\n|\Z)")
_QUOTE = compile_lazily(rf"(?:>(?: [^{_ODD} >][^{_ODD}]*+)?+ *(?:\n|\Z))++(?= *(?:\n|\Z))")
_NO_BLOCK = Comment("", -1)

# The markers of an item that may be right below a paragraph: other numbers are part of it.
_BREAKING = ("-", "*", "+", "1.", "1)")
# Deeper nesting is left to marko, so that there is one place that reports what is too deep.
_MAX_COLUMN = 24


class _Line(NamedTuple):
    """A line: its marker and text, the column and position where they begin, and whether a line precedes it directly.

    Whatever is neither an item nor a paragraph is one line, whose marker is a bar and whose `block` it is. A named
    tuple, because one is made of every line, in a third of the time that a frozen dataclass takes.
    """

    column: int
    marker: str
    text: str
    position: int
    joined: bool
    block: Block | None = None


def parse_heading(source_map: SourceMap, start: int) -> Heading | None:
    """Parse the heading at a position; `None` if there is none or it is not plain."""
    match = _HEADING.match(source_map.text, start)
    return Heading(len(match[1]), match[2], source_map.find_offset(start)) if match else None


def parse_plain(source_map: SourceMap, start: int, end: int, *, below_title: bool = False) -> tuple[Block, ...] | None:
    """Parse the blocks from one position to another; `None` if they are not plain.

    Most blocks are plain only `below_title`, because the regions that they cover are not found here. Rules are dropped:
    the last one, and with `below_title` any.
    """
    lines: list[_Line] = []
    position, joined = start, False
    while position < end:
        # Only a line that begins so can be blank, and trying the pattern on every line takes longer.
        if source_map.text[position] in " \n" and (blank := _BLANK.match(source_map.text, position)):
            position, joined = blank.end(), False
            continue
        match = _LINE.match(source_map.text, position, end)
        if match is None:
            rule = None if joined else _RULE.match(source_map.text, position, end)
            is_dropped = rule and (below_title or not source_map.text[rule.end() : end].strip())
            apart = (_Line(0, "|", "", position, joined, _NO_BLOCK), rule.end()) if rule and is_dropped else None
            apart = apart or (_parse_apart(source_map, position, end, joined=joined) if below_title else None)
            if apart is None:
                return None
            line, position = apart
            lines.append(line)
            joined = False
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
        if first.block is _NO_BLOCK:
            start = end
            continue
        if first.block:
            block = first.block
        elif first.marker:
            # Other markers begin another list.
            sign = first.marker[-1]
            while end < len(lines) and (lines[end].column > column or lines[end].marker[-1:] == sign):
                end += 1
            block = _parse_list(lines[start:end], source_map)
        else:
            # Other numbers, and lines that are indented more, continue it.
            while (
                end < len(lines)
                and lines[end].joined
                and lines[end].column >= column
                and lines[end].marker not in _BREAKING
            ):
                end += 1
            text = "\n".join(f"{line.marker} {line.text}".lstrip() for line in lines[start:end])
            block = Paragraph(text, source_map.find_offset(first.position))
        if block is None:
            return None
        # On the line after another block, only these are certain to begin a block.
        if end < len(lines) and lines[end].joined and lines[end].marker not in _BREAKING:
            return None
        blocks.append(block)
        start = end
    return tuple(blocks)


def _parse_apart(source_map: SourceMap, position: int, end: int, *, joined: bool) -> tuple[_Line, int] | None:
    """Parse what is neither an item nor a paragraph, and find where it ends; `None` if it is not plain."""
    text = source_map.text
    if text[position] == "#":
        heading, line_end = parse_heading(source_map, position), text.find("\n", position, end) + 1 or end
        return heading and (_Line(0, "|", "", position, joined=False, block=heading), line_end)
    if quote := _QUOTE.match(text, position, end):
        return _Line(0, "|", "", position, joined=False, block=_NO_BLOCK), quote.end()
    if fence := _FENCE.match(text, position, end):
        indent, code = fence["indent"], fence["code"]
        # Marko expands the tabs of lines in an item.
        if indent and "\t" in code:
            return None
        start = position + len(indent)
        code = f"\n{code}".replace(f"\n{indent}", "\n")[1:]
        block: Block | None = Code(code, fence["info"], source_map.find_offset(start))
        return _Line(len(indent), "|", "", start, joined=False, block=block), fence.end()
    if opening := _COMMENT.match(text, position, end):
        start = opening.end()
        closing = text.find("-->", start, end)
        # Within an item, a comment has one line.
        if closing < 0 or (start > position and text.find("\n", start, closing) >= 0):
            return None
        after = text.find("\n", closing, end) + 1 or end
        comment = Comment(text[start:after], source_map.find_offset(start))
        return _Line(start - position, "|", "", start, joined=False, block=comment), after
    table = None if joined else _TABLE.match(text, position, end)
    if table is None:
        return None
    start = table.start("header")
    block = _parse_table(table[0], source_map.find_offset(start))
    return block and (_Line(start - position, "|", "", start, joined, block), table.end())


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
