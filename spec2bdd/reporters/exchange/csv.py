"""The `csv` format: a row for each criterion and done item, or for each chain of a trace, without a formula."""

from __future__ import annotations

import csv
import io

from spec2bdd.model import CriterionVerdict, DoneItemVerdict, Report
from spec2bdd.reporters.exchange.results import find_records
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report
from spec2bdd.reporters.trace.csv import make_safe, render_trace_csv

_TITLES = (
    *("feature_id", "spec", "spec_name", "spec_status", "criterion", "line", "tier", "text", "verdict", "reason"),
    *("ticked", "flaky", "seconds", "scenario", "scenario_name", "step", "step_definition", "kind"),
)


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the verdicts of an answer, or a trace."""
    return render_trace_csv(answer.value) if answer.kind == "trace" else render_verdicts_csv(find_report(answer))


def render_verdicts_csv(report: Report) -> str:
    """Render the verdicts of a report as one table, with the titles in its first row.

    The done items of a spec come after its criteria.

    There is no byte order mark: it would be a part of the first title to most readers, Python's among them.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, _TITLES, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    for spec in report.specs:
        document = spec.spec
        shared = {
            "feature_id": document.find_value("feature_id"),
            "spec": document.path,
            "spec_name": document.find_value("name") or document.title,
            "spec_status": spec.status_after,
        }
        rows = [_describe_criterion(verdict, report) for verdict in spec.verdicts]
        for row in (*rows, *map(_describe_done_item, spec.done)):
            writer.writerow({title: make_safe(cell) for title, cell in (shared | row).items()})
    return text.getvalue()


def _describe_criterion(verdict: CriterionVerdict, report: Report) -> dict[str, str]:
    """Describe a criterion in the cells of its row."""
    criterion, record, step = verdict.criterion, verdict.record, verdict.step
    seconds = sum(step.seconds for record in find_records(report.runs, verdict.id) for step in record.steps)
    cells = {
        "kind": "criterion",
        "criterion": verdict.id,
        "line": str(criterion.line),
        "tier": str(criterion.tier),
        "text": criterion.text,
        "verdict": str(verdict.verdict),
        "reason": verdict.reason,
        "ticked": _answer(is_so=verdict.mark in ("x", "X")),
        "flaky": _answer(is_so=verdict.flaky),
    }
    if record:
        cells |= {"seconds": f"{seconds:.3f}", "scenario": f"{record.feature}:{record.line}"}
        cells["scenario_name"] = record.name
    if step:
        cells |= {"step": f"{step.keyword} {step.text}", "step_definition": step.location}
    return cells


def _describe_done_item(verdict: DoneItemVerdict) -> dict[str, str]:
    """Describe a done item in the cells of its row; it has no id, no tier and no scenario."""
    return {
        "kind": "done item",
        "line": str(verdict.item.line),
        "text": verdict.item.text,
        "verdict": str(verdict.verdict),
        "reason": verdict.reason,
        "ticked": _answer(is_so=verdict.box_ticked),
    }


def _answer(*, is_so: bool) -> str:
    """Answer a question in a cell."""
    return "yes" if is_so else "no"
