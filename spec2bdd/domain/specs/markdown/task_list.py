"""Find the task list items of a list: their boxes, their text, and the task that each is nested in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spec2bdd.domain.specs.markdown.blocks import Block, Item, MarkdownList
from spec2bdd.domain.specs.vocabulary import render_mark_class
from spec2bdd.model import Box
from spec2bdd.text.lazy_patterns import compile_lazily

# A box at the start of an item.
_BOX = re.compile(rf"\[{render_mark_class()}\](?=\s|$)")
# What looks like a box and is none: with blanks in it or none, escaped, in bold, with another sign in it, of other
# brackets, as one character, or in HTML. Another rule reports it, so the item is not one without a box.
_BOX_LIKE = compile_lazily(
    r"""
    \\?\[([^\[\]\r\n]{0,4}?)\\?\](?![(\[])
    | [*_~]{1,3}\[[ xX]?\](?![(\[:])
    | [\u25a1\u25a2\u2610-\u2612\u2b1c\u2b1b\U0001f532\U0001f533]\ufe0f?(?=\s)
    | \([ xX/]?\)(?=\s)
    | [\uff3b\u3010][^\uff3d\u3011\r\n]{0,2}[\uff3d\u3011]
    | <input\b[^<>\r\n]{0,200}\bcheckbox\b[^<>\r\n]{0,200}>
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A number such as `3.`, `3)` or `1.2`. One without a dot in it needs a sign after it: "3 days" is no numbering.
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)(?:[.)](?=\s)|(?<=\.\d)|(?<=\.\d\d))\s+(?=\S)")


@dataclass(frozen=True, slots=True, eq=False)
class TaskItem:
    """One task list item; `source` is the inline Markdown after its box and number, `blocks` what is nested in it."""

    box: Box
    source: str
    blocks: tuple[Block, ...]
    parent: TaskItem | None
    # Of an item without a box, the offset of its text.
    start: int | None = None

    @property
    def offset(self) -> int:
        """The offset of the bracket that opens the box, or of the text where it has none."""
        return self.box.offset - 1 if self.start is None else self.start


def find_tasks(markdown_list: MarkdownList, parent: TaskItem | None) -> tuple[TaskItem | None, ...]:
    """Find the task in each item of a list; `None` for an item without a box."""
    sources = [_find_source(item) for item in markdown_list.items]
    numbered = _is_numbered([source for source in sources if source is not None])
    tasks: list[TaskItem | None] = []
    for item, source in zip(markdown_list.items, sources, strict=True):
        paragraph = item.paragraph
        if source is None or paragraph is None:
            tasks.append(None)
            continue
        number = _NUMBER.match(source) if numbered else None
        box = Box(paragraph.source[1], paragraph.offset + 1)
        tasks.append(TaskItem(box, source[number.end() :] if number else source, item.blocks[1:], parent))
    return tuple(tasks)


def find_bare_items(markdown_list: MarkdownList) -> tuple[Item, ...]:
    """Find the items that should have a box and have none.

    There are none in a list without boxes whose items only group the tasks that are nested in them.
    """
    if not any(map(_has_label, markdown_list.items)) and any(map(_has_nested_tasks, markdown_list.items)):
        return ()
    return tuple(item for item in markdown_list.items if not _has_label(item) and not _has_nested_tasks(item))


def is_task(item: Item) -> bool:
    """Whether an item starts with a box."""
    return _find_source(item) is not None


def starts_with_box(text: str, position: int = 0) -> bool:
    """Whether there is a box at a position, or something that looks like one."""
    match = _BOX_LIKE.match(text, position)
    if match is None or match[1] is None:
        return match is not None
    # `[P]` is a label that is reported as no state; `[A]lpha` and `[UI]` are words.
    is_letter = match[1].strip().isalnum() and match[1].strip() not in ("x", "X")
    after = text[match.end() : match.end() + 1]
    return looks_like_state(match[1]) and not (is_letter and after and not after.isspace())


def looks_like_state(content: str) -> bool:
    """Whether the text between two brackets may be meant for the state of a box: a sign, or one letter."""
    bare = content.rstrip("\\").strip().replace("\ufe0f", "")
    return len(bare) < 2 or (len(bare) < 3 and not bare[0].isalnum() and not bare[1].isalnum())


def _has_label(item: Item) -> bool:
    """Whether an item starts with a box, or with something that looks like one."""
    return item.paragraph is not None and starts_with_box(item.paragraph.source)


def _has_nested_tasks(item: Item) -> bool:
    """Whether tasks are nested in an item, at any depth."""
    inner = (inner for block in item.blocks if isinstance(block, MarkdownList) for inner in block.items)
    return any(is_task(item) or _has_nested_tasks(item) for item in inner)


def _find_source(item: Item) -> str | None:
    """Find the inline Markdown after the box of an item; `None` if it has no box."""
    paragraph = item.paragraph
    if paragraph is None or not paragraph.source.startswith("["):
        return None
    match = _BOX.match(paragraph.source)
    return paragraph.source[match.end() :].lstrip() if match else None


def _is_numbered(sources: Sequence[str]) -> bool:
    """Whether all items of a list have numbers that count up, such as `1.1` and `1.2`; those are only for display."""
    if len(sources) < 2 or not _NUMBER.match(sources[0]):
        return False
    matches = [_NUMBER.match(source) for source in sources]
    numbers = [[int(part) for part in match[1].split(".")] for match in matches if match]
    return len(numbers) == len(matches) and all(
        # The next number adds one to some part and starts over under it: 1.2 and 1.3, 2 and 3, 1.4 and 2.1.
        any(
            following == [*number[:place], number[place] + 1, *([1] * (len(following) - place - 1))]
            for place in range(min(len(number), len(following)))
        )
        for number, following in pairwise(numbers)
    )
