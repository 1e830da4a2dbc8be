"""The records of runs in, the ids of the criteria out that did not pass in them, whatever has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, build_context
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import TestRun, Verdict


def find_last_failed(runs: Sequence[TestRun], ids: Sequence[str]) -> frozenset[str]:
    """Return those of the criteria that the runs speak of, and whose last results are not all passed."""
    witnesses = build_context(runs, {}).witnesses
    spoken = {one: [each for each in witnesses if _speaks_of(each.run, one)] for one in ids}
    return frozenset(one for one, heard in spoken.items() if heard and not _is_proved(one, heard))


def _speaks_of(run: TestRun, criterion: str) -> bool:
    """Tell whether a run knew of a criterion."""
    return criterion in run.expected or criterion in run.records_by_tag


def _is_proved(criterion: str, witnesses: Sequence[CheckedRun]) -> bool:
    """Tell whether all scenarios of a criterion that the newest run knew have passed last.

    A line says nothing here, since files may have changed from run to run.
    """
    newest = witnesses[-1].run
    told = collect_rulings(
        witnesses, lambda each: (replace(one, line=0) for one in each.run.records_by_tag.get(criterion, ()))
    )
    known = [each for each in told.values() if any(one.run is newest for one in each)]
    passed = [resolve_results(each, flaky_passes=False).verdict is Verdict.PASSED for each in known]
    return bool(passed) and all(passed) and len(passed) >= newest.expected.get(criterion, 0)
