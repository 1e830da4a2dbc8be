"""The answer of `lint` for people: each finding with its line, and what was or can be fixed."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.model import Diagnostic, Report, Severity
from spec2bdd.reporters.source_lines import split_sources
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, render_lines
from spec2bdd.reporters.text.diagnostics import describe_hidden, render_diagnostics


def render_findings(report: Report, *, width: int, color: bool, quiet: bool = False) -> str:
    """Show the report; `quiet` omits suggestions."""
    findings = [finding for finding in report.diagnostics if not (quiet and finding.severity is Severity.SUGGESTION)]
    hidden = len(report.diagnostics) - len(findings)
    # What can be fixed may be hidden.
    notes = report.notes if report.changes or any(finding.fixable for finding in findings) else ()
    lines = [BLANK] if findings and (report.changes or notes) else []
    for change in report.changes:
        word, style = ("Fixed", "green") if report.wrote else ("Would fix", "yellow")
        lines.append(StyledLine(((f"{word}: ", style), (change.path, "")), whole=True))
    lines += [StyledLine(((note, ""),), hang=2) for note in notes]
    # Nothing that is listed says why the exit code is 1.
    if report.changes and not report.wrote and all(item.severity is Severity.SUGGESTION for item in findings):
        would = f"{count_noun(len(report.changes), 'file')} would be fixed"
        lines.append(StyledLine((("Out of date: ", "bold yellow"), (would, ""), *_describe_left_out(findings, hidden))))
    elif not findings:
        text = f"All checks passed ({count_noun(len(report.specs), 'spec')})"
        lines.append(StyledLine(((text, "green"), *_describe_left_out(findings, hidden))))
    # In `lint`, the diagnostics are the answer: they are on stdout, with their source lines.
    listed = render_diagnostics(findings, color=color, sources=split_sources(report), counted=True, hidden=hidden)
    return listed + render_lines(lines, width=width, color=color)


def _describe_left_out(findings: Sequence[Diagnostic], hidden: int) -> tuple[Part, ...]:
    """Count the suggestions that are not shown, unless the line below those that are shown does."""
    return ((f"; {describe_hidden(hidden)}", ""),) if hidden and not findings else ()
