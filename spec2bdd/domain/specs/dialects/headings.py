"""The dialect of Agent OS, awos and SpecWeave: items below headings of criteria, in files without our front matter.

The criteria are those that the template's reader finds: their headings are in its vocabulary. Agent OS has lists
without boxes, below *Expected Deliverable* or *Success Criteria*. An id such as `AC-US1-01` is the author's own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.vocabulary import extend_vocabulary
from spec2bdd.model import Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.source_file import SourceFile

# What these tools have no place for, or other keys.
_NOT_MISSING = frozenset({"no-front-matter", "missing-field"})
# What the template of Agent OS asks for below this heading are outcomes that can be tested.
_DELIVERABLES = ("expected deliverable", "expected deliverables")
_AGENT_OS = re.compile(r"(?:^|/)\.?agent-os/specs/")


@dataclass(frozen=True, slots=True)
class HeadingsDialect:
    """Reads the specs of tools that keep criteria as boxes, each in folders of its own."""

    name: ClassVar[str] = "headings"

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Whether a file is in the template's form; if it is, the template's reader says what is missing in it."""
        return "feature_id:" not in text

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a spec as the template's reader does, without asking for front matter."""
        if _AGENT_OS.search(file.path):
            vocabulary = extend_vocabulary(options.vocabulary, "criteria", _DELIVERABLES)
            options = replace(options, boxless=True, vocabulary=vocabulary)
        spec = TemplateDialect().parse(file, content, options)
        diagnostics = tuple(found for found in spec.diagnostics if found.code not in _NOT_MISSING)
        return replace(spec, diagnostics=diagnostics, dialect=self.name)
