"""The criteria of a spec and the records of runs in, one judgement for each criterion out.

A criterion is passed only if every scenario that carries its tag ran to its end from today's files, each had a step,
and every step and every hook that concerns it passed, and its steps could have failed. Behave's own word for a scenario
is never enough: it calls a scenario without steps, or with a pending step under `@wip`, passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.history import require_seen_failing
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.external import judge_external
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import judge_runs, resolve_scenarios
from spec2bdd.model import (
    Criterion,
    CriterionVerdict,
    ProofSource,
    RuleId,
    ScenarioResult,
    Tier,
    TrackedCriterion,
    Verdict,
)

_RESULTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)

# What these say of a scenario of a nested criterion is as true of the criterion above it. The other rules are about the
# text or the box of the nested one.
_SCENARIO_RULES = (RuleId.VACUOUS, RuleId.NEVER_RED, RuleId.BAD_FILE)

_COUNTS_AS_PASSED = frozenset({Verdict.PASSED, Verdict.WAIVED})


def judge_spec(identified: Sequence[TrackedCriterion], facts: JudgingContext) -> tuple[CriterionVerdict, ...]:
    """Return the judgements of a spec's criteria, in order; won't-haves are not judged."""
    findings: dict[int, Ruling] = {}
    # A nested criterion stands behind its parent, so that going backwards every child is judged before its parent.
    for index in reversed(range(len(identified))):
        children = [
            derive_child_ruling(identified[n].criterion, findings[n])
            for n in findings
            if identified[n].criterion.parent == index and identified[n].criterion.tier is not Tier.WONT
        ]
        findings[index] = _trust(identified[index], _judge_criterion(identified[index], facts, children), facts)
    judged = [(item, findings[index]) for index, item in enumerate(identified) if item.criterion.tier is not Tier.WONT]
    return tuple(
        CriterionVerdict(
            *(item.criterion, item.id, found.verdict, found.reason, found.record, found.step),
            mark=_mark(item, found),
            flaky=found.flaky,
            on_word=found.on_word,
            rule=found.rule,
        )
        for item, found in judged
    )


def _judge_criterion(item: TrackedCriterion, facts: JudgingContext, children: Sequence[Ruling]) -> Ruling:
    """Return what is found of one criterion; `children` are the findings of those nested below it."""
    criterion = item.criterion
    if criterion.waived:
        return Ruling(Verdict.WAIVED, criterion.waived)
    if criterion.manual:
        return Ruling(Verdict.MANUAL, "judged by a person: the box is theirs")
    if criterion.box.set_aside:
        reason = f"set aside with `[{criterion.box.mark}]`, without a reason"
        return Ruling(Verdict.PENDING, reason, rule=RuleId.SET_ASIDE)
    if item.proof is ProofSource.CHILDREN:
        # A scenario that carries the tag of the parent itself has to pass as well.
        own = [_judge_scenarios(item, facts)] if item.files else []
        return _hold_reworded(item, judge_parent(criterion, [*children, *own]))
    found = _judge_scenarios(item, facts)
    return _hold_reworded(item, require_seen_failing(item, found, facts.red, strict=facts.strict))


def _hold_reworded(item: TrackedCriterion, found: Ruling) -> Ruling:
    """Return the finding, or stale where nobody has accepted the new wording yet; what fails, fails in any words."""
    if not item.reworded or found.verdict is Verdict.FAILED:
        return found
    command = f"accept {item.id}" if item.current else "generate"
    reason = f'reworded, it was "{item.reworded}": type `spec2bdd {command}`'
    rule = RuleId.REWORDED if item.current else RuleId.REWORDED_NOT_GENERATED
    return replace(found, verdict=Verdict.STALE, reason=reason, rule=rule)


def _judge_scenarios(item: TrackedCriterion, facts: JudgingContext) -> Ruling:
    """Return what the scenarios that carry the tag of a criterion prove of it."""
    if not item.known and item.proof is ProofSource.GENERATED:
        return Ruling(Verdict.NOT_RUN, "no scenario yet: `spec2bdd generate` writes it")
    if not item.current:
        return Ruling(Verdict.STALE, "its scenario is not what the spec says today: `spec2bdd generate` tells more")
    return judge_criterion_results(item, facts)


def _trust(item: TrackedCriterion, found: Ruling, facts: JudgingContext) -> Ruling:
    """Return the finding, or trust, where a box was ticked before spec2bdd met it and nothing is proved yet."""
    pending = found.verdict is Verdict.PENDING and item.trusted and item.criterion.box.ticked
    if not pending or facts.strict:
        return found
    # That its steps pass and were never seen failing is still the next thing to know about it.
    rule = RuleId.NEVER_RED if found.rule is RuleId.NEVER_RED else None
    return replace(found, verdict=Verdict.ON_TRUST, reason=f"ticked before it was generated; {found.reason}", rule=rule)


def _mark(item: TrackedCriterion, found: Ruling) -> str:
    """Return the character that the box shall hold."""
    box = item.criterion.box
    if box.set_aside:
        return box.mark
    if found.verdict is Verdict.PASSED:
        return box.mark if box.ticked else "x"
    if found.verdict in (Verdict.FAILED, Verdict.PENDING):
        return " " if box.ticked else box.mark
    return box.mark


def find_no_longer_on_trust(
    identified: Sequence[TrackedCriterion], judgements: Sequence[CriterionVerdict]
) -> frozenset[str]:
    """Return the ids of criteria that were on trust and are ordinary from here on.

    They passed, failed or lost the tick. Whoever ticks a box again that was unticked does not get the trust back.
    """
    trusted = {item.id for item in identified if item.trusted}
    settled = (found for found in judgements if found.unticked or found.verdict in (Verdict.PASSED, Verdict.FAILED))
    return frozenset(found.id for found in settled if found.id in trusted)


def is_fulfilled(judgement: CriterionVerdict) -> bool:
    """Tell whether a criterion stands in nobody's way: passed, ticked by a person if manual, or waived."""
    if judgement.verdict is Verdict.MANUAL:
        return judgement.criterion.box.ticked
    return judgement.verdict in _COUNTS_AS_PASSED


