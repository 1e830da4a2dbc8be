"""What hooks and steps change of a scenario is found, and what is the same is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from behave.model import Row, Table
from behave.parser import parse_feature

from spec2bdd.adapters.behave.plugin.snapshots import ScenarioSnapshots

FEATURE = """
Feature: Cart
  @ac_cart
  Scenario: one
    Given a cart
      | name | price |
      | hat  | 3     |
    When it is paid
      \"\"\"
      in cash
      \"\"\"
    Then it is empty
"""


def change_cell(step: Any) -> None:
    """Change a cell of a table."""
    step.table.rows[0].cells[1] = "4"


def add_row(step: Any) -> None:
    """Add a row to a table."""
    step.table.add_row(["cap", "4"])


def add_column(step: Any) -> None:
    """Add a column to a table, as steps do for themselves."""
    step.table.ensure_column_exists("more")


def remove_table(step: Any) -> None:
    """Remove a table."""
    step.table = None


def add_table(step: Any) -> None:
    """Add a table."""
    step.table = Table(["name"], rows=[["hat"]])


def copy_table(step: Any) -> None:
    """Put another table with the same cells in place of a table."""
    rows = [Row(step.table.headings, list(row.cells)) for row in step.table.rows]
    step.table = Table(step.table.headings, rows=rows)


def keep(step: Any) -> None:
    """Change nothing."""


def set_to(name: str, value: object) -> Callable[[Any], None]:
    """Make a function that changes an attribute."""
    return lambda step: setattr(step, name, value)


# The position of a step, what is changed of it, and whether it is another one then, and whether the scenario is.
CHANGES = {
    "nothing": (0, keep, False, False),
    "nothing of a doc string": (1, keep, False, False),
    "nothing of a plain step": (2, keep, False, False),
    "a name": (2, set_to("name", "it is full"), True, True),
    "a kind": (2, set_to("step_type", "when"), True, True),
    "a doc string": (1, set_to("text", "by card"), True, True),
    "a doc string that is removed": (1, set_to("text", None), True, True),
    "a cell": (0, change_cell, True, False),
    "a row": (0, add_row, True, False),
    "a column": (0, add_column, False, False),
    "a table that is removed": (0, remove_table, True, False),
    "a table that is added": (2, add_table, True, False),
    "a table with the same cells": (0, copy_table, False, False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_step_is_that_of_its_file_unless_something_has_changed_it(name: str) -> None:
    (scenario,) = parse_feature(FEATURE, filename="cart.feature").walk_scenarios()
    snapshots = ScenarioSnapshots()
    number, change, is_other, is_changed = CHANGES[name]
    step = scenario.steps[number]
    assert snapshots.describe_step_change(step, scenario) == ""
    snapshots.save(scenario)
    change(step)
    described = f"the step is not that of the feature file when it runs: something changed line {step.line}"
    assert snapshots.describe_step_change(step, scenario) == (described if is_other else "")
    described = f"the steps are not those of the feature file: something changed them, first on line {step.line}"
    assert snapshots.describe_change(scenario) == (described if is_changed else "")


def test_a_step_that_a_hook_has_added_is_a_change() -> None:
    (scenario,), (other,) = (parse_feature(FEATURE, filename="cart.feature").walk_scenarios() for _ in range(2))
    snapshots = ScenarioSnapshots()
    snapshots.save(scenario)
    scenario.steps.append(other.steps[2])
    assert snapshots.describe_step_change(other.steps[2], scenario)
    assert snapshots.describe_change(scenario).endswith(f"first on line {scenario.line}")
    del scenario.steps[1:]
    assert snapshots.describe_change(scenario).endswith("first on line 8")
    assert (snapshots.find_tags(scenario), snapshots.find_tags(other)) == (["ac_cart"], [])
