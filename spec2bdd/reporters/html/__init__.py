"""The `html` format: the whole project as one page that needs nothing else, for everyone who reads no terminal."""

from __future__ import annotations

from spec2bdd.reporters.registry import Answer, RenderOptions


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the documentation of a project."""
    from spec2bdd.reporters.html.page import render_page

    return render_page(answer.value, spread=answer.spread)
