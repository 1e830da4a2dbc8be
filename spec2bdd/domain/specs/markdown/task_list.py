"""A list in, its task items out: the box of each, its words, what stands below it and the task around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from spec2bdd.domain.specs.markdown.blocks import Block, Item, MarkdownList
from spec2bdd.domain.specs.vocabulary.words import find_marks
from spec2bdd.model import Box

# Other single characters, as in `[P]` and `[0]`, are labels and not states.
_LABEL = re.compile(r"\[.\](?=\s|$)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)(?:[.)](?=\s)|(?<=\.\d)|(?<=\.\d\d))\s+(?=\S)")


@dataclass(frozen=True, slots=True, eq=False)
class TaskItem:
    """One task item; `source` is the inline Markdown behind its box and number, `blocks` what stands below it."""

    box: Box
    source: str
    blocks: tuple[Block, ...]
    parent: TaskItem | None

    @property
    def offset(self) -> int:
        """Return the offset of the bracket that opens the box."""
        return self.box.offset - 1


def find_tasks(listing: MarkdownList, parent: TaskItem | None) -> tuple[TaskItem | None, ...]:
    """Return what each item of a list is: a task, or nothing."""
    sources = [_find_source(item) for item in listing.items]
    skips = _find_numbers([source for source in sources if source is not None])
    return tuple(
        _derive_task(item, source, parent=parent, numbered=skips) if source is not None else None
        for item, source in zip(listing.items, sources, strict=True)
    )


def find_bare_items(listing: MarkdownList) -> tuple[Item, ...]:
    """Return the items of a list that should have a box: those without, unless the list only labels the tasks in it."""
    if not any(_tell_labelled(item) for item in listing.items) and any(map(_tell_holding, listing.items)):
        return ()
    return tuple(item for item in listing.items if not _tell_labelled(item) and not _tell_holding(item))


def is_task(item: Item) -> bool:
    """Tell whether an item starts with a box."""
    return _find_source(item) is not None


def _tell_labelled(item: Item) -> bool:
    """Tell whether an item starts with a box, or with another character in brackets."""
    return item.paragraph is not None and _LABEL.match(item.paragraph.source) is not None


def _tell_holding(item: Item) -> bool:
    """Tell whether tasks are nested in an item."""
    inner = (inner for block in item.blocks if isinstance(block, MarkdownList) for inner in block.items)
    return any(is_task(item) or _tell_holding(item) for item in inner)


def _derive_task(item: Item, source: str, *, parent: TaskItem | None, numbered: bool) -> TaskItem:
    """Return the task that an item is."""
    paragraph = item.paragraph
    offset = (paragraph.offset if paragraph else item.offset) + 1
    mark = paragraph.source[1] if paragraph else " "
    number = _NUMBER.match(source) if numbered else None
    return TaskItem(Box(mark, offset), source[number.end() :] if number else source, item.blocks[1:], parent)


def _find_source(item: Item) -> str | None:
    """Return the inline Markdown behind the box of an item, or nothing if it has no box."""
    paragraph = item.paragraph
    if paragraph is None or not paragraph.source.startswith("["):
        return None
    match = _derive_box_pattern().match(paragraph.source)
    return paragraph.source[match.end() :].lstrip() if match else None


def _find_numbers(sources: Sequence[str]) -> bool:
    """Tell whether all items of a list carry numbers that count up, such as `1.1` and `1.2`: those are for display."""
    if len(sources) < 2 or not _NUMBER.match(sources[0]):
        return False
    matches = [_NUMBER.match(source) for source in sources]
    numbers = [[int(part) for part in match[1].split(".")] for match in matches if match]
    return len(numbers) == len(matches) and all(_tell_next(one, two) for one, two in pairwise(numbers))


def _tell_next(one: Sequence[int], two: Sequence[int]) -> bool:
    """Tell whether a number is the one behind another: 1.2 and 1.3, 2 and 3, 1.4 and 2.1."""
    return any(list(two) == [*one[:n], one[n] + 1, *([1] * (len(two) - n - 1))] for n in range(min(len(one), len(two))))


@cache
def _derive_box_pattern() -> re.Pattern[str]:
    """Return the pattern of a box at the start of an item."""
    return re.compile(rf"\[[{re.escape(find_marks())}]\](?=\s|$)")


def find_items(blocks: Sequence[Block]) -> Iterator[Item]:
    """Yield the items of the lists among some blocks."""
    for block in blocks:
        if isinstance(block, MarkdownList):
            yield from block.items
