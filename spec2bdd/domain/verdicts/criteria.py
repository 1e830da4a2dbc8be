"""Judge the criteria of a spec by runs and by reports of other tools.

A criterion is passed only if every scenario with its tag ran to its end from today's files, each had a step,
every step and every hook that concerns it passed, and its steps could have failed. The status that Behave reports for a
scenario is not enough: Behave calls a scenario without steps, or with a pending step under `@wip`, passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.challenges.strength import require_noticing
from spec2bdd.domain.verdicts.history import require_seen_failing
from spec2bdd.domain.verdicts.merge_base import require_red_at_base
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.external import judge_external
from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import judge_runs, resolve_scenarios
from spec2bdd.model import (
    Box,
    BoxKind,
    Criterion,
    CriterionVerdict,
    ProofSource,
    RuleId,
    ScenarioResult,
    Tier,
    TrackedCriterion,
    Verdict,
)

# What these say of a scenario of a nested criterion is as true of the criterion above it. The other rules are about the
# text or the box of the nested one.
_SCENARIO_RULES = (
    RuleId.VACUOUS,
    RuleId.BLIND,
    RuleId.WEAKER,
    RuleId.NOT_CHALLENGED,
    RuleId.UNDEFINED,
    RuleId.NO_STEPS,
    RuleId.NO_EXAMPLES,
    RuleId.NEVER_RED,
    RuleId.GREEN_AT_BASE,
    RuleId.NOT_COMPARED,
    RuleId.BAD_FILE,
    RuleId.BROKEN_RUN,
    RuleId.OTHER_FILES,
)
# Every step passed: of an unverified criterion, that is still what to know about it.
_RED_RULES = (RuleId.NEVER_RED, RuleId.NOT_COMPARED)


def judge_spec(identified: Sequence[TrackedCriterion], context: JudgingContext) -> tuple[CriterionVerdict, ...]:
    """Judge the criteria of a spec, in order; won't-haves are not judged."""
    verdicts: list[CriterionVerdict] = []
    children: dict[int, list[Ruling]] = defaultdict(list)
    # A nested criterion follows its parent, so that going backwards every child is judged before its parent.
    for index, item in reversed(list(enumerate(identified))):
        criterion = item.criterion
        if criterion.tier is Tier.WONT:
            continue
        ruling = _judge_criterion(item, context, children[index])
        # A box that was ticked before spec2bdd met it keeps its tick while nothing is proved yet.
        is_trusted = item.unverified and criterion.box.ticked and not context.strict
        # At the merge base, the spec was not ticked: its author ticks it with this branch.
        if ruling.verdict is Verdict.PENDING and is_trusted and ruling.rule is not RuleId.GREEN_AT_BASE:
            reason = f"ticked before spec2bdd generated its scenario; {ruling.reason}"
            rule = ruling.rule if ruling.rule in _RED_RULES else None
            ruling = replace(ruling, verdict=Verdict.UNVERIFIED, reason=reason, rule=rule)
        if criterion.parent is not None:
            children[criterion.parent].append(build_child_ruling(criterion, ruling))
        verdict = CriterionVerdict(
            criterion,
            item.id,
            ruling.verdict,
            reason=ruling.reason,
            record=ruling.record,
            step=ruling.step,
            mark=choose_mark(criterion.box, ruling.verdict),
            flaky=ruling.flaky,
            external_only=ruling.external_only,
            rule=ruling.rule,
            last=ruling.last,
            changed=ruling.changed,
            state=ruling.state,
            comparison=ruling.comparison,
        )
        verdicts.append(verdict)
    return tuple(reversed(verdicts))


