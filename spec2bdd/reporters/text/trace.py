"""The answer of `trace` for people: each spec with its sections above it and its chains below it, then the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from spec2bdd.model import Severity, Tier, Verdict
from spec2bdd.model.trace import Trace, TracedCriterion, TracedScenario, TracedSection, TracedSpec
from spec2bdd.reporters.registry import RenderOptions
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, render_lines
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.history import describe_run
from spec2bdd.reporters.trace.code_lines import build_lines, build_untested

# More lines than this would hide the trace above them.
_MOST_GAPS = 20


def render_trace(trace: Trace, options: RenderOptions) -> str:
    """Show a trace; the steps of a whole project are listed with `verbose` alone."""
    if trace.untested:
        lines = [
            *build_untested(trace.untested),
            StyledLine((("run: ", "bold"), (describe_run(trace.run), "")), hang=5),
        ]
        return render_lines(lines, width=options.width, color=options.color)
    lines = []
    if not trace.only_gaps:
        lines += build_lines(trace.lines, {item.id: item for item in trace.criteria}, width=options.width)
        with_steps = options.verbose or bool(trace.names)
        lines += build_chains(trace, with_steps=with_steps)
    lines += build_gaps(trace)
    counts = [
        count_noun(len(trace.sections), "section") if trace.sections else "",
        count_noun(len(trace.specs), "spec") + (f" ({trace.unusable} more with errors)" if trace.unusable else ""),
        count_criteria(trace),
        count_noun(len(trace.scenarios), "scenario"),
        count_noun(len(trace.definitions), "step definition"),
    ]
    parts = ((", ".join(filter(None, counts)), "bold"), (f": {count_gaps(trace)}", "yellow" if trace.gaps else "green"))
    lines.append(StyledLine(parts, hang=2))
    if not trace.only_gaps:
        lines.append(StyledLine((("run: ", "bold"), (describe_run(trace.run), "")), hang=5))
    return render_lines(lines, width=options.width, color=options.color)


def count_criteria(trace: Trace) -> str:
    """Count the criteria of a trace, and the won't-haves among them, which other commands leave out of their counts."""
    left_out = sum(criterion.tier is Tier.WONT for criterion in trace.criteria)
    counted = count_noun(len(trace.criteria), "criterion", "criteria")
    noun = "won't-have"
    return f"{counted} ({count_noun(left_out, noun)})" if left_out else counted


def count_gaps(trace: Trace) -> str:
    """Count the gaps; what cannot be read may have more of them."""
    is_whole = not trace.unusable and all(item.severity is not Severity.ERROR for item in trace.diagnostics)
    return (count_noun(len(trace.gaps), "gap") if trace.gaps else "no gaps") + (
        "" if is_whole else " in what could be read"
    )


def describe_section(section: TracedSection) -> str:
    """Describe a section by its document, its number and its title."""
    return f"{section.kind.label} {section.number} {section.title}".replace("  ", " ").strip()


def describe_place(section: TracedSection) -> str:
    """Describe where a section is."""
    unknown = "not in the document" if section.unknown else ""
    return f"{section.path}:{section.line}" if section.path else unknown


def build_chains(trace: Trace, *, with_steps: bool) -> Iterator[StyledLine]:
    """Show what was traced from the top down; what nothing leads to comes last."""
    sections = {section.id: section for section in trace.sections}
    criteria = {criterion.id: criterion for criterion in trace.criteria}
    scenarios = {scenario.id: scenario for scenario in trace.scenarios}
    places = {definition.id: f"{definition.path}:{definition.line}" for definition in trace.definitions}
    # Of a step without one.
    places[""] = "no definition" if trace.steps_loaded else "not loaded"
    for spec in trace.specs:
        yield from build_spec(spec, sections)
        for id_ in spec.criteria:
            yield build_criterion(criteria[id_])
            for place in criteria[id_].scenarios:
                yield from build_scenario(scenarios[place], places, with_steps=with_steps)
        yield BLANK
    unlinked = [scenario for scenario in trace.scenarios if not scenario.criteria]
    if unlinked:
        yield StyledLine((("scenarios without a criterion", "bold"),))
        for scenario in unlinked:
            yield from build_scenario(scenario, places, with_steps=with_steps)
        yield BLANK
    if trace.names:
        loose = [section for section in trace.sections if not section.specs]
        unused = [definition for definition in trace.definitions if not definition.scenarios]
        for section in loose:
            parts = ((describe_section(section), "bold"), ("  no spec", "dim"))
            yield StyledLine(parts, right=((describe_place(section), "dim"),))
        for definition in unused:
            parts = ((f"{definition.kind} {definition.pattern}", "bold"), ("  no scenario", "dim"))
            yield StyledLine(parts, right=((places[definition.id], "dim"),))
        if loose or unused:
            yield BLANK


