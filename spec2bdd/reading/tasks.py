"""A list in, its task items out: the box of each, its words, its plain bullets and the task around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spec2bdd.model import Box
from spec2bdd.reading.blocks import Comment, Item, Listing

# Other single characters, as in `[P]` and `[0]`, are labels and not states.
_BOX = re.compile(r"\[([ xX~-])\](?=\s|$)")
_LABEL = re.compile(r"\[.\](?=\s|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One task item; `source` is the inline Markdown behind its box, `bullets` that of the items right below."""

    box: Box
    source: str
    comments: tuple[Comment, ...]
    bullets: tuple[str, ...]
    parent: Task | None

    @property
    def offset(self) -> int:
        """Return the offset of the bracket that opens the box."""
        return self.box.offset - 1


def find_tasks(listing: Listing, parent: Task | None = None) -> Iterator[Task]:
    """Yield the task items of a list and of all the lists in it, in the order of the file."""
    for item in listing.items:
        task = _find_task(item, parent)
        if task:
            yield task
        for inner in item.listings:
            yield from find_tasks(inner, task or parent)


def find_bare_items(listing: Listing) -> tuple[Item, ...]:
    """Return the items of a list that should have a box: those without, unless the list only labels the tasks in it."""
    if not any(_tell_labelled(item) for item in listing.items) and any(True for _ in find_tasks(listing)):
        return ()
    return tuple(item for item in listing.items if not _tell_labelled(item) and not _tell_holding(item))


def _tell_labelled(item: Item) -> bool:
    """Tell whether an item starts with a box, or with another character in brackets."""
    return item.paragraph is not None and _LABEL.match(item.paragraph.source) is not None


def _tell_holding(item: Item) -> bool:
    """Tell whether tasks are nested in an item."""
    return any(True for inner in item.listings for _ in find_tasks(inner))


def _find_task(item: Item, parent: Task | None) -> Task | None:
    """Return the task that an item is, if it starts with a box."""
    paragraph = item.paragraph
    match = _BOX.match(paragraph.source) if paragraph else None
    if paragraph is None or match is None:
        return None
    return Task(
        box=Box(match[1], paragraph.offset + 1),
        source=paragraph.source[match.end() :].lstrip(),
        comments=item.comments,
        bullets=tuple(_find_bullets(item)),
        parent=parent,
    )


def _find_bullets(item: Item) -> Iterator[str]:
    """Yield the inline Markdown of the plain items right below an item."""
    for inner in (inner for listing in item.listings for inner in listing.items):
        if inner.paragraph and not _BOX.match(inner.paragraph.source):
            yield inner.paragraph.source
