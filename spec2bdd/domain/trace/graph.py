"""Build the trace of a project from what was read of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from spec2bdd.domain.trace.cycles import find_cyclic_edges
from spec2bdd.domain.trace.results import ScenarioResults
from spec2bdd.domain.trace.sections import (
    SECTION_FIELDS,
    DocumentSection,
    find_numbered,
    find_section,
    split_number,
    split_references,
)
from spec2bdd.domain.verdicts.status.dependencies import build_dependency_graph
from spec2bdd.model import ProofSource, SpecReport, Tier, TrackedCriterion
from spec2bdd.model.trace import (
    SectionKind,
    StepUses,
    Trace,
    TracedCriterion,
    TracedDefinition,
    TracedScenario,
    TracedSection,
    TracedSpec,
)
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify


@dataclass(frozen=True, slots=True)
class JudgedSpec:
    """A spec after judging, with its criteria and their ids."""

    report: SpecReport
    tracked: tuple[TrackedCriterion, ...]


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """What a trace is built from; `documents` has the sections of the documents that the project configures."""

    specs: Sequence[JudgedSpec]
    uses: StepUses
    results: ScenarioResults
    documents: Mapping[SectionKind, tuple[DocumentSection, ...]]


def build_trace(facts: TraceFacts) -> Trace:
    """Build the trace: sections, specs, criteria, scenarios and step definitions, each linked in both directions."""
    sections, named = build_sections(facts)
    graph = build_dependency_graph([judged.report.spec for judged in facts.specs])
    cyclic = find_cyclic_edges(graph)
    known = {tracked.id for judged in facts.specs for tracked in judged.tracked}
    scenarios: list[TracedScenario] = []
    by_criterion: dict[str, list[str]] = defaultdict(list)
    users: dict[str, list[str]] = defaultdict(list)
    for scenario in facts.uses.scenarios:
        criteria = tuple(tag for tag in scenario.tags if tag in known)
        scenarios.append(replace(scenario, criteria=criteria, result=facts.results.find_result(scenario)))
        for id_ in criteria:
            by_criterion[id_].append(scenario.id)
        for definition in dict.fromkeys(step.definition for step in scenario.steps):
            users[definition].append(scenario.id)
    criteria_by_spec = {judged.report.spec.path: build_criteria(judged, by_criterion) for judged in facts.specs}
    specs = tuple(
        TracedSpec(
            spec.path,
            spec.find_value("feature_id") or spec.derived_id,
            to_single_line(spec.find_value("name") or spec.title),
            judged.report.status_before,
            named[spec.path],
            tuple(criterion.id for criterion in criteria_by_spec[spec.path]),
            depends_on=tuple(graph[spec.path]),
            cyclic=tuple(path for path in graph[spec.path] if (spec.path, path) in cyclic),
        )
        for judged in facts.specs
        for spec in (judged.report.spec,)
    )
    return Trace(
        sections,
        specs,
        tuple(criterion for criteria in criteria_by_spec.values() for criterion in criteria),
        tuple(scenarios),
        add_users(facts.uses.definitions, users),
    )


def add_users(
    definitions: Sequence[TracedDefinition], users: Mapping[str, Sequence[str]]
) -> tuple[TracedDefinition, ...]:
    """Add to each definition the scenarios that use it: in a step, or in a function that runs a step with it."""
    at_place: dict[str, list[TracedDefinition]] = defaultdict(list)
    for definition in definitions:
        at_place[definition.place].append(definition)
    complete = []
    for definition in definitions:
        reached, found = [definition], dict.fromkeys(users.get(definition.id, ()))
        # The list grows while it is read: a caller may be called itself.
        for known in reached if definition.callers else ():
            new = [caller for place in known.callers for caller in at_place[place] if caller not in reached]
            reached += new
            found |= dict.fromkeys(id_ for caller in new for id_ in users.get(caller.id, ()))
        complete.append(replace(definition, scenarios=tuple(found)))
    return tuple(complete)


def build_criteria(judged: JudgedSpec, scenarios: Mapping[str, Sequence[str]]) -> tuple[TracedCriterion, ...]:
    """Build the criteria of a spec; `scenarios` has the ids of the scenarios of each criterion."""
    verdicts = {verdict.id: verdict for verdict in judged.report.verdicts}
    criteria = []
    for number, tracked in enumerate(judged.tracked, 1):
        criterion, verdict = tracked.criterion, verdicts.get(tracked.id)
        is_provable = tracked.proof in (ProofSource.GENERATED, ProofSource.HAND_WRITTEN) or (
            criterion.box.set_aside and not (criterion.manual or criterion.waived or criterion.tier is Tier.WONT)
        )
        criteria.append(
            TracedCriterion(
                tracked.id,
                judged.report.spec.path,
                number,
                criterion.text,
                criterion.tier,
                criterion.line,
                criterion.tags,
                parent="" if criterion.parent is None else judged.tracked[criterion.parent].id,
                verdict=verdict.verdict if verdict else None,
                reason=verdict.reason if verdict else "",
                # It may be in a feature file that cannot be parsed.
                lacks_scenario=is_provable and not tracked.files and tracked.id not in scenarios,
                scenarios=tuple(scenarios.get(tracked.id, ())),
            )
        )
    return tuple(criteria)


def build_sections(facts: TraceFacts) -> tuple[tuple[TracedSection, ...], Mapping[str, tuple[str, ...]]]:
    """Build the sections that specs name or should name, and the ids of those that each spec names, by its path."""
    nodes: dict[str, TracedSection] = {}
    users: dict[str, list[str]] = defaultdict(list)
    named: dict[str, tuple[str, ...]] = {}
    ids: dict[DocumentSection, str] = {}
    for kind in SectionKind:
        document, is_configured = facts.documents.get(kind, ()), kind in facts.documents
        # In the order of the documents; those that are only named come after them.
        wanted = {*find_numbered(document), *find_named_sections(kind, facts)}
        for section in (section for section in document if section in wanted):
            id_ = choose_section_id(kind, section.number, section.title, taken=nodes.keys())
            ids[section] = id_
            nodes[id_] = TracedSection(id_, kind, section.number, section.title, section.path, section.line)
        for judged in facts.specs:
            spec = judged.report.spec
            for reference in split_references(spec.find_value(SECTION_FIELDS[kind])):
                if found := find_section(reference, document):
                    id_ = ids[found]
                else:
                    number, title = split_number(reference)
                    id_ = choose_section_id(kind, number, title, taken=())
                    # A reference to a section that another document has, with the same number, is not it.
                    if id_ in nodes and nodes[id_].path:
                        id_ = f"{id_}?"
                    nodes.setdefault(
                        id_, TracedSection(id_, kind, number, to_single_line(title), unknown=is_configured)
                    )
                if spec.path not in users[id_]:
                    users[id_].append(spec.path)
                    named[spec.path] = (*named.get(spec.path, ()), id_)
    sections = tuple(replace(section, specs=tuple(users.get(id_, ()))) for id_, section in nodes.items())
    return sections, {judged.report.spec.path: named.get(judged.report.spec.path, ()) for judged in facts.specs}


def find_named_sections(kind: SectionKind, facts: TraceFacts) -> set[DocumentSection]:
    """Find the sections of a kind of document that specs name."""
    references = {
        reference
        for judged in facts.specs
        for reference in split_references(judged.report.spec.find_value(SECTION_FIELDS[kind]))
    }
    found = (find_section(reference, facts.documents.get(kind, ())) for reference in references)
    return {section for section in found if section}


def choose_section_id(kind: SectionKind, number: str, title: str, *, taken: Collection[str]) -> str:
    """Choose an id such as `prd:4.2` or `plan:first_release`; a second section of that name gets a number."""
    id_ = f"{kind}:{number or slugify(title, limit=40)}"
    names = [id_, *(f"{id_}+{count}" for count in range(2, 1000))]
    return next((name for name in names if name not in taken), id_)
