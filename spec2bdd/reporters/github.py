"""Problems in, the commands out by which GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.reporters.registry import Answer, RenderOptions

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
# What ends a message, and what ends a property besides.
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the diagnostics of a `Report`."""
    return render_github(answer.value.problems)


def render_github(problems: Sequence[Diagnostic]) -> str:
    """Write one workflow command for each problem, in the order of their places.

    The form is that of GitHub's workflow commands: `::warning file=...,line=...,col=...,title=...::message`.
    """
    ordered = sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))
    return "".join(_render_problem(problem) + "\n" for problem in ordered)


def _render_problem(problem: Diagnostic) -> str:
    """Write one command."""
    places = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.code}
    properties = ",".join(f"{key}={_escape(str(value), _PROPERTY_ESCAPES)}" for key, value in places.items() if value)
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    return f"::{_COMMANDS[problem.severity]} {properties}::{_escape(message, _ESCAPES)}"


def _escape(text: str, escapes: Mapping[str, str]) -> str:
    """Write the characters that mean something to GitHub by their numbers; lone surrogates cannot be written."""
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return safe.translate({ord(char): escape for char, escape in escapes.items()})
