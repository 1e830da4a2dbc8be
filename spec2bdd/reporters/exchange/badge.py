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
    """Build the badge of a report: red where what acceptance depends on fails, or something is unread.

    That is a criterion of the gate, or a scenario without a criterion.
    """
    summary = summarize(report)
    failed = sum(verdict.verdict is Verdict.FAILED for spec in report.specs for verdict in spec.gating)
    unlinked = len(report.failing)
    if report.exit_code == 2:
        return Badge(count_noun(max(summary.errors, 1), "error"), "red")
    if not summary.gating and not unlinked:
        return Badge("no criteria", "lightgrey")
    parts = [f"{summary.fulfilled} of {summary.gating} proved"] if summary.gating else []
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{count_noun(unlinked, 'other scenario')} failed"] if unlinked else []
    if failed or unlinked:
        return Badge(", ".join(parts), "red")
    return Badge(parts[0], "brightgreen" if summary.fulfilled == summary.gating else "yellow")
