"""Judge a criterion by all runs together.

Every scenario is resolved on its own, whichever runs it was in: a result beats being left out, and the newest result
beats the older ones. Then the count of each run shows whether scenarios are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from spec2bdd.domain.gherkin.rowless import find_rowless
from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import RunRuling, resolve_results
from spec2bdd.domain.verdicts.scenarios.missing_scenarios import describe_missing
from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import RuleId, ScenarioResult, TestRun, TrackedCriterion, Verdict

# Without `environment.py` Behave runs nothing at all.
NOTHING_RUNS = "environment-import"
# A step or hook called Behave's `abort`, or Ctrl-C did.
ABORTED = "run-aborted"
_NO_RESULT = (Verdict.SKIPPED, Verdict.NOT_RUN)

_Place = tuple[str, int, str, int]
"""File, line, name, and a number: the same place in two runs of the same files is the same scenario.

A hook may run a scenario several times; the number distinguishes these.
"""


def judge_runs(item: TrackedCriterion, context: JudgingContext) -> Ruling:
    """Judge what the runs prove: first which of them ran from today's files, then what they say."""
    if not context.runs:
        return Ruling(Verdict.NOT_RUN, "no results yet")
    # Results of other files say nothing about these.
    of_today, reason = _find_runs_of_today(item, context)
    if not of_today:
        # Of a new criterion there are no results that could be out of date; of an older version, none can be read.
        is_known = item.criterion.box.ticked or any(
            checked.run.outdated or item.id in checked.run.results_by_tag or item.id in checked.run.expected
            for checked in context.runs
        )
        return _judge_stale(item, context, reason, of_today) if is_known else Ruling(Verdict.NOT_RUN, "no results yet")
    ruling = _judge_results(item, of_today, context)
    # What the runs of today have left out, another one may have proved, of other files.
    others = [checked.run for checked in context.runs if checked not in of_today]
    if ruling.verdict in _NO_RESULT and any(item.id in run.results_by_tag for run in others):
        return _judge_stale(item, context, reason, of_today)
    return ruling


def _judge_stale(
    item: TrackedCriterion, context: JudgingContext, reason: str, of_today: Sequence[CheckedRun]
) -> Ruling:
    """Build the ruling on results of other files: why they do not count, and what they were."""
    # What a run says whose files changed meanwhile may be of neither the old nor the new ones.
    others = [
        checked
        for checked in context.runs
        if checked not in of_today and not checked.run.outdated and not checked.run.changed
    ]
    # What is new since then was no part of these runs.
    known = replace(item, files=tuple(path for path in item.files if any(path in old.run.digests for old in others)))
    verdict = _judge_results(known, others, context).verdict if others else Verdict.NOT_RUN
    last = verdict if verdict in (*RESULTS, Verdict.SKIPPED) else None
    newest = next(checked for checked in reversed(context.runs) if checked not in of_today)
    changed = newest.find_changed(item.id, item.files, context.today)
    return Ruling(
        Verdict.STALE,
        f"{reason}; run again",
        rule=RuleId.OTHER_FILES,
        last=last,
        changed=changed,
        state=newest.find_state(changed, context.today),
    )


def _judge_results(item: TrackedCriterion, of_today: Sequence[CheckedRun], context: JudgingContext) -> Ruling:
    """Judge what runs prove whose files are taken to be those of today."""
    loaded = [checked for checked in of_today if not _find_unloaded(checked.run)]
    if not loaded:
        reason = f"nothing was run: `{_find_unloaded(of_today[-1].run)}` cannot be loaded"
        return Ruling(Verdict.NOT_RUN, reason, rule=RuleId.BAD_FILE)
    run_rulings = collect_rulings(loaded, lambda checked: checked.run.results_by_tag.get(item.id, ()))
    rulings = [resolve_results(ruling, flaky_passes=context.flaky_passes) for ruling in run_rulings.values()]
    runs = [checked.run for checked in loaded]
    # A run of a part of the features proves nothing about a criterion with a scenario elsewhere.
    lost = set(item.files).difference(*[run.loaded for run in runs])
    left_out = next((path for path in item.files if path in lost), "") if lost else ""
    if left_out:
        unread = any(diagnostic.path == left_out for run in runs for diagnostic in run.diagnostics)
        why = "cannot be read; see its error" if unread else "was not part of this run"
        rulings.append(Ruling(Verdict.NOT_RUN, f"`{left_out}` {why}", rule=RuleId.BAD_FILE if unread else None))
    return find_worst([*rulings, *_find_missing(item, runs, run_rulings, context)])


def resolve_scenarios(item: TrackedCriterion, context: JudgingContext) -> Mapping[_Place, Ruling]:
    """Resolve what the runs of today's files prove for each scenario of a criterion that they contain."""
    loaded = [checked for checked in _find_runs_of_today(item, context)[0] if not _find_unloaded(checked.run)]
    run_rulings = collect_rulings(loaded, lambda checked: checked.run.results_by_tag.get(item.id, ()))
    return {
        place: resolve_results(rulings, flaky_passes=context.flaky_passes) for place, rulings in run_rulings.items()
    }


