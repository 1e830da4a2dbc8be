"""Find and hide what an author seems to have meant for a heading, and Markdown does not see as one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import LABEL_LEVEL, HeadingPath, SectionHeading
from spec2bdd.domain.specs.headings.labels import find_label
from spec2bdd.domain.specs.headings.sections import CheckList, Section, list_paths
from spec2bdd.domain.specs.markdown.blocks import Links, Paragraph
from spec2bdd.domain.specs.markdown.paragraph_rows import split_rows
from spec2bdd.domain.specs.markdown.task_list import TaskItem
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.text.source_file import SourceFile

# The marks of such a heading in the text of an item.
_UNSEEN_ROW = re.compile(r"#{2,}|#(?=[^\W\d])|\uff03")


class UnseenHeading(NamedTuple):
    """A line that an author seems to have meant for a heading, and that is none in Markdown.

    `marks` are its `#`, or the whole line of a label. Its section reaches from `offset` to `end`.
    """

    offset: int
    level: int
    marks: str
    text: str
    end: int


def hide_unseen(checklists: Sequence[CheckList], unseen: Sequence[UnseenHeading]) -> tuple[CheckList, ...]:
    """Take what is under a heading that Markdown does not see out of the lists, into lists that are not read.

    Such a line may also have become the end of an item above it, whose text is cut there.
    """
    unseen = sorted(unseen)
    offsets = [heading.offset for heading in unseen]
    label_rows = {heading.marks for heading in unseen if heading.level == LABEL_LEVEL}
    # The end of the section that reaches furthest of those up to each heading.
    ends = list(accumulate((heading.end for heading in unseen), max))

    def find_heading(offset: int) -> UnseenHeading | None:
        """Find the heading that an offset is below."""
        index = bisect_right(offsets, offset) - 1
        return unseen[index] if index >= 0 and offset < ends[index] else None

    lists: list[CheckList] = []
    for checklist in checklists:
        below = [(find_heading(task.offset), task) for task in checklist.tasks]
        for heading, group in groupby(below, key=itemgetter(0)):
            if heading:
                section = SectionHeading(heading.level, heading.text, HeadingKind.UNSEEN, heading.offset)
                path = HeadingPath((*checklist.path.headings, section), section)
                tasks = tuple(task for _, task in group)
                lists.append(CheckList(path, checklist.markdown_list, tasks, inner=True))
        rest = tuple(_cut_task(task, label_rows) for heading, task in below if not heading)
        is_hidden = find_heading(checklist.markdown_list.offset) is not None
        lists.append(checklist._replace(tasks=rest, inner=checklist.inner or is_hidden))
    return tuple(lists)


def _cut_task(task: TaskItem, label_rows: Set[str]) -> TaskItem:
    """Cut the source of a task where a heading or a label that Markdown does not see begins."""
    rows = task.source.split("\n")
    end = next(
        (number for number, row in enumerate(rows) if number and (row in label_rows or _UNSEEN_ROW.match(row))), None
    )
    return task if end is None else replace(task, source="\n".join(rows[:end]))


def find_swallowed_labels(
    file: SourceFile,
    sections: Sequence[Section],
    checklists: Sequence[CheckList],
    *,
    links: Links,
    vocabulary: HeadingVocabulary,
) -> Iterator[UnseenHeading]:
    """Find the labels right under an item, which Markdown takes for the end of its text, for lack of a blank line."""
    starts: Sequence[int] = ()
    for task in (task for checklist in checklists for task in checklist.tasks if "\n" in task.source):
        for row in split_rows(file, Paragraph(task.source, task.offset))[1:]:
            if row.source[:1].islower() or _UNSEEN_ROW.match(row.source):
                continue
            label = find_label(row, links=links, vocabulary=vocabulary)
            if label is None or (label.kind is None and not (label.priority and label.priority.alone)):
                continue
            line_start = file.places.find_start(file.find_place(row.offset)[0])
            offset = line_start if line_start > task.offset else row.offset
            starts = starts or [start for start, _ in list_paths(sections, links, vocabulary)]
            end = next((start for start in starts if start > offset), len(file.text))
            yield UnseenHeading(offset, LABEL_LEVEL, row.source, label.text, end)
