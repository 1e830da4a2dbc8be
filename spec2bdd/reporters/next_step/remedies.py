"""Say what to do about one criterion, one done item, or one scenario without a criterion."""

from __future__ import annotations

from spec2bdd.model import CriterionExplanation, CriterionVerdict, RuleId, Strength
from spec2bdd.model.explanation import UnlinkedFailure

_INCOMPLETE = {RuleId.NO_STEPS: "write the steps of", RuleId.NO_EXAMPLES: "add rows to the examples of"}


def describe_repair(failed: CriterionVerdict, path: str) -> str:
    """Describe what to do about a criterion of a spec that failed."""
    place = f"{failed.record.feature}:{failed.record.line}" if failed.record else f"{path}:{failed.criterion.line}"
    if failed.flaky:
        return f"find out why the results of {place} differ"
    if failed.timed_out:
        line = failed.step.line if failed.step and failed.record else 0
        place = f"the step in {failed.record.feature}:{line}" if failed.record and line else f"the scenario in {place}"
        return f"make {place} faster, or raise `timeout`"
    if failed.step and failed.record:
        return f"make the step in {failed.record.feature}:{failed.step.line} pass"
    raised_at = failed.record.failed_at if failed.record else ""
    return f"fix the error in {raised_at}" if raised_at else f"find out why {place} failed"


def describe_pending(verdict: CriterionVerdict) -> str:
    """Describe what to do about a pending criterion, by its scenario; empty where it has none."""
    # Its steps passed.
    if verdict.rule is RuleId.BLIND:
        return f"run `spec2bdd challenge {verdict.id}` to see which faults its checks do not notice"
    if verdict.rule is RuleId.WEAKER:
        return f"make its steps check that again, or accept it with `spec2bdd challenge {verdict.id} --forget`"
    if verdict.rule is RuleId.NOT_CHALLENGED:
        return "run `spec2bdd verify`"
    if verdict.rule in _INCOMPLETE and verdict.record:
        return f"{_INCOMPLETE[verdict.rule]} {verdict.record.feature}:{verdict.record.line}, then `spec2bdd verify`"
    # Steps that ran know their definition.
    location = verdict.step.location if verdict.step else ""
    if verdict.rule is RuleId.UNDEFINED and verdict.record and verdict.step:
        return f"define the step of {verdict.record.feature}:{verdict.step.line}, then `spec2bdd verify`"
    if location and verdict.rule is RuleId.VACUOUS:
        return f"make the step in {location} able to fail, then `spec2bdd verify`"
    return f"write the steps in `{location.rpartition(':')[0] or location}`, then `spec2bdd verify`" if location else ""


def describe_reworded(name: str, rule: RuleId | None) -> str:
    """Describe what to do about a stale criterion with a new wording; empty where it only has to be run again."""
    if rule is RuleId.REWORDED:
        return f"check that the steps prove the new wording, then `spec2bdd accept {name}`"
    return "run `spec2bdd generate` for the new wording" if rule is RuleId.REWORDED_NOT_GENERATED else ""


def describe_set_aside(verdict: CriterionVerdict, path: str) -> str:
    """Describe what to do about a criterion of a spec that is set aside without a reason."""
    place = f"{path}:{verdict.criterion.line}"
    return f'empty the box in {place}, or `spec2bdd waive {verdict.id} --reason "..."`'


def describe_unseen(verdict: CriterionVerdict, name: str) -> str:
    """Describe what to do about a criterion whose steps passed, and were not seen failing where that is required."""
    if verdict.rule is RuleId.NOT_COMPARED:
        return "run `spec2bdd verify`"
    if verdict.rule is RuleId.GREEN_AT_BASE:
        tag = "`<!-- tags: existing -->` if it documents what is there already"
        return f"make {name} check what is new, or give it {tag}; then `spec2bdd verify`"
    return f"break what {name} checks and see it fail with `spec2bdd run`; then fix it, and `spec2bdd verify`"


def describe_weak(entry: CriterionExplanation) -> str:
    """Describe what to do about a criterion that passes and whose checks notice no fault, or less than before."""
    strength = entry.strength.strength if entry.strength else None
    if strength not in (Strength.BLIND, Strength.WEAKER):
        return ""
    what = "check what the product returns" if strength is Strength.BLIND else "notice what they noticed before"
    return f"make its Then steps {what}; `spec2bdd challenge {entry.item.id} -v` lists the faults"


def describe_unlinked(failure: UnlinkedFailure) -> str:
    """Describe what to do about a scenario without a criterion that fails the check."""
    if failure.orphan:
        return f"restore the spec of `{failure.feature}`, or delete the file with `spec2bdd generate --prune`"
    place = f"{failure.feature}:{failure.line}"
    if failure.pending:
        return f"write the step for {place}, then `spec2bdd verify`"
    return f"make {place} pass, then `spec2bdd verify`"


def describe_unread(path: str, line: int) -> str:
    """Describe what to do about a line of a spec that looks like a criterion and is not read."""
    return f"fix the warning in {path}:{line}, then `spec2bdd verify`"


def describe_done(path: str, line: int, reason: str) -> str:
    """Describe what to do about done items of a spec, the first in that line; `reason` is what its evidence lacks."""
    if reason:
        return f"supply the evidence for {path}:{line} ({reason}), then `spec2bdd verify`"
    return f"tick what is done of the definition of done, from {path}:{line} on"
