"""The document of `report --since`; `docs/report.md` describes its keys."""

from __future__ import annotations

from spec2bdd.model.history import BranchReport, Transition
from spec2bdd.reporters.json.document import (
    Json,
    comparison_to_json,
    diagnostic_to_json,
    render_document,
    strength_to_json,
    verdict_key,
)

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_branch_json(report: BranchReport) -> str:
    """Render what a branch changes as one document."""
    return render_document(
        {
            "version": VERSION,
            "command": "report",
            "exit_code": report.exit_code,
            "base": {"name": report.base, "commit": report.commit},
            "proved": report.proved,
            "open": report.open,
            "transitions": [_transition_to_json(transition) for transition in report.transitions],
            "statuses": [
                {"path": status.path, "before": status.before, "after": status.after, "new": status.is_new}
                for status in report.statuses
            ],
            "settings": [
                {"key": setting.key, "before": setting.before, "after": setting.after, "path": setting.path}
                for setting in report.settings
            ],
            "notes": list(report.notes),
            "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in report.diagnostics],
        }
    )


def _transition_to_json(transition: Transition) -> Json:
    """Build one criterion of which something changed."""
    return {
        "kind": verdict_key(str(transition.kind)),
        "id": transition.id,
        "path": transition.path,
        "line": transition.line,
        "tier": str(transition.tier),
        "text": transition.text,
        "before": transition.before,
        "verdict": verdict_key(str(transition.verdict)) if transition.verdict else None,
        "reason": transition.reason,
        "ticked": transition.ticked,
        "fails": transition.fails,
        # Null where it was not run there.
        "base": comparison_to_json(transition.comparison),
        # Null where it was not challenged.
        "strength": transition.strength and strength_to_json(transition.strength),
    }
