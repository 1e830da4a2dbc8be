"""Each way in which Behave reports success though nothing was proved, and the records of a real run instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from behave_project import STEPS, Project, find_record, list_statuses

from spec2bdd.errors import RecordError
from spec2bdd.model import RunFailure, TestRun

LOGIN = """
@ac_feature
Feature: Login
  Background:
    Given it works

  @ac_twin
  Scenario: twin
    Then it fails

  @ac_twin
  Scenario: twin
    Then it works

  @wip
  Scenario: work in progress
    Then it is pending

  @wip
  Scenario: work in progress below
    Then it has a pending part

  @ac_rows
  Scenario Outline: rows
    Then it <does>

    @ac_first
    Examples: first
      | does  |
      | works |
      | fails |

    @ac_second
    Examples: second
      | does |

  @ac_rowless
  Scenario Outline: rowless
    Then it <does>

  @ac_rule
  Rule: a rule
    Background:
      Given it works

    Scenario: ruled
      Then it works
"""

PART = """
@then("it has a pending part")
def it_has_a_pending_part(context):
    context.execute_steps("Then it is pending")
"""

EMPTY = """
@ac_empty
Feature: Empty
  Scenarioo: misspelt
    It works

  Scenario: no steps
"""

HOOKS = """
def explode(*_):
    raise RuntimeError("boom")

def before_tag(context, tag):
    if tag == "bad_for_all":
        explode()

def before_scenario(context, scenario):
    if "bad_before" in scenario.tags:
        assert False, "not ready"

def after_scenario(context, scenario):
    if "bad_after" in scenario.tags:
        explode()
    if "bad_exit" in scenario.tags:
        raise SystemExit(0)

def before_step(context, step):
    if step.name == "the hook minds":
        explode()

def before_rule(context, rule):
    if "bad_rule" in rule.tags:
        explode()

def after_rule(context, rule):
    if "late_rule" in rule.tags:
        explode()

def before_feature(context, feature):
    context.rule = "a word of the user's"
    if "bad_feature" in feature.tags:
        explode()

def after_feature(context, feature):
    if "late_feature" in feature.tags:
        explode()
    if "dirty_feature" in feature.tags:
        context.add_cleanup(explode)
"""

HOOKED = """
Feature: Hooked
  Scenario: fine
    Then it works
  @bad_for_all
  Scenario: bad tag
    Then it works
  @bad_before
  Scenario: bad before
    Then it works
  @bad_after
  Scenario: bad after
    Then it works
  Scenario: bad step hook
    Then the hook minds
  Scenario: dirty
    Then it leaves dirt
  Scenario: quietly dirty
    Then it leaves dirt quietly
  @bad_rule
  Rule: bad rule
    Scenario: never ruled
      Then it works
  @late_rule
  Rule: late rule
    Scenario: ruled
      Then it works
"""

HOOKED_STEPS = """
from behave import step

def explode():
    raise OSError("still open")

@step("the hook minds")
def the_hook_minds(context):
    pass

@step("it leaves dirt")
def it_leaves_dirt(context):
    context.add_cleanup(explode)
    context.add_cleanup(lambda: explode())

@step("it leaves dirt quietly")
def it_leaves_dirt_quietly(context):
    context.fail_on_cleanup_errors = False
    context.add_cleanup(explode)