def _find_runs_of_today(item: TrackedCriterion, context: JudgingContext) -> tuple[list[CheckedRun], str]:
    """Find the runs that ran from today's files, and why the last of the others does not count."""
    reasons = [checked.find_stale_reason(item.id, item.files, context.today) for checked in context.runs]
    of_today = [checked for checked, reason in zip(context.runs, reasons, strict=True) if not reason]
    return of_today, next((reason for reason in reversed(reasons) if reason), "")


def _find_unloaded(run: TestRun) -> str:
    """Find the file that kept a run from running anything, or nothing."""
    return next((diagnostic.path for diagnostic in run.diagnostics if diagnostic.code == NOTHING_RUNS), "")


def collect_rulings(
    runs: Iterable[CheckedRun], find_records: Callable[[CheckedRun], Iterable[ScenarioResult]]
) -> dict[_Place, list[RunRuling]]:
    """Judge the scenarios that `find_records` finds in each run; the oldest run comes first, the places in order."""
    rulings: dict[_Place, list[RunRuling]] = {}
    for checked in runs:
        counts: dict[tuple[str, int, str], int] = {}
        for record in find_records(checked):
            place = (record.feature, record.line, record.name)
            counts[place] = counts.get(place, 0) + 1
            ruling = RunRuling(checked.run, _judge_in_run(record, checked.run))
            rulings.setdefault((*place, counts[place]), []).append(ruling)
    return dict(sorted(rulings.items())) if len(rulings) > 1 else rulings


def _judge_in_run(record: ScenarioResult, run: TestRun) -> Ruling:
    """Judge a scenario together with what failed around it in its run.

    Failures of hooks and clean-ups of its feature do not concern a scenario that was left out of the run.
    """
    judged = _name_abort(judge_record(record), run)
    if not run.failures:
        return judged
    failures = [failure for failure in run.failures if failure.feature == record.feature and record.status != "skipped"]
    # Behave reports these for the feature, not for the scenarios that they concern.
    around = [
        Ruling(Verdict.FAILED, failure.message, replace(record, failed_at=record.failed_at or failure.location))
        for failure in failures
    ]
    broken = next((failure.message for failure in run.failures if not failure.feature), "")
    if broken and judged.verdict is Verdict.NOT_RUN and all(step.status == "untested" for step in record.steps):
        # That `before_all` failed, for example, is why it was not reached.
        judged = Ruling(Verdict.NOT_RUN, broken, record)
    # An error in `after_all`, for example, may be a check that failed, so it takes every pass away.
    if broken:
        why = f"error outside the scenarios, so no pass counts: {broken}"
        around.append(Ruling(Verdict.NOT_RUN, why, record, rule=RuleId.BROKEN_RUN))
    return find_worst([judged, *around])


def _name_abort(ruling: Ruling, run: TestRun) -> Ruling:
    """Name the abort of a run as the reason why it did not run a scenario to its end."""
    record = ruling.record
    if ruling.verdict is not Verdict.NOT_RUN or ruling.rule or record is None or record.interrupted:
        return ruling
    aborted = next((diagnostic for diagnostic in run.diagnostics if diagnostic.code == ABORTED), None)
    if aborted is None:
        return ruling
    place = f" ({aborted.path}:{aborted.line})" if aborted.line else ""
    when = "before" if all(step.status == "untested" for step in record.steps) else "in"
    return replace(ruling, reason=f"the run was aborted {when} it{place}")


def _find_missing(
    item: TrackedCriterion, runs: Sequence[TestRun], rulings: Mapping[_Place, object], context: JudgingContext
) -> Iterable[Ruling]:
    """Yield a ruling if some run counted more scenarios in its feature files than all runs together contain."""
    counts = {run.id: sum(feature in run.loaded for feature, *_ in rulings) for run in runs}
    expected = max(run.expected.get(item.id, 0) - counts[run.id] for run in runs)
    # A criterion without any scenario is missing one, whatever the runs counted.
    missing = max(expected, 0 if rulings else 1)
    if missing <= 0:
        return
    is_complete = all(run.complete for run in runs)
    texts = ((path, context.features.get(path, b"").decode("utf-8", "replace")) for path in item.files)
    rowless = [
        (path, line, text.splitlines()[line - 1].partition(":")[2].strip())
        for path, text in (texts if expected > 0 else ())
        for line in find_rowless(text)
    ]
    if rowless and is_complete:
        # Like a scenario without steps: there is nothing to run.
        reason = f"no examples in {', '.join(f'{path}:{line}' for path, line, _ in rowless)}"
        outline = ScenarioResult(*rowless[0], (item.id,), finished=True)
        yield Ruling(Verdict.PENDING, reason, outline, rule=RuleId.NO_EXAMPLES)
        return
    why = "was not reached" if is_complete else "was not reached before Behave exited"
    count = f"a scenario {why}" if missing == 1 else f"{missing} scenarios, each of which {why}"
    # Names help more than a count, where the texts of the feature files are known.
    places = {(feature, line, name) for feature, line, name, _ in rulings}
    names = describe_missing(item.id, item.files, context.features, reported=places)
    yield Ruling(Verdict.NOT_RUN, f"{count}: {names}" if names else count)
