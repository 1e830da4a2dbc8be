"""The graph of a trace: gaps in every direction, selections both ways, and cycles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.trace.cycles import find_cyclic_edges
from spec2bdd.domain.trace.gaps import find_gaps
from spec2bdd.domain.trace.results import ScenarioResults
from spec2bdd.domain.trace.selection import Seeds, select_trace
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import Tier, Verdict
from spec2bdd.model.trace import (
    GapKind,
    LastResult,
    SectionKind,
    Trace,
    TracedCriterion,
    TracedDefinition,
    TracedScenario,
    TracedSection,
    TracedSpec,
    TracedStep,
)


def make_criterion(id_: str, spec: str, *scenarios: str, parent: str = "", lacks: bool = False) -> TracedCriterion:
    """Build a criterion."""
    return TracedCriterion(
        id_, spec, 1, f"text of {id_}", Tier.MUST, 5, parent=parent, lacks_scenario=lacks, scenarios=scenarios
    )


def make_scenario(line: int, criteria: Sequence[str], *definitions: str) -> TracedScenario:
    """Build a scenario whose steps have these definitions."""
    steps = tuple(TracedStep("Then", "then", f"step {id_}", line + 1, id_) for id_ in definitions)
    return TracedScenario(
        f"a.feature:{line}",
        "a.feature",
        line,
        f"scenario {line}",
        (*criteria, "slow"),
        rows=((line, f"scenario {line}"),),
        steps=steps,
        criteria=tuple(criteria),
    )


def make_definition(line: int, *scenarios: str, path: str = "steps/a.py") -> TracedDefinition:
    """Build a step definition."""
    return TracedDefinition(f"{path}:{line}", path, line, line + 2, "then", f"step {line}", scenarios=scenarios)


# Two specs; `c` is nested in `a`; the third scenario proves a criterion of each spec, the last one none.
WHOLE = Trace(
    sections=(
        TracedSection("prd:4", SectionKind.PRD, "4", "Lending", "prd.md", 3),
        TracedSection("prd:4.1", SectionKind.PRD, "4.1", "Loans", "prd.md", 5, ("s1",)),
        TracedSection("prd:4.2", SectionKind.PRD, "4.2", "Returns", "prd.md", 7, ("s2",)),
        TracedSection("prd:5", SectionKind.PRD, "5", "Fines", "prd.md", 9),
        TracedSection("prd:9", SectionKind.PRD, "9", "Ghosts", specs=("s2",), unknown=True),
        TracedSection("plan:1", SectionKind.PLAN, "1", "First", specs=("s1",)),
    ),
    specs=(
        TracedSpec("s1", "1", "One", sections=("prd:4.1", "plan:1"), criteria=("a", "c", "b")),
        TracedSpec("s2", "2", "Two", sections=("prd:4.2", "prd:9"), criteria=("d",), depends_on=("s1",)),
        TracedSpec("s3", "3", "Three"),
    ),
    criteria=(
        make_criterion("a", "s1"),
        make_criterion("c", "s1", "a.feature:10", parent="a"),
        make_criterion("b", "s1", lacks=True),
        make_criterion("d", "s2", "a.feature:10", "a.feature:20"),
    ),
    scenarios=(
        make_scenario(10, ["c", "d"], "steps/a.py:1", "steps/a.py:9"),
        make_scenario(20, ["d"], "steps/a.py:9", ""),
        make_scenario(30, [], "steps/a.py:1"),
    ),
    definitions=(
        make_definition(1, "a.feature:10", "a.feature:30"),
        make_definition(9, "a.feature:10", "a.feature:20"),
        make_definition(20),
        make_definition(1, path="../site-packages/lib.py"),
    ),
)
KNOWN = {criterion.id for criterion in WHOLE.criteria}
ALL_GAPS = [
    (GapKind.SECTION_WITHOUT_SPEC, "prd:5"),
    (GapKind.UNKNOWN_SECTION, "prd:9"),
    (GapKind.SPEC_WITHOUT_SECTION, "s3"),
    (GapKind.SPEC_WITHOUT_CRITERION, "s3"),
    (GapKind.CRITERION_WITHOUT_SCENARIO, "b"),
    (GapKind.SCENARIO_WITHOUT_CRITERION, "a.feature:30"),
    (GapKind.STEP_WITHOUT_DEFINITION, "a.feature:20"),
    (GapKind.DEFINITION_WITHOUT_USE, "steps/a.py:20"),
]


def list_gaps(trace: Trace, **options: Sequence[str]) -> list[tuple[GapKind, str]]:
    """Find the gaps where only a PRD is configured."""
    gaps = find_gaps(trace, documents=[SectionKind.PRD], known=KNOWN, **options)
    return [(gap.kind, gap.node) for gap in gaps]


def test_gaps_are_found_in_every_direction() -> None:
    assert list_gaps(WHOLE) == ALL_GAPS
    assert set(GapKind) == {kind for kind, _ in ALL_GAPS}


def test_a_section_is_covered_by_specs_for_sections_below_and_above_it() -> None:
    sections = (
        TracedSection("prd:4", SectionKind.PRD, "4", "Lending", "prd.md", 3, ("s1",)),
        TracedSection("prd:4.1", SectionKind.PRD, "4.1", "Loans", "prd.md", 5),
        TracedSection("prd:40", SectionKind.PRD, "40", "Other", "prd.md", 7),
    )
    assert list_gaps(Trace(sections=sections)) == [(GapKind.SECTION_WITHOUT_SPEC, "prd:40")]


def test_left_out_sections_and_those_below_them_need_no_spec() -> None:
    gaps = list_gaps(Trace(sections=WHOLE.sections[:1]), left_out=["lending"])
    assert (gaps, list_gaps(Trace(sections=WHOLE.sections[:1]))) == ([], [(GapKind.SECTION_WITHOUT_SPEC, "prd:4")])


def test_without_a_document_no_section_is_compared() -> None:
    gaps = find_gaps(Trace(specs=WHOLE.specs[2:]), documents=[], known=KNOWN)
    assert [gap.kind for gap in gaps] == [GapKind.SPEC_WITHOUT_CRITERION]


def test_a_scenario_of_a_spec_that_could_not_be_read_has_its_criterion() -> None:
    assert list_gaps(Trace(scenarios=(make_scenario(1, []),))) == [(GapKind.SCENARIO_WITHOUT_CRITERION, "a.feature:1")]
    gaps = find_gaps(Trace(scenarios=(make_scenario(1, ["lost"]),)), documents=[], known={"lost"})
    assert gaps == ()


def test_what_could_not_be_loaded_makes_no_gaps_of_steps() -> None:
    kinds = {kind for kind, _ in list_gaps(WHOLE, unread=["steps/b.py"])}
    assert (GapKind.STEP_WITHOUT_DEFINITION in kinds, GapKind.DEFINITION_WITHOUT_USE in kinds) == (False, True)
    kinds = {kind for kind, _ in list_gaps(WHOLE, unread=["b.feature"])}
    assert (GapKind.STEP_WITHOUT_DEFINITION in kinds, GapKind.DEFINITION_WITHOUT_USE in kinds) == (True, False)


def list_nodes(trace: Trace) -> list[str]:
    """List the ids of all nodes."""
    return [
        *(section.id for section in trace.sections),
        *(spec.path for spec in trace.specs),
        *(criterion.id for criterion in trace.criteria),
        *(scenario.id for scenario in trace.scenarios),
        *(definition.id for definition in trace.definitions),
    ]


SELECTIONS = {
    "a section": (
        Seeds(sections=frozenset({"prd:4.2"})),
        ["prd:4.2", "s2", "d", "a.feature:10", "a.feature:20", "steps/a.py:1", "steps/a.py:9"],
    ),
    "a section with others below it": (
        Seeds(sections=frozenset({"prd:4"})),
        [
            *("prd:4", "prd:4.1", "prd:4.2", "s1", "s2", "a", "c", "b", "d"),
            *("a.feature:10", "a.feature:20", "steps/a.py:1", "steps/a.py:9"),
        ],
    ),
    "a criterion with one nested in it": (
        Seeds(criteria=frozenset({"a"})),
        ["prd:4.1", "plan:1", "s1", "a", "c", "a.feature:10", "steps/a.py:1", "steps/a.py:9"],
    ),
    "a nested criterion": (
        Seeds(criteria=frozenset({"c"})),
        ["prd:4.1", "plan:1", "s1", "a", "c", "a.feature:10", "steps/a.py:1", "steps/a.py:9"],
    ),
    "a step definition": (
        Seeds(definitions=frozenset({"steps/a.py:1"})),
        [
            *("prd:4.1", "prd:4.2", "prd:9", "plan:1", "s1", "s2", "a", "c", "d"),
            *("a.feature:10", "a.feature:30", "steps/a.py:1"),
        ],
    ),
    "a step definition without use": (Seeds(definitions=frozenset({"steps/a.py:20"})), ["steps/a.py:20"]),
    "a scenario without a criterion": (
        Seeds(scenarios=frozenset({"a.feature:30"})),
        ["a.feature:30", "steps/a.py:1"],
    ),
}


@pytest.mark.parametrize(("seeds", "nodes"), SELECTIONS.values(), ids=SELECTIONS)
def test_a_selection_keeps_what_is_named_what_it_leads_to_and_what_leads_to_it(seeds: Seeds, nodes: list[str]) -> None:
    assert list_nodes(select_trace(WHOLE, seeds)) == nodes


@pytest.mark.parametrize(("seeds", "_"), SELECTIONS.values(), ids=SELECTIONS)
def test_a_selection_has_no_link_to_what_was_left_out(seeds: Seeds, _: list[str]) -> None:
    trace = select_trace(WHOLE, seeds)
    links = [
        *(path for section in trace.sections for path in section.specs),
        *(id_ for spec in trace.specs for id_ in (*spec.sections, *spec.criteria)),
        *(id_ for criterion in trace.criteria for id_ in criterion.scenarios),
        *(id_ for scenario in trace.scenarios for id_ in scenario.criteria),
        *(step.definition for scenario in trace.scenarios for step in scenario.steps if step.definition),
        *(id_ for definition in trace.definitions for id_ in definition.scenarios),
    ]
    assert set(links) <= set(list_nodes(trace))


def test_of_a_scenario_that_uses_a_named_definition_only_that_step_is_kept() -> None:
    trace = select_trace(WHOLE, Seeds(definitions=frozenset({"steps/a.py:1"})))
    assert [step.definition for step in trace.scenarios[0].steps] == ["steps/a.py:1"]
    whole = select_trace(WHOLE, Seeds(scenarios=frozenset({"a.feature:20"})))
    assert [step.definition for step in whole.scenarios[0].steps] == ["steps/a.py:9", ""]


def test_specs_that_a_selection_waits_for_stay_known() -> None:
    trace = select_trace(WHOLE, Seeds(specs=frozenset({"s2"})))
    assert [(spec.path, spec.depends_on) for spec in trace.specs] == [("s2", ("s1",))]
    assert [spec.path for spec in trace.upstream] == ["s1"]
    assert select_trace(WHOLE, Seeds(specs=frozenset({"s1"}))).upstream == ()


RESULTS = ScenarioResults(
    {("a", 1, "x"): Ruling(Verdict.PASSED), ("a", 2, "y"): Ruling(Verdict.FAILED, "no")},
    {("a", 3, "z"): (Ruling(Verdict.PASSED), "`b` has changed")},
)


def find_result(*rows: tuple[int, str]) -> LastResult | None:
    """Find the result of a scenario or outline with these rows."""
    return RESULTS.find_result(TracedScenario("a:1", "a", 1, "x", rows=rows))


def test_the_worst_row_of_an_outline_decides() -> None:
    assert find_result((1, "x"), (2, "y")) == LastResult(Verdict.FAILED, "no")
    assert find_result((1, "x")) == LastResult(Verdict.PASSED)


def test_an_outline_has_not_passed_if_a_row_was_not_run() -> None:
    assert find_result((1, "x"), (9, "new")) == LastResult(Verdict.NOT_RUN, "1 of 2 rows were not run")


def test_a_result_of_other_files_is_outdated_and_a_scenario_that_never_ran_has_none() -> None:
    assert find_result((3, "z")) == LastResult(Verdict.PASSED, outdated="`b` has changed")
    assert find_result((7, "never")) is None


# --- cycles -----------------------------------------------------------------------------------------------------------

GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), max_size=6)


def reaches(graph: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    """Whether a way of at least one edge leads from a node to another."""
    reached = {*graph[start]}
    while more := {target for node in reached for target in graph[node]} - reached:
        reached |= more
    return goal in reached


@given(GRAPHS)
def test_an_edge_is_cyclic_if_a_way_leads_back(given_graph: dict[str, list[str]]) -> None:
    graph = {node: given_graph.get(node, []) for node in "abcdef"}
    edges = {(node, target) for node, targets in graph.items() for target in targets}
    expected = {(node, target) for node, target in edges if node == target or reaches(graph, target, node)}
    assert find_cyclic_edges(graph) == expected


def test_a_chain_of_many_specs_has_no_cycle_and_needs_no_recursion() -> None:
    graph = {str(number): [str(number + 1)] for number in range(5000)} | {"5000": []}
    assert find_cyclic_edges(graph) == frozenset()
    assert len(find_cyclic_edges(graph | {"5000": ["0"]})) == 5001
