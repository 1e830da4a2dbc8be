"""Say in words what a branch changes; shared by the formats for people."""

from __future__ import annotations

from spec2bdd.model.history import BranchReport, Transition, TransitionKind


def write_head(report: BranchReport) -> tuple[str, str]:
    """Write how a branch does, as one word and its reason."""
    failing = [transition for transition in report.transitions if transition.fails]
    counts = [f"{len(report.select(kind))} {kind}" for kind in TransitionKind if report.select(kind)]
    changes = ", ".join(counts) or "no criterion changed"
    rest = f"{report.proved} stayed proved, {report.open} open"
    if report.exit_code == 2:
        return "Error", f"something could not be read; {changes}; {rest}"
    return "Failed" if failing else "Passed", f"{changes}; {rest}"


def describe_now(transition: Transition) -> str:
    """Describe the verdict of today, and the reason for it, in one line."""
    if transition.verdict is None:
        return "in no spec any more"
    comparison = transition.comparison.summary if transition.comparison else ""
    details = [transition.reason.strip().partition("\n")[0], comparison, _describe_before(transition)]
    text = "; ".join(filter(None, details))
    return f"{transition.verdict}{': ' if text else ''}{text}"


def find_next_of_branch(report: BranchReport) -> str:
    """Find what to do next, if the check fails."""
    failing = [transition for transition in report.transitions if transition.fails]
    if any(transition.kind is TransitionKind.STALE for transition in failing):
        return "run `spec2bdd verify`, then this again"
    if failing:
        return f"run `spec2bdd explain {failing[0].id}`"
    return ""


def _describe_before(transition: Transition) -> str:
    """Describe the wording at the base, if it was another one."""
    return f"was `{transition.before}`" if transition.before else ""
