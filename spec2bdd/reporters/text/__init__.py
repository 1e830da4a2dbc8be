"""The `text` format: answers for people, on a terminal or in a log."""

from __future__ import annotations

from spec2bdd.reporters.registry import Answer, RenderOptions


def render(answer: Answer, options: RenderOptions) -> str:
    """Render an answer of any kind."""
    # Each module is imported where it is needed: one command needs one of them.
    width, color, quiet = options.width, options.color, options.quiet
    match answer.kind:
        case "report" | "run" | "decision":
            from spec2bdd.reporters.text.report import render_text

            return render_text(answer.value, width=width, color=color, verbose=options.verbose, quiet=quiet)
        case "lint":
            from spec2bdd.reporters.text.lint import render_findings

            return render_findings(answer.value, width=width, color=color, quiet=quiet)
        case "reading":
            from spec2bdd.reporters.text.checkboxes import render_reading

            return render_reading(answer.value, width=width, color=color)
        case "explanation":
            from spec2bdd.reporters.text.explanation import render_explanation

            return render_explanation(answer.value, width=width, color=color)
        case "history":
            from spec2bdd.reporters.text.history import render_history

            return render_history(answer.value, width=width, color=color)
        case "rebuilt-history":
            return "\n".join(answer.value.notes) + "\n"
        case "challenge":
            from spec2bdd.reporters.text.challenges import render_challenges

            return render_challenges(answer.value, options)
