"""The `junit-strict` format: a test report that Jenkins' xUnit plugin accepts, which checks it against a schema."""

from __future__ import annotations

from spec2bdd.reporters.exchange.junit import render_junit
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report


def render(answer: Answer, options: RenderOptions) -> str:
    """Render the verdicts."""
    return render_junit(find_report(answer), pending_fails=options.pending_fails, strict=True)
