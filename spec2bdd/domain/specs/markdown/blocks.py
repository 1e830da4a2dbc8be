"""The few kinds of Markdown block that a spec is read from, as plain values; offsets count in the whole text.

They are tuples with names, because there are many of them, and a dataclass takes three times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# Marko takes up to a third of a millisecond for a line, so these take half a minute; no spec is a tenth as long.
MOST_LINES = 100_000


class TooLongError(Exception):
    """Markdown has so many lines that marko would take minutes to read it."""


class Heading(NamedTuple):
    """A heading; `source` is its inline Markdown."""

    level: int
    source: str
    offset: int


class Paragraph(NamedTuple):
    """A paragraph; `source` is its inline Markdown without the lines' indents, `offset` its first character's."""

    source: str
    offset: int


class Comment(NamedTuple):
    """An HTML block; only the comments in it can mean anything to a spec."""

    source: str
    offset: int


class Code(NamedTuple):
    """A code block, fenced or indented; `info` is the word behind the fence."""

    source: str
    info: str
    offset: int


class Table(NamedTuple):
    """A table; its cells are inline Markdown, its header comes first."""

    rows: tuple[tuple[str, ...], ...]
    offset: int


class Item(NamedTuple):
    """One item of a list and the blocks in it."""

    blocks: tuple[Block, ...]
    offset: int

    @property
    def paragraph(self) -> Paragraph | None:
        """Return the paragraph that the item starts with, if it starts with one."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Paragraph) else None

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Return the HTML blocks right inside the item."""
        return tuple(block for block in self.blocks if isinstance(block, Comment))


class MarkdownList(NamedTuple):
    """A list, ordered or not."""

    items: tuple[Item, ...]
    offset: int


class RegionKind(StrEnum):
    """What kind of block a place lies in, where no box is a criterion."""

    CODE = "code"
    HTML = "html"
    COMMENT = "comment"
    QUOTE = "quote"
    TABLE = "table"
    HEADING = "heading"


class Region(NamedTuple):
    """A stretch of the whole text that is of one kind."""

    ground: RegionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkdownBody:
    """All that stands below the front matter, and the link definitions in it: destination and title by label.

    `plots` says, in file order, where there are blocks that hold no criteria; what stands in a quote is one of them.
    """

    blocks: tuple[Block, ...] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    plots: tuple[Region, ...] = ()


Block = Heading | Paragraph | Comment | Code | Table | MarkdownList
