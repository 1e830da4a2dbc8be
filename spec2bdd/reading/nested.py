"""The blocks below a criterion in, its bullets, code and tables out, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.model import Nested, NestedKind
from spec2bdd.reading.blocks import Block, Code, Item, Listing, Table
from spec2bdd.reading.inline import parse_inline
from spec2bdd.reading.page import Page
from spec2bdd.reading.tasks import tell_task

Links = Mapping[str, tuple[str, str]]


def derive_nested(page: Page, blocks: Sequence[Block], *, links: Links, depth: int = 0) -> Iterator[Nested]:
    """Yield what stands below a criterion; an item with a box, and all in it, is a criterion's of its own.

    Raises:
        RecursionError: emphasis or links are nested too deeply to be read.
    """
    for block in blocks:
        match block:
            case Listing():
                for item in block.items:
                    if not tell_task(item):
                        yield from _derive_bullet(page, item, links=links, depth=depth)
            case Code():
                line, _ = page.find_place(block.offset)
                text = block.source.removesuffix("\n")
                yield Nested(NestedKind.CODE, text, block.info, depth=depth, line=line)
            case Table():
                line, _ = page.find_place(block.offset)
                rows = tuple(tuple(parse_inline(cell, links).text for cell in row) for row in block.rows)
                yield Nested(NestedKind.TABLE, rows=rows, depth=depth, line=line)


def _derive_bullet(page: Page, item: Item, *, links: Links, depth: int) -> Iterator[Nested]:
    """Yield one item without a box, and what stands in it."""
    rest = item.blocks
    if item.paragraph:
        line, _ = page.find_place(item.paragraph.offset)
        yield Nested(NestedKind.BULLET, parse_inline(item.paragraph.source, links).text, depth=depth, line=line)
        rest = item.blocks[1:]
    yield from derive_nested(page, rest, links=links, depth=depth + 1)
