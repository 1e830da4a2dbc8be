"""The answer of `lint` for people: each finding with its line, and what was or can be fixed."""

from __future__ import annotations

from spec2bdd.model import Report, Severity
from spec2bdd.reporters.source_lines import split_sources
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, render_lines
from spec2bdd.reporters.text.diagnostics import describe_hidden, render_diagnostics


def render_findings(report: Report, *, width: int, color: bool, quiet: bool = False) -> str:
    """Show the report; `quiet` omits suggestions."""
    findings = [finding for finding in report.diagnostics if not (quiet and finding.severity is Severity.SUGGESTION)]
    hidden = len(report.diagnostics) - len(findings)
    lines = [BLANK] if findings and (report.changes or report.notes) else []
    for change in report.changes:
        word, style = ("Fixed", "green") if report.wrote else ("Would fix", "yellow")
        lines.append(StyledLine(((f"{word}: ", style), (change.path, "")), whole=True))
    lines += [StyledLine(((note, ""),), hang=2) for note in report.notes]
    if not findings:
        left_out = f"; {describe_hidden(hidden)}" if hidden else ""
        text = f"All checks passed ({count_noun(len(report.specs), 'spec')})"
        lines.append(StyledLine(((text, "green"), (left_out, ""))))
    # In `lint`, the diagnostics are the answer: they are on stdout, with their source lines.
    listed = render_diagnostics(findings, color=color, sources=split_sources(report), counted=True, hidden=hidden)
    return listed + render_lines(lines, width=width, color=color)
