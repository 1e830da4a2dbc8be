"""Split a body into sections, and find the lists in them with the headings and bold labels above each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import (
    ROOT,
    HeadingPath,
    SectionHeading,
    extend_heading_path,
    parse_section_heading,
    push_heading,
)
from spec2bdd.domain.specs.headings.labels import find_label
from spec2bdd.domain.specs.markdown.blocks import Block, Comment, Heading, Links, MarkdownBody, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.task_list import TaskItem, find_tasks, is_task
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.text.lazy_patterns import compile_lazily

_DETAILS_END = "</details"
# The id of a criterion at the start of a box: `AC-001`, `**AC-US1-01**`.
_ID = compile_lazily(r"[*_~`]{0,4}(AC[-_]?(?:[A-Z]{1,4}\d{0,3}[-_.])?\d{1,3})(?=[*_~`:)\s])")
# The same at the start of an item without a box, where a separator follows: "AC-01 to AC-05" refers to criteria.
CRITERION_ID = re.compile(
    r"[*_~`]{0,4}(AC[-_]?(?:[A-Z]{1,4}\d{0,3}[-_.])?\d{1,3})[*_~`]{0,4}\s*(?:[:\uff1a\u2013\u2014]|(?<=[*_`])\s)"
)

# Returns the label in a block that acts as a heading, if there is one.
LabelFinder = Callable[[Block], SectionHeading | None]


class Section(NamedTuple):
    """The blocks between two headings; `path` holds the headings above them."""

    path: HeadingPath = ROOT
    blocks: tuple[Block, ...] = ()

    @property
    def heading(self) -> SectionHeading | None:
        """The heading that the section begins with, if it begins with one."""
        return self.path.headings[-1] if self.path.headings else None


class CheckList(NamedTuple):
    """One list, at any depth: the headings and bold labels above it, and its own task items.

    `inner` is set if the list is part of another item: it is nested in a task, or in an item under the same headings.
    """

    path: HeadingPath
    markdown_list: MarkdownList
    tasks: tuple[TaskItem, ...]
    inner: bool


@dataclass(slots=True)
class LabelTracker:
    """Follows the bold labels among the blocks under one path.

    One label ends another. But one that announces something and has no list of its own is above those that follow it
    and announce nothing: "**Acceptance Criteria:**", then "**By hand:**" with the boxes. The summary of a `<details>`
    applies up to its end, from where on the path is again `before_summary`.
    """

    base: HeadingPath
    find: LabelFinder
    holds_list: bool = False
    group: HeadingPath | None = None
    last: HeadingPath = ROOT
    before_summary: HeadingPath | None = None

    def read(self, block: Block) -> HeadingPath | None:
        """Return the path under a block that is a label or ends one, and nothing for any other block."""
        if isinstance(block, MarkdownList):
            self.holds_list = True
            return None
        if isinstance(block, Comment) and self.before_summary is not None and _DETAILS_END in block.source.lower():
            path, self.before_summary = self.before_summary, None
            return path
        label = self.find(block)
        if label is None:
            return None
        if isinstance(block, Comment):
            self.before_summary = self.last if self.last.headings else self.base
        return self.follow(label)

    def follow(self, label: SectionHeading) -> HeadingPath:
        """Return the path under the next label."""
        announces = label.kind is not None or label.priority is not None
        if announces or self.group is None:
            path = extend_heading_path(self.base, label)
            self.group = path if announces else None
        elif self.holds_list and len(self.last.headings) == len(self.group.headings):
            # The label above had its own list, so this one begins something else.
            self.group, path = None, extend_heading_path(self.base, label)
        else:
            path = extend_heading_path(self.group, label)
        self.holds_list, self.last = False, path
        return path


def list_paths(
    sections: Iterable[Section], links: Links, vocabulary: HeadingVocabulary
) -> tuple[tuple[int, HeadingPath], ...]:
    """List where each heading and each bold label outside of lists begins, with the path under it, in file order."""
    find = partial(find_label, links=links, vocabulary=vocabulary)
    paths: list[tuple[int, HeadingPath]] = []
    for section in sections:
        paths.append((section.heading.offset if section.heading else -1, section.path))
        labels = LabelTracker(section.path, find)
        paths += [(block.offset, path) for block in section.blocks if (path := labels.read(block))]
    return tuple(paths)


def split_sections(body: MarkdownBody, vocabulary: HeadingVocabulary) -> tuple[Section, ...]:
    """Split the blocks at the headings; a heading closes all open ones of its level or a deeper one."""
    headings = [(number, block) for number, block in enumerate(body.blocks) if isinstance(block, Heading)]
    ends = [number for number, _ in headings] + [len(body.blocks)]
    sections, open_paths = [Section(ROOT, body.blocks[: ends[0]])], [ROOT]
    for (start, heading), end in zip(headings, ends[1:], strict=True):
        path = push_heading(open_paths, parse_section_heading(heading, body.links, vocabulary))
        sections.append(Section(path, body.blocks[start + 1 : end]))
        last = body.blocks[end - 1]
        label = find_label(last, links=body.links, vocabulary=vocabulary) if isinstance(last, Paragraph) else None
        if label and label.kind is HeadingKind.CRITERIA:
            # "**Acceptance Criteria:**" without a list is above the headings that follow it in its section.
            open_paths[-1] = extend_heading_path(path, label._replace(level=heading.level))
    return tuple(sections)


def find_checklists(
    sections: Iterable[Section], links: Links, vocabulary: HeadingVocabulary, *, identified: bool = False
) -> tuple[CheckList, ...]:
    """Find every list of the sections, also those inside of lists, outer ones first.

    An id that only criteria have says more than a heading that announces nothing; with `identified`, of items without
    boxes as well.
    """
    find = partial(find_label, links=links, vocabulary=vocabulary)
    # Most sections have nothing but a heading.
    filled = (section for section in sections if section.blocks)
    found = [checklist for section in filled for checklist in _find_lists(section.blocks, section.path, find)]
    if not identified and all(checklist.path.owner or not checklist.tasks for checklist in found):
        return tuple(found)
    ids = [_list_ids(checklist, _ID) for checklist in found]
    counts = Counter(task_id for task_ids in ids for task_id in task_ids)
    known = set(counts)
    for number, (checklist, task_ids) in enumerate(zip(found, ids, strict=True)):
        headings, owner = checklist.path
        # No other box has the id, or no item above it: a plan for tests may name it again.
        is_new = all(task_id and counts[task_id] == 1 for task_id in task_ids)
        if identified and not checklist.tasks:
            task_ids = _list_ids(checklist, CRITERION_ID)
            is_new = all(task_ids) and known.isdisjoint(task_ids)
            known.update(task_ids)
        if owner is None and headings and task_ids and is_new:
            owner = headings[-1]._replace(kind=HeadingKind.CRITERIA)
            path = HeadingPath((*headings[:-1], owner), owner)
            found[number] = checklist._replace(path=path, inner=checklist.inner and bool(checklist.tasks))
    return tuple(found)


def _list_ids(checklist: CheckList, pattern: re.Pattern[str]) -> list[str]:
    """List the ids that the tasks of a list, or the items of one without tasks, begin with; `""` if one has none."""
    items = checklist.markdown_list.items if pattern is CRITERION_ID else ()
    sources = [task.source for task in checklist.tasks]
    sources += [item.paragraph.source if item.paragraph else "" for item in items]
    return [match[1] if (match := pattern.match(source)) else "" for source in sources]


def find_group_names(owners: Iterable[tuple[SectionHeading, HeadingPath]]) -> Mapping[int, str]:
    """Name the group of criteria under each owner (by its offset), given the path that each owner is in.

    A group is named by the nearest heading above the owner that announces nothing by itself, is not above all other
    owners as well, and has a text of its own: one heading per story, for example. Without such a heading, one of
    several that announce criteria is taken, as in "Tier 1 Success Criteria". A spec with one block of criteria has no
    groups.
    """
    # The candidates above each owner, nearest first.
    above: dict[int, tuple[SectionHeading, ...]] = {}
    for owner, path in owners:
        outer = reversed(path.headings[: path.headings.index(owner)])
        above[owner.offset] = tuple(heading for heading in outer if heading.kind in (None, HeadingKind.CRITERIA))

    owner_counts = Counter(heading for headings in above.values() for heading in headings)
    text_counts = Counter(heading.text for heading in owner_counts)
    has_several_blocks = sum(heading.kind is HeadingKind.CRITERIA for heading in owner_counts) > 1
    distinctive = {
        heading
        for heading, count in owner_counts.items()
        if count < len(above) and text_counts[heading.text] == 1 and (has_several_blocks or heading.kind is None)
    }
    names: dict[int, str] = {}
    for offset, headings in above.items():
        # Headings that announce nothing come first; the sort keeps the nearest of each kind in front.
        preferred = sorted(headings, key=lambda heading: heading.kind is not None)
        names[offset] = next((heading.text for heading in preferred if heading in distinctive), "")
    return names


def find_title(sections: Iterable[Section]) -> str:
    """Find the text of the first heading of level 1."""
    headings = (section.heading for section in sections)
    return next((heading.text for heading in headings if heading and heading.level == 1), "")


def find_purpose(sections: Iterable[Section]) -> tuple[Paragraph, ...]:
    """Find the paragraphs of the first section whose heading announces the purpose."""
    for section in sections:
        if section.heading and section.heading.kind is HeadingKind.PURPOSE:
            return tuple(block for block in section.blocks if isinstance(block, Paragraph))
    return ()


def _find_lists(
    blocks: Sequence[Block],
    base: HeadingPath,
    find: LabelFinder,
    *,
    around: CheckList | None = None,
    parent: TaskItem | None = None,
) -> Iterator[CheckList]:
    """Find the lists among some blocks and all lists in them; a bold label applies up to the next one at its depth."""
    path = base
    labels = LabelTracker(base, find)
    for block in blocks:
        path = labels.read(block) or path
        if isinstance(block, MarkdownList):
            tasks = find_tasks(block, parent)
            inner = parent is not None or (around is not None and around.path == path)
            # "- [ ] **Must Have**" with boxes nested in it is their label, and its own box says nothing.
            names = {task: name for task in tasks if task and task.blocks and (name := _find_box_label(task, find))}
            rest = tuple(task for task in tasks if task and task not in names)
            checklist = CheckList(path, block, rest, inner)
            yield checklist
            for named, name in names.items():
                heading = name._replace(kind=HeadingKind.OTHER)
                yield CheckList(HeadingPath((*path.headings, heading), heading), block, (named,), inner=True)
                yield from _find_lists(named.blocks, extend_heading_path(path, name), find)
            for item, task in zip(block.items, tasks, strict=True):
                # Most items are one paragraph, in which there are no lists.
                if (len(item.blocks) > 1 or not item.paragraph) and task not in names:
                    nested = task.blocks if task else item.blocks
                    yield from _find_lists(nested, path, find, around=checklist, parent=task or parent)


def _find_box_label(task: TaskItem, find: LabelFinder) -> SectionHeading | None:
    """Find the tier that is all of the text of a task, if other tasks are nested in it."""
    lists = [block for block in task.blocks if isinstance(block, MarkdownList)]
    label = find(Paragraph(task.source, task.offset)) if lists else None
    is_tier = label is not None and label.kind is not None and label.kind.tier is not None
    return label if is_tier and any(map(is_task, (item for block in lists for item in block.items))) else None
