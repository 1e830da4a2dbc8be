"""The `github` format: workflow commands that GitHub shows as annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report, list_annotations, sort_diagnostics
from spec2bdd.reporters.terminal.escape import render_visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "notice"}
# The toolkit of GitHub Actions escapes these in messages, and two more in properties, which they separate.
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the diagnostics of an answer, and the criteria, scenarios and steps because of which a check fails."""
    return render_github(list_annotations(find_report(answer)))


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Write one workflow command for each diagnostic, in the order of their locations.

    The form is that of GitHub's workflow commands: `::warning file=...,line=...,col=...,title=...::message`.
    """
    lines = []
    for diagnostic in sort_diagnostics(diagnostics):
        values = {
            "file": diagnostic.path,
            "line": diagnostic.line,
            "col": diagnostic.column,
            "title": diagnostic.code,
        }
        # Of a location that is not known, GitHub wants no property at all.
        known = [f"{key}={_escape(str(value), _PROPERTY_ESCAPES)}" for key, value in values.items() if value]
        message = diagnostic.message + (f"\nhint: {diagnostic.hint}" if diagnostic.hint else "")
        lines.append(f"::{_COMMANDS[diagnostic.severity]} {','.join(known)}::{_escape(message, _ESCAPES)}\n")
    return "".join(lines)


def _escape(text: str, escapes: Mapping[str, str]) -> str:
    """Escape the characters that have a meaning in a workflow command, and those that a log would obey or hide."""
    # Lone surrogates, of file names that are not UTF-8, cannot be written.
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(escapes.get(char) or render_visible(char) for char in safe)
