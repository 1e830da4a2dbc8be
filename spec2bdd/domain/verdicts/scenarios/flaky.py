"""Find the ruling that counts of several runs of one scenario; contradictions are reported, not hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import TestRun, Verdict
from spec2bdd.model.values import dataclass

# As many digits of a commit as Git itself shows in a small repository.
_SHORT_COMMIT = 7


@dataclass(frozen=True, slots=True)
class RunRuling:
    """The ruling on one scenario in one run."""

    run: TestRun
    ruling: Ruling


def resolve_results(run_rulings: Sequence[RunRuling], *, flaky_passes: bool) -> Ruling:
    """Find the ruling that counts for a scenario; the oldest run comes first, and there is at least one.

    A result beats an unfinished scenario, which beats one that was left out. Of several results the newest counts,
    unless it is flaky: another result of the same commit contradicts it, or an earlier try did.
    """
    # Nothing contradicts the only try of the only run.
    if len(run_rulings) == 1 and not ((record := run_rulings[0].ruling.record) and record.tries):
        return run_rulings[0].ruling
    results = [run_ruling for run_ruling in run_rulings if run_ruling.ruling.verdict in RESULTS]
    reached = [run_ruling for run_ruling in run_rulings if run_ruling.ruling.verdict is not Verdict.SKIPPED]
    known = results or reached or list(run_rulings)
    run = known[-1].run
    newest = find_worst([run_ruling.ruling for run_ruling in known if run_ruling.run.started == run.started])
    # Without a commit that nothing differs from, a contradiction between two runs may be a fix.
    rivals = [run_ruling.ruling for run_ruling in results if run.commit and run_ruling.run.commit == run.commit]
    passed = [ruling for ruling in (newest, *rivals) if ruling.verdict is Verdict.PASSED]
    tries = [judge_record(attempt) for ruling in passed if ruling.record for attempt in ruling.record.tries]
    rulings = [newest, *rivals, *(ruling for ruling in tries if ruling.verdict is not Verdict.SKIPPED)]
    if not passed or all(ruling.verdict is Verdict.PASSED for ruling in rulings):
        return newest
    # It passed and it did not: say between what, and let the configuration decide.
    worst = find_worst(rulings)
    apart = any(ruling.verdict is not Verdict.PASSED for ruling in rivals)
    where = f"and did not pass at commit {run.commit[:_SHORT_COMMIT]}" if apart else "only on retry"
    reason = f"flaky: passed {where}: {worst.reason or worst.verdict}"
    if flaky_passes:
        return replace(passed[0], reason=reason, flaky=True)
    return replace(worst, verdict=Verdict.FAILED, reason=reason, flaky=True, rule=None)
