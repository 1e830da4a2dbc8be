"""A report in, the numbers of its summary out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spec2bdd.model import CriterionVerdict, DoneItemVerdict, Report, Severity, SpecReport, Tier, Verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one report; `ticked` and `unticked` are boxes, also those that were only planned.

    `flaky` counts criteria with contradictory results, whatever their verdict, `on_word` those that passed on the word
    of another tool's report.
    """

    specs: int = 0
    criteria: int = 0
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    flaky: int = 0
    on_word: int = 0
    ticked: int = 0
    unticked: int = 0
    files: int = 0
    errors: int = 0
    warnings: int = 0


def summarize(report: Report) -> Summary:
    """Count the criteria, boxes, files and problems of a report."""
    judgements = [judgement for spec in report.specs for judgement in derive_judged(spec)]
    severities = Counter(problem.severity for problem in report.problems)
    return Summary(
        specs=len(report.specs),
        criteria=len(judgements),
        verdicts=count_verdicts(judgements),
        flaky=sum(judgement.flaky for judgement in judgements),
        on_word=sum(one.on_word and one.verdict is Verdict.PASSED for one in judgements),
        ticked=sum(one.ticked for spec in report.specs for one in spec.boxes),
        unticked=sum(one.unticked for spec in report.specs for one in spec.boxes),
        files=len(report.changes),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
    )


def count_verdicts(judgements: Sequence[CriterionVerdict | DoneItemVerdict]) -> dict[Verdict, int]:
    """Count every verdict, in the order in which they are named."""
    found = Counter(judgement.verdict for judgement in judgements)
    return {verdict: found[verdict] for verdict in Verdict}


def derive_judged(spec: SpecReport) -> list[CriterionVerdict]:
    """Return the judgements that count: what a team will not build is no part of its acceptance."""
    return [judgement for judgement in spec.judgements if judgement.criterion.tier is not Tier.WONT]


def derive_written(report: Report) -> frozenset[str]:
    """Return the paths of the files that were really written."""
    return frozenset(change.path for change in report.changes) if report.wrote else frozenset()
