"""The report of `lint` in, its answer for a terminal out: each finding with its line, what was mended, what can be."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import Report, Severity
from spec2bdd.reporters.source_lines import split_sources
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, render_lines
from spec2bdd.reporters.text.diagnostics import render_problems


def render_findings(report: Report, *, width: int, color: bool, quiet: bool = False) -> str:
    """Show the report; `quiet` leaves out advice."""
    told = [one for one in report.problems if not (quiet and one.severity is Severity.ADVICE)]
    findings = render_problems(told, color=color, sources=split_sources(report))
    lines = list(_derive_end(report, found=bool(told)))
    if findings and lines:
        lines.insert(0, BLANK)
    return findings + render_lines(lines, width=width, color=color)


def _derive_end(report: Report, *, found: bool) -> Iterator[StyledLine]:
    """Say what was or would be written, what else there is to know, and that nothing was found."""
    for change in report.changes:
        style = "green" if report.wrote else "yellow"
        word = "mended" if report.wrote else "would be mended"
        yield StyledLine(((f"{word}: ", style), (change.path, "")), whole=True)
    yield from (StyledLine(((note, ""),), hang=2) for note in report.notes)
    if not found:
        count = len(report.specs)
        yield StyledLine(((f"nothing found in {count} {'spec' if count == 1 else 'specs'}", "green"),))
