"""Find criteria with labels such as `AC1:`, or with numbers such as `1.2.1:`, in the lines of paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, match_box, split_rows
from spec2bdd.domain.specs.markdown.blocks import Block, Item, MarkdownList, Paragraph

# The label of a criterion: `AC1`, `AC-1`, `AC 1.2`, `AC #1`, `1.2.1:`; the number may be in the title's bold words.
LABEL = re.compile(
    r"""
    (?P<bold>\*\*|__)?
    (?:
        (?:AC|Acceptance[ ]Criterion|Criterion)\s*[-\#]?\s*
      | (?=\d+(?:\.\d+)+[a-z]?(?:\*\*|__)?\s*[:)\uff1a])
    )
    (?P<number>\d+(?:\.\d+)*[a-z]?)
    (?P<closed>(?P=bold))?
    \s*(?:[:.)\u2013\u2014\uff1a-]|(?=\(|\s))\s*
    """,
    re.IGNORECASE | re.VERBOSE,
)
STEP = re.compile(r"[\s*_]*(?:given|when|then|and|but)\b", re.IGNORECASE)


class LabelledText(NamedTuple):
    """A criterion with a label: its text with the label, and the blocks that belong to it."""

    paragraph: Paragraph
    blocks: list[Block]


def split_labelled(builder: SpecBuilder, paragraph: Paragraph) -> tuple[LabelledText, ...]:
    """Split a paragraph into the criteria whose labels its lines begin with; empty if its first line has none."""
    rows = split_rows(builder.file, paragraph)
    starts = [index for index, row in enumerate(rows) if _is_labelled(row.source)]
    if not starts or starts[0]:
        return ()
    found: list[LabelledText] = []
    for start, end in pairwise([*starts, len(rows)]):
        steps = next((index for index in range(start + 1, end) if STEP.match(rows[index].source)), end)
        text = "\n".join(row.source for row in rows[start:steps])
        items = tuple(Item((row,), row.offset) for row in rows[steps:end])
        blocks: list[Block] = [MarkdownList(items, rows[steps].offset)] if items else []
        found.append(LabelledText(Paragraph(text, rows[start].offset), blocks))
    return tuple(found)


def convert_steps(builder: SpecBuilder, block: Block) -> list[Block]:
    """Convert a paragraph of steps to the list of its lines, as if they were bullets; other paragraphs are left out."""
    if not isinstance(block, Paragraph):
        return [block]
    if not STEP.match(block.source):
        return []
    items = tuple(Item((row,), row.offset) for row in split_rows(builder.file, block))
    return [MarkdownList(items, block.offset)]


def _is_labelled(source: str) -> bool:
    """Whether a line begins with a label, after a box if there is one."""
    box = match_box(source)
    return LABEL.match(source, box.end() if box else 0) is not None
