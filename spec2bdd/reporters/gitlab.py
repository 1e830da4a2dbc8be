"""The `gitlab` format: a code quality report, which GitLab shows in merge requests."""

from __future__ import annotations

import json

from spec2bdd.model import Severity
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.source_lines import compute_fingerprints, split_sources
from spec2bdd.reporters.summary import find_report, list_annotations

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.SUGGESTION: "info"}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the diagnostics of an answer, and the criteria, scenarios and steps because of which a check fails."""
    report = find_report(answer)
    diagnostics = list_annotations(report)
    fingerprints = compute_fingerprints(diagnostics, split_sources(report))
    issues = [
        {
            "description": diagnostic.message + (f" (hint: {diagnostic.hint})" if diagnostic.hint else ""),
            "check_name": diagnostic.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[diagnostic.severity],
            # GitLab ignores an issue without a path or a line.
            "location": {"path": diagnostic.path or ".", "lines": {"begin": diagnostic.line or 1}},
        }
        for diagnostic, fingerprint in zip(diagnostics, fingerprints, strict=True)
    ]
    # As ASCII, it can hold neither a lone surrogate nor a character that a terminal would obey.
    return json.dumps(issues, indent=2) + "\n"
