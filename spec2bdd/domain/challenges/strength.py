"""Judge by its challenges whether the checks of a criterion notice a fault.

The words and their rules: a criterion *notices* if a check noticed at least one fault; it is *weaker* if it noticed one
before that is unnoticed now; it is *blind* if faults reached its scenarios and none was noticed, or if its steps reach
no product at all; otherwise it is *out of reach*.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import ChallengedScenario, ChallengeOutcome, CriterionStrength, RuleId, Strength, Verdict


def judge_strength(
    criterion: str, scenarios: Sequence[ChallengedScenario], noticed_before: Collection[tuple[str, ...]] = ()
) -> CriterionStrength:
    """Judge the criterion with this id by the challenges of all scenarios that have its tag.

    `noticed_before` are the identities of faults that its checks noticed earlier.
    """
    own = tuple(scenario for scenario in scenarios if criterion in scenario.tags)
    strength, reason = _judge(own)
    judged = CriterionStrength(criterion, strength, reason, own)
    noticed = {fault.identity for fault in judged.list_faults(ChallengeOutcome.NOTICED)}
    unnoticed = {fault.identity for fault in judged.list_faults(ChallengeOutcome.UNNOTICED)} - noticed
    dropped = set.intersection(*(set(scenario.dropped) for scenario in own)) if own else set()
    lost = [fault for fault in noticed_before if fault in unnoticed or fault in dropped]
    if strength is not Strength.NOTICES or not lost:
        return judged
    _, path, *change = lost[0]
    place = f" in {path}" if path else ""
    others = f", and {_count(len(lost) - 1, 'other fault')}" if lost[1:] else ""
    reason = f"its checks no longer notice `{' -> '.join(change)}`{place}{others}"
    return replace(judged, strength=Strength.WEAKER, reason=reason)


def require_noticing(ruling: Ruling, strength: CriterionStrength | None) -> Ruling:
    """Downgrade a pass whose checks notice no fault, or of which nothing is known (`challenge = "require"`).

    That no fault can be put where the product runs says nothing against it.
    """
    if ruling.verdict is not Verdict.PASSED or ruling.external_only:
        return ruling
    if strength is None:
        reason = "passed, but not challenged since the last change; run `spec2bdd verify`"
        return replace(ruling, verdict=Verdict.PENDING, reason=reason, rule=RuleId.NOT_CHALLENGED)
    if strength.strength is Strength.NOT_CHALLENGED:
        reason = f"passed, but not challenged: {strength.reason}"
        return replace(ruling, verdict=Verdict.PENDING, reason=reason, rule=RuleId.NOT_CHALLENGED)
    if strength.strength in (Strength.BLIND, Strength.WEAKER):
        rule = RuleId.BLIND if strength.strength is Strength.BLIND else RuleId.WEAKER
        return replace(ruling, verdict=Verdict.PENDING, reason=f"passed, but {strength.reason}", rule=rule)
    return ruling


def _judge(scenarios: Sequence[ChallengedScenario]) -> tuple[Strength, str]:
    """Find the strength, and say why."""
    noticed = sum(scenario.count(ChallengeOutcome.NOTICED) for scenario in scenarios)
    tried = sum(len(scenario.challenges) for scenario in scenarios)
    if noticed:
        return Strength.NOTICES, f"noticed {noticed} of {_count(tried, 'fault')}"
    if scenarios and all(scenario.opted_out for scenario in scenarios):
        return Strength.OPTED_OUT, scenarios[0].problem
    problem = next((scenario.problem for scenario in scenarios if scenario.problem), "")
    if problem:
        return Strength.NOT_CHALLENGED, problem
    if not scenarios:
        return Strength.NOT_CHALLENGED, "no scenario of it was run"
    if tried:
        # Such as assertions of a helper in a folder of the product, which would be hard to find without the number.
        others = sum(
            challenge.outcome is ChallengeOutcome.TRIPPED and challenge.location in scenario.checks
            for scenario in scenarios
            for challenge in scenario.challenges
        )
        also = f"; {others} ended a Then step with an error, not with a failed check" if others else ""
        return Strength.BLIND, f"its checks noticed none of {_count(tried, 'fault')}{also}"
    reached = {word for scenario in scenarios for word in scenario.reached}
    if not reached:
        return Strength.BLIND, "its steps reach no code of the product, no process, no file and no socket"
    return Strength.OUT_OF_REACH, f"no fault can be put into what its steps reach: {', '.join(sorted(reached))}"


def _count(number: int, noun: str) -> str:
    """Count things in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
