"""The few kinds of Markdown block that a spec is read from, as plain values; offsets count in the whole text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `source` is its inline Markdown."""

    level: int
    source: str
    offset: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `source` is its inline Markdown without the lines' indents, `offset` its first character's."""

    source: str
    offset: int


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML block; only the comments in it can mean anything to a spec."""

    source: str
    offset: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list and the blocks in it."""

    blocks: tuple[Block, ...]
    offset: int

    @property
    def paragraph(self) -> Paragraph | None:
        """Return the paragraph that the item starts with, if it starts with one."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Paragraph) else None

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return the lists right inside the item."""
        return tuple(block for block in self.blocks if isinstance(block, Listing))

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Return the HTML blocks right inside the item."""
        return tuple(block for block in self.blocks if isinstance(block, Comment))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, ordered or not."""

    items: tuple[Item, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Body:
    """All that stands below the front matter, and the link definitions in it: destination and title by label."""

    blocks: tuple[Block, ...] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Block = Heading | Paragraph | Comment | Listing
