"""Suggest the next step for a spec that is explained, or for one of its criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.model import (
    CriterionExplanation,
    CriterionVerdict,
    Explanation,
    Report,
    RuleId,
    SpecReport,
    TestRun,
    Verdict,
)
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.next_step.open_work import describe_missing_shards
from spec2bdd.reporters.next_step.remedies import describe_done, describe_set_aside, describe_unseen, describe_weak


def find_next_of_all(explanation: Explanation) -> str:
    """Find the next step for a spec; empty where everything is done."""
    if step := _find_repair(explanation):
        return step
    if step := find_next(Report("status", specs=(explanation.spec,), run=explanation.run, older=explanation.older)):
        return step
    for entry in explanation.entries:
        if step := describe_weak(entry):
            return f"`{entry.item.criterion.text}`: {step}"
    for judged in (entry.judgement for entry in explanation.entries):
        if judged and judged.verdict is Verdict.MANUAL and not judged.fulfilled:
            return find_next_of_verdict(explanation.spec, judged, run=None)
    path, item = explanation.spec.spec.path, explanation.spec.open_item
    blocked = next((blocked for blocked in explanation.blocked if blocked.holds), None)
    if item is None or blocked is None or not blocked.completes:
        return ""
    return describe_done(path, item.item.line, item.reason if item.kinds else "")


def find_next_of(explanation: Explanation, entry: CriterionExplanation) -> str:
    """Find the next step for a criterion; empty where everything is done."""
    if entry.judgement is None:
        return ""
    edited = sorted({diagnostic.path for diagnostic in explanation.diagnostics if diagnostic.code == "edited-by-hand"})
    # What is not out of date differs from what is generated because of the edit.
    if edited and entry.judgement.verdict is Verdict.STALE and not entry.item.current and not entry.item.reworded:
        undo = f"undo the edit in {', '.join(f'`{path}`' for path in edited)}"
        # It may also be out of date because another scenario was edited, which keeps the file from being written.
        is_movable = entry.judgement.id in explanation.movable
        return f"{undo}, or `spec2bdd eject {entry.judgement.id}`" if is_movable else undo
    # An error in any file may be why it was not run.
    repair = _find_repair(explanation) if entry.judgement.verdict is Verdict.NOT_RUN else ""
    step = find_next_of_verdict(explanation.spec, entry.judgement, run=explanation.run, older=explanation.older)
    return repair or step or describe_weak(entry)


def _find_repair(explanation: Explanation) -> str:
    """Find how to repair what kept the last run from being done in full, as after the run; empty where nothing did."""
    return find_next(Report("status", diagnostics=explanation.diagnostics, run=explanation.run))


def find_next_of_verdict(
    report: SpecReport, judgement: CriterionVerdict, *, run: TestRun | None, older: Sequence[TestRun] = ()
) -> str:
    """Find the next step for a judged criterion of a spec; empty where everything is done."""
    runs = Report("status", run=run, older=tuple(older))
    box, name = judgement.criterion.box, judgement.id
    if judgement.rule is RuleId.TICK_REWORDED:
        return f"check by hand that it also holds as it reads now, then `spec2bdd accept {name}`"
    if judgement.verdict is Verdict.MANUAL:
        return "" if box.ticked else f"check it by hand, then `spec2bdd tick {name}`"
    if judgement.unseen:
        return describe_unseen(judgement, "it")
    if judgement.verdict is Verdict.PENDING and box.set_aside:
        return describe_set_aside(judgement, report.spec.path)
    match judgement.verdict:
        case Verdict.WAIVED:
            return f"`spec2bdd unwaive {name}` if it is required again"
        # What is missing is only another run, unless code skips the scenario.
        case Verdict.SKIPPED if judgement.rule is not RuleId.SKIPPED_BY_CODE:
            return describe_missing_shards(runs) or "run `spec2bdd verify`"
        case Verdict.UNVERIFIED:
            return "write its steps, then `spec2bdd verify`"
    # All else is as for a spec that has no other criterion, nothing that is not read, and no status.
    alone = replace(report.spec, unread=())
    spec = replace(report, spec=alone, verdicts=(judgement,), done=(), status_after=report.status_before)
    return find_next(replace(runs, specs=(spec,)))
