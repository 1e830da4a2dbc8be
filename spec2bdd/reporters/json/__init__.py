"""The `json` format: documents for programs, each with a version; the documentation describes every key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from spec2bdd.reporters.registry import Answer, AnswerKind, RenderOptions

# The module and the function that renders each kind of answer.
_RENDERERS: Mapping[AnswerKind, str] = {
    "report": "report:render_json",
    "judgement": "report:render_json",
    "run": "report:render_json",
    "decision": "report:render_json",
    "rebuilt-history": "report:render_json",
    "lint": "lint:render_findings_json",
    "reading": "lint:render_reading_json",
    "explanation": "explanation:render_explanation_json",
    "status": "overview:render_overview_json",
    "spec-status": "explanation:render_spec_status_json",
    "history": "explanation:render_history_json",
    "trace": "trace:render_trace_json",
    "challenge": "challenges:render_challenges_json",
    "capabilities": "capabilities:render_capabilities_json",
    "documentation": "documentation:render_documentation_json",
    "branch": "branch:render_branch_json",
}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render an answer of any kind."""
    # Each module is imported where it is needed: one command needs one of them.
    module, _, name = _RENDERERS[answer.kind].partition(":")
    renderer: Callable[..., str] = getattr(import_module(f"spec2bdd.reporters.json.{module}"), name)
    return renderer(answer.value)