"""


@pytest.fixture(scope="module")
def login_run(tmp_path_factory: pytest.TempPathFactory) -> TestRun:
    """Return one run of many traps that need no hooks."""
    project = Project(tmp_path_factory.mktemp("login")).write(steps__common_steps_py=STEPS)
    return project.write(features__login_feature=LOGIN, features__empty_feature=EMPTY, steps__part_steps_py=PART).run()


def test_a_scenario_without_steps_shows_that_it_has_none(login_run: TestRun) -> None:
    record = find_record(login_run, "no steps")
    assert (record.finished, record.status, record.steps) == (True, "passed", ())


def test_an_outline_without_rows_is_expected_and_never_seen(login_run: TestRun) -> None:
    assert login_run.expected["ac_rowless"] == 1
    assert not [record for record in login_run.results if "ac_rowless" in record.tags]


def test_examples_without_rows_are_expected_once_more_than_the_rows_of_their_outline(login_run: TestRun) -> None:
    rows = [record for record in login_run.results if "ac_second" in record.tags]
    assert (len(rows), login_run.expected["ac_second"], login_run.expected["ac_rows"]) == (2, 3, 3)


def test_outline_rows_are_expected_and_seen_one_by_one(login_run: TestRun) -> None:
    rows = [record for record in login_run.results if "ac_first" in record.tags]
    assert [record.status for record in rows] == ["passed", "failed"]
    assert login_run.expected["ac_first"] == 2


def test_a_pending_step_under_wip_shows_in_a_scenario_that_behave_calls_passed(login_run: TestRun) -> None:
    record = find_record(login_run, "work in progress")
    assert (record.status, record.steps[-1].status) == ("passed", "pending_warn")


def test_a_pending_step_within_another_under_wip_makes_that_one_pending(login_run: TestRun) -> None:
    record = find_record(login_run, "work in progress below")
    assert (record.status, record.steps[-1].status) == ("passed", "pending_warn")


def test_a_misspelt_scenario_is_neither_expected_nor_seen(login_run: TestRun) -> None:
    assert [record.name for record in login_run.results if record.feature == "features/empty.feature"] == ["no steps"]
    assert login_run.expected["ac_empty"] == 1


def test_two_scenarios_of_one_name_have_records_of_their_own(login_run: TestRun) -> None:
    twins = [record for record in login_run.results if record.name == "twin"]
    assert [record.status for record in twins] == ["failed", "passed"]
    assert login_run.expected["ac_twin"] == 2


def test_a_rule_with_a_background_keeps_each_status_at_its_step(login_run: TestRun) -> None:
    record = find_record(login_run, "ruled")
    assert (record.status, record.finished) == ("passed", True)
    assert [(step.status, step.line) for step in record.steps] == [("passed", 4), ("passed", 43), ("passed", 46)]


def test_tags_of_the_feature_and_the_rule_are_inherited(login_run: TestRun) -> None:
    assert find_record(login_run, "ruled").tags == ("ac_feature", "ac_rule")


def test_a_step_has_its_text_its_definition_and_its_error(login_run: TestRun) -> None:
    step = login_run.results[1].steps[1]
    assert (step.keyword, step.kind, step.text, step.line) == ("Then", "then", "it fails", 8)
    assert (step.status, step.location, step.error) == ("failed", "steps/common_steps.py:8", "it really fails")


def test_the_run_names_its_features_and_the_digests_of_all_files(login_run: TestRun) -> None:
    assert login_run.features == ("features/empty.feature", "features/login.feature")
    assert sorted(login_run.digests) == [*login_run.features, "steps/common_steps.py", "steps/part_steps.py"]


def test_a_run_without_hooks_is_complete_and_has_no_failures(login_run: TestRun) -> None:
    assert (login_run.complete, login_run.id, login_run.failures) == (True, "r1", ())


# The status of a scenario, its own failures, and those of its feature.
HOOKED_RECORDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "fine": ("passed", (), ()),
    "bad tag": ("hook_error", ("before_tag @bad_for_all: RuntimeError: boom",), ()),
    "bad before": ("hook_error", ("before_scenario: not ready",), ()),
    "bad after": ("hook_error", ("after_scenario: RuntimeError: boom",), ()),
    "bad step hook": ("error", ("before_step: RuntimeError: boom",), ()),
    "dirty": ("cleanup_error", ("clean-up: OSError: still open",) * 2, ()),
    "quietly dirty": ("passed", ("clean-up: OSError: still open",), ()),
    "never ruled": ("untested", ("before_rule: RuntimeError: boom",), ()),
    "ruled": ("passed", ("after_rule: RuntimeError: boom",), ()),
    "bad_feature": ("untested", (), ("before_feature: RuntimeError: boom",)),
    "late_feature": ("passed", (), ("after_feature: RuntimeError: boom",)),
    "dirty_feature": ("passed", (), ("clean-up: RuntimeError: boom",)),
}


def test_a_failing_hook_or_clean_up_is_a_failure_of_its_scenario_or_of_its_feature(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(steps__common_steps_py=STEPS, steps__hooked_steps_py=HOOKED_STEPS, environment_py=HOOKS)
    for tag in ("bad_feature", "late_feature", "dirty_feature"):
        project.write_file(f"features/{tag}.feature", f"@{tag}\nFeature: {tag}\n  Scenario: {tag}\n    Then it works\n")
    run = project.write(features__hooked_feature=HOOKED).run()
    of_features = {record.name: record.feature for record in run.results if record.feature != "features/hooked.feature"}
    found = {
        name: (
            find_record(run, name).status,
            find_record(run, name).failures,
            tuple(error.message for error in run.failures if error.feature == of_features.get(name)),
        )
        for name in HOOKED_RECORDS
    }
    assert found == HOOKED_RECORDS
    assert len(run.failures) == len(of_features) == 3
    assert (run.complete, {record.finished for record in run.results}) == (True, {True})


ONE = "Feature: One\n  @ac_one\n  Scenario: one\n    Then it works\n"
TWO = """
Feature: Two
  Scenario: first
    Then it works
  Scenario: second
    Then it ends
  Scenario: third
    Then it works
