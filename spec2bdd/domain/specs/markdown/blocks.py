"""The Markdown blocks that a spec is read from, as plain values whose offsets count in the whole file.

Most are named tuples: a spec has hundreds of them, and creating a frozen dataclass takes three times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from spec2bdd.model.values import dataclass

# Marko 2.2.4 needs up to a third of a millisecond for a line, so these take some seconds at worst. Real specs have less
# than a tenth of each.
MOST_LINES = 30_000
MOST_CHARACTERS = 1_000_000
# With marko 2.2.4, each link definition takes as long as all text under it is long.
MOST_DEFINITIONS = 500

# The link definitions of a document: destination and title by label.
Links = Mapping[str, tuple[str, str]]


class TooLongError(Exception):
    """Marko would take minutes to read a Markdown text: what there is too much of in it, and from which offset."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset


class Heading(NamedTuple):
    """A heading; `source` is its inline Markdown."""

    level: int
    source: str
    offset: int


class Paragraph(NamedTuple):
    """A paragraph; `source` is its inline Markdown without indentation, `offset` that of its first character."""

    source: str
    offset: int


class Comment(NamedTuple):
    """An HTML block; only the comments in it matter to a spec."""

    source: str
    offset: int


class Code(NamedTuple):
    """A code block, fenced or indented; `info` is the word after the fence."""

    source: str
    info: str
    offset: int


class Table(NamedTuple):
    """A table, header first; its cells are inline Markdown."""

    rows: tuple[tuple[str, ...], ...]
    offset: int


class Item(NamedTuple):
    """One item of a list and the blocks in it."""

    blocks: tuple[Block, ...]
    offset: int

    @property
    def paragraph(self) -> Paragraph | None:
        """The paragraph that the item starts with, if it starts with one."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Paragraph) else None

    def unwrap(self) -> Item:
        """Return the item that this one holds as a list of its own, as in `1. - [ ] Text`, or else this one.

        The offset stays that of the outer item, which has the number.
        """
        first = self.blocks[0] if self.blocks else None
        if not isinstance(first, MarkdownList) or len(first.items) != 1:
            return self
        return self._replace(blocks=(*first.items[0].unwrap().blocks, *self.blocks[1:]))


class MarkdownList(NamedTuple):
    """A list, ordered or not."""

    items: tuple[Item, ...]
    offset: int


class Quote(NamedTuple):
    """A quote, and the blocks in it; nothing in it is read as part of a spec."""

    blocks: tuple[Block, ...]
    offset: int


class Rule(NamedTuple):
    """A rule between blocks."""

    offset: int


class RegionKind(StrEnum):
    """The kinds of block in which a checkbox is never a criterion."""

    CODE = "code"
    HTML = "html"
    COMMENT = "comment"
    QUOTE = "quote"
    TABLE = "table"
    HEADING = "heading"


class Region(NamedTuple):
    """A part of the file that is covered by one block of that kind."""

    kind: RegionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkdownBody:
    """The blocks under the front matter, with the link definitions in them.

    `regions` lists, in file order, the blocks that hold no criteria. What is inside of a quote is not listed again.
    """

    blocks: tuple[Block, ...] = ()
    links: Links = field(default_factory=dict)
    regions: tuple[Region, ...] = ()


Block = Heading | Paragraph | Comment | Code | Table | MarkdownList | Quote | Rule
