"""List what blocks the status of a judged spec from advancing."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.domain.verdicts.criteria import describe_criterion, find_gating_criteria, is_fulfilled
from spec2bdd.domain.verdicts.status.status import is_unproved
from spec2bdd.model import SpecReport, Tier, describe_blocking


def find_blockers(report: SpecReport, gate: Sequence[Tier]) -> tuple[str, ...]:
    """List what a spec waits for, in words: criteria of the gate, then done items, then other specs."""
    return (*find_review_blockers(report, gate), *find_completion_blockers(report))


def find_review_blockers(report: SpecReport, gate: Sequence[Tier]) -> tuple[str, ...]:
    """List what keeps a spec from its review, in words."""
    gating = find_gating_criteria(report.verdicts, gate)
    blockers = [] if gating else [f"the spec has no {' or '.join(gate)} criterion"]
    blockers += [
        describe_criterion(verdict, unticked="not ticked" if verdict.criterion.manual else "")
        for verdict in gating
        if not is_fulfilled(verdict)
    ]
    unread = (f"line {line}: something that looks like a criterion is not read" for line in report.spec.unread)
    return (*blockers, *unread)


def find_completion_blockers(report: SpecReport) -> tuple[str, ...]:
    """List what keeps a spec from being complete after its review, in words: done items, then other specs."""
    # Without a list, Review is the highest status unless that is configured.
    blockers = [] if report.done else ["no definition of done"]
    for verdict in report.done:
        place, text = f"line {verdict.item.line}", verdict.item.text
        if not verdict.box_ticked:
            reason = f" ({verdict.reason})" if verdict.kinds else ""
            blockers.append(f"definition-of-done item not ticked ({place}): {text}{reason}")
        elif is_unproved(verdict):
            # A person may have ticked it; the evidence does not support that today.
            blockers.append(f"definition-of-done item ticked without evidence ({place}): {text} ({verdict.reason})")
    return (*blockers, describe_blocking(report.blocking)) if report.blocking else tuple(blockers)
