"""Check that the sections that a spec names are in the documents that the project configures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.domain.trace.sections import (
    SECTION_FIELDS,
    DocumentSection,
    find_section,
    split_references,
    suggest_sections,
)
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.model.trace import SectionKind


def check_sections(spec: Spec, documents: Mapping[SectionKind, Sequence[DocumentSection]]) -> Iterator[Diagnostic]:
    """Report each section that a spec names and no document has, with the nearest sections that there are."""
    for kind, sections in documents.items():
        field = spec.find_field(SECTION_FIELDS[kind])
        if field is None:
            continue
        for reference in split_references(field.value):
            if find_section(reference, sections) is None:
                paths = {section.path for section in sections}
                where = f"`{min(paths)}` has no" if len(paths) == 1 else f"no document of the {kind.label} has a"
                yield build_diagnostic(
                    "unknown-section",
                    f"{where} section `{reference}`",
                    path=spec.path,
                    at=(field.line, field.column),
                    hint=build_hint(reference, sections),
                )


def build_hint(reference: str, sections: Sequence[DocumentSection]) -> str:
    """Build a hint with the nearest sections; empty where none is near."""
    names = [
        f"`{section.number}` ({section.title})" if section.number and section.title else f"`{section.label}`"
        for section in suggest_sections(reference, sections)
    ]
    *first, last = names or [""]
    return f"did you mean {', '.join(first)}{' or ' if first else ''}{last}?" if last else ""
