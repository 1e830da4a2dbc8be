"""A hook that removes or skips a scenario does so in view, with a diagnostic at its line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from behave_project import STEPS as WORKING
from behave_project import Project
from small_project import generate, list_verdicts, verify, write_files

from spec2bdd.model import Report, RunOptions

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

### Must Have
- [ ] An item can be added {#add}
- [ ] An item can be removed {#remove}

### Could Have
- [ ] Baskets can be shared {#share}
"""
STEPS = """\
from behave import then


@then("an item can be added")
@then("an item can be removed")
@then("Baskets can be shared")
def f(context):
    assert ["apple"] == [context.scenario.name and "apple"]
"""
REMOVES = "def before_feature(context, feature):\n    del feature.run_items[0]\n"
SELECTS = """\
from behave.tag_expression import make_tag_expression


def before_all(context):
    context.config.tag_expression = make_tag_expression("not @must")
"""


def verify_with(root: Path, hooks: str, **options: object) -> Report:
    """Verify a project of three criteria with hooks."""
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS, "environment.py": hooks})
    generate(root)
    return verify(root, **options)


def list_found(report: Report) -> list[tuple[str, str]]:
    """List the code and the message of each diagnostic about a scenario."""
    found = [diagnostic for diagnostic in report.diagnostics if diagnostic.code.startswith("scenario-")]
    assert {("features/1_1_basket.feature", True, True)} >= {
        (diagnostic.path, diagnostic.line > 1, bool(diagnostic.hint)) for diagnostic in found
    }
    return [(diagnostic.code, diagnostic.message) for diagnostic in found]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scenario_that_a_hook_removes_is_an_error(tmp_path: Path, jobs: int) -> None:
    report = verify_with(tmp_path, REMOVES, plan=RunOptions(jobs=jobs))
    expected = [("scenario-removed", "a hook removed the scenario `An item can be added` from the run")]
    assert (report.exit_code, list_found(report)) == (2, expected)
    assert [*list_verdicts(report).values()] == ["not run", "passed", "passed"]


COPIES = """\
import copy


def before_feature(context, feature):
    passing, failing = feature.scenarios[:2]
    feature.run_items[1] = made = copy.copy(passing)
    made.name, made.tags, made.location = failing.name, failing.tags, failing.location
"""


def test_a_copy_that_a_hook_puts_in_the_place_of_a_scenario_proves_nothing(tmp_path: Path) -> None:
    report = verify_with(tmp_path, COPIES)
    expected = [("scenario-removed", "a hook removed the scenario `An item can be removed` from the run")]
    assert (report.exit_code, list_found(report)) == (2, expected)
    assert [*list_verdicts(report).values()] == ["passed", "not run", "passed"]


SKIPS: dict[str, tuple[str, list[str], str]] = {
    "with a reason": (
        'def before_scenario(context, scenario):\n    if "add" in scenario.name:\n        scenario.skip("no one")\n',
        ["skipped", "passed", "passed"],
        'a step or hook skipped the scenario `An item can be added` ("no one"), so its criterion is not proved',
    ),
    "before it begins, without a reason": (
        "def before_feature(context, feature):\n    feature.scenarios[1].mark_skipped()\n",
        ["passed", "skipped", "passed"],
        "a step or hook skipped the scenario `An item can be removed`, so its criterion is not proved",
    ),
    "by another selection": (
        SELECTS,
        ["skipped", "skipped", "passed"],
        "a step or hook skipped the scenario `An item can be added` and 1 more, so 2 criteria are not proved",
    ),
}


@pytest.mark.parametrize("name", SKIPS)
def test_scenarios_of_gating_criteria_that_a_hook_skips_are_a_warning(tmp_path: Path, name: str) -> None:
    hooks, verdicts, message = SKIPS[name]
    report = verify_with(tmp_path, hooks)
    assert (report.exit_code, list_found(report)) == (0, [("scenario-skipped", message)])
    assert verdicts == [*list_verdicts(report).values()]
    criterion = "remove" if verdicts[0] == "passed" else "add"
    assert f'`spec2bdd waive ac_1_1_{criterion} --reason "..."`' in report.diagnostics[-1].hint


def test_a_skipped_scenario_of_a_criterion_that_does_not_gate_is_no_warning(tmp_path: Path) -> None:
    hooks = (
        'def before_scenario(context, scenario):\n    if "could" in scenario.tags:\n        scenario.skip("later")\n'
    )
    report = verify_with(tmp_path, hooks)
    assert list_found(report) == []
    assert [*list_verdicts(report).values()] == ["passed", "passed", "skipped"]


def test_scenarios_that_the_user_leaves_out_are_no_warning(tmp_path: Path) -> None:
    report = verify_with(tmp_path, "", plan=RunOptions(arguments=("--tags", "not @must")))
    assert list_found(report) == []
    assert [*list_verdicts(report).values()] == ["skipped", "skipped", "passed"]


def test_plain_behave_with_our_runner_records_what_a_hook_removes_and_what_a_line_selects(tmp_path: Path) -> None:
    project = Project(tmp_path).write(steps__common_steps_py=WORKING, environment_py=REMOVES)
    scenarios = "".join(f"  Scenario: {name}\n    Then it works\n" for name in "abc")
    project.write(features__one_feature=f"Feature: One\n{scenarios}")
    options = ("--runner", "spec2bdd.adapters.behave.plugin.runner:RecordingRunner", "--outfile", "records.ndjson")
    formatter = ("--format", "spec2bdd.adapters.behave.plugin.formatter:RecordFormatter")
    command = (sys.executable, "-m", "behave", *options, *formatter, "features/one.feature:2", "features/one.feature:4")
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    events = [json.loads(line) for line in (tmp_path / "records.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [(event["code"], event["line"]) for event in events if "severity" in event] == [("scenario-removed", 2)]
    left_out = [event for event in events if event.get("status") == "skipped" and "rest" in event]
    assert ["skip_reason" in event for event in left_out] == [False]
