"""A report in, the lines of its specs out, as they are shown below a problem and told apart by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.model import Diagnostic, Report

# The lines of each file by its path.
Sources = Mapping[str, Sequence[str]]


def split_sources(report: Report) -> Sources:
    """Return the lines of all specs of a report; each is split once, as there may be a problem in every line."""
    return {spec.spec.path: _split(spec.spec.text) for spec in report.specs}


def find_line(problem: Diagnostic, sources: Sources) -> str:
    """Return the line that a problem is in, as far as it is known."""
    lines = sources.get(problem.path, ())
    return lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""


def _split(text: str) -> list[str]:
    """Return the lines of a text, whichever ends they have."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
