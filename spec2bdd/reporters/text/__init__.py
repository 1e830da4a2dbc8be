"""The `text` format: answers for people, on a terminal or in a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from spec2bdd.reporters.registry import Answer, AnswerKind, RenderOptions

# The answers that look the same whatever the options are, with the module and function that renders them.
_PLAIN: Mapping[AnswerKind, str] = {
    "reading": "checkboxes:render_reading",
    "explanation": "explanation:render_explanation",
    "history": "history:render_history",
    "spec-status": "spec_status:render_spec_status",
    "capabilities": "capabilities:render_capabilities",
    "documentation": "documentation:render_documentation",
}


def render(answer: Answer, options: RenderOptions) -> str:
    """Render an answer of any kind."""
    # Each module is imported where it is needed: one command needs one of them.
    width, color, quiet = options.width, options.color, options.quiet
    match answer.kind:
        case "report" | "judgement" | "run" | "decision":
            from spec2bdd.reporters.text.report import render_text

            return render_text(answer.value, width=width, color=color, verbose=options.verbose, quiet=quiet)
        case "lint":
            from spec2bdd.reporters.text.lint import render_findings

            return render_findings(answer.value, width=width, color=color, quiet=quiet)
        case "status":
            from spec2bdd.reporters.text.overview import render_overview

            return render_overview(answer.value, width=width, color=color, verbose=options.verbose)
        case "rebuilt-history":
            return "\n".join(answer.value.notes) + "\n"
        case "challenge":
            from spec2bdd.reporters.text.challenges import render_challenges

            return render_challenges(answer.value, options)
        case "branch":
            from spec2bdd.reporters.text.branch import render_branch

            return render_branch(answer.value, options)
        case "trace":
            from spec2bdd.reporters.text.trace import render_trace

            return render_trace(answer.value, options)
        case _:
            module, _, name = _PLAIN[answer.kind].partition(":")
            renderer: Callable[..., str] = getattr(import_module(f"spec2bdd.reporters.text.{module}"), name)
            return renderer(answer.value, width=width, color=color)