def find_gating_criteria(judgements: Sequence[CriterionVerdict], gate: Sequence[Tier]) -> list[CriterionVerdict]:
    """Return the judgements of the criteria that acceptance waits for."""
    return [found for found in judgements if found.criterion.tier in gate and found.verdict is not Verdict.WAIVED]


def judge_criterion_results(item: TrackedCriterion, facts: JudgingContext) -> Ruling:
    """Return what is proved of a criterion.

    A report of another tool speaks only for scenarios that no run of today's files has reached. That one of them fails
    counts in any case.
    """
    found = judge_runs(item, facts)
    if not facts.hearing.reports:
        return found
    records = facts.hearing.find_records(item.id)
    heard = [judge_external(record, item.id, facts.hearing) for record in records]
    failed = [one for one in heard if one and one.verdict is Verdict.FAILED]
    if failed or found.verdict in _RESULTS:
        return find_worst([*failed, found])
    if not any(heard):
        return found if facts.witnesses else Ruling(Verdict.NOT_RUN, "no report speaks of it")
    return _join(item, facts, records, heard)


def _join(
    item: TrackedCriterion, facts: JudgingContext, records: list[ScenarioResult], heard: list[Ruling | None]
) -> Ruling:
    """Return what runs and reports say of all scenarios of a criterion together."""
    settled = {place[:3]: own for place, own in resolve_scenarios(item, facts).items()}
    findings = []
    for record, said in zip(records, heard, strict=True):
        own = settled.get((record.feature, record.line, record.name))
        spoken = own if own and own.verdict is not Verdict.SKIPPED else said or own
        nobody = f"no report speaks of `{record.feature}:{record.line}`"
        findings.append(spoken or Ruling(Verdict.NOT_RUN, nobody, record))
    if facts.hearing.count_missing(item.id, item.files):
        reason = "one of its feature files cannot be read, or has an outline without rows"
        findings.append(Ruling(Verdict.NOT_RUN, reason, rule=RuleId.BAD_FILE))
    return find_worst(findings)


def derive_child_ruling(child: Criterion, found: Ruling) -> Ruling:
    """Return what a criterion means for the one that it is nested below."""
    if found.verdict is Verdict.MANUAL and not child.box.ticked:
        reason = "a criterion below it is judged by a person, who has not ticked it"
        return Ruling(Verdict.NOT_RUN, reason, rule=RuleId.CHILDREN)
    if found.verdict is Verdict.PENDING and child.box.set_aside:
        # No result says so, and only results may take a tick away.
        found = replace(found, verdict=Verdict.NOT_RUN)
    rule = found.rule if found.rule in _SCENARIO_RULES else RuleId.CHILDREN
    return replace(found, reason=f"a criterion below it: {found.reason or found.verdict}", rule=rule)


def judge_parent(criterion: Criterion, shares: Sequence[Ruling]) -> Ruling:
    """Return the finding of a criterion that is proved by those nested below it: the worst of theirs."""
    if not shares:
        return Ruling(Verdict.NOT_RUN, "no criterion below it is asked for")
    worst = find_worst(shares)
    if worst.verdict is Verdict.PASSED:
        return worst if worst.on_word else replace(worst, reason="", rule=None)
    # Trust is for boxes that were ticked; an empty one above them is as unproved as they are.
    lost = worst.verdict is Verdict.ON_TRUST and not criterion.box.ticked
    return replace(worst, verdict=Verdict.PENDING) if lost else worst
