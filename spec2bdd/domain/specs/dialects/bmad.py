"""The dialect of BMAD: one story in each file, with numbered acceptance criteria.

A criterion is an item of the list under `Acceptance Criteria`, a heading such as `### AC1: Title` with what is under
it, or a paragraph that begins with `Given`. The numbers are those of the list or of the label; tools and authors
renumber them, so they identify nothing. `Status:` is on a line under the title, or under a heading of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.specs.criteria.progress_notes import strip_trailing_progress
from spec2bdd.domain.specs.dialects.bmad_headings import WORK, is_about_work, is_acceptance, is_story
from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.labelled import (
    LABEL,
    STEP,
    LabelledText,
    gather_steps,
    is_attached,
    split_labelled,
)
from spec2bdd.domain.specs.dialects.reading.other_places import add_other_places
from spec2bdd.domain.specs.dialects.reading.spec_builder import (
    ItemPlace,
    SpecBuilder,
    add_item,
    add_status_section,
    choose_name,
    open_spec,
    read_outline,
    read_words,
    shorten_name,
)
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import classify_heading_source
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Spec, Status, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# The words of version 6, with dashes, and those of version 4, with capitals.
_DASHED = (
    ("backlog", Status.DRAFT),
    ("drafted", Status.DRAFT),
    ("ready-for-dev", Status.DRAFT),
    ("in-progress", Status.IN_PROGRESS),
    ("review", Status.REVIEW),
    ("done", Status.COMPLETE),
)
_CAPITALIZED = (
    ("Draft", Status.DRAFT),
    ("Approved", Status.DRAFT),
    ("Ready for Development", Status.DRAFT),
    ("In Progress", Status.IN_PROGRESS),
    ("InProgress", Status.IN_PROGRESS),
    ("Review", Status.REVIEW),
    ("Ready for Review", Status.REVIEW),
    ("Done", Status.COMPLETE),
    ("Completed", Status.COMPLETE),
)

_STATUS = re.compile(r"\s*status\s*", re.IGNORECASE)
_TITLE = re.compile(r"^(?:(?:user\s+)?story(?:\s+[\w.-]+)?|tech[\s-]spec)\s*[:\u2013\u2014-]\s*", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKER = re.compile(r"(\d{1,9})[.)]")
_BOX = re.compile(r"\[[^\]]\][ \t]+")
# The bold words at the start of an item, which are its title.
_BOLD = re.compile(
    r"""
    (?P<bold>\*\*|__) (?P<title>(?:(?!(?P=bold)).)+) (?P=bold)
    \s*[:.\u2013\u2014\uff1a-]*\s*
    (?P<rest>.*)
    """,
    re.DOTALL | re.VERBOSE,
)
# Brackets that are around all of a title.
_BRACKETS = re.compile(r"^\(([^()]+)\)$")
# A bold label above a list: `**Functional Requirements:**`.
_GROUP = re.compile(r"(\*\*|__)(?P<text>(?:(?!\1).)+)\1\s*[:\uff1a]?\s*")
_NO_CRITERIA = (HeadingKind.OTHER, HeadingKind.DONE, HeadingKind.LEFT_OUT)
_GIVEN = re.compile(r"[\s*_]*given\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BmadDialect:
    """Reads the stories of BMAD."""

    name: ClassVar[str] = "bmad"
    criteria_place: ClassVar[str] = "under `## Acceptance Criteria`"
    criteria_heading: ClassVar[re.Pattern[str]] = NOTHING
    other_heading: ClassVar[re.Pattern[str]] = WORK

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is a story with acceptance criteria, and not in the template's form."""
        return "feature_id:" not in text and is_story(path, text)

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a story."""
        builder = open_spec(file, content, dialect=self.name)
        reader = _StoryReader(options.vocabulary)
        sections = read_outline(builder, is_wanted=reader.is_wanted)
        title = next((block.source for section in sections for block in section.headings if block.level == 1), "")
        title = read_words(builder, title).text
        reader.story = _TITLE.sub("", title, count=1) or title
        for section in sections:
            if section.headings and _STATUS.fullmatch(section.headings[-1].source):
                add_status_section(builder, section.blocks)
            reader.add_section(builder, section)
        add_other_places(builder, sections, options, title=reader.story)
        # The style of the file decides which words are written.
        has_capitals = builder.spec.find_value("status")[:1].isupper()
        words = (*_CAPITALIZED, *_DASHED) if has_capitals else (*_DASHED, *_CAPITALIZED)
        return replace(builder.build(title=title), statuses=words)


@dataclass(slots=True)
class _StoryReader:
    """Reads the sections of one story, in the order of the file; `story` is its title without its number.

    `tier` is that of the section that is read.
    """

    vocabulary: HeadingVocabulary
    story: str = ""
    criteria_level: int = 0
    tier: Tier = Tier.MUST

    def is_wanted(self, heading: Heading) -> bool:
        """Whether the blocks under a heading may be criteria or the status."""
        if self.criteria_level and heading.level > self.criteria_level:
            return True
        self.criteria_level = heading.level if self._is_criteria(heading) else 0
        return self.criteria_level > 0 or heading.level == 1 or _STATUS.fullmatch(heading.source) is not None

    def add_section(self, builder: SpecBuilder, section: OutlineSection) -> None:
        """Add the criteria of a section, if it is under the heading of the criteria."""
        places = [index for index, heading in enumerate(section.headings) if self._is_criteria(heading)]
        if not places or any(is_about_work(heading.source) for heading in section.headings[: places[0]]):
            return
        own = section.headings[-1]
        inner = [classify_heading_source(heading.source, self.vocabulary) for heading in section.headings[places[0] :]]
        if any(kind in _NO_CRITERIA for kind in inner):
            return
        self.tier = next((kind.tier for kind in reversed(inner) if kind and kind.tier), Tier.MUST)
        label = LABEL.match(own.source)
        if label and places[0] < len(section.headings) - 1:
            # The heading is the criterion, and what is under it belongs to it.
            title = own.source[label.end() :] or own.source
            offset = builder.file.text.find(own.source, own.offset)
            blocks = gather_steps(builder, section.blocks)
            self._add(builder, Paragraph(title, offset), blocks, number=label["number"], group="", titled=True)
            return
        group = read_words(builder, own.source).text if places[0] < len(section.headings) - 1 else ""
        self._add_blocks(builder, section.blocks, group)

    def _add_blocks(self, builder: SpecBuilder, blocks: Sequence[Block], group: str) -> None:
        """Add a criterion for each item of the lists, each labelled line, and each run of steps.

        A bold label groups the lists under it.
        """
        # A run of steps has no label.
        run: LabelledText | None = None
        is_labelled = False
        is_read = True
        for block in (*blocks, None):
            source = block.source if isinstance(block, Paragraph) else ""
            parts = split_labelled(builder, block) if isinstance(block, Paragraph) else ()
            is_step = not parts and STEP.match(source) is not None
            is_new = is_step and (not is_labelled or (run and run.number)) and _GIVEN.match(source)
            is_part = is_step or (run and is_attached(builder, run, block, is_labelled=is_labelled))
            if block and run and is_part and not is_new:
                # What follows a label or a step belongs to it, as under a heading.
                run.blocks.append(block)
                continue
            for part in (*([run] if run else ()), *parts[:-1]):
                self._add_run(builder, part, group)
            is_labelled = bool(parts)
            run = parts[-1] if parts else None
            if isinstance(block, Paragraph) and is_step:
                run = LabelledText(block, [])
            elif isinstance(block, Paragraph) and not parts and (label := _GROUP.fullmatch(source)):
                is_read = classify_heading_source(label["text"], self.vocabulary) not in _NO_CRITERIA
                group = read_words(builder, label["text"]).text.rstrip(" :")
            elif isinstance(block, MarkdownList) and is_read:
                for item in (item.unwrap() for item in block.items):
                    if item.paragraph:
                        marker = _MARKER.match(builder.file.text, item.offset)
                        number = marker[1] if marker else ""
                        self._add(builder, item.paragraph, item.blocks[1:], number=number, group=group)

    def _add_run(self, builder: SpecBuilder, run: LabelledText, group: str) -> None:
        """Add a criterion that is written as paragraphs: a label or the first steps, and what follows."""
        number = str(len(builder.criteria) + 1)
        is_step = STEP.match(run.paragraph.source) is not None
        # The first steps are the text. With a list between the steps, or right under them, they are under it as well.
        has_lists = any(isinstance(block, MarkdownList) for block in run.blocks)
        is_open = has_lists and ("\n" in run.paragraph.source or isinstance(run.blocks[0], MarkdownList))
        blocks = gather_steps(builder, [run.paragraph, *run.blocks] if is_step and is_open else run.blocks)
        self._add(builder, run.paragraph, blocks, number=number if is_step else run.number, group=group)

    def _add(
        self,
        builder: SpecBuilder,
        paragraph: Paragraph,
        blocks: Sequence[Block],
        *,
        number: str,
        group: str,
        titled: bool = False,
    ) -> None:
        """Add one criterion: a title, a sentence or steps, with what is under it."""
        # Comments are notes, which are added again to what becomes the text.
        comments = "".join(f" {comment}" for comment in _COMMENT.findall(paragraph.source))
        source = _COMMENT.sub("", paragraph.source).rstrip() if comments else paragraph.source
        box = _BOX.match(source)
        source = source[box.end() :] if box else source
        label = LABEL.match(source)
        if label:
            number = label["number"]
            # The bold words may go on after the label.
            opened = (label["bold"] or "") if not label["closed"] else ""
            source = opened + source[label.end() :]
        bold = _BOLD.fullmatch(source)
        title = rest = ""
        if titled:
            title = source
        elif bold and not STEP.match(bold["title"]):
            title, rest = _BRACKETS.sub(r"\1", bold["title"].strip(" :.")), bold["rest"]
        has_steps = any(_has_steps(block) for block in blocks)
        text = rest or title or source
        if title and not rest and blocks and not has_steps:
            # Its bullets are the data of its only step.
            text = f"{title}:"
        if rest and title.isupper():
            # A kind, such as `PERFORMANCE`, which several criteria may have.
            title = f"{title}: {rest}"
        name = shorten_name(strip_trailing_progress(read_words(builder, title).text))
        if not name:
            name = choose_name(read_words(builder, text).text, group or self.story, number, has_steps=has_steps)
        prefix = box[0] if box else ""
        place = ItemPlace(self.tier, group, number, name)
        add_item(builder, Paragraph(f"{prefix}{text}{comments}", paragraph.offset), blocks, place)

    def _is_criteria(self, heading: Heading) -> bool:
        """Whether a heading is that of the acceptance criteria."""
        return heading.level > 1 and is_acceptance(heading.source, self.vocabulary)


def _has_steps(block: Block) -> bool:
    """Whether a block is a list that begins with a step."""
    first = block.items[0].paragraph if isinstance(block, MarkdownList) and block.items else None
    return first is not None and STEP.match(first.source) is not None
