"""Select a part of a trace: what is named, what leads to it, and what it leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from spec2bdd.domain.trace.gaps import is_within
from spec2bdd.model.trace import Trace, TracedDefinition, TracedLine, TracedSpec
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Seeds:
    """The ids of what is named, at each level of the chain; specs by their paths. `lines` are those of code."""

    sections: frozenset[str] = frozenset()
    specs: frozenset[str] = frozenset()
    criteria: frozenset[str] = frozenset()
    scenarios: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()
    lines: tuple[TracedLine, ...] = ()

    def __or__(self, other: Seeds) -> Seeds:
        """Join with what others name."""
        return Seeds(
            self.sections | other.sections,
            self.specs | other.specs,
            self.criteria | other.criteria,
            self.scenarios | other.scenarios,
            self.definitions | other.definitions,
            (*self.lines, *other.lines),
        )


def select_trace(trace: Trace, seeds: Seeds) -> Trace:
    """Keep what is named, what it leads to, and what leads to it; links to anything else but specs are dropped.

    Of a scenario that is kept only because of a step definition, only the steps with this definition are kept.
    """
    below, above = find_below(trace, seeds), find_above(trace, seeds)
    kept = below | above
    nodes = {*kept.sections, *kept.specs, *kept.criteria, *kept.scenarios, *kept.definitions}

    def keep(ids: Iterable[str]) -> tuple[str, ...]:
        """Keep the ids of nodes that are kept."""
        return tuple(id_ for id_ in ids if id_ in nodes)

    return replace(
        trace,
        sections=tuple(
            replace(section, specs=keep(section.specs)) for section in trace.sections if section.id in kept.sections
        ),
        specs=tuple(
            replace(spec, sections=keep(spec.sections), criteria=keep(spec.criteria))
            for spec in trace.specs
            if spec.path in kept.specs
        ),
        criteria=tuple(
            replace(criterion, scenarios=keep(criterion.scenarios), parent="".join(keep([criterion.parent])))
            for criterion in trace.criteria
            if criterion.id in kept.criteria
        ),
        scenarios=tuple(
            replace(
                scenario,
                criteria=keep(scenario.criteria),
                steps=tuple(
                    step for step in scenario.steps if step.definition in nodes or scenario.id in below.scenarios
                ),
            )
            for scenario in trace.scenarios
            if scenario.id in kept.scenarios
        ),
        definitions=tuple(
            replace(definition, scenarios=keep(definition.scenarios))
            for definition in trace.definitions
            if definition.id in kept.definitions
        ),
        upstream=find_upstream(trace, kept.specs),
        gaps=tuple(
            gap for gap in trace.gaps if gap.node in nodes and (gap.node not in above.scenarios - below.scenarios)
        ),
    )


def find_below(trace: Trace, seeds: Seeds) -> Seeds:
    """Find what the named things lead to: in a section those below it, in a criterion those nested in it."""
    named = [section for section in trace.sections if section.id in seeds.sections]
    sections = {section.id for section in trace.sections if any(is_within(section, other) for other in named)}
    specs = {*seeds.specs, *(spec.path for spec in trace.specs if not sections.isdisjoint(spec.sections))}
    criteria = set(seeds.criteria)
    scenarios = set(seeds.scenarios)
    for criterion in trace.criteria:
        # Parents come before their children.
        if criterion.spec in specs or criterion.id in criteria or criterion.parent in criteria:
            criteria.add(criterion.id)
            scenarios.update(criterion.scenarios)
    used = {step.definition for scenario in trace.scenarios if scenario.id in scenarios for step in scenario.steps}
    definitions = {*seeds.definitions, *used} - {""}
    calling = [definition for definition in trace.definitions if definition.callers]
    while True:
        places = (
            {definition.place for definition in trace.definitions if definition.id in definitions} if calling else set()
        )
        new = {called.id for called in calling if not places.isdisjoint(called.callers)} - definitions
        if not new:
            return Seeds(
                frozenset(sections),
                frozenset(specs),
                frozenset(criteria),
                frozenset(scenarios),
                frozenset(definitions),
            )
        definitions |= new


def find_above(trace: Trace, seeds: Seeds) -> Seeds:
    """Find what leads to the named things."""
    named = [definition for definition in trace.definitions if definition.id in seeds.definitions]
    at_place: dict[str, list[TracedDefinition]] = defaultdict(list)
    for definition in trace.definitions:
        at_place[definition.place].append(definition)
    # The list grows while it is read: what calls a definition leads to it, and may be called itself.
    for definition in named:
        named += [caller for place in definition.callers for caller in at_place[place] if caller not in named]
    scenarios = seeds.scenarios.union(*(definition.scenarios for definition in named))
    proved = (scenario.criteria for scenario in trace.scenarios if scenario.id in scenarios)
    criteria = seeds.criteria.union(*proved)
    parents = {criterion.id: criterion.parent for criterion in trace.criteria}
    reached = list(criteria)
    while reached:
        # A criterion leads to those that are nested in it.
        if (parent := parents[reached.pop()]) and parent not in criteria:
            criteria |= {parent}
            reached.append(parent)
    specs = seeds.specs.union(criterion.spec for criterion in trace.criteria if criterion.id in criteria)
    sections = seeds.sections.union(*(spec.sections for spec in trace.specs if spec.path in specs))
    return Seeds(sections, specs, criteria, scenarios, frozenset(definition.id for definition in named))


def find_upstream(trace: Trace, paths: frozenset[str]) -> tuple[TracedSpec, ...]:
    """Find the other specs that some specs wait for, directly or through others."""
    depends_on = {spec.path: spec.depends_on for spec in trace.specs}
    reached = list(paths)
    found = set(paths)
    while reached:
        new = set(depends_on[reached.pop()]) - found
        found |= new
        reached += new
    return tuple(spec for spec in trace.specs if spec.path in found - paths)
