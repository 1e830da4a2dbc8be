"""Plan the boxes of the implementation plan: the part of `mark` and `verify` that `plan-boxes` asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spec2bdd.config import Config
from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.lint.sections import check_sections
from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.domain.trace.plan_boxes import choose_section_mark, mark_plan
from spec2bdd.domain.trace.sections import SECTION_FIELDS, DocumentSection, find_namesakes, split_references
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
    unclear: set[DocumentSection] = set()
    notes: dict[str, None] = {}
    for report in reports:
        for reference in split_references(report.spec.find_value(SECTION_FIELDS[SectionKind.PLAN])):
            found = find_namesakes(reference, sections)
            if len(found) == 1:
                named[found[0]].append(report)
            elif found:
                unclear.update(found)
                places = " and ".join(f"`{section.path}:{section.line}`" for section in found[:2])
                notes[f"the boxes of section `{reference}` stay as they are: {places} have this name"] = None
        if sections:
            diagnostics += check_sections(report.spec, {SectionKind.PLAN: sections})
    # The boxes of a section that may be another one stay, whatever else it is in.
    marks = {section: choose_section_mark(judged) for section, judged in named.items()} | dict.fromkeys(unclear, "")
    changes = []
    # A document that is a spec as well is marked as that.
    for path in sorted({section.path for section in marks} - {report.spec.path for report in reports}):
        text = documents.texts[path]
        try:
            after, ticked, unticked = mark_plan(path, text, marks)
        except EditError as error:
            diagnostics.append(diagnose_error(error, path=path))
            continue
        except (RecursionError, TooLongError):
            message = "`plan` names this document, whose boxes cannot be read: too long or nested too deeply"
            diagnostics.append(build_diagnostic("missing-document", message, path=path))
            continue
        if after != text:
            changes.append(FileChange(path, text.encode("utf-8"), after.encode("utf-8")))
            counts = [f"{count} {word}" for count, word in ((ticked, "ticked"), (unticked, "unticked")) if count]
            notes[f"boxes in `{path}`: {', '.join(counts)}"] = None
    return PlannedChanges(tuple(changes), diagnostics=tuple(diagnostics), notes=tuple(notes))
