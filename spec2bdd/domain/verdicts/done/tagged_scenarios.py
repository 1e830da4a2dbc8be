"""A tag and the records of runs in, what the scenarios of one spec that carry it prove out."""

from __future__ import annotations

from collections.abc import Mapping, Set

from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import TestRun, Verdict

_KNOWN = (Verdict.FAILED, Verdict.PENDING, Verdict.PASSED)


def judge_tag(tag: str, own: Set[str], facts: JudgingContext) -> Ruling:
    """Return what the scenarios with a tag prove that also carry one of the spec's `own` tags.

    Nobody counted them before a run, so only runs count that are whole, and of today's files.
    """
    if not facts.witnesses:
        return Ruling(Verdict.NOT_RUN, "no run")
    refused = [_find_refusal(tag, witness.run, facts.today) for witness in facts.witnesses]
    whole = [witness for witness, refusal in zip(facts.witnesses, refused, strict=True) if refusal is None]
    if not whole:
        return refused[-1] or Ruling(Verdict.NOT_RUN)
    told = collect_rulings(
        whole, lambda witness: [one for one in witness.run.records_by_tag.get(tag, ()) if own & set(one.tags)]
    )
    if not told:
        return Ruling(Verdict.NOT_RUN, f"no scenario of this spec has the tag `@{tag}`")
    worst = find_worst([resolve_results(each, flaky_passes=facts.flaky_passes) for each in told.values()])
    return _describe(worst, tag, count=len(told))


def _find_refusal(tag: str, run: TestRun, today: Mapping[str, str]) -> Ruling | None:
    """Return why a run cannot speak of a tag, if it cannot."""
    if not run.complete or run.problems or any(not feature for feature, _ in run.failures):
        return Ruling(Verdict.NOT_RUN, f"the run is not whole, so there may be more scenarios with `@{tag}`")
    unread = next((path for path in run.digests if path.endswith(".feature") and path not in run.features), "")
    if unread:
        return Ruling(Verdict.NOT_RUN, f"`{unread}` was not part of this run, and may hold scenarios with `@{tag}`")
    changed = next((path for path in sorted({*today, *run.digests}) if run.digests.get(path) != today.get(path)), "")
    return Ruling(Verdict.STALE, f"`{changed}` is not what this run ran from: run again") if changed else None


def _describe(worst: Ruling, tag: str, *, count: int) -> Ruling:
    """Return the finding in words; one that neither proves nor disproves keeps the box."""
    if worst.verdict is Verdict.PASSED:
        what = f"{count} {'scenario' if count == 1 else 'scenarios'} with `@{tag}` passed"
        return Ruling(Verdict.PASSED, what)
    place = f"{worst.record.feature}:{worst.record.line}" if worst.record else f"@{tag}"
    verdict = worst.verdict if worst.verdict in _KNOWN else Verdict.NOT_RUN
    return Ruling(verdict, f"`{place}` is {worst.verdict}: {worst.reason}")
