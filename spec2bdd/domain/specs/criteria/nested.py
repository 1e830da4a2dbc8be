"""Collect the bullets, code blocks and tables below a criterion, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.specs.markdown.blocks import Block, Code, Links, MarkdownList, Table
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.task_list import is_task
from spec2bdd.model import NestedBlock, NestedBlockKind
from spec2bdd.text.source_file import SourceFile

# The line below the header of a table, such as `|---|:-:|`, and the bar between two cells.
_DELIMITER_ROW = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")


def find_nested_blocks(
    file: SourceFile, blocks: Sequence[Block], *, links: Links, depth: int = 0
) -> Iterator[NestedBlock]:
    """Find what is nested below a criterion; an item with a box is a criterion itself, and left out with all in it.

    Raises:
        RecursionError: emphasis or links are nested too deeply to be parsed.
    """
    for block in blocks:
        match block:
            case MarkdownList():
                for item in block.items:
                    if is_task(item):
                        continue
                    nested = item.blocks
                    if item.paragraph:
                        line, _ = file.find_place(item.paragraph.offset)
                        text, rows = split_table(item.paragraph.source)
                        yield NestedBlock(
                            NestedBlockKind.BULLET, parse_inline(text, links).text, depth=depth, line=line
                        )
                        if rows:
                            table_line = line + text.count("\n") + 1
                            yield convert_table(rows, links, depth=depth + 1, line=table_line)
                        nested = item.blocks[1:]
                    yield from find_nested_blocks(file, nested, links=links, depth=depth + 1)
            case Code():
                line, _ = file.find_place(block.offset)
                text = block.source.removesuffix("\n")
                yield NestedBlock(NestedBlockKind.CODE, text, block.info, depth=depth, line=line)
            case Table():
                line, _ = file.find_place(block.offset)
                yield convert_table(block.rows, links, depth=depth, line=line)


def convert_table(rows: Sequence[Sequence[str]], links: Links, *, depth: int, line: int) -> NestedBlock:
    """Convert the cells of a table to clean text."""
    cells = tuple(tuple(parse_inline(cell, links).text for cell in row) for row in rows)
    return NestedBlock(NestedBlockKind.TABLE, rows=cells, depth=depth, line=line)


def split_table(source: str) -> tuple[str, list[list[str]]]:
    """Split a paragraph into its text and the cells of the table at its end, if there is one.

    On GitHub a table needs no blank line before it; marko 2.2.4 makes it part of the paragraph.
    """
    lines = source.rstrip("\n").split("\n")
    # The first line is the text of the item, and the header comes before the delimiter row.
    delimiter = next((number for number, line in enumerate(lines) if number > 1 and _DELIMITER_ROW.fullmatch(line)), 0)
    if not delimiter:
        return source, []
    rows = [_split_row(line) for line in (lines[delimiter - 1], *lines[delimiter + 1 :])]
    width = len(_split_row(lines[delimiter]))
    # Rows of unequal length are no table.
    if any(len(row) != width for row in rows):
        return source, []
    return "\n".join(lines[: delimiter - 1]), rows


def _split_row(line: str) -> list[str]:
    """Split one line of a table into its cells."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]