def _judge_criterion(item: TrackedCriterion, context: JudgingContext, children: Sequence[Ruling]) -> Ruling:
    """Judge one criterion; `children` are the rulings on those nested under it."""
    criterion = item.criterion
    # What its author decided about it comes before any result.
    if criterion.waived:
        return Ruling(Verdict.WAIVED, criterion.waived)
    if criterion.manual:
        if criterion.box.ticked and item.reworded:
            reason = f"ticked while it read `{item.reworded}`"
            return Ruling(Verdict.MANUAL, reason, rule=RuleId.TICK_REWORDED)
        reason = "ticked" if criterion.box.ticked else "not ticked yet"
        return Ruling(Verdict.MANUAL, "a person judges it" if criterion.box.kind is BoxKind.NONE else reason)
    if criterion.box.set_aside:
        reason = f"set aside with `[{criterion.box.mark}]`, but not waived"
        return Ruling(Verdict.PENDING, reason, rule=RuleId.SET_ASIDE)
    if item.proof is ProofSource.CHILDREN:
        # A scenario with the tag of the parent itself has to pass as well.
        own = [_judge_scenarios(item, context)] if item.files else []
        ruling = judge_parent(criterion, [*children, *own])
    else:
        ruling = _judge_scenarios(item, context)
    # What fails, fails in any words; everything else waits until the new wording is accepted.
    if not item.reworded or ruling.verdict is Verdict.FAILED:
        return ruling
    command = f"accept {item.id}" if item.current else "generate"
    rule = RuleId.REWORDED if item.current else RuleId.REWORDED_NOT_GENERATED
    reason = f"wording changed (was `{item.reworded}`); run `spec2bdd {command}`"
    last = ruling.verdict if ruling.verdict in RESULTS else ruling.last
    return replace(ruling, verdict=Verdict.STALE, reason=reason, rule=rule, last=last)


def _judge_scenarios(item: TrackedCriterion, context: JudgingContext) -> Ruling:
    """Judge what the scenarios with the tag of a criterion prove; a pass may need more than that they pass."""
    if not item.known and item.proof is ProofSource.GENERATED:
        return Ruling(Verdict.NOT_RUN, "no scenario yet", rule=RuleId.NO_SCENARIO)
    if not item.current:
        return Ruling(Verdict.STALE, "scenario differs from what `spec2bdd generate` writes")
    ruling = judge_criterion_results(item, context)
    step, record = ruling.step, ruling.record
    # A stub is written only for scenarios that `generate` writes.
    if step and record and step.status == "undefined" and item.proof is ProofSource.HAND_WRITTEN:
        reason = f"undefined step `{step.text}` ({record.feature}:{step.line})"
        return replace(ruling, reason=reason, rule=RuleId.UNDEFINED)
    ruling = require_seen_failing(item, ruling, context.seen_failing, strict=context.strict)
    if context.comparisons is not None:
        ruling = require_red_at_base(item, ruling, context.comparisons.get(item.id), strict=context.strict)
    return ruling if context.strengths is None else require_noticing(ruling, context.strengths.get(item.id))


def judge_criterion_results(item: TrackedCriterion, context: JudgingContext) -> Ruling:
    """Judge a criterion by the results of its scenarios.

    A report of another tool counts only for scenarios that no run of today's files has reached. That one of them fails
    counts in any case.
    """
    ruling = judge_runs(item, context)
    if not context.external.reports:
        return ruling
    records = context.external.find_records(item.id)
    reported = [judge_external(record, item.id, context.external) for record in records]
    # A failure is a failure, whatever it ran from, so it counts even against a pass of our own run.
    failed = [external for external in reported if external and external.verdict is Verdict.FAILED]
    if failed or ruling.verdict in RESULTS:
        return find_worst([*failed, ruling])
    if not any(reported):
        return ruling if context.runs else Ruling(Verdict.NOT_RUN, "no result in any report")
    return _merge_external(item, context, records, reported)


def _merge_external(
    item: TrackedCriterion, context: JudgingContext, records: list[ScenarioResult], reported: list[Ruling | None]
) -> Ruling:
    """Judge each scenario of a criterion by the runs, or by the reports where no run has reached it."""
    by_runs = {place[:3]: ruling for place, ruling in resolve_scenarios(item, context).items()}
    rulings = []
    for record, external in zip(records, reported, strict=True):
        # A run that left the scenario out says nothing about it, so a report may.
        own = by_runs.get((record.feature, record.line, record.name))
        ruling = own if own and own.verdict is not Verdict.SKIPPED else external or own
        missing = f"no result for `{record.feature}:{record.line}` in any report"
        rulings.append(ruling or Ruling(Verdict.NOT_RUN, missing, record))
    # What is not even listed cannot be in a report: without it, the others prove nothing.
    if context.external.count_missing(item.id, item.files):
        reason = "a feature file cannot be read or has an outline without rows"
        rulings.append(Ruling(Verdict.NOT_RUN, reason, rule=RuleId.BAD_FILE))
    return find_worst(rulings)


