"""The document of `challenge`; `docs/challenges.md` describes its keys."""

from __future__ import annotations

from spec2bdd.model import Challenge, ChallengedScenario, ChallengeReport
from spec2bdd.reporters.json.document import Json, diagnostic_to_json, render_document

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_challenges_json(report: ChallengeReport) -> str:
    """Render the report of `challenge` as one document."""
    criteria = [
        {
            "path": challenged.path,
            "line": challenged.criterion.line,
            "id": challenged.strength.id,
            "tier": str(challenged.criterion.tier),
            "text": challenged.criterion.text,
            "strength": str(challenged.strength.strength).replace(" ", "_"),
            "reason": challenged.strength.reason,
            "tried": challenged.strength.tried,
            "noticed": challenged.strength.noticed,
            "scenarios": [challenged_to_json(scenario) for scenario in challenged.strength.scenarios],
        }
        for challenged in report.criteria
    ]
    return render_document(
        {
            "version": VERSION,
            "command": "challenge",
            "exit_code": report.exit_code,
            "not_passed": report.not_passed,
            "criteria": criteria,
            "diagnostics": [diagnostic_to_json(diagnostic) for diagnostic in report.diagnostics],
        }
    )


def challenged_to_json(scenario: ChallengedScenario) -> Json:
    """Build one scenario with its challenges."""
    return {
        "path": scenario.feature,
        "line": scenario.line,
        "name": scenario.name,
        "reached": list(scenario.reached),
        "problem": scenario.problem,
        "lines": {path: list(lines) for path, lines in sorted(scenario.lines.items())},
        "challenges": [challenge_to_json(challenge) for challenge in scenario.challenges],
    }


def challenge_to_json(challenge: Challenge) -> Json:
    """Build one challenge."""
    fault = challenge.fault
    return {
        "kind": fault.kind,
        "path": fault.path,
        "line": fault.line,
        "change": list(fault.change),
        "outcome": str(challenge.outcome),
        "step": challenge.step,
        "step_line": challenge.line,
        "error": challenge.error,
    }
