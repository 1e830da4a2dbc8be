"""Outlines: which steps Behave will look up, and by which patterns they are defined."""

from __future__ import annotations

import pytest
from behave.parser import parse_feature
from domain.gherkin.test_gherkin_nested import below, bullet, table
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import World, find_functions, find_match, loaded, make_criterion, make_spec

from spec2bdd.domain.expressions.patterns import build_outline_pattern
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.grammar.outlines import build_step_queries, walk_steps
from spec2bdd.model import Examples, Scenario, Step, Tier


def outline(text: str, *rows: tuple[str, ...]) -> Scenario:
    """Build an outline with one step."""
    step = Step("Then", "then", text)
    return Scenario("ac_1", Tier.MUST, "x", (step,), examples=(Examples(rows),) if rows else ())


LONG = "{a_name_of_more_than_thirty}"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("it owes <cents> cents", {"cents": ["20", "0"]}, "it owes {cents:d} cents"),
        ("it owes <cents> cents", {"cents": ["20", "2.5"]}, "it owes {cents} cents"),
        ("it owes <cents>", {"cents": ["20", "007"]}, "it owes {cents}"),
        ('it says "<text>"', {"text": ["20"]}, 'it says "{text}"'),
        ('it says "no <text>"', {"text": ["20"]}, 'it says "{text}"'),
        ("<name> owes 20 cents", {"name": ["Ana"]}, "{name} owes {cents:d} cents"),
        ("<the name> and <class>", {"the name": ["A"], "class": ["B"]}, "{the_name} and {value_class}"),
        ("<a name of more than thirty characters>", {"a name of more than thirty characters": ["A"]}, LONG),
        ("<x> and <X>", {"x": ["A"], "X": ["B"]}, "{x} and {x_2}"),
        ("<x><y>", {"x": ["1"], "y": ["2"]}, "{x}{y}"),
        ("v<x>.0", {"x": ["1"]}, "v{x}.0"),
        ("{<x>}", {"x": ["a"]}, "{{{x}}}"),
        ("<y> stays", {"x": ["a"]}, "<y> stays"),
        ("<名前> is shown", {"名前": ["a"]}, None),
    ],
)
def test_placeholders_become_parameters(text: str, values: dict[str, list[str]], expected: str | None) -> None:
    pattern = build_outline_pattern(text, values)
    assert expected is None or expected == pattern
    assert "<" not in pattern or text == pattern


def test_steps_are_those_of_each_row_once() -> None:
    steps = walk_steps(outline("a <x>", ("x", "y"), ("1", "a"), ("2", "b"), ("1", "c")))
    assert list(steps) == [("then", "a 1"), ("then", "a 2")]
    assert list(walk_steps(outline("a <x>"))) == [("then", "a <x>")]


def test_the_pattern_for_all_rows_comes_first_and_the_literal_last() -> None:
    first, second = build_step_queries(outline("a <x> 5", ("x",), ("one",), ("2",)))
    assert first.patterns == ("a {x} {number:d}", "a one {number:d}", "a one 5")
    assert second.patterns == ("a {x} {number:d}", "a {number:d} {number_2:d}", "a 2 5")


def test_one_stub_defines_the_steps_of_all_rows() -> None:
    rows = (("days", "who"), ("1", "Ana"), ("10", "Ben"))
    nested = (bullet("Given <who> is <days> days late"), bullet("Then <who> pays"), bullet("Examples"), table(rows))
    world = World().generate(make_spec(below(*nested)), steps=True)
    (steps,) = world.steps.values()
    assert find_functions(steps) == ["is_days_late", "pays"]
    assert world.generate(make_spec(below(*nested)), steps=True).steps == world.steps


def test_a_row_whose_value_is_empty_has_a_stub_of_its_own() -> None:
    rows = (("x",), ("a",), ("",))
    spec = make_spec(below(bullet('Then it shows "<x>"'), bullet("Examples"), table(rows)))
    world = World().generate(spec, steps=True)
    (steps,) = world.steps.values()
    assert len(find_functions(steps)) == 2


def test_an_outline_and_another_scenario_share_a_definition() -> None:
    rows = (("x",), ("5",), ("7",))
    spec = make_spec(
        make_criterion("The reader owes 5 cents"),
        below(bullet("Then the reader owes <x> cents"), bullet("Examples"), table(rows)),
    )
    (steps,) = World().generate(spec, steps=True).steps.values()
    assert len(find_functions(steps)) == 1


TEXTS = st.text(st.sampled_from('ab<x> "5{}'), min_size=1, max_size=10)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_every_step_of_every_row_is_defined_and_behave_looks_up_no_other(
    text: str, values: list[str], other: str
) -> None:
    rows = (("x",), *((value,) for value in values))
    spec = make_spec(
        below(bullet(f"Then y {text}"), bullet("Then <x>"), bullet("Examples"), table(rows)),
        below(bullet(f"Then y {other}")),
    )
    world = World().generate(spec, steps=True)
    (feature,) = world.features_drafted
    parsed = parse_feature(render_feature(feature))
    wanted = [(step.step_type, step.name) for scenario in parsed.walk_scenarios() for step in scenario.steps]
    assert set(wanted) == {step for scenario in feature.scenarios for step in walk_steps(scenario)}
    refused = {
        diagnostic.message.split("`")[1] for diagnostic in world.diagnostics if diagnostic.code == "ambiguous-step"
    }
    with loaded(world.steps) as registry:
        assert [step for step in wanted if step[1] not in refused and not find_match(registry, *step)] == []