def build_child_ruling(child: Criterion, ruling: Ruling) -> Ruling:
    """Derive what the ruling on a nested criterion means for the criterion above it."""
    if ruling.verdict is Verdict.MANUAL and not child.box.ticked:
        reason = "a nested manual criterion is not ticked"
        return Ruling(Verdict.NOT_RUN, reason, rule=RuleId.CHILDREN)
    if ruling.verdict is Verdict.PENDING and child.box.set_aside:
        # It is pending without any result, and only results may untick a box.
        ruling = replace(ruling, verdict=Verdict.NOT_RUN)
    rule = ruling.rule if ruling.rule in _SCENARIO_RULES else RuleId.CHILDREN
    return replace(ruling, reason=f"nested criterion: {ruling.reason or ruling.verdict}", rule=rule)


def judge_parent(criterion: Criterion, rulings: Sequence[Ruling]) -> Ruling:
    """Judge a criterion by the rulings on those nested under it: the worst decides."""
    # What is waived under a criterion does not waive the criterion itself.
    asked = [ruling for ruling in rulings if ruling.verdict is not Verdict.WAIVED]
    if not asked:
        if not rulings:
            return Ruling(Verdict.NOT_RUN, "no nested criterion is required")
        return Ruling(
            Verdict.NOT_RUN, "all nested criteria are waived; waive this one too", rule=RuleId.CHILDREN_WAIVED
        )
    worst = find_worst(asked)
    if worst.verdict is Verdict.PASSED:
        return worst if worst.external_only else replace(worst, reason="", rule=None)
    # Trust is for boxes that were ticked; an empty one above them is as unproved as they are.
    lost = worst.verdict is Verdict.UNVERIFIED and not criterion.box.ticked
    return replace(worst, verdict=Verdict.PENDING) if lost else worst


def choose_mark(box: Box, verdict: Verdict) -> str:
    """Choose the character of a box: only a pass ticks it, only a failed or pending verdict unticks it."""
    if box.set_aside or box.kind is BoxKind.NONE:
        return box.mark
    if verdict is Verdict.PASSED:
        return box.mark if box.ticked else "x"
    return " " if box.ticked and verdict in (Verdict.FAILED, Verdict.PENDING) else box.mark


def find_no_longer_unverified(
    identified: Sequence[TrackedCriterion], verdicts: Sequence[CriterionVerdict]
) -> frozenset[str]:
    """Find the ids of criteria that were unverified and are ordinary from here on.

    They passed, failed or lost the tick. A box that is ticked again after that does not get the trust back.
    """
    unverified = {item.id for item in identified if item.unverified}
    # A tick that a result confirmed or removed is no longer the one that was there before.
    settled = (
        verdict for verdict in verdicts if verdict.unticked or verdict.verdict in (Verdict.PASSED, Verdict.FAILED)
    )
    return frozenset(verdict.id for verdict in settled if verdict.id in unverified)


def is_fulfilled(verdict: CriterionVerdict) -> bool:
    """Whether a criterion no longer blocks acceptance: passed, ticked by a person if manual, or waived."""
    return verdict.fulfilled


def find_gating_criteria(verdicts: Sequence[CriterionVerdict], gate: Sequence[Tier]) -> list[CriterionVerdict]:
    """Find the criteria of the tiers of the gate that are not waived: acceptance waits for them."""
    return [verdict for verdict in verdicts if verdict.criterion.tier in gate and verdict.verdict is not Verdict.WAIVED]


def describe_criterion(verdict: CriterionVerdict, *, unticked: str = "") -> str:
    """Describe a criterion that is not fulfilled, by its line, tier and verdict; `unticked` replaces the verdict."""
    criterion = verdict.criterion
    if unticked:
        return f"{criterion.tier} criterion {unticked} (line {criterion.line})"
    place = ", ".join(filter(None, (verdict.staleness, f"line {criterion.line}")))
    return f"{criterion.tier} criterion {verdict.verdict} ({place})"
