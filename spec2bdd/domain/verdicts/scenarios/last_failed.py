"""The records of runs in, the ids of the criteria out that did not pass in them, whatever has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.context import Witness, gather_facts
from spec2bdd.domain.verdicts.scenarios.flaky import settle_told
from spec2bdd.domain.verdicts.scenarios.runs import gather_told
from spec2bdd.model import Run, Verdict


def find_unproved(runs: Sequence[Run], ids: Sequence[str]) -> frozenset[str]:
    """Return those of the criteria that the runs speak of, and whose last results are not all passed."""
    witnesses = gather_facts(runs, {}).witnesses
    spoken = {one: [each for each in witnesses if _speaks_of(each.run, one)] for one in ids}
    return frozenset(one for one, heard in spoken.items() if heard and not _is_proved(one, heard))


def _speaks_of(run: Run, criterion: str) -> bool:
    """Tell whether a run knew of a criterion."""
    return criterion in run.expected or criterion in run.records_by_tag


def _is_proved(criterion: str, witnesses: Sequence[Witness]) -> bool:
    """Tell whether all scenarios of a criterion that the newest run knew have passed last.

    A line says nothing here, since files may have changed from run to run.
    """
    newest = witnesses[-1].run
    told = gather_told(
        witnesses, lambda each: (replace(one, line=0) for one in each.run.records_by_tag.get(criterion, ()))
    )
    known = [each for each in told.values() if any(one.run is newest for one in each)]
    passed = [settle_told(each, flaky_passes=False).verdict is Verdict.PASSED for each in known]
    return bool(passed) and all(passed) and len(passed) >= newest.expected.get(criterion, 0)
