"""The report of `lint` in, JSON out: one document with a version; `docs/linting.md` says what each key means."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from spec2bdd.diagnostics.codes import is_fixable
from spec2bdd.model import Checkbox, Diagnostic, Report, Severity
from spec2bdd.reporters.terminal.escape import UNSAFE

VERSION = 1

Json = dict[str, Any]
"""One JSON object, about to be written."""


def render_findings_json(report: Report) -> str:
    """Write the findings."""
    counts = Counter(problem.severity for problem in report.problems)
    ordered = sorted(report.problems, key=lambda problem: (problem.path, problem.line, problem.column))
    return _render(
        {
            "version": VERSION,
            "command": report.command,
            "exit_code": report.exit_code,
            "wrote": report.wrote and bool(report.changes),
            "summary": {
                "specs": len(report.specs),
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
                "advice": counts[Severity.ADVICE],
                "files": len(report.changes),
            },
            "findings": [_derive_finding(problem) for problem in ordered],
            "changes": [{"path": change.path, "kind": "changed"} for change in report.changes],
            "notes": list(report.notes),
        }
    )


def render_reading_json(path: str, checkboxes: tuple[Checkbox, ...]) -> str:
    """Write how each checkbox of one file was read."""
    return _render({"version": VERSION, "path": path, "checkboxes": [_derive_checkbox(box) for box in checkboxes]})


def _derive_finding(problem: Diagnostic) -> Json:
    """Write one finding."""
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "severity": str(problem.severity),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "fixable": is_fixable(problem.code),
    }


def _derive_checkbox(box: Checkbox) -> Json:
    """Write one checkbox."""
    return {
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
    }


def _render(document: Json) -> str:
    """Write a document as JSON that any encoder takes and any terminal may be shown."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # Line feeds are the document's own: those of its strings are escaped already.
    return UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text) + "\n"
