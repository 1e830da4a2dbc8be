"""Which items of a feature Behave's own loop gets for the units of a worker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from behave.configuration import Configuration
from behave.model import ScenarioOutline
from behave.parser import parse_feature
from behave.runner import Context, ModelRunner
from behave.step_registry import StepRegistry
from grouped import in_one_test

from spec2bdd.adapters.behave.executors.feature_feed import FeatureFeed
from spec2bdd.adapters.behave.executors.work_units import WorkUnit

FEATURE = """
Feature: All kinds
  Scenario: one
    Given it works
  Scenario Outline: rows
    Given it <does>
    Examples:
      | does  |
      | works |
      | fails |
  Scenario Outline: without rows
    Given it <does>
    Examples:
      | does |
  Scenario: three
    Given it works
  Rule: ruled
    Scenario: two
      Given it fails
    Scenario Outline: ruled rows
      Given it <does>
      Examples:
        | does  |
        | works |
        | works |
  Rule: empty
"""


def make_runner(notes: list[str]) -> Any:
    """Make a plain runner of Behave that notes which rules and scenarios it runs."""

    def fail(_context: Any) -> None:
        raise AssertionError

    runner: Any = ModelRunner(Configuration([], load_config=False), step_registry=StepRegistry())
    runner.context = Context(runner)
    runner.step_registry.add_step_definition("step", "it works", lambda _context: None)
    runner.step_registry.add_step_definition("step", "it fails", fail)
    runner.hooks = {
        "before_rule": lambda _context, rule: notes.append(f"[{rule.name}]"),
        "before_scenario": lambda _context, scenario: notes.append(scenario.name.replace(" -- @1.", " ").strip()),
    }
    return runner


def run(*units: Sequence[int], retries: int = 0) -> list[str]:
    """Run units of the feature in a row, and return the rules and scenarios that Behave has run."""
    notes: list[str] = []
    feature = parse_feature(FEATURE)
    left = [WorkUnit(0, 0, tuple(unit)) for unit in units]
    feed = FeatureFeed(feature, request_unit=lambda: left.pop(0) if left else None, retries=retries)
    feed.take_unit(left.pop(0))
    for item in feature.run_items:
        if isinstance(item, ScenarioOutline) and item.name == "without rows":
            # Nothing else is called for it.
            item.clear_status = partial(notes.append, item.name)
    feature.run(make_runner(notes))
    return notes


# Scenarios by their positions in the feature.
EVERYTHING = ["one", "rows 1", "rows 2", "without rows", "three"]
EVERYTHING += ["[ruled]", "two", "ruled rows 1", "ruled rows 2", "[empty]"]
UNITS: dict[str, tuple[list[Sequence[int]], list[str]]] = {
    "everything": ([range(7)], EVERYTHING),
    # What has no scenario is in no unit, and is run with the first one.
    "the first scenario": ([[0]], ["one", "without rows", "[empty]"]),
    "the first scenario in a later unit": ([[3], [0]], ["three", "one", "without rows", "[empty]"]),
    "a row": ([[2]], ["rows 2"]),
    "rows in two units": ([[2], [1]], ["rows 2", "rows 1"]),
    "a scenario of a rule": ([[4]], ["[ruled]", "two"]),
    "a row of a rule": ([[6]], ["[ruled]", "ruled rows 2"]),
    "some of everything": ([[3], [2, 5]], ["three", "rows 2", "[ruled]", "ruled rows 1"]),
}


@in_one_test("name", UNITS)
def test_each_scenario_of_a_unit_is_run_and_no_other_one(name: str) -> None:
    units, expected = UNITS[name]
    assert run(*units) == expected


def test_a_scenario_that_fails_is_run_again_and_one_that_passes_is_not() -> None:
    assert run([2, 3, 4], retries=2) == [*["rows 2"] * 3, "three", "[ruled]", *["two"] * 3]
