"""List what blocks the status of a judged spec from advancing."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.domain.verdicts.criteria import describe_criterion, find_gating_criteria, is_fulfilled
from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import SpecReport, Status, Tier, describe_blocking
from spec2bdd.model.explanation import StatusHolds


def list_holds(report: SpecReport, policy: StatusPolicy) -> tuple[StatusHolds, ...]:
    """List what a spec lacks for each status that it has or can get: criteria, then done items, then other specs.

    Without a status, or with one of its author's own, none is waited for, and only criteria count.
    """
    policy = policy.adapt_to(report.spec)
    current = policy.find_status(report.status_before)
    review = find_review_blockers(report, policy.gate)
    if current is None:
        return (StatusHolds("", review),)
    # As for the status itself: a dialect may have no place for a definition of done.
    is_done_optional = policy.without_done is Status.COMPLETE or (report.spec.statuses and current is Status.COMPLETE)
    completion = find_completion_blockers(report, done_optional=bool(is_done_optional))
    name = policy.find_name(Status.COMPLETE)
    if current is Status.COMPLETE:
        return (StatusHolds(name, (*review, *completion), reached=True, completes=True),)
    is_reviewed = current is Status.REVIEW
    held = StatusHolds(policy.find_name(Status.REVIEW), review, reached=is_reviewed)
    return held, StatusHolds(name, completion, completes=True)


def find_review_blockers(report: SpecReport, gate: Sequence[Tier]) -> tuple[str, ...]:
    """List what keeps a spec from its review, in words."""
    gating = find_gating_criteria(report.verdicts, gate)
    is_waived = any(verdict.criterion.tier in gate for verdict in report.verdicts)
    tiers = " or ".join(gate)
    lack = f"all {tiers} criteria are waived" if is_waived else f"the spec has no {tiers} criterion"
    blockers = [] if gating else [lack]
    blockers += [
        describe_criterion(verdict, unticked="not ticked" if verdict.criterion.manual else "")
        for verdict in gating
        if not is_fulfilled(verdict)
    ]
    unread = (f"line {line}: something that looks like a criterion is not read" for line in report.spec.unread)
    return (*blockers, *unread)


def find_completion_blockers(report: SpecReport, *, done_optional: bool = False) -> tuple[str, ...]:
    """List what keeps a spec from being complete after its review, in words: done items, then other specs."""
    # Without a list, Review is the highest status unless that is configured.
    blockers = [] if report.done or done_optional else ["no definition of done"]
    for verdict in report.done:
        place, text = f"line {verdict.item.line}", verdict.item.text
        if not verdict.box_ticked:
            reason = f" ({verdict.reason})" if verdict.kinds else ""
            blockers.append(f"definition-of-done item not ticked ({place}): {text}{reason}")
        elif verdict.is_unproved:
            # A person may have ticked it; the evidence does not support that today.
            blockers.append(f"definition-of-done item ticked without evidence ({place}): {text} ({verdict.reason})")
    return (*blockers, describe_blocking(report.blocking)) if report.blocking else tuple(blockers)
