"""A tag and the records of a run in, what the scenarios of one spec that carry it prove out."""

from __future__ import annotations

from collections.abc import Set

from spec2bdd.judging.findings import Finding, find_worst
from spec2bdd.judging.scenarios import judge_record
from spec2bdd.judging.verdicts import Facts
from spec2bdd.model import Verdict

_KNOWN = (Verdict.FAILED, Verdict.PENDING, Verdict.PASSED)


def judge_tag(tag: str, own: Set[str], facts: Facts) -> Finding:
    """Return what the scenarios with a tag prove that also carry one of the spec's `own` tags.

    Nobody counted them before the run, so the run has to be whole, and every file in it today's.
    """
    if facts.run is None:
        return Finding(Verdict.NOT_RUN, "no run")
    if not facts.run.complete or facts.run.problems or any(not feature for feature, _ in facts.run.failures):
        return Finding(Verdict.NOT_RUN, f"the run is not whole, so there may be more scenarios with `@{tag}`")
    unread = next((path for path in facts.run.digests if _is_left_out(path, facts)), "")
    if unread:
        return Finding(Verdict.NOT_RUN, f"`{unread}` was not part of this run, and may hold scenarios with `@{tag}`")
    changed = next((path for path in sorted({*facts.today, *facts.run.digests}) if _has_changed(path, facts)), "")
    if changed:
        return Finding(Verdict.STALE, f"`{changed}` is not what this run ran from: run again")
    records = [record for record in facts.run.records if tag in record.tags and own & set(record.tags)]
    if not records:
        return Finding(Verdict.NOT_RUN, f"no scenario of this spec has the tag `@{tag}`")
    around = dict(facts.run.failures)
    broken = next((record for record in records if record.feature in around and record.status != "skipped"), None)
    worst = find_worst([judge_record(record) for record in records])
    if broken and worst.verdict is not Verdict.FAILED:
        worst = Finding(Verdict.FAILED, around[broken.feature], broken)
    return _describe(worst, tag, count=len(records))


def _describe(worst: Finding, tag: str, *, count: int) -> Finding:
    """Return the finding in words; one that neither proves nor disproves keeps the box."""
    if worst.verdict is Verdict.PASSED:
        what = f"{count} {'scenario' if count == 1 else 'scenarios'} with `@{tag}` passed"
        return Finding(Verdict.PASSED, what)
    place = f"{worst.record.feature}:{worst.record.line}" if worst.record else f"@{tag}"
    verdict = worst.verdict if worst.verdict in _KNOWN else Verdict.NOT_RUN
    return Finding(verdict, f"`{place}` is {worst.verdict}: {worst.reason}")


def _has_changed(path: str, facts: Facts) -> bool:
    """Tell whether a feature or step file is another one than the run's."""
    return facts.run is not None and facts.run.digests.get(path) != facts.today.get(path)


def _is_left_out(path: str, facts: Facts) -> bool:
    """Tell whether a file is one of features, and the run did not look into it."""
    return facts.run is not None and path.endswith(".feature") and path not in facts.run.features
