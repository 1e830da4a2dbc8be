"""The dialect of Spec Kit: numbered acceptance scenarios under the user stories of a `specs/NNN-name/spec.md`.

The functional requirements of such a file are criteria where the project asks for it.
"""

from __future__ import annotations

import re
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
    open_spec,
    read_outline,
    read_words,
    shorten_name,
)
from spec2bdd.domain.specs.dialects.reading.stories import StoryReader
from spec2bdd.domain.specs.dialects.reading.titles import find_feature_name
from spec2bdd.domain.specs.dialects.reading.unread import report_unread_lines
from spec2bdd.domain.specs.markdown.blocks import MarkdownList
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.vocabulary import load_heading_names, render_choice
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
_LIKELY = re.compile(rf"(?m)^[ \t]*\d{{1,3}}[.)][ \t]+(?=\*\*(?:{_GIVEN})\*\*)", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|/)specs/(?:[^/]+/)*\d{3,}-[^/]+/spec\.md$", re.IGNORECASE)
_LABEL = re.compile(
    rf"(?m)^(?:#{{2,5}} |\*\*)(?:Acceptance Criteria|{render_choice(load_heading_names('stories', 'scenarios'))})\b",
    re.IGNORECASE,
)
_SIGNATURES = ("**Acceptance Scenarios**", "User Scenarios & Testing", "**Feature Branch**")
_REQUIREMENT = re.compile(r"[*_]{0,2}(?P<id>(?:N?FR|RF|RNF)-?\d{1,4}[a-z]?)\b", re.IGNORECASE)
_OPTIONAL = (
    (Tier.SHOULD, re.compile(r"\bSHOULD\b|\bDEBER\u00cdA\b|\bDEVERIA\b")),
    (Tier.COULD, re.compile(r"\bMAY\b|\bCOULD\b|\bPODR\u00cdA\b|\bPODE\b")),
)
_OPEN = re.compile(r"\[NEEDS CLARIFICATION(?::\s*(?P<question>[^\]]*))?\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SpecKitDialect:
    """Reads the feature specifications of Spec Kit."""

    name: ClassVar[str] = "spec-kit"

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
        report_unread_lines(builder, sections, _LIKELY, place="`**Acceptance Scenarios**:` of a user story")
        spec = builder.build(title=reader.title)
        if not spec.criteria and any(found.code == "placeholder-criterion" for found in spec.diagnostics):
            spec = mark_as_template(spec)
        is_fixed = PurePosixPath(file.path).stem.casefold() == "spec"
        return replace(spec, derived_id=find_feature_name(file.path) if is_fixed else "")


def _add_requirements(builder: SpecBuilder, sections: tuple[OutlineSection, ...]) -> None:
    """Add the functional requirements, which are identified by their ids."""
    lists = (block for section in sections for block in section.blocks if isinstance(block, MarkdownList))
    for item in (item for block in lists for item in block.items if item.paragraph):
        paragraph = item.paragraph
        match = _REQUIREMENT.match(paragraph.source) if paragraph else None
        if paragraph is None or match is None:
            continue
        words = read_words(builder, paragraph.source).text
        tier = next((tier for tier, pattern in _OPTIONAL if pattern.search(words) and "MUST" not in words), Tier.MUST)
        name = shorten_name(words) if len(words) > LONGEST_NAME else ""
        add_item(builder, paragraph, item.blocks[1:], ItemPlace(tier, number=match["id"], name=name))
