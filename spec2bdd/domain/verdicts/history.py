"""Summarize the recorded results of a criterion, and require that a check was seen failing before it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spec2bdd.domain.verdicts.scenarios.context import SeenFailing
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import CriterionHistory, Observation, RuleId, TrackedCriterion, Verdict


def summarize_history(observations: Sequence[Observation]) -> CriterionHistory | None:
    """Summarize the observations of one criterion, the oldest first."""
    if not observations:
        return None
    passes = [observation.verdict is Verdict.PASSED for observation in observations]
    # The time that a pending scenario took says nothing about the time that the finished one will take.
    seconds = [observation.seconds for observation in observations if observation.verdict is not Verdict.PENDING]
    by_commit: dict[str, set[Verdict]] = defaultdict(set)
    for observation in observations:
        by_commit[observation.commit].add(observation.verdict)
    # Without a commit, a change between two runs may have been a change of the code.
    flaky = [
        commit for commit, verdicts in by_commit.items() if commit and {Verdict.PASSED, Verdict.FAILED} <= verdicts
    ]
    # Needed by `history` and `explain`, and not by `verify`.
    from statistics import median

    return CriterionHistory(
        runs=len(observations),
        first_passed=next((seen for seen in observations if seen.verdict is Verdict.PASSED), None),
        last_failed=next((seen for seen in reversed(observations) if seen.verdict is Verdict.FAILED), None),
        changes=sum(before != after for before, after in pairwise(passes)),
        flaky=flaky[-1] if flaky else "",
        median_seconds=median(seconds) if seconds else None,
        last_seconds=seconds[-1] if seconds else None,
    )


def require_seen_failing(
    item: TrackedCriterion, ruling: Ruling, seen_failing: SeenFailing | None, *, strict: bool
) -> Ruling:
    """Downgrade a pass that was never seen failing (`require-red`); without `seen_failing` it is not required.

    The box stays, so that a ticked one is unverified; `strict` trusts no tick.
    """
    # A failure proves itself; only a pass can be too good to be true.
    if seen_failing is None or ruling.verdict is not Verdict.PASSED or item.id in seen_failing.ids:
        return ruling
    verdict = Verdict.UNVERIFIED if item.criterion.box.ticked and not strict else Verdict.PENDING
    reason = "passed, but never observed failing (`require-red`)"
    if seen_failing.doubt:
        reason = f"passed, but earlier failures are unknown (`require-red`): {seen_failing.doubt}"
    return replace(ruling, verdict=verdict, reason=reason, rule=RuleId.NEVER_RED)
