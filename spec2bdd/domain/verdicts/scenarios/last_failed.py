"""Find what did not pass in the last runs, for `--failed`; what has changed since does not matter."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, build_context
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.domain.verdicts.unlinked import is_failing
from spec2bdd.model import TestRun, Verdict


def find_last_failed(runs: Sequence[TestRun], ids: Sequence[str]) -> frozenset[str]:
    """Find those of the criteria that the runs know, and whose last results did not all pass."""
    checked_runs = build_context(runs, {}).runs
    failed = set()
    for criterion in ids:
        known = [
            checked
            for checked in checked_runs
            if criterion in checked.run.expected or criterion in checked.run.results_by_tag
        ]
        if known and not _has_passed(criterion, known):
            failed.add(criterion)
    return frozenset(failed)


def _has_passed(criterion: str, runs: Sequence[CheckedRun]) -> bool:
    """Whether all scenarios of a criterion that the newest run knew passed last."""
    newest = runs[-1].run
    # Files may have changed from run to run, so the line of a scenario does not identify it.
    rulings = collect_rulings(
        runs, lambda checked: (replace(record, line=0) for record in checked.run.results_by_tag.get(criterion, ()))
    )
    # The newest run decides which scenarios there are; an older one may hold the result of one that it left out.
    passed = [
        resolve_results(run_rulings, flaky_passes=False).verdict is Verdict.PASSED
        for run_rulings in rulings.values()
        if any(run_ruling.run is newest for run_ruling in run_rulings)
    ]
    # A scenario that the run expected and has no record of did not pass either.
    return bool(passed) and all(passed) and len(passed) >= newest.expected.get(criterion, 0)


def find_last_failing(runs: Sequence[TestRun], criteria: Set[str]) -> frozenset[tuple[str, str]]:
    """Find the scenarios with the tag of no criterion that failed last or were not reached, by path and name."""
    rulings = collect_rulings(
        build_context(runs, {}).runs,
        lambda checked: (replace(record, line=0) for record in checked.run.results if criteria.isdisjoint(record.tags)),
    )
    last = {place: resolve_results(run_rulings, flaky_passes=False) for place, run_rulings in rulings.items()}
    return frozenset(
        (path, name)
        for (path, _, name, _), ruling in last.items()
        if is_failing(ruling) or ruling.verdict in (Verdict.SKIPPED, Verdict.NOT_RUN)
    )
