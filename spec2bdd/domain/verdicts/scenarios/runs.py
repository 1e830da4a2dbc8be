"""One criterion and the witnesses in, what they prove of it together out.

Every scenario is settled on its own, whichever runs it was in: a result beats being left out, and the newest result
beats the older ones. Then every run's own count says whether all scenarios are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import RunRuling, resolve_results
from spec2bdd.domain.verdicts.scenarios.missing_scenarios import describe_missing
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import RuleId, ScenarioResult, TestRun, TrackedCriterion, Verdict

_NOTHING_RUNS = "environment-import"
# A scenario is the same in two runs of the same files if it stands in the same line; hooks may repeat a line.
_Place = tuple[str, int, str, int]


def judge_runs(item: TrackedCriterion, facts: JudgingContext) -> Ruling:
    """Return what the runs prove of a criterion: first which of them speak of today's files, then what they say."""
    if not facts.witnesses:
        return Ruling(Verdict.NOT_RUN, "no run")
    of_today, changed = _find_of_today(item, facts)
    if not of_today:
        return Ruling(Verdict.STALE, f"`{changed}` is not what this run ran from: run again")
    broken = [_find_unloaded(witness.run) for witness in of_today]
    loaded = [witness for witness, path in zip(of_today, broken, strict=True) if not path]
    if not loaded:
        return Ruling(Verdict.NOT_RUN, f"nothing was run: `{broken[-1]}` cannot be loaded", rule=RuleId.BAD_FILE)
    told = collect_rulings(loaded, lambda witness: witness.run.records_by_tag.get(item.id, ()))
    findings = [resolve_results(each, flaky_passes=facts.flaky_passes) for each in told.values()]
    runs = [witness.run for witness in loaded]
    return find_worst([*findings, *_find_left_out(item.files, runs), *_find_missing(item, runs, told, facts)])


def resolve_scenarios(item: TrackedCriterion, facts: JudgingContext) -> Mapping[_Place, Ruling]:
    """Return what the runs of today's files prove of each scenario of a criterion that they speak of."""
    loaded = [witness for witness in _find_of_today(item, facts)[0] if not _find_unloaded(witness.run)]
    told = collect_rulings(loaded, lambda witness: witness.run.records_by_tag.get(item.id, ()))
    return {place: resolve_results(each, flaky_passes=facts.flaky_passes) for place, each in told.items()}


def _find_of_today(item: TrackedCriterion, facts: JudgingContext) -> tuple[list[CheckedRun], str]:
    """Return the witnesses that ran from today's files, and a file that the last of the others did not run from."""
    changed = [witness.find_changed(item.id, item.files, facts.today) for witness in facts.witnesses]
    of_today = [witness for witness, path in zip(facts.witnesses, changed, strict=True) if not path]
    return of_today, next((path for path in reversed(changed) if path), "")


def _find_unloaded(run: TestRun) -> str:
    """Return the file that kept a run from running anything, or nothing."""
    return next((problem.path for problem in run.problems if problem.code == _NOTHING_RUNS), "")


def collect_rulings(
    witnesses: Iterable[CheckedRun], find_records: Callable[[CheckedRun], Iterable[ScenarioResult]]
) -> dict[_Place, list[RunRuling]]:
    """Return what each run found of each scenario that is looked for, the oldest run first, the places in order."""
    told: dict[_Place, list[RunRuling]] = {}
    for witness in witnesses:
        counts: dict[tuple[str, int, str], int] = {}
        for record in find_records(witness):
            place = (record.feature, record.line, record.name)
            counts[place] = counts.get(place, 0) + 1
            told.setdefault((*place, counts[place]), []).append(
                RunRuling(witness.run, _judge_in_run(record, witness.run))
            )
    return dict(sorted(told.items()))


def _judge_in_run(record: ScenarioResult, run: TestRun) -> Ruling:
    """Return what a scenario proves, with what failed around it in its run.

    Failures of hooks and clean-ups of its feature do not concern a scenario that was left out of the run.
    """
    failures = [message for feature, message in run.failures if feature == record.feature]
    around = [Ruling(Verdict.FAILED, message, record) for message in failures if record.status != "skipped"]
    broken = next((message for feature, message in run.failures if not feature), "")
    if broken:
        around.append(Ruling(Verdict.NOT_RUN, f"the run broke, so nothing counts as passed: {broken}", record))
    return find_worst([judge_record(record), *around])


def _find_left_out(files: Sequence[str], runs: Sequence[TestRun]) -> Iterable[Ruling]:
    """Yield a finding if a feature file of the criterion was in none of the runs."""
    path = next((path for path in files if all(path not in run.loaded for run in runs)), "")
    if path:
        unread = any(problem.path == path for run in runs for problem in run.problems)
        why = "cannot be read: see its error" if unread else "was not part of this run"
        yield Ruling(Verdict.NOT_RUN, f"`{path}` {why}", rule=RuleId.BAD_FILE if unread else None)


def _find_missing(
    item: TrackedCriterion, runs: Sequence[TestRun], told: Mapping[_Place, object], facts: JudgingContext
) -> Iterable[Ruling]:
    """Yield a finding if some run counted more scenarios in its feature files than all runs together speak of."""
    counts = {run.id: sum(feature in run.loaded for feature, *_ in told) for run in runs}
    missing = max(max(run.expected.get(item.id, 0) - counts[run.id] for run in runs), 0 if told else 1)
    if missing > 0:
        why = "was not reached" if all(run.complete for run in runs) else "was not reached before the run died"
        count = f"a scenario {why}" if missing == 1 else f"{missing} scenarios: each {why}"
        places = {(feature, line, name) for feature, line, name, _ in told}
        names = describe_missing(item.id, item.files, facts.features, told=places)
        yield Ruling(Verdict.NOT_RUN, f"{count}: {names}" if names else count)
