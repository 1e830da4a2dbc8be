"""Find criteria with labels such as `AC1:`, or with numbers such as `1.2.1:`, in the lines of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, match_box
from spec2bdd.domain.specs.markdown.blocks import Block, Code, Item, MarkdownList, Paragraph, Table
from spec2bdd.domain.specs.markdown.paragraph_rows import split_rows

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
_BARE = re.compile(r"[\s*_]*(given|when|then|and|but)[\s*_:\uff1a]*", re.IGNORECASE)
# A bold line above numbered lines.
_GROUP = re.compile(r"(?:\*\*|__)[^*_\n]+(?:\*\*|__)\s*[:\uff1a]?")
_NUMBERED = re.compile(r"(\d{1,3})[.)][ \t]+(?=\S)")
STEP = re.compile(r"[\s*_]*(?:given|when|then|and|but)\b", re.IGNORECASE)


class LabelledText(NamedTuple):
    """A criterion with a label: its text, the blocks that belong to it, steps as paragraphs, and a number before it."""

    paragraph: Paragraph
    blocks: list[Block]
    number: str = ""


def split_labelled(builder: SpecBuilder, paragraph: Paragraph) -> tuple[LabelledText, ...]:
    """Split a paragraph into the criteria whose labels its lines begin with; empty if its first line has none.

    Its first line may be bold, and name the group of the others. Where these are numbered from another number than 1,
    Markdown sees no list.
    """
    rows = split_rows(builder.file, paragraph)
    is_group = len(rows) > 1 and _GROUP.fullmatch(rows[0].source) is not None
    starts = [index for index, row in enumerate(rows) if _is_labelled(row.source, is_group=is_group)]
    if not starts or starts[0] > is_group:
        return ()
    found: list[LabelledText] = []
    for start, end in pairwise([*starts, len(rows)]):
        steps = next((index for index in range(start + 1, end) if STEP.match(rows[index].source)), end)
        numbered = _NUMBERED.match(rows[start].source) if is_group else None
        lead = numbered.end() if numbered else 0
        text = "\n".join(row.source for row in rows[start:steps])[lead:]
        source = "\n".join(row.source for row in rows[steps:end])
        blocks: list[Block] = [Paragraph(source, rows[steps].offset)] if source else []
        number = numbered[1] if numbered else ""
        found.append(LabelledText(Paragraph(text, rows[start].offset + lead), blocks, number))
    return tuple(found)


def is_attached(builder: SpecBuilder, run: LabelledText, block: Block | None, *, is_labelled: bool) -> bool:
    """Whether a list, a table or a block of code belongs to the text above it.

    Under steps, a list after a blank line does so only if a colon announces it.
    """
    if not isinstance(block, MarkdownList):
        return isinstance(block, (Code, Table))
    last = next((part.source for part in (*reversed(run.blocks), run.paragraph) if isinstance(part, Paragraph)), "")
    start = builder.file.text.rfind("\n", 0, block.offset)
    above = builder.file.text[builder.file.text.rfind("\n", 0, max(start, 0)) + 1 : max(start, 0)]
    return is_labelled or bool(above.strip()) or last.rstrip("*_ ").endswith(":")


def gather_steps(builder: SpecBuilder, blocks: Sequence[Block]) -> list[Block]:
    """Gather the lines of steps among some blocks as the items of one list, each with the lists and tables under it.

    What comes before the steps as a paragraph, and what follows them after a remark, is left out.
    """
    steps: list[list[Block]] = []
    others: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph() if STEP.match(block.source):
                steps += _split_steps(split_rows(builder.file, block))
            case Paragraph():
                if steps:
                    break
            case MarkdownList() if steps:
                for bullets, continued in _split_list(builder, block):
                    steps[-1:] = _add_bullets(steps[-1], bullets)
                    steps += _split_steps(continued)
            case _ if steps:
                steps[-1].append(block)
            case _:
                others.append(block)
    items = tuple(Item(tuple(parts), parts[0].offset) for parts in steps)
    return [MarkdownList(items, items[0].offset), *others] if items else others


def _split_steps(rows: Sequence[Paragraph]) -> list[list[Block]]:
    """Split lines into steps; a line without a keyword continues the step above it."""
    steps: list[list[Block]] = []
    for row in rows:
        if STEP.match(row.source) or not steps:
            steps.append([row])
        elif isinstance(first := steps[-1][0], Paragraph):
            steps[-1][0] = Paragraph(f"{first.source}\n{row.source}", first.offset)
    return steps


def _add_bullets(step: list[Block], bullets: MarkdownList) -> list[list[Block]]:
    """Add a list to the step above it; under a keyword alone, as in `**Then:**`, each item is a step of its own."""
    bare = _BARE.fullmatch(step[0].source) if isinstance(step[0], Paragraph) else None
    if bare is None:
        return [[*step, bullets]]
    steps: list[list[Block]] = []
    for item in bullets.items:
        if item.paragraph:
            keyword = "And" if steps else bare[1]
            text = Paragraph(f"{keyword} {item.paragraph.source}", item.paragraph.offset)
            steps.append([text, *item.blocks[1:]])
    return steps or [step]


def _split_list(builder: SpecBuilder, block: MarkdownList) -> Iterator[tuple[MarkdownList, tuple[Paragraph, ...]]]:
    """Split a list at the steps that are lines of an item without indentation: `- Port 80`, then `**And** ...`."""
    bullets: list[Item] = []
    for item in block.items:
        rows = split_rows(builder.file, item.paragraph) if item.paragraph else ()
        end = next((index for index, row in enumerate(rows) if index and STEP.match(row.source)), len(rows))
        if end == len(rows) or item.paragraph is None:
            bullets.append(item)
            continue
        text = Paragraph("\n".join(row.source for row in rows[:end]), item.paragraph.offset)
        yield MarkdownList((*bullets, Item((text,), item.offset)), block.offset), rows[end:]
        below = item.blocks[-1]
        bullets = list(below.items) if isinstance(below, MarkdownList) else []
    if bullets:
        yield MarkdownList(tuple(bullets), bullets[0].offset), ()


def _is_labelled(source: str, *, is_group: bool) -> bool:
    """Whether a line begins with a label, after a box if there is one, or under a bold line with a number."""
    box = match_box(source)
    is_numbered = is_group and _NUMBERED.match(source) is not None
    return is_numbered or LABEL.match(source, box.end() if box else 0) is not None
