"""The documents of `lint` and `lint --explain-reading`; `docs/linting.md` describes their keys."""

from __future__ import annotations

from collections import Counter

from spec2bdd.diagnostics.codes import is_fixable
from spec2bdd.model import Report, Severity, SpecReading
from spec2bdd.reporters.json.document import diagnostic_to_json, render_document
from spec2bdd.reporters.summary import sort_diagnostics

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 2


def render_findings_json(report: Report) -> str:
    """Render the report of `lint` as one document."""
    counts = Counter(finding.severity for finding in report.diagnostics)
    findings = [
        {
            **diagnostic_to_json(finding),
            "fixable": is_fixable(finding.code),
        }
        for finding in sort_diagnostics(report.diagnostics)
    ]
    return render_document(
        {
            "version": VERSION,
            "command": report.command,
            "exit_code": report.exit_code,
            # Without `--fix` nothing is written, and `wrote` would promise it.
            "wrote": report.wrote and bool(report.changes),
            "summary": {
                "specs": len(report.specs),
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
                "suggestions": counts[Severity.SUGGESTION],
                "files": len(report.changes),
            },
            "diagnostics": findings,
            # `lint` never creates or removes a file.
            "changes": [{"path": change.path, "kind": "changed"} for change in report.changes],
            "notes": list(report.notes),
        }
    )


def render_reading_json(reading: SpecReading) -> str:
    """Render how each checkbox of one file was read."""
    entries = [
        {
            "line": box.line,
            "column": box.column,
            "mark": box.mark,
            "text": box.text,
            "section": box.section,
            "criterion": box.tier is not None,
            "tier": str(box.tier) if box.tier else "",
            "id": box.given_id,
            "reason": box.reason,
            "manual": box.manual,
            "waived": box.waived,
            "decided_by": box.decided_by,
            "decided_line": box.decided_line,
        }
        for box in reading.checkboxes
    ]
    head = {"version": VERSION, "path": reading.path, "dialect": reading.dialect, "detected_by": reading.detected_by}
    return render_document({**head, "checkboxes": entries})
