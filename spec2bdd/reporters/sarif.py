"""The `sarif` format: SARIF 2.1.0, in which code scanners exchange their results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from spec2bdd import __version__
from spec2bdd.diagnostics.codes import Code, load_codes
from spec2bdd.model import ChallengeReport, Diagnostic, Report, Severity
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.source_lines import compute_fingerprints, split_sources
from spec2bdd.reporters.summary import find_report, list_annotations

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "note"}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the diagnostics of an answer, and the criteria, scenarios and steps because of which a check fails."""
    return render_sarif(find_report(answer), exit_code=answer.value.exit_code)


def render_sarif(report: Report | ChallengeReport, *, exit_code: int | None = None) -> str:
    """Write the report as one SARIF log with one run; `exit_code` is that of the command, where it is another one."""
    exit_code = report.exit_code if exit_code is None else exit_code
    diagnostics = list_annotations(report)
    known = load_codes()
    # Diagnostics from outside the table, such as errors of the system, have codes without an entry.
    codes = [known[code] for code in dict.fromkeys(diagnostic.code for diagnostic in diagnostics) if code in known]
    sources = split_sources(report)
    fingerprints = compute_fingerprints(diagnostics, sources)
    # Code scanning refuses a whole file if one of its results has no location.
    results = [
        _build_result(diagnostic, codes, fingerprint=fingerprint)
        for diagnostic, fingerprint in zip(diagnostics, fingerprints, strict=True)
        if diagnostic.path
    ]
    notifications = [
        {
            "descriptor": {"id": diagnostic.code},
            "level": _LEVELS[diagnostic.severity],
            "message": _build_message(diagnostic),
        }
        for diagnostic in diagnostics
        if not diagnostic.path
    ]
    invocation: dict[str, Any] = {"executionSuccessful": exit_code != 2, "exitCode": exit_code}
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    rules = [
        {
            "id": code.name,
            "shortDescription": {"text": code.meaning},
            # Code scanning asks for both.
            "fullDescription": {"text": code.meaning},
            "help": {"text": f"Example:\n\n{code.example}\n\nWhat to do: {code.fix}"},
            "defaultConfiguration": {"level": _LEVELS[code.severity]},
        }
        for code in codes
    ]
    run = {
        "tool": {"driver": {"name": "spec2bdd", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    # As ASCII, it can hold neither a lone surrogate nor a character that a terminal would obey.
    return json.dumps(document, indent=2) + "\n"


def _build_result(diagnostic: Diagnostic, codes: Sequence[Code], *, fingerprint: str) -> dict[str, Any]:
    """Build the result of one diagnostic that has a path."""
    # The artifact location is a URI, relative to the root of the checkout.
    uri = quote(diagnostic.path.encode("utf-8", "replace"))
    # Code scanning and its fingerprints need a line, also for what concerns a whole file.
    column = {"startColumn": diagnostic.column} if diagnostic.line and diagnostic.column else {}
    location = {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": diagnostic.line or 1, **column},
    }
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "level": _LEVELS[diagnostic.severity],
        "message": _build_message(diagnostic),
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"spec2bdd/v1": fingerprint},
    }
    names = [code.name for code in codes]
    if diagnostic.code in names:
        result["ruleIndex"] = names.index(diagnostic.code)
    return result


def _build_message(diagnostic: Diagnostic) -> dict[str, str]:
    """Build the message of a diagnostic, with its hint."""
    return {"text": diagnostic.message + (f"\nHint: {diagnostic.hint}" if diagnostic.hint else "")}
