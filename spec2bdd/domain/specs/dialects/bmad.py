"""The dialect of BMAD: one story in each file, with numbered acceptance criteria.

A criterion is an item of the list below `Acceptance Criteria`, a heading such as `### AC1: Title` with what is below
it, or a paragraph that begins with `Given`. The numbers are those of the list or of the label; tools and authors
renumber them, so they identify nothing. `Status:` is on a line below the title, or below a heading of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
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
    split_rows,
)
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import classify_heading_source
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, Item, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary
from spec2bdd.model import Spec, Status
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
_TITLE = re.compile(r"^(?:user\s+)?story(?:\s+[\w.-]+)?\s*[:\u2013\u2014-]\s*", re.IGNORECASE)
# The label of a criterion: `AC1`, `AC-1`, `AC 1.2`, `AC #1`; the number may be in the title's bold words.
_LABEL = re.compile(
    r"""
    (?P<bold>\*\*|__)?
    (?:AC|Acceptance[ ]Criterion|Criterion)\s*[-\#]?\s*(?P<number>\d+(?:\.\d+)*[a-z]?)
    (?P<closed>(?P=bold))?
    \s*(?:[:.)\u2013\u2014\uff1a-]|(?=\(|\s))\s*
    """,
    re.IGNORECASE | re.VERBOSE,
)
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
# A bold label above a list: `**Functional Requirements:**`.
_GROUP = re.compile(r"(\*\*|__)(?P<text>(?:(?!\1).)+)\1\s*[:\uff1a]?\s*")
_NO_CRITERIA = (HeadingKind.OTHER, HeadingKind.DONE, HeadingKind.LEFT_OUT)
_STEP = re.compile(r"[\s*_]*(?:given|when|then|and|but)\b", re.IGNORECASE)
_GIVEN = re.compile(r"[\s*_]*given\b", re.IGNORECASE)
# What only a story has: the sections that its template puts around the criteria. A report on stories has neither.
_IS_STORY = re.compile(
    r"^#{2,3} (?:(?:user )?story *:?|story (?:details|statement)|tasks ?/ ?subtasks|dev notes|dev agent record) *\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING_LINE = re.compile(r"^#{2,4} ([^\r\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BmadDialect:
    """Reads the stories of BMAD."""

    name: ClassVar[str] = "bmad"

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Whether a file is a story with acceptance criteria, and not in the template's form."""
        if _IS_STORY.search(text) is None or "feature_id:" in text:
            return False
        headings = (match[1] for match in _HEADING_LINE.finditer(text))
        return any(classify_heading_source(heading, DEFAULT) is HeadingKind.CRITERIA for heading in headings)

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
        # The style of the file decides which words are written.
        has_capitals = builder.spec.find_value("status")[:1].isupper()
        words = (*_CAPITALIZED, *_DASHED) if has_capitals else (*_DASHED, *_CAPITALIZED)
        return replace(builder.build(title=title), statuses=words)


@dataclass(slots=True)
class _StoryReader:
    """Reads the sections of one story, in the order of the file; `story` is its title without its number."""

    vocabulary: HeadingVocabulary
    story: str = ""
    criteria_level: int = 0

    def is_wanted(self, heading: Heading) -> bool:
        """Whether the blocks below a heading may be criteria or the status."""
        if self.criteria_level and heading.level > self.criteria_level:
            return True
        self.criteria_level = heading.level if self._is_criteria(heading) else 0
        return self.criteria_level > 0 or heading.level == 1 or _STATUS.fullmatch(heading.source) is not None

    def add_section(self, builder: SpecBuilder, section: OutlineSection) -> None:
        """Add the criteria of a section, if it is below the heading of the criteria."""
        places = [index for index, heading in enumerate(section.headings) if self._is_criteria(heading)]
        if not places:
            return
        own = section.headings[-1]
        label = _LABEL.match(own.source)
        if label and places[0] < len(section.headings) - 1:
            # The heading is the criterion, and what is below it belongs to it.
            title = own.source[label.end() :] or own.source
            offset = builder.file.text.find(own.source, own.offset)
            blocks = [block for part in section.blocks for block in _as_list(builder, part)]
            self._add(builder, Paragraph(title, offset), blocks, number=label["number"], group="", titled=True)
            return
        group = read_words(builder, own.source).text if places[0] < len(section.headings) - 1 else ""
        self._add_blocks(builder, section.blocks, group)

    def _add_blocks(self, builder: SpecBuilder, blocks: Sequence[Block], group: str) -> None:
        """Add a criterion for each item of the lists, and for each run of paragraphs that are steps.

        A bold label groups what is below it.
        """
        steps: list[Paragraph] = []
        is_read = True
        for block in (*blocks, None):
            if steps and not (isinstance(block, Paragraph) and _STEP.match(block.source)):
                self._add_steps(builder, steps, group)
                steps = []
            if isinstance(block, Paragraph) and _STEP.match(block.source):
                if steps and _GIVEN.match(block.source):
                    self._add_steps(builder, steps, group)
                    steps = []
                steps.append(block)
            elif isinstance(block, Paragraph) and (label := _GROUP.fullmatch(block.source)):
                is_read = classify_heading_source(label["text"], self.vocabulary) not in _NO_CRITERIA
                group = read_words(builder, label["text"]).text.rstrip(" :")
            elif isinstance(block, MarkdownList) and is_read:
                for item in block.items:
                    if item.paragraph:
                        marker = _MARKER.match(builder.file.text, item.offset)
                        number = marker[1] if marker else ""
                        self._add(builder, item.paragraph, item.blocks[1:], number=number, group=group)

    def _add_steps(self, builder: SpecBuilder, steps: Sequence[Paragraph], group: str) -> None:
        """Add a criterion that is written as paragraphs of steps."""
        number = str(len(builder.criteria) + 1)
        first, *others = steps
        blocks = [block for paragraph in others for block in _as_list(builder, paragraph)]
        self._add(builder, first, blocks, number=number, group=group)

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
        """Add one criterion: a title, a sentence or steps, with what is below it."""
        # Comments are notes, which are added again to what becomes the text.
        comments = "".join(f" {comment}" for comment in _COMMENT.findall(paragraph.source))
        source = _COMMENT.sub("", paragraph.source).rstrip() if comments else paragraph.source
        box = _BOX.match(source)
        source = source[box.end() :] if box else source
        label = _LABEL.match(source)
        if label:
            number = label["number"]
            # The bold words may go on after the label.
            opened = (label["bold"] or "") if not label["closed"] else ""
            source = opened + source[label.end() :]
        bold = _BOLD.fullmatch(source)
        title = rest = ""
        if titled:
            title = source
        elif bold and not _STEP.match(bold["title"]):
            title, rest = bold["title"].strip(" ():."), bold["rest"]
        has_steps = any(_has_steps(block) for block in blocks)
        text = rest or title or source
        if title and not rest and blocks and not has_steps:
            # Its bullets are the data of its only step.
            text = f"{title}:"
        name = shorten_name(read_words(builder, title).text)
        if not name:
            name = choose_name(read_words(builder, text).text, group or self.story, number, has_steps=has_steps)
        prefix = box[0] if box else ""
        place = ItemPlace(group=group, number=number, name=name)
        add_item(builder, Paragraph(f"{prefix}{text}{comments}", paragraph.offset), blocks, place)

    def _is_criteria(self, heading: Heading) -> bool:
        """Whether a heading is that of the acceptance criteria."""
        return heading.level > 1 and classify_heading_source(heading.source, self.vocabulary) is HeadingKind.CRITERIA


def _as_list(builder: SpecBuilder, block: Block) -> list[Block]:
    """Return a block, or for a paragraph of steps the list of its lines, as if they were bullets."""
    if not isinstance(block, Paragraph):
        return [block]
    if not _STEP.match(block.source):
        return []
    items = tuple(Item((row,), row.offset) for row in split_rows(builder.file, block))
    return [MarkdownList(items, block.offset)]


def _has_steps(block: Block) -> bool:
    """Whether a block is a list that begins with a step."""
    first = block.items[0].paragraph if isinstance(block, MarkdownList) and block.items else None
    return first is not None and _STEP.match(first.source) is not None
