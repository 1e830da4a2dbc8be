"""A tag and the records of runs in, what the scenarios of one spec that carry it prove out."""

from __future__ import annotations

from collections.abc import Mapping, Set

from spec2bdd.domain.verdicts.scenarios.context import Facts
from spec2bdd.domain.verdicts.scenarios.flaky import settle_told
from spec2bdd.domain.verdicts.scenarios.ruling import Finding, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import gather_told
from spec2bdd.model import Run, Verdict

_KNOWN = (Verdict.FAILED, Verdict.PENDING, Verdict.PASSED)


def judge_tag(tag: str, own: Set[str], facts: Facts) -> Finding:
    """Return what the scenarios with a tag prove that also carry one of the spec's `own` tags.

    Nobody counted them before a run, so only runs count that are whole, and of today's files.
    """
    if not facts.witnesses:
        return Finding(Verdict.NOT_RUN, "no run")
    refused = [_find_refusal(tag, witness.run, facts.today) for witness in facts.witnesses]
    whole = [witness for witness, refusal in zip(facts.witnesses, refused, strict=True) if refusal is None]
    if not whole:
        return refused[-1] or Finding(Verdict.NOT_RUN)
    told = gather_told(
        whole, lambda witness: [one for one in witness.run.records_by_tag.get(tag, ()) if own & set(one.tags)]
    )
    if not told:
        return Finding(Verdict.NOT_RUN, f"no scenario of this spec has the tag `@{tag}`")
    worst = find_worst([settle_told(each, flaky_passes=facts.flaky_passes) for each in told.values()])
    return _describe(worst, tag, count=len(told))


def _find_refusal(tag: str, run: Run, today: Mapping[str, str]) -> Finding | None:
    """Return why a run cannot speak of a tag, if it cannot."""
    if not run.complete or run.problems or any(not feature for feature, _ in run.failures):
        return Finding(Verdict.NOT_RUN, f"the run is not whole, so there may be more scenarios with `@{tag}`")
    unread = next((path for path in run.digests if path.endswith(".feature") and path not in run.features), "")
    if unread:
        return Finding(Verdict.NOT_RUN, f"`{unread}` was not part of this run, and may hold scenarios with `@{tag}`")
    changed = next((path for path in sorted({*today, *run.digests}) if run.digests.get(path) != today.get(path)), "")
    return Finding(Verdict.STALE, f"`{changed}` is not what this run ran from: run again") if changed else None


def _describe(worst: Finding, tag: str, *, count: int) -> Finding:
    """Return the finding in words; one that neither proves nor disproves keeps the box."""
    if worst.verdict is Verdict.PASSED:
        what = f"{count} {'scenario' if count == 1 else 'scenarios'} with `@{tag}` passed"
        return Finding(Verdict.PASSED, what)
    place = f"{worst.record.feature}:{worst.record.line}" if worst.record else f"@{tag}"
    verdict = worst.verdict if worst.verdict in _KNOWN else Verdict.NOT_RUN
    return Finding(verdict, f"`{place}` is {worst.verdict}: {worst.reason}")
