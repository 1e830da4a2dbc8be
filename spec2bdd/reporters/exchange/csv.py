"""The `csv` format: one row for each criterion, or for each chain of a trace, in no cell of which a formula begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from spec2bdd.model import CriterionVerdict, Report, SpecReport
from spec2bdd.reporters.exchange.results import find_records
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report
from spec2bdd.reporters.trace.csv import make_safe, render_trace_csv

_TITLES = (
    *("feature_id", "spec", "spec_name", "spec_status", "criterion", "line", "tier", "text", "verdict", "reason"),
    *("ticked", "flaky", "seconds", "scenario", "scenario_name", "step", "step_definition"),
)


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the verdicts of an answer, or a trace."""
    return render_trace_csv(answer.value) if answer.kind == "trace" else render_verdicts_csv(find_report(answer))


def render_verdicts_csv(report: Report) -> str:
    """Render the verdicts of a report as one table, with the titles in its first row.

    There is no byte order mark: it would be a part of the first title to most readers, Python's among them.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_TITLES)
    for spec in report.specs:
        for verdict in spec.verdicts:
            seconds = sum(step.seconds for record in find_records(report.runs, verdict.id) for step in record.steps)
            writer.writerow([*map(make_safe, _list_cells(spec, verdict, seconds))])
    return text.getvalue()


def _list_cells(spec: SpecReport, verdict: CriterionVerdict, seconds: float) -> Iterator[str]:
    """Yield the cells of one criterion."""
    document, criterion, record, step = spec.spec, verdict.criterion, verdict.record, verdict.step
    yield from (document.find_value("feature_id"), document.path, document.find_value("name") or document.title)
    yield from (spec.status_after, verdict.id, str(criterion.line), str(criterion.tier), criterion.text)
    yield from (str(verdict.verdict), verdict.reason)
    yield from ("yes" if decided else "no" for decided in (verdict.mark in ("x", "X"), verdict.flaky))
    yield f"{seconds:.3f}" if record else ""
    yield from (f"{record.feature}:{record.line}", record.name) if record else ("", "")
    yield from (f"{step.keyword} {step.text}", step.location) if step else ("", "")
