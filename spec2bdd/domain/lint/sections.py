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
        for reference in split_references(field.value) if field else ():
            if field is None or find_section(reference, sections):
                continue
            paths = list(dict.fromkeys(section.path for section in sections))
            where = f"`{paths[0]}` has" if len(paths) == 1 else f"no document of the {kind.label} has"
            no = "no section" if len(paths) == 1 else "a section"
            near = [f"`{section.number or section.title}`" for section in suggest_sections(reference, sections)]
            titles = [section.title for section in suggest_sections(reference, sections)]
            shown = [
                f"{name} ({title})" if title and title not in name else name
                for name, title in zip(near, titles, strict=True)
            ]
            hint = f"did you mean {', '.join(shown[:-1])} or {shown[-1]}?" if shown[1:] else ""
            hint = hint or (f"did you mean {shown[0]}?" if shown else "")
            message = f"{where} {no} `{reference}`"
            yield build_diagnostic("unknown-section", message, path=spec.path, at=(field.line, field.column), hint=hint)
