"""The blocks below a criterion in, its bullets, code and tables out, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.domain.specs.markdown.blocks import Block, Code, Item, MarkdownList, Table
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.task_list import is_task
from spec2bdd.model import NestedBlock, NestedBlockKind
from spec2bdd.text.source_file import SourceFile

# A line such as `|---|:-:|`, between bars, and what stands between the cells of a line.
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
Links = Mapping[str, tuple[str, str]]


def derive_nested(page: SourceFile, blocks: Sequence[Block], *, links: Links, depth: int = 0) -> Iterator[NestedBlock]:
    """Yield what stands below a criterion; an item with a box, and all in it, is a criterion's of its own.

    Raises:
        RecursionError: emphasis or links are nested too deeply to be read.
    """
    for block in blocks:
        match block:
            case MarkdownList():
                for item in block.items:
                    if not is_task(item):
                        yield from _derive_bullet(page, item, links=links, depth=depth)
            case Code():
                line, _ = page.find_place(block.offset)
                text = block.source.removesuffix("\n")
                yield NestedBlock(NestedBlockKind.CODE, text, block.info, depth=depth, line=line)
            case Table():
                line, _ = page.find_place(block.offset)
                rows = tuple(tuple(parse_inline(cell, links).text for cell in row) for row in block.rows)
                yield NestedBlock(NestedBlockKind.TABLE, rows=rows, depth=depth, line=line)


def _derive_bullet(page: SourceFile, item: Item, *, links: Links, depth: int) -> Iterator[NestedBlock]:
    """Yield one item without a box, and what stands in it."""
    rest = item.blocks
    if item.paragraph:
        line, _ = page.find_place(item.paragraph.offset)
        text, rows = _cut_table(item.paragraph.source)
        yield NestedBlock(NestedBlockKind.BULLET, parse_inline(text, links).text, depth=depth, line=line)
        if rows:
            cells = tuple(tuple(parse_inline(cell, links).text for cell in row) for row in rows)
            yield NestedBlock(NestedBlockKind.TABLE, rows=cells, depth=depth + 1, line=line + text.count("\n") + 1)
        rest = item.blocks[1:]
    yield from derive_nested(page, rest, links=links, depth=depth + 1)


def _cut_table(source: str) -> tuple[str, list[list[str]]]:
    """Return a paragraph without the table at its end, and the cells of that.

    On GitHub a table needs no blank line above it; to marko it is a part of the paragraph.
    """
    lines = source.rstrip("\n").split("\n")
    rule = next((number for number, line in enumerate(lines) if number > 1 and _RULE.fullmatch(line)), 0)
    rows = [_cut_row(line) for line in (lines[rule - 1], *lines[rule + 1 :])] if rule else []
    even = bool(rows) and all(len(row) == len(_cut_row(lines[rule])) for row in rows)
    return ("\n".join(lines[: rule - 1]), rows) if even else (source, [])


def _cut_row(line: str) -> list[str]:
    """Return the cells of one line of a table."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]
