"""The answer of `trace` as Markdown: a table for each line of code and each spec, and one of the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spec2bdd.model import Challenge, ChallengeOutcome
from spec2bdd.model.trace import Trace, TracedScenario, Untested
from spec2bdd.reporters.markdown.document import code, escape, escape_message, render_table
from spec2bdd.reporters.text.trace import count_gaps, describe_place, describe_section
from spec2bdd.reporters.trace.code_lines import describe_elsewhere, describe_steps, describe_untested, describe_use

_TITLES = ("criterion", "tier", "verdict", "scenario", "result", "step definitions")


def render_trace_markdown(trace: Trace) -> str:
    """Render a trace; with only the gaps asked for, or the lines that no criterion runs, only these."""
    if trace.untested:
        return "\n".join(filter(None, build_untested(trace.untested)))
    blocks = ["# Trace\n"]
    if not trace.only_gaps:
        blocks += build_lines(trace)
        blocks += build_specs(trace)
    rows = [
        [gap.kind.label, code(f"{gap.path}:{gap.line}" if gap.line else gap.path or "none"), escape(gap.text)]
        for gap in trace.gaps
    ]
    blocks += [f"## {count_gaps(trace).capitalize()}\n", render_table(("kind", "place", "what"), rows)]
    return "\n".join(filter(None, blocks))


def build_untested(untested: Untested) -> Iterator[str]:
    """Build the table of the lines that no criterion runs."""
    yield "# Untested lines\n"
    yield f"{escape_message(describe_untested(untested))}\n"
    rows = [
        [code(f"{file.path}:{part.label}"), code(part.function) if part.function else "", str(part.count)]
        for file in untested.files
        for part in file.ranges
    ]
    yield render_table(("place", "function", "lines"), rows)
    if note := describe_elsewhere(untested):
        yield f"{escape_message(note)}\n"


def build_lines(trace: Trace) -> Iterator[str]:
    """Build the heading and the table of each named line of code."""
    texts = {criterion.id: criterion.text for criterion in trace.criteria}
    for line in trace.lines:
        yield f"## {code(line.place)}\n"
        rows = [
            [
                escape(texts[use.criterion]),
                describe_steps(use),
                describe_use(use),
                "<br>".join(map(_describe_challenge, use.challenges)),
            ]
            for use in line.uses
        ]
        yield render_table(("criterion that runs it", "where", "a change there", "faults"), rows)


def _describe_challenge(challenge: Challenge) -> str:
    """Describe a fault and what came of it in a cell."""
    change = " → ".join(map(code, challenge.fault.change))
    by = f" by {escape(challenge.step)}" if challenge.outcome is ChallengeOutcome.NOTICED else ""
    return f"{change}: {challenge.outcome}{by}"


def build_specs(trace: Trace) -> Iterator[str]:
    """Build the heading, the sections and the table of each spec, and a table of scenarios without a criterion."""
    sections = {section.id: section for section in trace.sections}
    criteria = {criterion.id: criterion for criterion in trace.criteria}
    scenarios = {scenario.id: scenario for scenario in trace.scenarios}
    missing = "none" if trace.steps_loaded else "not loaded"
    for spec in trace.specs:
        yield f"## {escape(f'{spec.feature_id} {spec.name}'.strip() or spec.path)}\n"
        lines = [f"{code(spec.path)}: {escape(spec.status or 'no status')}"]
        for section in (sections[id_] for id_ in spec.sections):
            place = describe_place(section)
            lines.append(escape(describe_section(section)) + (f": {code(place)}" if place else ""))
        waits = [f"waits for {code(path)}{' (circular)' * (path in spec.cyclic)}" for path in spec.depends_on]
        yield "".join(f"- {line}\n" for line in (*lines, *waits))
        rows = []
        for criterion in (criteria[id_] for id_ in spec.criteria):
            # A criterion with several scenarios has a row for each of them.
            for id_ in criterion.scenarios or ("",):
                head = [escape(criterion.text), str(criterion.tier), str(criterion.verdict or "")]
                rows.append([*head, *describe_scenario(scenarios.get(id_), missing)])
        yield render_table(_TITLES, rows)
    unlinked = [scenario for scenario in trace.scenarios if not scenario.criteria]
    if unlinked:
        yield "## Scenarios without a criterion\n"
        table = [[escape(scenario.name), *describe_scenario(scenario, missing)] for scenario in unlinked]
        yield render_table(("name", *_TITLES[3:]), table)


def describe_scenario(scenario: TracedScenario | None, missing: str) -> list[str]:
    """Describe place, last result and step definitions in three cells; `missing` is for a step without a definition."""
    if scenario is None:
        return ["", "", ""]
    result = scenario.result
    shown = "" if result is None else f"{result.verdict}{' (outdated)' if result.outdated else ''}"
    definitions: Mapping[str, None] = dict.fromkeys(step.definition for step in scenario.steps)
    return [code(scenario.id), shown, ", ".join(code(id_) if id_ else missing for id_ in definitions)]
