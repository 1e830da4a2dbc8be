"""The dialect of Kiro and cc-sdd: numbered acceptance criteria under the requirements of a `requirements.md`.

A `bugfix.md` has them under `Expected Behavior` and `Unchanged Behavior`; what is under `Current Behavior` is the bug.
Most criteria are sentences in one of the forms of EARS, such as `WHEN ... THE SYSTEM SHALL ...`. Headings, labels and
sentences are read in several languages.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import ClassVar

from spec2bdd.domain.specs.dialects.protocol import NOTHING, ReadingOptions
from spec2bdd.domain.specs.dialects.reading.items import is_ears, may_have_items
from spec2bdd.domain.specs.dialects.reading.spec_builder import open_spec, read_outline
from spec2bdd.domain.specs.dialects.reading.stories import StoryReader
from spec2bdd.domain.specs.dialects.reading.titles import find_introduction
from spec2bdd.domain.specs.dialects.reading.unread import report_unread_lines
from spec2bdd.domain.specs.markdown.blocks import Heading
from spec2bdd.domain.specs.vocabulary import find_words, load_heading_names, render_choice
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# A line that looks like a criterion wherever it is.
_LIKELY = re.compile(
    r"(?m)^[ \t>]*(?:[-*+][ \t]+|(?:\d{1,3}|[a-z])(?:[.)\u3001]|\.\d{1,3})[ \t]*)"
    r"(?=(?:\*\*)?(?:WHEN|IF|WHILE|WHERE|THE)\b[^\r\n]*\bSHALL\b)"
)

_REQUIREMENT = re.compile(rf"(?:{render_choice(find_words('stories', 'requirement'))})[ #_.-]*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KiroDialect:
    """Reads the requirements of Kiro and of cc-sdd."""

    name: ClassVar[str] = "kiro"
    criteria_place: ClassVar[str] = "under `#### Acceptance Criteria` of a requirement"
    criteria_heading: ClassVar[re.Pattern[str]] = _REQUIREMENT
    other_heading: ClassVar[re.Pattern[str]] = NOTHING

    def detects(self, path: str, text: str) -> bool:
        """Whether a file is in the folder of Kiro, or has requirements with criteria in one of the forms of EARS."""
        if "/.kiro/specs/" in f"/{path}":
            return True
        is_named = PurePosixPath(path).name.casefold() == "requirements.md"
        return is_named and "\n### " in text and _LIKELY.search(text) is not None

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse the criteria of all requirements."""
        builder = open_spec(file, content, dialect=self.name)
        # The introduction comes before the first requirement, and under that is its user story, both in mere prose.
        first = file.text.find("\n### ")

        def is_wanted(heading: Heading) -> bool:
            is_prose = heading.offset < first or any(map(str.isdigit, heading.source))
            return is_prose or may_have_items(file.text, heading)

        sections = read_outline(builder, is_wanted=is_wanted)
        is_bugfix = PurePosixPath(file.path).name.casefold() == "bugfix.md"
        labels = load_heading_names("stories", "bugfix") if is_bugfix else frozenset()
        level = 2 if is_bugfix else 1
        reader = StoryReader(builder, options.vocabulary, sections, is_ears, labels=labels, title_level=level)
        reader.read_criteria()
        report_unread_lines(builder, sections, _LIKELY, place=self.criteria_place)
        stories = {offset for offset, story in reader.stories.items() if story.numbers}
        spec = builder.build(title=reader.title, purpose=find_introduction(builder, sections, stories))
        # The folder may have requirements, too, whose id must not change when there is a bug in what they describe.
        return replace(spec, derived_id=f"{PurePosixPath(file.path).parent.name}/bugfix") if is_bugfix else spec