def build_spec(spec: TracedSpec, sections: Mapping[str, TracedSection]) -> Iterator[StyledLine]:
    """Show a spec, the sections that it comes from, and the specs that it waits for."""
    status = spec.status or "no status"
    head = ((f"{spec.feature_id}  " if spec.feature_id else "", "bold cyan"), (spec.name or spec.path, "bold"))
    yield StyledLine((*head, (f"  {status}", STATUS_STYLES.get(status.lower(), ""))), right=((spec.path, "dim"),))
    for section in (sections[id_] for id_ in spec.sections):
        place = ((describe_place(section), "yellow" if section.unknown else "dim"),)
        yield StyledLine(((f"from {describe_section(section)}", ""),), indent=2, right=place)
    for path in spec.depends_on:
        circle = ((" (circular)", "yellow"),) if path in spec.cyclic else ()
        yield StyledLine(((f"waits for {path}", ""), *circle), indent=2)


def build_criterion(criterion: TracedCriterion) -> StyledLine:
    """Show a criterion with its last verdict."""
    tier = (f"{TIER_NAMES[criterion.tier]:<7}", "dim")
    missing = ("  no scenario", "yellow") if criterion.lacks_scenario else ("", "")
    if criterion.verdict is Verdict.MANUAL:
        missing = (f"  {criterion.reason}", "dim")
    parts = (build_glyph(criterion.verdict), tier, (criterion.text, ""), missing)
    return StyledLine(parts, indent=2, right=((f":{criterion.line}", "dim"),))


def build_glyph(verdict: Verdict | None) -> Part:
    """Build the glyph of a verdict; a dot where there is none."""
    return (f"{GLYPHS[verdict]} ", STYLES[verdict]) if verdict else ("· ", "dim")


def build_scenario(scenario: TracedScenario, places: Mapping[str, str], *, with_steps: bool) -> Iterator[StyledLine]:
    """Show a scenario with its last result, and its steps with the places of their definitions."""
    result = scenario.result
    # Before the name, whose end may be cut.
    outdated = ("outdated: ", "magenta") if result and result.outdated else ("", "")
    parts = (build_glyph(result.verdict if result else None), outdated, (scenario.name or "(no name)", ""))
    yield StyledLine(parts, indent=4, right=((f"{scenario.path}:{scenario.line}", "dim"),))
    for step in scenario.steps if with_steps else ():
        place = (places[step.definition], "dim" if step.definition else "yellow")
        yield StyledLine(((f"{step.keyword} ", "dim"), (step.text, "")), indent=8, right=(place,))


def build_gaps(trace: Trace) -> Iterator[StyledLine]:
    """List the gaps by their kind; many only where they alone are asked for."""
    shown = trace.gaps if trace.only_gaps else trace.gaps[:_MOST_GAPS]
    for kind, gaps in groupby(shown, key=attrgetter("kind")):
        yield StyledLine(((kind.label, "bold yellow"),))
        for gap in gaps:
            place = f"{gap.path}:{gap.line}" if gap.line else gap.path
            yield StyledLine(((gap.text, ""),), indent=2, right=((place, "dim"),) if place else ())
    if more := len(trace.gaps) - len(shown):
        yield StyledLine(((f"{count_noun(more, 'more gap')}: `--gaps` lists all", "dim"),))
    if trace.gaps:
        yield BLANK
