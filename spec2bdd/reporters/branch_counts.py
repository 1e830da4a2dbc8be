"""Say in words what a branch changes; shared by the formats for people."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import BaseOutcome, Strength, Verdict
from spec2bdd.model.history import BranchReport, StatusTransition, Transition, TransitionKind
from spec2bdd.reporters.next_step.remedies import describe_reworded

# After a number, where the name of the change alone would be that of a thing.
_COUNTED = {
    TransitionKind.RESTEPPED: "with other steps",
    TransitionKind.RECODED: "with changed step code",
}


def write_head(report: BranchReport) -> tuple[str, str]:
    """Write how a branch does, as one word and its reason."""
    failing = [transition for transition in report.transitions if transition.fails]
    counts = [
        f"{len(report.select(kind))} {_COUNTED.get(kind, kind)}" for kind in TransitionKind if report.select(kind)
    ]
    outcomes = [each.comparison.outcome for each in report.select(TransitionKind.PROVED) if each.comparison]
    if outcomes:
        counts[-1] += f" ({outcomes.count(BaseOutcome.RED)} red at the merge base)"
    changes = ", ".join(counts) or "no criterion changed"
    rest = f"{report.proved} stayed proved, {report.open} open"
    if not report.has_results:
        return "Error", f"no results yet{f'; {changes}' if counts else ''}"
    if report.exit_code == 2:
        return "Error", f"something could not be read; {changes}; {rest}"
    return "Failed" if failing else "Passed", f"{changes}; {rest}"


def describe_status_change(status: StatusTransition) -> str:
    """Describe the status of a spec at the base and today."""
    after = status.after or "no status"
    return f"new: {after}" if status.is_new else f"{status.before or 'no status'} → {after}"


def describe_now(transition: Transition) -> str:
    """Describe the verdict of today, and the reason for it, in one line."""
    if transition.verdict is None:
        return "in no spec any more"
    details = [transition.reason.strip().partition("\n")[0], *describe_proof(transition)]
    if transition.before:
        details.append(f"was `{transition.before}`")
    text = "; ".join(filter(None, details))
    # That it is stale is what has changed.
    known = text and transition.kind is TransitionKind.STALE and transition.verdict is Verdict.STALE
    return text if known else f"{transition.verdict}{': ' if text else ''}{text}"


def describe_proof(transition: Transition) -> Iterator[str]:
    """Describe what is known of the proof of a criterion: whether it was red at the merge base, and what it notices."""
    if transition.comparison:
        yield transition.comparison.summary
    elif transition.kind is TransitionKind.PROVED:
        yield "not run at the merge base"
    # Where the project requires that checks notice, it is the reason of the verdict.
    if transition.strength and transition.strength.reason not in transition.reason:
        is_noticing = transition.strength.strength is Strength.NOTICES
        yield f"its checks {transition.strength.reason}" if is_noticing else transition.strength.reason


def find_next_of_branch(report: BranchReport) -> str:
    """Find what to do next, if the check fails."""
    failing = [transition for transition in report.transitions if transition.fails]
    if not report.has_results:
        return "run `spec2bdd verify`, then this again"
    # A new wording needs a decision, which no run can make.
    if reworded := next(filter(None, (describe_reworded(each.id, each.rule) for each in failing)), ""):
        return reworded
    if any(transition.kind is TransitionKind.STALE for transition in failing):
        return "run `spec2bdd verify`, then this again"
    if failing:
        return f"run `spec2bdd explain {failing[0].id}`"
    return ""
