"""Plan the boxes of the implementation plan: the part of `mark` and `verify` that `plan-boxes` asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.lint.sections import check_sections
from spec2bdd.domain.trace.plan_boxes import choose_section_mark, mark_plan
from spec2bdd.domain.trace.sections import SECTION_FIELDS, DocumentSection, find_section, split_references
from spec2bdd.errors import EditError
from spec2bdd.model import FileChange, SpecReport
from spec2bdd.model.trace import SectionKind
from spec2bdd.project.outcome import PlannedChanges
from spec2bdd.project.trace.documents import read_documents


def plan_plan_boxes(config: Config, reports: Sequence[SpecReport]) -> PlannedChanges:
    """Plan the marks in the documents of the plan, with a warning for each section that a spec names and none has."""
    documents = read_documents(config)
    sections = documents.sections.get(SectionKind.PLAN, ())
    named: dict[DocumentSection, list[SpecReport]] = defaultdict(list)
    diagnostics = list(documents.diagnostics)
    for report in reports:
        for reference in split_references(report.spec.find_value(SECTION_FIELDS[SectionKind.PLAN])):
            if found := find_section(reference, sections):
                named[found].append(report)
        if sections:
            diagnostics += check_sections(report.spec, {SectionKind.PLAN: sections})
    marks = {section: choose_section_mark(judged) for section, judged in named.items()}
    changes, notes = [], []
    # A document that is a spec as well is marked as that.
    for path in sorted({section.path for section in marks} - {report.spec.path for report in reports}):
        text = documents.texts[path]
        try:
            after, ticked, unticked = mark_plan(path, text, marks)
        except EditError as error:
            diagnostics.append(diagnose_error(error, path=path))
            continue
        if after != text:
            changes.append(FileChange(path, text.encode("utf-8"), after.encode("utf-8")))
            counts = [f"{count} {word}" for count, word in ((ticked, "ticked"), (unticked, "unticked")) if count]
            notes.append(f"boxes in `{path}`: {', '.join(counts)}")
    return PlannedChanges(tuple(changes), diagnostics=tuple(diagnostics), notes=tuple(notes))
