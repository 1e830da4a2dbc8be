"""One criterion, the witnesses and the reports of other tools in, what they prove of it together out."""

from __future__ import annotations

from spec2bdd.domain.verdicts.scenarios.context import Facts
from spec2bdd.domain.verdicts.scenarios.external import judge_heard
from spec2bdd.domain.verdicts.scenarios.ruling import Finding, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import judge_runs, settle_places
from spec2bdd.model import Identified, ScenarioRecord, Verdict

_RESULTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)


def judge_results(item: Identified, facts: Facts) -> Finding:
    """Return what is proved of a criterion.

    A report of another tool speaks only for scenarios that no run of today's files has reached. That one of them fails
    counts in any case.
    """
    found = judge_runs(item, facts)
    if not facts.hearing.reports:
        return found
    records = facts.hearing.find_records(item.id)
    heard = [judge_heard(record, item.id, facts.hearing) for record in records]
    failed = [one for one in heard if one and one.verdict is Verdict.FAILED]
    if failed or found.verdict in _RESULTS:
        return find_worst([*failed, found])
    if not any(heard):
        return found if facts.witnesses else Finding(Verdict.NOT_RUN, "no report speaks of it")
    return _join(item, facts, records, heard)


def _join(item: Identified, facts: Facts, records: list[ScenarioRecord], heard: list[Finding | None]) -> Finding:
    """Return what runs and reports say of all scenarios of a criterion together."""
    settled = {place[:3]: own for place, own in settle_places(item, facts).items()}
    findings = []
    for record, said in zip(records, heard, strict=True):
        own = settled.get((record.feature, record.line, record.name))
        spoken = own if own and own.verdict is not Verdict.SKIPPED else said or own
        nobody = f"no report speaks of `{record.feature}:{record.line}`"
        findings.append(spoken or Finding(Verdict.NOT_RUN, nobody, record))
    if facts.hearing.count_missing(item.id, item.files):
        findings.append(
            Finding(Verdict.NOT_RUN, "one of its feature files cannot be read, or has an outline without rows")
        )
    return find_worst(findings)
