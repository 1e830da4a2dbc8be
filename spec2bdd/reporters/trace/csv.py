"""A trace as CSV: one row for each chain, for spreadsheets, none of which can take a text for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from spec2bdd.model.trace import Trace, TracedCriterion, TracedLine, TracedScenario
from spec2bdd.reporters.terminal.escape import render_visible

_TITLES = (
    *("prd_sections", "plan_sections", "feature_id", "spec", "spec_status", "criterion", "criterion_text", "tier"),
    *("verdict", "scenario", "scenario_name", "result", "step", "step_definition", "gap"),
    *("code_lines", "noticed_lines", "untested"),
)
# Spreadsheets take a cell that begins with one of these for a formula, also after a blank and in full width.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]")


def render_trace_csv(trace: Trace) -> str:
    """Render a trace: the chains, then the gaps."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _TITLES, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    files = trace.untested.files if trace.untested else ()
    places = (f"{file.path}:{part.label} {part.function}".rstrip() for file in files for part in file.ranges)
    for row in (*list_rows(trace), *({"untested": place} for place in places)):
        writer.writerow({title: make_safe(cell) for title, cell in row.items()})
    return text.getvalue()


def make_safe(cell: str) -> str:
    """Write a text so that no spreadsheet calculates it: after an apostrophe if it begins as a formula does."""
    visible = render_visible(cell)
    return f"'{visible}" if _FORMULA.match(visible) else visible


def list_rows(trace: Trace) -> Iterator[dict[str, str]]:
    """Yield a row for each step, for what has none below it, and for each gap."""
    scenarios = {scenario.id: scenario for scenario in trace.scenarios}
    criteria = {criterion.id: criterion for criterion in trace.criteria}
    sections = {section.id: section for section in trace.sections}
    for spec in () if trace.only_gaps else trace.specs:
        names = [sections[id_] for id_ in spec.sections]
        head = {
            f"{kind}_sections": "; ".join(
                f"{section.number} {section.title}".strip() for section in names if section.kind == kind
            )
            for kind in ("prd", "plan")
        }
        head |= {"feature_id": spec.feature_id, "spec": spec.path, "spec_status": spec.status}
        if not spec.criteria:
            yield head
        for criterion in (criteria[id_] for id_ in spec.criteria):
            chain = {**head, **_describe_criterion(criterion, trace.lines)}
            if not criterion.scenarios:
                yield chain
            for scenario in (scenarios[id_] for id_ in criterion.scenarios):
                yield from _list_steps(scenario, chain)
    for scenario in () if trace.only_gaps else trace.scenarios:
        if not scenario.criteria:
            yield from _list_steps(scenario, {})
    for gap in trace.gaps:
        place = f"{gap.path}:{gap.line}" if gap.line else gap.path
        yield {"gap": f"{gap.kind}: {gap.text}" + (f" ({place})" if place else "")}


def _describe_criterion(criterion: TracedCriterion, lines: Sequence[TracedLine]) -> dict[str, str]:
    """Describe a criterion in the cells of its row, with those of the named lines that it runs and notices."""
    uses = [(line.place, use) for line in lines for use in line.uses if use.criterion == criterion.id]
    return {
        "code_lines": "; ".join(place for place, _ in uses),
        "noticed_lines": "; ".join(place for place, use in uses if use.notices),
        "criterion": criterion.id,
        "criterion_text": criterion.text,
        "tier": str(criterion.tier),
        "verdict": str(criterion.verdict or ""),
    }


def _list_steps(scenario: TracedScenario, chain: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield a row for each step of a scenario, or one for a scenario without steps."""
    result = scenario.result
    shown = "" if result is None else f"{result.verdict}{' (outdated)' if result.outdated else ''}"
    own = {**chain, "scenario": scenario.id, "scenario_name": scenario.name, "result": shown}
    if not scenario.steps:
        yield own
    for step in scenario.steps:
        yield {**own, "step": f"{step.keyword} {step.text}", "step_definition": step.definition}
