"""A criterion and what was found of those nested below it in, what that means for it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.ruling import Finding, find_worst
from spec2bdd.model import Criterion, Verdict

_ASIDE = ("~", "-")


def is_set_aside(criterion: Criterion) -> bool:
    """Tell whether the author put the criterion aside with `[~]` or `[-]`."""
    return criterion.box.mark in _ASIDE


def derive_share(child: Criterion, found: Finding) -> Finding:
    """Return what a criterion means for the one that it is nested below."""
    if found.verdict is Verdict.MANUAL and not child.box.ticked:
        return Finding(Verdict.NOT_RUN, "a criterion below it is judged by a person, who has not ticked it")
    if found.verdict is Verdict.PENDING and is_set_aside(child):
        # No result says so, and only results may take a tick away.
        found = replace(found, verdict=Verdict.NOT_RUN)
    return replace(found, reason=f"a criterion below it: {found.reason or found.verdict}")


def judge_parent(criterion: Criterion, shares: Sequence[Finding]) -> Finding:
    """Return the finding of a criterion that is proved by those nested below it: the worst of theirs."""
    if not shares:
        return Finding(Verdict.NOT_RUN, "no criterion below it is asked for")
    worst = find_worst(shares)
    if worst.verdict is Verdict.PASSED:
        return worst if worst.on_word else replace(worst, reason="")
    # Trust is for boxes that were ticked; an empty one above them is as unproved as they are.
    lost = worst.verdict is Verdict.ON_TRUST and not criterion.box.ticked
    return replace(worst, verdict=Verdict.PENDING) if lost else worst
