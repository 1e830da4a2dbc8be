"""What a badge says: how many of the criteria that acceptance depends on are proved."""

from __future__ import annotations

from spec2bdd.model import Report, Verdict
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.summary import count_noun, summarize

LABEL = "acceptance"
COLORS = {"brightgreen": "#2c7a16", "yellow": "#8a6100", "red": "#b3261e", "lightgrey": "#5f6368"}
"""The names that shields.io has for colours, with shades that white text can be read on."""


@dataclass(frozen=True, slots=True)
class Badge:
    """The message of a badge, and the name of its colour."""

    message: str
    color: str


def build_badge(report: Report) -> Badge:
    """Build the badge of a report: red where a criterion that acceptance depends on fails, or something is unread."""
    summary = summarize(report)
    failed = sum(verdict.verdict is Verdict.FAILED for spec in report.specs for verdict in spec.gating)
    if report.exit_code == 2:
        return Badge(count_noun(max(summary.errors, 1), "error"), "red")
    if not summary.gating:
        return Badge("no criteria", "lightgrey")
    message = f"{summary.fulfilled} of {summary.gating} proved"
    if failed:
        return Badge(f"{message}, {failed} failed", "red")
    return Badge(message, "brightgreen" if summary.fulfilled == summary.gating else "yellow")
