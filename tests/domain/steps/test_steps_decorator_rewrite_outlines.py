"""Decorators follow the reworded lines of an outline, which Behave looks up with the values of each row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from domain.steps.test_steps_decorator_rewrite import PATH, rewrite
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import World, find_match, loaded, make_criterion, make_spec
from rewording_project import regenerate

from spec2bdd.domain.gherkin.grammar.outlines import StepLine, expand_text
from spec2bdd.domain.steps.definitions import parse_definitions
from spec2bdd.model import Criterion, Examples, NestedBlock, NestedBlockKind, Spec

COST = '@then("{days:d} days cost {cents:d} cents")\ndef cost(context, days, cents):\n\tassert cents == 20 * days\n'
ROWS = "| days | cents |\n| 1 | 20 |\n| 3 | 60 |"


def fines(text: str, *lines: str, rows: str = ROWS) -> Spec:
    """Build a spec with one criterion, proved by an outline of these lines and rows."""
    code = "\n".join([*lines, "Examples:", rows])
    return make_spec(make_criterion(text, nested=(NestedBlock(NestedBlockKind.CODE, code, "gherkin", depth=1),)))


OLD = fines("Fines grow", "Then <days> days cost <cents> cents")
NEW = fines("Fines grow by the day", "Then <days> late days cost <cents> cents")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_definition_of_all_rows_follows(newline: str) -> None:
    before = COST.replace("\n", newline).encode()
    world = rewrite(before, OLD, NEW)
    assert before.replace(b"days cost", b"late days cost") == world.code
    assert ', reworded from "Fines grow"' in world.feature


def test_only_the_lines_that_changed_are_followed() -> None:
    given = '@given("a library")\ndef library(context):\n\tcontext.books = []\n\n\n'
    old = fines("Fines grow", "Given a library", "Then <days> days cost <cents> cents")
    new = fines("Fines grow by the day", "Given a library", "Then <days> late days cost <cents> cents")
    world = rewrite(given + COST, old, new)
    assert (given + COST.replace("days cost", "late days cost")).encode() == world.code


def test_a_line_without_a_placeholder_follows_in_an_outline_too() -> None:
    given = '@given("a library")\ndef library(context):\n\tcontext.books = []\n\n\n'
    old = fines("Fines grow", "Given a library", "Then <days> days cost <cents> cents")
    new = fines("Fines grow at all", "Given a small library", "Then <days> days cost <cents> cents")
    world = rewrite(given + COST, old, new)
    assert (given.replace("a library", "a small library") + COST).encode() == world.code


def test_typography_follows_and_is_no_new_wording() -> None:
    world = rewrite(COST, OLD, fines("Fines grow", "Then <days> Days cost  <cents> cents."))
    assert COST.replace("days cost {cents:d} cents", "Days cost {cents:d} cents.").encode() == world.code
    assert "reworded" not in world.feature


def test_rows_may_come_and_go_while_the_words_change() -> None:
    rows = "| days | cents |\n| 2 | 40 |\n| 3 | 60 |\n| 4 | 80 |"
    new = fines("Fines grow by the day", "Then <days> late days cost <cents> cents", rows=rows)
    assert COST.replace("days cost", "late days cost").encode() == rewrite(COST, OLD, new).code


def test_a_column_may_get_another_name_while_the_parameter_keeps_its_own() -> None:
    rows = ROWS.replace("cents |", "price |")
    new = fines("Fines grow by the day", "Then <days> late days cost <price> cents", rows=rows)
    assert COST.replace("days cost", "late days cost").encode() == rewrite(COST, OLD, new).code


def test_quoted_values_and_words_follow() -> None:
    code = "@then('the {role} sees \"{page}\"')\ndef sees(context, role, page):\n\tassert context\n"
    rows = "| role | page |\n| reader | Home |\n| clerk | All books |"
    old = fines("Roles see", 'Then the <role> sees "<page>"', rows=rows)
    new = fines("Roles see pages", 'Then the <role> may see "<page>"', rows=rows)
    assert code.replace("} sees ", "} may see ").encode() == rewrite(code, old, new).code


def test_a_stub_raises_the_new_text_too_and_there_is_nothing_to_accept() -> None:
    stubs = regenerate(World(), OLD).steps[PATH]
    world = rewrite(stubs, OLD, NEW)
    followed = stubs.replace(b"days cost", b"late days cost").replace(b"Fines grow.", b"Fines grow by the day.")
    assert followed == world.code.replace(b"_late_", b"_")
    assert "reworded" not in world.feature


STAYS = {
    "two columns changed places": fines("Fines grow by the day", "Then <cents> cents are due after <days> days"),
    "a placeholder is gone": fines("Fines grow by the day", "Then 1 late days cost <cents> cents or <days>"),
    "a value became a word": fines(
        "Fines grow by the day", "Then <days> late days cost <cents> cents", rows=ROWS.replace("20", "none")
    ),
    "a line was added": fines(
        "Fines grow by the day", "Then <days> late days cost <cents> cents", "Then nobody pays twice"
    ),
    "it is no outline any more": make_spec(make_criterion("Fines grow by the day, 3 late days cost 60 cents")),
}


@pytest.mark.parametrize("new", [pytest.param(new, id=name) for name, new in STAYS.items()])
def test_a_definition_stays_where_it_might_be_given_something_else(new: Spec) -> None:
    world = rewrite(COST, OLD, new)
    assert world.code.startswith(COST.encode())
    assert len(parse_definitions(world.code.decode())) >= 2


@pytest.mark.parametrize(
    ("uses", "more"),
    [
        ("Feature: x\n  Scenario: y\n    Then 9 days cost 180 cents\n", ""),
        (
            "Feature: x\n  Scenario Outline: y\n    Then <n> days cost 5 cents\n    Examples:\n      |n|\n      |1|\n",
            "",
        ),
        ("", '\n\n@when("all")\ndef g(context):\n    context.execute_steps("Then 2 days cost 40 cents")\n'),
    ],
)
def test_a_definition_that_something_else_uses_stays(uses: str, more: str) -> None:
    world = rewrite(COST + more, OLD, NEW, **({"mine": uses} if uses else {}))
    assert world.code.startswith((COST + more).encode())
    assert b"{days:d} late days cost {cents:d} cents" in world.code


def test_a_criterion_that_shares_a_row_keeps_the_definition() -> None:
    other = make_criterion("A month", bullets=("Then 30 days cost 600 cents",))
    old, new = (make_spec(*spec.criteria, other) for spec in (OLD, NEW))
    world = rewrite(COST, old, new)
    assert world.code.startswith(COST.encode())


def test_rows_with_definitions_of_their_own_stay() -> None:
    code = "".join(
        f'@then("{days} days cost {cents} cents")\ndef cost_{days}(context):\n\tassert context\n\n\n'
        for days, cents in ((1, 20), (3, 60))
    )
    assert rewrite(code, OLD, NEW).code.startswith(code.encode())


def test_two_criteria_in_one_outline_each_move_the_definition_that_both_have_only_together() -> None:
    both = [make_spec(*spec.criteria, *rename(spec, "Fees")) for spec in (OLD, NEW)]
    world = rewrite(COST, *both)
    assert COST.replace("days cost", "late days cost").encode() == world.code
    world = rewrite(COST, both[0], make_spec(*NEW.criteria, *rename(OLD, "Fees")))
    assert world.code.startswith(COST.encode())


def rename(spec: Spec, word: str) -> tuple[Criterion, ...]:
    """Replace the first word of the criteria of a spec."""
    return tuple(replace(criterion, text=criterion.text.replace("Fines", word)) for criterion in spec.criteria)


COLUMNS = ("days", "cents", "role")
VALUES = {"days": ("1", "3", "12"), "cents": ("20", "60", "none"), "role": ("reader", "guest", "clerk")}
WORDS = ("late", "a", "cost", "at once", "of", '"home"', "7", "-")


@st.composite
def outlines(draw: st.DrawFn) -> Spec:
    """Draw a spec with one criterion that an outline proves, with at most one line of each kind."""
    parts = st.lists(st.sampled_from([*WORDS, *(f"<{name}>" for name in COLUMNS)]), min_size=1, max_size=5)
    kinds = sorted(draw(st.lists(st.sampled_from(["1Given", "2When", "3Then"]), min_size=1, unique=True)))
    lines = [f"{kind[1:]} it {' '.join(draw(parts))}" for kind in kinds]
    rows = draw(st.lists(st.tuples(*(st.sampled_from(VALUES[name]) for name in COLUMNS)), min_size=1, max_size=3))
    table = "\n".join(f"| {' | '.join(row)} |" for row in (COLUMNS, *rows))
    return fines(draw(st.sampled_from(["Fines grow", "Fines grow at last"])), *lines, rows=table)


@settings(deadline=None)
@given(specs=st.lists(outlines(), min_size=2, max_size=4))
def test_whatever_follows_every_row_has_one_definition_with_the_values_of_its_columns(specs: list[Spec]) -> None:
    world = World()
    for spec in specs:
        before = world.code
        world = regenerate(world, spec)
        assert read_bodies(before) <= read_bodies(world.code)
        patterns = {definition.pattern for definition in parse_definitions(before.decode())}
        assert regenerate(world, spec).steps == world.steps
        with loaded(world.steps) as registry, loaded(world.steps, backwards=True):
            for line, row, text in walk_rows(world):
                match = find_match(registry, line.kind, text)
                assert match is not None
                # An older definition may have taken the new words already, as in Behave it may.
                for argument in () if is_among(match.func, world, patterns) else match.arguments:
                    if argument.name in line.columns:
                        assert row[argument.name] == argument.original


def is_among(function: Any, world: World, patterns: set[str]) -> bool:
    """Whether a step function has one of these patterns."""
    line = function.__code__.co_firstlineno
    definitions = parse_definitions(world.code.decode())
    return any(definition.line == line and definition.pattern in patterns for definition in definitions)


def read_bodies(content: bytes) -> set[str]:
    """List the names and parameters of all step functions, which only their author changes."""
    nodes = ast.walk(ast.parse(content))
    return {f"{node.name}{ast.dump(node.args)}" for node in nodes if isinstance(node, ast.FunctionDef)}


def walk_rows(world: World) -> Iterator[tuple[StepLine, dict[str, str], str]]:
    """Yield each line of the outline with the values of each row, and its text with these values."""
    for scenario in world.features_drafted[0].scenarios:
        for table in scenario.examples:
            for row in table.rows[1:]:
                values = dict(zip(table.rows[0], row, strict=True))
                for step in scenario.steps:
                    (text,) = expand_text(step.text, (Examples((table.rows[0], row)),))
                    yield StepLine(step.kind, step.text, scenario.examples), values, text
