"""Hooks that change a step before it runs and change it back: what ran was not what the feature file says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from behave_project import Project, find_record

from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import Verdict

STEPS = """
from behave import given, then

@given("a table")
def f(context):
    context.table.ensure_column_exists("more")

@then("the table has no bad row")
def f(context):
    assert "bad" not in [row["name"] for row in context.table]

@then("the text is good")
def f(context):
    assert context.text == "good"

@then("it fails")
def f(context):
    assert not context

@then("it works")
def f(context):
    assert context.config
"""
FEATURE = """
Feature: Changed
  Background:
    Given a table
      | name |
      | one  |

  Scenario: first
    Then it works

  Scenario: changed
{}
  Scenario: last
    Then it works
"""
HOOKS = """
from behave.model import Table

def before_step(context, step):
    {step}

def after_step(context, step):
    {after}

def before_scenario(context, scenario):
    {scenario}
"""
ROWS = "    Then the table has no bad row\n      | name |\n      | good |\n      | bad  |\n"
TEXT = '    Then the text is good\n      """\n      bad\n      """\n'
# The steps of the scenario, and the hooks that change one of them and change it back.
SWAPS = {
    "a row of a table": (
        ROWS,
        {
            "step": "if 'bad row' in step.name: context.rows = step.table.rows; step.table.rows = context.rows[:1]",
            "after": "if 'bad row' in step.name: step.table.rows = context.rows",
        },
    ),
    "a cell of a table": (
        ROWS,
        {
            "step": "if 'bad row' in step.name: step.table.rows[1].cells[0] = 'fine'",
            "after": "if 'bad row' in step.name: step.table.rows[1].cells[0] = 'bad'",
        },
    ),
    "a table": (
        ROWS,
        {
            "step": "if 'bad row' in step.name: context.mine = step.table; step.table = Table(['name'])",
            "after": "if 'bad row' in step.name: step.table = context.mine",
        },
    ),
    "a doc string": (
        TEXT,
        {
            "step": "if 'text' in step.name: context.mine = step.text; step.text = 'good'",
            "after": "if 'text' in step.name: step.text = context.mine",
        },
    ),
    "a name, before it is looked up": (
        "    Then it fails\n",
        {
            "scenario": "[setattr(step, 'name', 'it works') for step in scenario.steps if step.name == 'it fails']",
            "step": "if context.scenario.name == 'changed' and step.step_type == 'then': step.name = 'it fails'",
        },
    ),
}


def write_project(root: Path, name: str) -> Project:
    """Write the project whose hooks swap one thing."""
    steps, swap = SWAPS[name]
    hooks = {part: swap.get(part, "pass") for part in ("step", "after", "scenario")}
    project = Project(root).write(steps__own_steps_py=STEPS, environment_py=HOOKS.format(**hooks))
    return project.write_file("features/changed.feature", FEATURE.format(steps))


@pytest.mark.parametrize("name", SWAPS)
def test_the_step_fails_that_runs_with_another(name: str, tmp_path: Path) -> None:
    project = write_project(tmp_path, name)
    done = subprocess.run([sys.executable, "-m", "behave", "features"], cwd=tmp_path, capture_output=True, check=False)
    run = project.run()
    ruling = judge_record(find_record(run, "changed"))
    assert done.returncode == 0
    assert ruling.verdict is Verdict.FAILED
    assert "not that of the feature file when it runs" in ruling.reason


def test_a_step_may_add_a_column_to_the_table_of_a_background(tmp_path: Path) -> None:
    project = write_project(tmp_path, "a doc string")
    run = project.run()
    assert {name: find_record(run, name).status for name in ("first", "last")} == {"first": "passed", "last": "passed"}
