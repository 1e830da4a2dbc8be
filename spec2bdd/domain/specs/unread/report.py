"""Report what looks like a criterion and was not read, once for each heading, and find what blocks a promotion."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, is_task_heading
from spec2bdd.domain.specs.headings.heading_path import (
    LABEL_LEVEL,
    HeadingPath,
    SectionHeading,
    find_tier,
    is_criteria_section,
)
from spec2bdd.domain.specs.headings.sections import CheckList, Section, list_paths
from spec2bdd.domain.specs.headings.unseen import UnseenHeading
from spec2bdd.domain.specs.markdown.blocks import Code, Links, MarkdownList, Table
from spec2bdd.domain.specs.markdown.task_list import find_bare_items
from spec2bdd.domain.specs.unread.boxes import UnreadBox, find_unread_boxes
from spec2bdd.domain.specs.unread.headings import Likeness, find_likeness
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Tier
from spec2bdd.text.source_file import SourceFile

_TOO_MANY_MARKS = 7
_GHERKIN = ("gherkin", "feature", "cucumber")
# More boxes than this under one heading are counted in one message.
_MOST_REPORTED = 20
# Boxes under these are known to be no criteria, or are reported by themselves.
_NOT_CRITERIA = frozenset({HeadingKind.OTHER, HeadingKind.LEFT_OUT, HeadingKind.UNSEEN})
# Where the place of a box in the Markdown is wrong, whatever the headings above it are.
_OPEN = frozenset({LinePlace.OPEN_CODE, LinePlace.OPEN_COMMENT})


class ParsedSections(NamedTuple):
    """The structure of a spec that a report needs, besides its text from `start` on."""

    start: int
    sections: tuple[Section, ...]
    checklists: tuple[CheckList, ...]
    unseen: tuple[UnseenHeading, ...]
    links: Links
    vocabulary: HeadingVocabulary


class UnreadReport(NamedTuple):
    """The diagnostics, and the lines of those that block a promotion because they are among the criteria."""

    diagnostics: tuple[Diagnostic, ...] = ()
    blocking: tuple[int, ...] = ()


def report_unread(
    file: SourceFile, parsed: ParsedSections, *, in_tables: Set[int] = frozenset(), lines: Set[int] = frozenset()
) -> UnreadReport:
    """Report the unread boxes and headings of a spec; `in_tables` are the offsets of boxes that were read there.

    `lines` are those of criteria outside of lists.
    """
    known = in_tables | {task.offset for checklist in parsed.checklists for task in checklist.tasks}
    boxes = find_unread_boxes(file.text, parsed.start, known)
    paths = list_paths(parsed.sections, parsed.links, parsed.vocabulary) if boxes else ()
    blocking = [
        *report_unseen(file, parsed),
        *report_boxes(file, boxes, paths, parsed.vocabulary, is_among=is_criteria_section),
    ]
    near = dict(_find_near(parsed))
    blocking += [_describe_near(file, heading, *found) for heading, found in near.items() if not found[-1]]
    others = [
        *(_describe_near(file, heading, *found) for heading, found in near.items() if found[-1]),
        *_report_sections(file, parsed, near),
        *_report_tables(file, parsed, lines),
    ]
    return UnreadReport((*blocking, *others), tuple(diagnostic.line for diagnostic in blocking))


def report_boxes(
    file: SourceFile,
    boxes: Sequence[UnreadBox],
    paths: Sequence[tuple[int, HeadingPath]],
    vocabulary: HeadingVocabulary,
    *,
    is_among: Callable[[HeadingPath], bool],
) -> Iterator[Diagnostic]:
    """Report the unread boxes under each heading of criteria or done items, and those that an open block swallows.

    `paths` has the headings above each part of the file, and `is_among` says which of them have criteria below.
    """
    offsets = [offset for offset, _ in paths]
    groups: dict[int, tuple[HeadingPath, list[UnreadBox]]] = {}
    others: dict[str, list[UnreadBox]] = {}
    for box in boxes:
        index = bisect_right(offsets, box.offset) - 1
        path = paths[index][1] if index >= 0 else HeadingPath()
        if path.headings and paths[index][0] >= box.line.offset:
            # A box in a heading is under the heading above, whatever the levels of both are.
            above = paths[index - 1][1] if index else HeadingPath()
            path = above if is_among(above) else path._replace(headings=path.headings[:-1] or path.headings)
        owner = path.owner
        is_among_criteria = is_among(path) or (owner is not None and owner.kind is HeadingKind.DONE)
        # In code, only a box that the author seems to have left there by mistake counts.
        is_meant = box.line.place is not LinePlace.CODE
        # A heading in a code block, or a cell in the header of a table, may announce criteria or a tier.
        cells = [cell for cell in box.context.strip().split("|") if cell.strip()]
        kinds = [classify_heading(cell, vocabulary) for cell in cells]
        is_announced = any(kind is HeadingKind.CRITERIA or (kind is not None and kind.tier) for kind in kinds)
        if (is_among_criteria and is_meant) or (box.line.place in _OPEN and not box.inline) or is_announced:
            key = path.headings[-1].offset if path.headings and is_among_criteria and is_meant else -2
            groups.setdefault(key, (path, []))[1].append(box)
        elif owner is None and is_meant and _is_surely_box(file, box) and not _has_tasks(path):
            outer = next((heading.text for heading in path.headings if heading.level > 1), "")
            others.setdefault(outer, []).append(box)
    yield from _report_malformed_elsewhere(file, others)
    for path, group in groups.values():
        where = f" under `{path.headings[-1].text}`" if path.headings else ""
        group.sort(key=lambda box: box.offset)
        for number, box in enumerate(group[: _MOST_REPORTED + 1]):
            message = f"this item{where} is not read: {box.reason}"
            if number == _MOST_REPORTED and (more := len(group) - number) > 1:
                message = f"{more} more items{where} are not read: {box.reason}, to begin with"
            hint = f"{box.hint}, or put `<!-- spec2bdd: ignore unread-box -->` above"
            yield file.build_warning(box.offset, "unread-box", message=message, hint=hint)


def _report_malformed_elsewhere(file: SourceFile, groups: Mapping[str, Sequence[UnreadBox]]) -> Iterator[Diagnostic]:
    """Report what is surely meant for boxes under headings that announce nothing, once for each outer heading."""
    for heading, boxes in groups.items():
        where = f"under `{heading}`" if heading else "above all headings"
        verb = "is" if len(boxes) == 1 else "are"
        message = f"{count_boxes(len(boxes))} {where} {verb} not read: {boxes[0].reason}"
        hint = "write `- [ ] ` at the start of the item, under a heading such as `## Acceptance Criteria`"
        hint += f', or add `leave-out = ["{quote(heading)}"]` to `[tool.spec2bdd.headings]`' if heading else ""
        yield file.build_warning(boxes[0].offset, "unread-section", message=message, hint=hint)


def _is_surely_box(file: SourceFile, box: UnreadBox) -> bool:
    """Whether a box can only be one, wherever it is: a checkbox of HTML, or the start of an item."""
    return box.edit is not None or file.text[box.offset] == "<"


def _has_tasks(path: HeadingPath) -> bool:
    """Whether a heading of a path names tasks."""
    return any(is_task_heading(heading.text) for heading in path.headings)


def report_unseen(file: SourceFile, parsed: ParsedSections) -> Iterator[Diagnostic]:
    """Report each heading that Markdown does not see."""
    counts: Counter[int] = Counter()
    for checklist in parsed.checklists:
        owner = checklist.path.owner
        if owner is not None and owner.kind is HeadingKind.UNSEEN:
            counts[owner.offset] += len(checklist.tasks)
    for heading in parsed.unseen:
        count, marks = counts[heading.offset], heading.marks
        why = f"no space follows `{marks}`" if len(marks) < _TOO_MANY_MARKS else "a heading has at most six `#`"
        hint = f"write `{'#' * heading.level} {heading.text}`"
        if heading.level == LABEL_LEVEL:
            why, hint = "no blank line comes before it", "put a blank line above it"
        elif marks.startswith("<"):
            why = "it is written in HTML"
        elif file.text[heading.offset + len(marks)] in " \t" and len(marks) < _TOO_MANY_MARKS:
            why = "it is indented like code"
        what = (
            f"{count_boxes(count)} under it {'is' if count == 1 else 'are'} not read" if count else "it is plain text"
        )
        message = f"Markdown does not recognize the heading `{heading.text}`, because {why}; {what}"
        yield file.build_warning(heading.offset, "unread-heading", message=message, hint=hint)


def _find_near(parsed: ParsedSections) -> Iterator[tuple[SectionHeading, tuple[Likeness, int, str]]]:
    """Find the headings with lists under that look like headings of criteria and announce nothing.

    Each comes with the number of boxes under it, and as what these are read because of another heading above.
    """
    counts: dict[SectionHeading, tuple[Likeness, int, bool, str]] = {}
    for checklist in parsed.checklists:
        owner = checklist.path.owner
        if owner is not None and owner.kind in _NOT_CRITERIA:
            continue
        for heading in checklist.path.headings:
            # A heading of a tier below it decides about its boxes.
            if owner is not None and owner.offset > heading.offset:
                continue
            # A title says what the document is about.
            if heading.kind is not None or heading.level == 1 or _is_priority_read(heading, owner):
                continue
            likeness = find_likeness(heading.text, parsed.vocabulary)
            if likeness is None or (
                owner is not None and (not likeness.name or likeness.name[1:].isdigit() or owner.kind == likeness.key)
            ):
                continue
            _, count, has_list, _ = counts.get(heading, (likeness, 0, False, ""))
            has_list = has_list or (likeness.is_misspelt and bool(find_bare_items(checklist.markdown_list)))
            read_as = ""
            if owner is not None:
                # The number with which priorities begin is that of the whole spec.
                tiers = {find_tier(checklist.path, scale_start) or Tier.MUST for scale_start in (0, 1)}
                tier = tiers.pop() if len(tiers) == 1 else "criterion of the heading above"
                read_as = "done item" if owner.kind is HeadingKind.DONE else tier
            counts[heading] = likeness, count + len(checklist.tasks), has_list, read_as
    for heading, (likeness, count, has_list, read_as) in counts.items():
        if count or has_list:
            yield heading, (likeness, count, read_as)


def _is_priority_read(heading: SectionHeading, owner: SectionHeading | None) -> bool:
    """Whether the priority that a heading adds to a title, if it does, is that of the boxes below."""
    if heading.priority is None or heading.priority.level is not None:
        return heading.priority is not None
    return owner is not None and not (owner.kind and owner.kind.tier)


def _describe_near(
    file: SourceFile, heading: SectionHeading, likeness: Likeness, count: int, read_as: str
) -> Diagnostic:
    """Describe a heading that looks like one of criteria."""
    how = f"{'read' if count == 1 else 'each read'} as {read_as}" if read_as else "not read as such"
    what = f"; {count_boxes(count)} under it {'is' if count == 1 else 'are'} {how}" if count else ""
    config = f'add `{likeness.key} = ["{quote(heading.text)}"]` to `[tool.spec2bdd.headings]`'
    if likeness.name:
        message = f"the heading `{heading.text}` is unknown and looks like `{likeness.name.title()}`{what}"
        hint = f"write `{likeness.name.title()}`, or {config}"
    else:
        message = f"the heading `{heading.text}` is unknown and looks like a heading of criteria{what}"
        hint = f"{config}, or to its `leave-out` if these are not criteria"
    return file.build_warning(heading.offset, "unread-heading", message=message, hint=hint)


def _report_sections(
    file: SourceFile, parsed: ParsedSections, near: Mapping[SectionHeading, object]
) -> Iterator[Diagnostic]:
    """Report the boxes under headings that name neither criteria nor tasks, once for each outer heading."""
    groups: dict[int, tuple[SectionHeading | None, int, int]] = {}
    for checklist in parsed.checklists:
        path = checklist.path
        if not checklist.tasks or path.owner is not None or any(heading in near for heading in path.headings):
            continue
        if _has_tasks(path):
            continue
        inner = [heading for heading in path.headings if heading.level > 1]
        outer = inner[0] if inner else path.headings[0] if path.headings else None
        key = outer.offset if outer else -1
        _, offset, count = groups.get(key, (outer, checklist.tasks[0].offset, 0))
        groups[key] = outer, offset, count + len(checklist.tasks)
    for outer, offset, count in groups.values():
        verb = "is" if count == 1 else "are"
        if outer is None:
            subject = "this box is" if count == 1 else f"these {count} boxes are"
            message = f"{subject} under no heading, so {'it is' if count == 1 else 'they are'} not read"
            hint = "write a heading above, such as `## Acceptance Criteria`"
        else:
            message = (
                f"{count_boxes(count)} under `{outer.text}` {verb} not read: no heading there names criteria or a tier"
            )
            name = quote(outer.text)
            hint = f'add `criteria = ["{name}"]` or `leave-out = ["{name}"]` to `[tool.spec2bdd.headings]`'
        yield file.build_warning(offset, "unread-section", message=message, hint=hint)


def _report_tables(file: SourceFile, parsed: ParsedSections, read: Set[int]) -> Iterator[Diagnostic]:
    """Report each table and each block of Gherkin right under a list of criteria that is not part of its last item.

    Those with a criterion in one of the `read` lines are criteria themselves.
    """
    for section in parsed.sections:
        if not is_criteria_section(section.path):
            continue
        for before, block in zip(section.blocks, section.blocks[1:], strict=False):
            if not isinstance(block, Table | Code) or not isinstance(before, MarkdownList):
                continue
            first_line = file.find_place(block.offset)[0]
            count = len(block.rows) + 1 if isinstance(block, Table) else block.source.count("\n") + 1
            if not read.isdisjoint(range(first_line, first_line + count + 1)):
                continue
            if isinstance(block, Table):
                message = "this table is not part of the criterion above it, so no step gets its data"
                hint = "indent it like the text of the criterion, or write a sentence above it"
                yield file.build_warning(block.offset, "unread-table", message=message, hint=hint)
            elif block.info in _GHERKIN:
                message = "this Gherkin is not part of the criterion above it, so it is not read"
                hint = "indent the block like the text of the criterion"
                yield file.build_warning(block.offset, "unread-steps", message=message, hint=hint)


def count_boxes(count: int) -> str:
    """Count boxes in words."""
    return "1 box" if count == 1 else f"{count} boxes"


def quote(text: str) -> str:
    """Quote a text for TOML, between double quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
