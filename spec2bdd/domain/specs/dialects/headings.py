"""The dialect of Agent OS, awos and SpecWeave: boxes below headings of criteria, in files without our front matter.

The criteria are those that the template's reader finds: their headings are in its vocabulary. A user story's id, as in
`AC-US1-01`, is the author's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.model import Spec
from spec2bdd.text.source_file import SourceFile

# What these tools have no place for, or other keys.
_NOT_MISSING = frozenset({"no-front-matter", "missing-field"})


@dataclass(frozen=True, slots=True)
class HeadingsDialect:
    """Reads the specs of tools that keep criteria as boxes, each in folders of its own."""

    name: ClassVar[str] = "headings"

    def detects(self, path: str, text: str) -> bool:  # noqa: ARG002 - the protocol's arguments
        """Whether a file is in the template's form; if it is, the template's reader says what is missing in it."""
        return "feature_id:" not in text

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:
        """Parse a spec as the template's reader does, without asking for front matter."""
        spec = TemplateDialect().parse(file, content, options)
        diagnostics = tuple(found for found in spec.diagnostics if found.code not in _NOT_MISSING)
        return replace(spec, diagnostics=diagnostics, dialect=self.name)
