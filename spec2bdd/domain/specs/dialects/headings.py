"""The dialect of Agent OS, awos and SpecWeave: items under headings of criteria, in files without our front matter.

The criteria are those that the template's reader finds: their headings are in its vocabulary. Agent OS has lists
without boxes, under *Expected Deliverable* or *Success Criteria*. An id such as `AC-US1-01` is the author's own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.gherkin.phrasing.labels import split_label, split_title
from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.spec_builder import LONGEST_NAME, choose_name
from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.vocabulary import extend_vocabulary
from spec2bdd.model import Criterion, Spec, Status
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# What these tools have no place for, or other keys.
_NOT_MISSING = frozenset({"no-front-matter", "missing-field"})
# What the template of Agent OS asks for under this heading are outcomes that can be tested.
_DELIVERABLES = ("expected deliverable", "expected deliverables")
# The number that a heading begins with: `2.1 Sign in`.
_NUMBER = re.compile(r"^\d[\d.]*\s+")
# The words of each tool, by its folder; none of them has one for a review. SpecWeave also has `paused` and `abandoned`,
# which are left as they are.
_STATUSES = (
    (
        re.compile(r"(?:^|/)\.specweave/"),
        (
            ("planned", Status.DRAFT),
            ("planning", Status.DRAFT),
            ("backlog", Status.DRAFT),
            ("active", Status.IN_PROGRESS),
            ("in-progress", Status.IN_PROGRESS),
            ("completed", Status.COMPLETE),
        ),
    ),
    (
        re.compile(r"(?:^|/)(?:\.?agent-os/specs|context/spec)/"),
        (
            ("Draft", Status.DRAFT),
            ("Planning", Status.DRAFT),
            ("Approved", Status.DRAFT),
            ("In Progress", Status.IN_PROGRESS),
            ("Completed", Status.COMPLETE),
            ("Complete", Status.COMPLETE),
        ),
    ),
)
_AGENT_OS = re.compile(r"(?:^|/)\.?agent-os/specs/")


@dataclass(frozen=True, slots=True)
class HeadingsDialect:
    """Reads the specs of tools that keep criteria as boxes, each in folders of its own."""

    name: ClassVar[str] = "headings"
    criteria_place: ClassVar[str] = "under headings of criteria and of tiers"
    criteria_heading: ClassVar[re.Pattern[str]] = NOTHING
    other_heading: ClassVar[re.Pattern[str]] = NOTHING

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Whether a file is in the template's form; if it is, the template's reader says what is missing in it."""
        return "feature_id:" not in text

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a spec as the template's reader does, without asking for front matter."""
        if _AGENT_OS.search(file.path):
            vocabulary = extend_vocabulary(options.vocabulary, "criteria", _DELIVERABLES)
            options = replace(options, boxless=True, vocabulary=vocabulary)
        spec = TemplateDialect().parse(file, content, replace(options, identified=True))
        diagnostics = tuple(found for found in spec.diagnostics if found.code not in _NOT_MISSING)
        statuses = next((words for folder, words in _STATUSES if folder.search(file.path)), ())
        return replace(
            spec, criteria=_name_criteria(spec), diagnostics=diagnostics, dialect=self.name, statuses=statuses
        )


def _name_criteria(spec: Spec) -> tuple[Criterion, ...]:
    """Name the scenarios of long texts and of sentences of steps, as the other dialects do."""
    counts: Counter[str] = Counter()
    criteria: list[Criterion] = []
    for criterion in spec.criteria:
        counts[criterion.group] += 1
        is_name = len(criterion.text) <= LONGEST_NAME and not criterion.text.startswith("Given ")
        if not is_name and not split_title(criterion.text)[0] and not split_label(criterion.text)[0]:
            title = _NUMBER.sub("", criterion.group) or spec.title
            criterion = replace(criterion, name=choose_name(criterion.text, title, str(counts[criterion.group])))
        criteria.append(criterion)
    return tuple(criteria)