"""


@pytest.mark.parametrize(
    ("hook", "status"),
    [
        ("def before_all(context):\n    raise RuntimeError('boom')\n", "untested"),
        ("def after_all(context):\n    raise RuntimeError('boom')\n", "passed"),
    ],
)
def test_a_failing_hook_of_the_run_is_kept_without_a_path(project: Project, hook: str, status: str) -> None:
    run = project.write(features__one_feature=ONE, environment_py=hook).run()
    assert list_statuses(run) == {"one": status}
    name = hook[4:].split("(")[0]
    calls = f"  File \"environment.py\", line 2, in {name}\n    raise RuntimeError('boom')"
    found = [replace(failure, traceback=failure.traceback.partition("\n")[2]) for failure in run.failures]
    assert found == [RunFailure("", f"{name}: RuntimeError: boom", "environment.py:2", calls)]
    assert run.complete


def test_a_failing_clean_up_of_the_run_is_kept_without_a_path(project: Project) -> None:
    hook = "def before_all(context):\n    context.add_cleanup(lambda: 1 / 0)\n"
    run = project.write(features__one_feature=ONE, environment_py=hook).run()
    assert [failure.message for failure in run.failures] == ["clean-up: ZeroDivisionError: division by zero"]
    assert [(failure.feature, failure.location) for failure in run.failures] == [("", "environment.py:2")]


@pytest.mark.parametrize("args", [("--tags", "nothing"), ("--name", "nothing"), ("--tags", "nothing", "--no-skipped")])
def test_a_filter_that_matches_nothing_leaves_every_scenario_skipped(project: Project, args: tuple[str, ...]) -> None:
    project.write(features__one_feature=ONE, features__two_feature=TWO.replace("it ends", "it works"))
    assert list_statuses(project.run(*args)) == {
        "one": "skipped",
        "first": "skipped",
        "second": "skipped",
        "third": "skipped",
    }


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("steps/ending_steps.py", "import os\nos._exit(0)\n"),
        ("behave.ini", "[behave]\ntags = not (\n"),
    ],
)
def test_a_run_that_never_begins_leaves_no_records_of_yesterday(project: Project, path: str, text: str) -> None:
    project.write_file(".spec2bdd/records.ndjson", "those of yesterday")
    project.write(features__one_feature=ONE).write_file(path, text).behave()
    assert not project.record_path.exists()


def test_records_without_a_first_line_are_refused(project: Project) -> None:
    project.record_path.parent.mkdir()
    project.record_path.write_text("")
    with pytest.raises(RecordError, match="interrupted before its first result"):
        project.read_run()


def test_a_bad_step_pattern_leaves_its_step_undefined(project: Project) -> None:
    step = "use_step_matcher('re')\n\n@then('it (works')\ndef f(context):\n    pass\n"
    project.write(steps__bad_steps_py=step, features__one_feature=ONE.replace("it works", "it (works"))
    record = find_record(project.run(), "one")
    assert (record.status, record.steps[0].status) == ("error", "undefined")


def test_a_stopped_run_leaves_the_rest_untested(project: Project) -> None:
    project.write(features__one_feature=ONE, features__two_feature=TWO.replace("it ends", "it fails"))
    run = project.run("--stop")
    assert list_statuses(run) == {"one": "passed", "first": "passed", "second": "failed", "third": "untested"}


def test_a_stopped_run_leaves_later_features_untested(project: Project) -> None:
    project.write(features__one_feature=ONE.replace("it works", "it fails"), features__two_feature=TWO)
    run = project.run("--stop")
    assert list_statuses(run) == {"one": "failed", "first": "untested", "second": "untested", "third": "untested"}


def test_a_scenario_without_steps_that_was_not_run_does_not_count_as_passed(project: Project) -> None:
    project.write(environment_py=HOOKS, features__bad_feature="@bad_feature\nFeature: F\n  Scenario: empty\n")
    assert list_statuses(project.run()) == {"empty": "untested"}


def test_system_exit_in_a_hook_is_a_failure_of_the_scenario(project: Project) -> None:
    text = "Feature: Exit\n  @bad_exit\n  Scenario: exit\n    Then it works\n"
    run = project.write(environment_py=HOOKS, features__exit_feature=text).run()
    assert (run.results[0].status, run.results[0].failures) == ("hook_error", ("after_scenario: SystemExit: 0",))


def test_a_dry_run_leaves_everything_untested(project: Project) -> None:
    project.write(features__one_feature=ONE + "    And it is unknown\n    And it works\n")
    project.write(behave_ini="[behave]\ndry_run = true\n")
    record = find_record(project.run(), "one")
    assert record.status == "untested"
    assert [step.text for step in record.steps] == ["it works", "it is unknown", "it works"]
    assert [step.status for step in record.steps] == ["untested", "undefined", "untested"]


def test_a_scenario_that_is_tried_again_counts_by_its_last_try(project: Project) -> None:
    hook = """
        from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry

        def before_feature(context, feature):
            context.tries = []
            for scenario in feature.scenarios:
                patch_scenario_with_autoretry(scenario, max_attempts=2)
        """
    step = """
        from behave import then

        @then("it works at the second try")
        def step_impl(context):
            context.tries.append(1)
            assert len(context.tries) > 1
        """
    project.write(environment_py=hook, steps__retry_steps_py=step)
    run = project.write(features__one_feature=ONE.replace("it works", "it works at the second try")).run()
    assert [(record.status, [step.status for step in record.steps]) for record in run.results] == [
        ("passed", ["passed"])
    ]
