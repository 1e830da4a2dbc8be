"""The `json` format: documents for programs, each with a version; the documentation describes every key."""

from __future__ import annotations

from spec2bdd.reporters.registry import Answer, RenderOptions


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render an answer of any kind."""
    # Each module is imported where it is needed: one command needs one of them.
    match answer.kind:
        case "report" | "run" | "decision" | "rebuilt-history":
            from spec2bdd.reporters.json.report import render_json

            return render_json(answer.value)
        case "lint":
            from spec2bdd.reporters.json.lint import render_findings_json

            return render_findings_json(answer.value)
        case "reading":
            from spec2bdd.reporters.json.lint import render_reading_json

            return render_reading_json(answer.value)
        case "explanation":
            from spec2bdd.reporters.json.explanation import render_explanation_json

            return render_explanation_json(answer.value)
        case "status":
            from spec2bdd.reporters.json.overview import render_overview_json

            return render_overview_json(answer.value)
        case "spec-status":
            from spec2bdd.reporters.json.explanation import render_explanation_json

            return render_explanation_json(answer.value, command="status")
        case "history":
            from spec2bdd.reporters.json.explanation import render_history_json

            return render_history_json(answer.value)
        case "challenge":
            from spec2bdd.reporters.json.challenges import render_challenges_json

            return render_challenges_json(answer.value)
        case "capabilities":
            from spec2bdd.reporters.json.capabilities import render_capabilities_json

            return render_capabilities_json(answer.value)
