"""The dialect of Spec Kit: numbered acceptance scenarios under the user stories of a `specs/NNN-name/spec.md`.

The functional requirements of such a file are criteria where the project asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import ClassVar

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, list_sentence_words
from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.reading.items import may_have_items
from spec2bdd.domain.specs.dialects.reading.limits import mark_as_template
from spec2bdd.domain.specs.dialects.reading.spec_builder import (
    LONGEST_NAME,
    ItemPlace,
    SpecBuilder,
    add_item,
    match_box,
    open_spec,
    read_outline,
    read_words,
    shorten_name,
)
from spec2bdd.domain.specs.dialects.reading.stories import StoryReader
from spec2bdd.domain.specs.dialects.reading.titles import find_feature_name
from spec2bdd.domain.specs.dialects.reading.unread import report_unread_lines
from spec2bdd.domain.specs.markdown.blocks import Block, Item, MarkdownList
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.vocabulary import find_words, load_heading_names, render_choice
from spec2bdd.model import Spec, Status, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# The first word of each is written: that of the tool, or the one that most teams use.
STATUSES = (
    ("Draft", Status.DRAFT),
    ("In Progress", Status.IN_PROGRESS),
    ("In Development", Status.IN_PROGRESS),
    ("Review", Status.REVIEW),
    ("In Review", Status.REVIEW),
    ("Complete", Status.COMPLETE),
    ("Completed", Status.COMPLETE),
    ("Implemented", Status.COMPLETE),
    ("Done", Status.COMPLETE),
)
_GIVEN = render_choice(
    word for code in LANGUAGES for kind in ("given", "when") for word in list_sentence_words(code, kind)
)
_SCENARIO = re.compile(rf"[*_]{{0,3}}(?:{_GIVEN})(?:[*_]|[,:\s]).*", re.IGNORECASE | re.DOTALL)
_LIKELY = re.compile(rf"(?m)^[ \t>]*\d{{1,3}}[.)][ \t]+(?=\*\*(?:{_GIVEN})\*\*)", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|/)specs/(?:[^/]+/)*\d{3,}-[^/]+/spec\.md$", re.IGNORECASE)
_SCENARIOS = render_choice(load_heading_names("stories", "scenarios"))
_LABEL = re.compile(
    rf"(?m)^(?:#{{2,5}} |\*\*)(?:Acceptance Criteria|{_SCENARIOS})\b",
    re.IGNORECASE,
)
_SIGNATURES = ("**Acceptance Scenarios**", "User Scenarios & Testing", "**Feature Branch**")
_REQUIREMENT = re.compile(r"[*_]{0,2}(?P<id>(?:N?FR|RF|RNF)-?\d{1,4}[a-z]?)\b", re.IGNORECASE)
_OPTIONAL = (
    (Tier.SHOULD, re.compile(r"\bSHOULD\b|\bDEBER\u00cdA\b|\bDEVERIA\b")),
    (Tier.COULD, re.compile(r"\bMAY\b|\bCOULD\b|\bPODR\u00cdA\b|\bPODE\b")),
)
_OPEN = re.compile(r"\[NEEDS CLARIFICATION(?::\s*(?P<question>[^\]]*))?\]", re.IGNORECASE)

_STORY = re.compile(
    rf"(?:{render_choice(find_words('stories', 'requirement'))})[ #_.-]*\d|{_SCENARIOS}\b", re.IGNORECASE
)
# What the template itself has boxes for: what was written so far, and how well.
_CHECKLIST = re.compile(
    r"(?:review (?:&|and) acceptance checklist|execution status|content quality|requirement completeness"
    r"|feature readiness|clarifications)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SpecKitDialect:
    """Reads the feature specifications of Spec Kit."""

    name: ClassVar[str] = "spec-kit"
    criteria_place: ClassVar[str] = "under `**Acceptance Scenarios**:` of a user story"
    criteria_heading: ClassVar[re.Pattern[str]] = _STORY
    other_heading: ClassVar[re.Pattern[str]] = _CHECKLIST

    def detects(self, path: str, text: str) -> bool:
        """Whether a file has signs of the tool's template, or is in a numbered folder and has scenarios or criteria."""
        if any(signature in text for signature in _SIGNATURES):
            return True
        if not _PLACE.search(path):
            return False
        # Criteria with boxes are those of the template.
        return _LIKELY.search(text) is not None or (_LABEL.search(text) is not None and "- [ ]" not in text)

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse the scenarios of all stories, and the functional requirements if the project asks for them."""
        builder = open_spec(file, content, dialect=self.name, statuses=STATUSES)
        sections = read_outline(builder, is_wanted=lambda heading: may_have_items(file.text, heading))
        reader = StoryReader(
            builder,
            options.vocabulary,
            sections,
            lambda source: _SCENARIO.match(source) is not None,
            labels=load_heading_names("stories", "scenarios"),
            title_level=2,
        )
        reader.read_criteria()
        if options.requirements:
            _add_requirements(builder, sections)
        for criterion in builder.criteria:
            if found := _OPEN.search(criterion.text):
                message = f"this criterion is open: {(found['question'] or 'it needs clarification').strip()}"
                hint = "write the decision in place of `[NEEDS CLARIFICATION]`"
                builder.warn(criterion.start, "needs-clarification", message=message, hint=hint)
        report_unread_lines(builder, sections, _LIKELY, place=self.criteria_place)
        spec = builder.build(title=reader.title)
        if not spec.criteria and any(found.code == "placeholder-criterion" for found in spec.diagnostics):
            spec = mark_as_template(spec)
        is_fixed = PurePosixPath(file.path).stem.casefold() == "spec"
        return replace(spec, derived_id=find_feature_name(file.path) if is_fixed else "")


def _add_requirements(builder: SpecBuilder, sections: tuple[OutlineSection, ...]) -> None:
    """Add the functional requirements, which are identified by their ids."""
    for item in _list_items(block for section in sections for block in section.blocks):
        paragraph = item.paragraph
        box = match_box(paragraph.source) if paragraph else None
        match = _REQUIREMENT.match(paragraph.source, box.end() if box else 0) if paragraph else None
        if paragraph is None or match is None:
            continue
        words = read_words(builder, paragraph.source[box.end() if box else 0 :]).text
        tier = next((tier for tier, pattern in _OPTIONAL if pattern.search(words) and "MUST" not in words), Tier.MUST)
        name = shorten_name(words) if len(words) > LONGEST_NAME else ""
        add_item(builder, paragraph, item.blocks[1:], ItemPlace(tier, number=match["id"], name=name))
    # Those in paragraphs and tables; one that was read may be named again.
    read = render_choice([criterion.number for criterion in builder.criteria if criterion.number] or ["(?!)"])
    others = re.compile(rf"(?mi)^[ \t|>]*(?![*_]*{read}\b){_REQUIREMENT.pattern}(?=[*_:|\s]+\S)")
    hint = "write each as an item of a list: `- **FR-001**: System MUST ...`"
    report_unread_lines(builder, sections, others, place="an item of a list", hint=hint)


def _list_items(blocks: Iterable[Block]) -> Iterator[Item]:
    """List the items of all lists, also of those nested in others."""
    for item in (item for block in blocks if isinstance(block, MarkdownList) for item in block.items):
        yield item
        yield from _list_items(item.blocks)
