"""What a run is asked for: parts of a project, by criterion, by file and by shard, and what the records say of it."""

from __future__ import annotations

import itertools

import pytest
from behave_project import Project, list_statuses

from spec2bdd.adapters.results.wire import run_options_from_json, run_options_to_json
from spec2bdd.model import RunOptions

ONE = """
@ac_all
Feature: One
  @ac_1
  Scenario: one
    Then it works

  @ac_2 @ac_1
  Scenario: two
    Then it fails

  Rule: ruled
    @ac_rows
    Scenario Outline: rows
      Then it <does>
      Examples:
        | does  |
        | works |
        | fails |
"""

TWO = "Feature: Two\n  @ac_1\n  Scenario: three\n    Then it works\n  Scenario: four\n    Then it works\n"

HOOKS = """
def before_feature(context, feature):
    print("BEGINS", feature.name)

def before_rule(context, rule):
    print("BEGINS", rule.name)
"""

ALL = ["one", "two", "rows -- @1.1 ", "rows -- @1.2 ", "three", "four"]


@pytest.fixture
def parts(project: Project) -> Project:
    """Return a project of two feature files."""
    return project.write(features__one_feature=ONE, features__two_feature=TWO, environment_py=HOOKS)


def list_executed(project: Project, plan: RunOptions) -> list[str]:
    """Return the names of the scenarios that were run; all others must say that they were skipped."""
    run = project.run(plan=plan)
    assert run.complete
    assert set(ALL) == {record.name for record in run.results}
    assert run.expected == {"ac_1": 3, "ac_2": 1, "ac_rows": 2, "ac_all": 4}
    return [name for name, status in list_statuses(run).items() if status != "skipped"]


@pytest.mark.parametrize(
    ("plan", "names"),
    [
        (RunOptions(), ALL),
        (RunOptions(only=frozenset({"ac_1"})), ["one", "two", "three"]),
        (RunOptions(only=frozenset({"ac_2", "ac_rows"})), ["two", "rows -- @1.1 ", "rows -- @1.2 "]),
        (RunOptions(only=frozenset({"ac_all"})), ALL[:4]),
        (RunOptions(only=frozenset({"ac"})), []),
        (RunOptions(only=frozenset()), []),
        (RunOptions(features=frozenset({"features/two.feature"})), ["three", "four"]),
        (RunOptions(features=frozenset({"features/two.feature"}), only=frozenset({"ac_1"})), ["three"]),
        (RunOptions(features=frozenset()), []),
        (RunOptions(arguments=("--name", "three")), ["three"]),
    ],
)
def test_only_what_is_asked_for_is_run_and_all_else_is_known(
    parts: Project, plan: RunOptions, names: list[str]
) -> None:
    assert list_executed(parts, plan) == names


@pytest.mark.parametrize("count", [1, 2, 4, 9])
def test_shards_are_disjoint_and_together_everything(parts: Project, count: int) -> None:
    shards = [list_executed(parts, RunOptions(shard=(part, count))) for part in range(1, count + 1)]
    assert list(itertools.chain(*shards)) == ALL
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


def test_nothing_of_a_feature_or_rule_without_a_chosen_scenario_is_run(parts: Project) -> None:
    chosen = parts.behave("--no-capture", "--no-capture-hooks", plan=RunOptions(only=frozenset({"ac_2"}))).output
    assert "BEGINS One" in chosen
    assert "BEGINS ruled" not in chosen
    assert "BEGINS Two" not in chosen


def test_what_is_left_out_is_missed_and_never_begun(parts: Project) -> None:
    parts.behave(plan=RunOptions(only=frozenset({"ac_2"})))
    events = [(event["event"], event["name"]) for event in parts.events if "name" in event and "scenario" in event]
    left_out = [("scenario_missed", name) for name in ALL if name != "two"]
    assert sorted([("scenario_start", "two"), *left_out]) == sorted(events)
    assert {event["status"] for event in parts.events if event["event"] == "scenario_missed"} == {"skipped"}


def test_urgent_scenarios_are_run_first_and_all_others_after_them(parts: Project) -> None:
    run = parts.run(plan=RunOptions(urgent=frozenset({"ac_1"})))
    started = [event["name"] for event in parts.events if event["event"] == "scenario_start"]
    assert started == ["one", "two", "three", "four", "rows -- @1.1 ", "rows -- @1.2 "]
    assert sorted(record.name for record in run.results) == sorted(ALL)
    plain = parts.run(plan=RunOptions())
    assert {record.name: record.status for record in run.results} == {
        record.name: record.status for record in plain.results
    }


PLANS = [
    RunOptions(),
    RunOptions(urgent=frozenset({"ac_1", "ac_2"})),
    RunOptions(
        jobs=4,
        timeout=1.5,
        retries=2,
        shard=(1, 3),
        only=frozenset({"ac_1", "ac_2"}),
        features=frozenset({"features/ä.feature"}),
        arguments=("-D", "a=b"),
    ),
    RunOptions(only=frozenset(), features=frozenset()),
]


@pytest.mark.parametrize("plan", PLANS)
def test_the_first_record_says_what_was_asked_for(project: Project, plan: RunOptions) -> None:
    project.write(features__one_feature=ONE).behave(plan=plan)
    assert run_options_to_json(plan) == project.events[0]["asked"]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_comes_back_as_it_was_described(plan: RunOptions) -> None:
    assert run_options_from_json(run_options_to_json(plan)) == plan


def test_steps_find_nothing_on_standard_input(project: Project) -> None:
    project.write_file(
        "steps/in_steps.py", "import sys\n@then('it reads')\ndef f(context):\n    assert sys.stdin.read() == ''\n"
    )
    project.write(features__in_feature="Feature: In\n  Scenario: one\n    Then it reads\n")
    assert list_statuses(project.run()) == {"one": "passed"}
