"""The dialect of Backlog.md: one task in each file, with the acceptance criteria as boxes between two comments.

What its own reader takes is read here: `- [ ] #1 text` between `<!-- AC:BEGIN -->` and `<!-- AC:END -->`, and the same
for the definition of done. Its editor renumbers the items, so a number identifies none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.spec_builder import (
    ItemPlace,
    SpecBuilder,
    add_item,
    choose_name,
    open_spec,
    read_outline,
    read_words,
)
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import classify_heading_source
from spec2bdd.domain.specs.markdown.blocks import Heading, Item, MarkdownList
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.markdown.task_list import find_tasks, is_task
from spec2bdd.model import Dependency, DoneItem, Spec, Status
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# A project may have other words in its `config.yml`; those are kept as they are. There is none for a review.
_STATUSES = (("To Do", Status.DRAFT), ("In Progress", Status.IN_PROGRESS), ("Done", Status.COMPLETE))

# The comments around a part of a task. They are blanked out, so that the lists under them are plain Markdown.
_MARKER = re.compile(r"<!-- (?:AC|DOD|SECTION:[A-Z_]+):(?:BEGIN|END) -->")
_NUMBER = re.compile(r"\[[^\]]\][ \t]+#(\d+)(?=\s)")
_DEPENDENCIES = re.compile(r"^dependencies:[ \t]*(\[[^\]]*\]|(?:\r?\n[ \t]*-[^\r\n]*)*)", re.MULTILINE)
_DEPENDENCY = re.compile(r"[A-Za-z][\w]*-\d+(?:\.\d+)*")
_WANTED = (HeadingKind.CRITERIA, HeadingKind.DONE)

# The parts of a task about the work on it.
_OWN_SECTION = re.compile(r"(?:implementation (?:plan|notes)|final summary|comments)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BacklogDialect:
    """Reads the tasks of Backlog.md."""

    name: ClassVar[str] = "backlog"
    criteria_place: ClassVar[str] = "between `<!-- AC:BEGIN -->` and `<!-- AC:END -->`"
    criteria_heading: ClassVar[re.Pattern[str]] = NOTHING
    other_heading: ClassVar[re.Pattern[str]] = _OWN_SECTION

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Whether a file has the comments of a task, or its front matter."""
        return "<!-- AC:BEGIN -->" in text or re.match(r"\ufeff?---\r?\nid:", text) is not None

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a task; one without acceptance criteria is a spec without criteria, and nothing is wrong with it."""
        builder = open_spec(file, content, dialect=self.name, statuses=_STATUSES)
        plain = _MARKER.sub(lambda match: " " * len(match[0]), file.text)
        level = 0

        def is_wanted(heading: Heading) -> bool:
            nonlocal level
            if not level or heading.level <= level:
                kind = classify_heading_source(heading.source, options.vocabulary)
                level = heading.level if kind in _WANTED else 0
            return level > 0

        sections = read_outline(builder, is_wanted=is_wanted, text=plain)
        done_items: list[DoneItem] = []
        for section in sections:
            kind = _find_kind(section, options)
            limits = _find_limits(file.text, "AC" if kind is HeadingKind.CRITERIA else "DOD")
            for markdown_list in section.blocks:
                if kind is None or not isinstance(markdown_list, MarkdownList):
                    continue
                items = [item for item in markdown_list.items if limits[0] <= item.offset < limits[1]]
                if kind is HeadingKind.CRITERIA:
                    _add_criteria(builder, items)
                else:
                    done_items += _build_done_items(builder, markdown_list, items)
        spec = builder.build(title=builder.spec.find_value("title"), may_be_empty=True)
        return replace(
            spec,
            done_items=tuple(done_items),
            upstream=tuple(_find_dependencies(file, builder.start)),
            derived_id=spec.find_value("id"),
        )


def _find_kind(section: OutlineSection, options: ReadingOptions) -> HeadingKind | None:
    """Find whether a section has the criteria or the definition of done, or is a part of them; `None` if neither."""
    kinds = (classify_heading_source(heading.source, options.vocabulary) for heading in section.headings)
    return next((kind for kind in kinds if kind in _WANTED), None)


def _find_limits(text: str, name: str) -> tuple[int, int]:
    """Find the part of a file between two comments; the whole file where they are not there."""
    # A task about the comments may name them in a text.
    part = re.search(rf"^[ \t]*<!-- {name}:BEGIN -->.*?^[ \t]*<!-- {name}:END -->", text, re.MULTILINE | re.DOTALL)
    return part.span() if part else (0, len(text))


def _add_criteria(builder: SpecBuilder, items: list[Item]) -> None:
    """Add a criterion for each item that has a box, and report the others."""
    bare = [item for item in items if not is_task(item)]
    if bare:
        message = "this item of the acceptance criteria has no box, so Backlog.md does not read it"
        if len(bare) > 1:
            message = f"{len(bare)} items of the acceptance criteria have no box, so Backlog.md does not read them"
        builder.warn(bare[0].offset, "criteria-without-boxes", message=message, hint="write each as `- [ ] #1 text`")
    for item in items:
        if item.paragraph is None or item in bare:
            continue
        match = _NUMBER.match(item.paragraph.source)
        number = match[1] if match else ""
        words = read_words(builder, item.paragraph.source[match.end() if match else 3 :]).text
        place = ItemPlace(number=number, name=choose_name(words, builder.spec.find_value("title"), number))
        add_item(builder, item.paragraph, item.blocks[1:], place)


def _build_done_items(builder: SpecBuilder, markdown_list: MarkdownList, items: list[Item]) -> Iterator[DoneItem]:
    """Build an item of the definition of done for each item that has a box."""
    for item, task in zip(markdown_list.items, find_tasks(markdown_list, None), strict=True):
        if task and item in items:
            text = read_words(builder, re.sub(r"^#\d+\s+", "", task.source)).text
            yield DoneItem(text, task.box, *builder.file.find_place(task.offset))


def _find_dependencies(file: SourceFile, body_start: int) -> Iterator[Dependency]:
    """Find the ids of the tasks that this one depends on, in its front matter."""
    if match := _DEPENDENCIES.search(file.text, 0, body_start):
        for word in _DEPENDENCY.finditer(file.text, match.start(1), match.end(1)):
            yield Dependency(word[0], *file.find_place(word.start()))
