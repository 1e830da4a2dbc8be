"""Tick and untick the boxes of an implementation plan by what is proved of the specs that name its sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
from spec2bdd.domain.specs.markdown.blocks import Block, MarkdownList
from spec2bdd.domain.specs.markdown.outline import parse_outline
from spec2bdd.domain.specs.markdown.task_list import find_tasks
from spec2bdd.domain.trace.sections import DocumentSection
from spec2bdd.errors import EditError
from spec2bdd.model import Box, SpecReport, Verdict
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.source_file import parse_source_file


def choose_section_mark(reports: Sequence[SpecReport]) -> str:
    """Choose the mark of the boxes in a section that specs name: `x`, a blank, or nothing where they stay.

    They are ticked if the gate of every one of these specs is proved, and unticked if a criterion of a gate fails or is
    pending. What was not run, or not from today's files, says nothing.
    """
    gates = [report.gating for report in reports]
    if all(gate and all(verdict.fulfilled for verdict in gate) for gate in gates):
        return "x"
    verdicts = {verdict.verdict for gate in gates for verdict in gate}
    return " " if verdicts & {Verdict.FAILED, Verdict.PENDING} else ""


def mark_plan(path: str, text: str, marks: Mapping[DocumentSection, str]) -> tuple[str, int, int]:
    """Mark the boxes of a document; return the text, and how many boxes were ticked and unticked.

    A box belongs to the innermost of these sections that it is in. Those with `[~]` and `[-]` stay.

    Raises:
        EditError: the marked text would not read as the same document; it must not be written.
    """
    sections = {section.start: section for section in marks if section.path == path}
    boxes = list(find_boxes(path, text))
    wanted: dict[int, str] = {}
    for headings, box in boxes:
        owner = next((sections[start] for start in reversed(headings) if start in sections), None)
        mark = marks[owner] if owner else ""
        if mark and not box.set_aside and box.ticked != (mark == "x"):
            wanted[box.offset] = mark
    after = apply_edits(text, [Edit(offset, offset + 1, mark) for offset, mark in wanted.items()])
    # The same boxes in the same places, each with its own mark or the intended one, and not another character changed.
    intended = [(box.offset, wanted.get(box.offset, box.mark)) for _, box in boxes]
    is_same = intended == [(box.offset, box.mark) for _, box in find_boxes(path, after)]
    others = [place for place in range(len(text)) if text[place] != after[place]] if len(after) == len(text) else [-1]
    if not is_same or others != sorted(wanted):
        hint = "nothing was written; please report this bug in spec2bdd with the document"
        raise EditError("the marked text would not parse as the same document", path=path, hint=hint)
    ticked = sum(mark == "x" for mark in wanted.values())
    return after, ticked, len(wanted) - ticked


def find_boxes(path: str, text: str) -> Iterator[tuple[tuple[int, ...], Box]]:
    """Find the boxes of all task items, each with the offsets of the headings above it, the outermost first."""
    body_start = parse_front_matter(parse_source_file(path, text)).body_start
    for section in parse_outline(text, body_start).sections:
        headings = tuple(heading.offset for heading in section.headings)
        yield from ((headings, box) for box in find_list_boxes(section.blocks))


def find_list_boxes(blocks: Iterable[Block]) -> Iterator[Box]:
    """Find the boxes in lists, at any depth."""
    for block in blocks:
        if isinstance(block, MarkdownList):
            for item, task in zip(block.items, find_tasks(block, None), strict=True):
                if task:
                    yield task.box
                yield from find_list_boxes(item.blocks)
