"""What several runs found of one scenario in, the finding that counts out; contradictions are told, not hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import TestRun, Verdict

_RESULTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
_SHORT_COMMIT = 7


@dataclass(frozen=True, slots=True)
class RunRuling:
    """What one run found of one scenario."""

    run: TestRun
    finding: Ruling


def resolve_results(told: Sequence[RunRuling], *, flaky_passes: bool) -> Ruling:
    """Return the finding that counts for a scenario; `told` has the oldest run first, and at least one.

    A result beats an unfinished scenario, which beats one that was left out. Of several results the newest counts,
    unless it is flaky: another result of the same commit says otherwise, or an earlier try did.
    """
    results = [each for each in told if each.finding.verdict in _RESULTS]
    reached = [each for each in told if each.finding.verdict is not Verdict.SKIPPED]
    known = results or reached or list(told)
    run = known[-1].run
    newest = find_worst([each.finding for each in known if each.run.started == run.started])
    rivals = [each.finding for each in results if run.commit and each.run.commit == run.commit]
    seconds = [found for found in (newest, *rivals) if found.verdict is Verdict.PASSED]
    firsts = [found for each in seconds for found in _judge_tries(each)]
    every = [newest, *rivals, *firsts]
    if not seconds or all(found.verdict is Verdict.PASSED for found in every):
        return newest
    # Without a commit that nothing differs from, nobody can tell a contradiction between two runs from a repair.
    apart = any(found.verdict is not Verdict.PASSED for found in rivals)
    where = f"and did not, both at commit {run.commit[:_SHORT_COMMIT]}" if apart else "only when it was tried again"
    return _call_flaky(seconds[0], find_worst(every), where=where, passes=flaky_passes)


def _judge_tries(found: Ruling) -> Iterable[Ruling]:
    """Yield what the earlier tries of a scenario say, if there were any and they were not left out."""
    tries = found.record.tries if found.record else ()
    return (each for each in map(judge_record, tries) if each.verdict is not Verdict.SKIPPED)


def _call_flaky(passed: Ruling, worst: Ruling, *, where: str, passes: bool) -> Ruling:
    """Return the finding for results that contradict each other: failed, or passed where that is asked for."""
    reason = f"flaky: it passed {where}: {worst.reason or worst.verdict}"
    if passes:
        return replace(passed, reason=reason, flaky=True)
    return replace(worst, verdict=Verdict.FAILED, reason=reason, flaky=True, rule=None)
