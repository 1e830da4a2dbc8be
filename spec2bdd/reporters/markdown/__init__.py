"""The `markdown` format: for pull requests, wikis and the step summary of GitHub Actions."""

from __future__ import annotations

from spec2bdd.reporters.registry import Answer, RenderOptions


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render an answer of any kind that has this format."""
    # Each module is imported where it is needed: one command needs one of them.
    match answer.kind:
        case "status":
            from spec2bdd.reporters.markdown.overview import render_overview_markdown

            return render_overview_markdown(answer.value)
        case "spec-status":
            from spec2bdd.reporters.markdown.overview import render_spec_markdown

            return render_spec_markdown(answer.value)
        case "trace":
            from spec2bdd.reporters.markdown.trace import render_trace_markdown

            return render_trace_markdown(answer.value)
        case "branch":
            from spec2bdd.reporters.markdown.branch import render_branch_markdown

            return render_branch_markdown(answer.value)
        case _:
            from spec2bdd.reporters.markdown.report import render_report_markdown
            from spec2bdd.reporters.summary import find_report

            return render_report_markdown(find_report(answer))
