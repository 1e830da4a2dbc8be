"""The worker pool: a crash loses only its own scenario, and the number of workers does not change the results."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from behave_project import (
    DEADLY,
    DEADLY_FEATURE,
    DEADLY_STATUSES,
    NOTING_HOOKS,
    Project,
    find_record,
    list_statuses,
    strip_times,
)

from spec2bdd.adapters.behave.executors.skipping import skips_running_features
from spec2bdd.model import RunOptions


def read_hooks(project: Project) -> list[str]:
    """Return which hooks were called, without the processes."""
    return [line.partition(" ")[2] for line in (project.root / "hooks.txt").read_text().splitlines()]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_a_scenario_that_ends_its_process_loses_no_other(deadly: Project, jobs: int) -> None:
    run = deadly.run(plan=RunOptions(jobs=jobs))
    assert run.complete
    assert list_statuses(run) == DEADLY_STATUSES
    begun = [str(event["name"]) for event in deadly.events if event["event"] == "scenario_start"]
    assert sorted(DEADLY_STATUSES) == sorted(begun)


def test_the_step_that_ended_its_process_says_how(deadly: Project) -> None:
    run = deadly.run()
    two = find_record(run, "two")
    assert [step.status for step in two.steps] == ["passed", "passed", "error", "untested"]
    assert two.steps[2].error == "Python exited with code 0"
    assert two.steps[2].location.startswith("steps/deadly_steps.py:")
    assert find_record(run, "three").steps[0].error == "Python exited with code 3"
    assert find_record(run, "rows -- @1.1 ").steps[0].error == "killed by signal 9 (SIGKILL)"
    assert find_record(run, "four").steps[1].error == "killed by signal 11 (SIGSEGV)"
    assert find_record(run, "five").steps[1].error == "SystemExit: 0"


def test_the_place_of_a_crash_is_in_the_output(deadly: Project) -> None:
    output = find_record(deadly.run(), "four").output
    assert "Segmentation fault" in output
    assert "deadly_steps.py" in output


@pytest.mark.parametrize(
    ("hook", "scenarios", "failures"),
    [
        ("before_scenario", {"one": "error", "last": "error"}, 0),
        ("after_scenario", {"one": "error", "last": "error"}, 0),
        ("before_step", {"one": "error", "last": "error"}, 0),
        ("before_feature", {"one": "untested", "last": "untested"}, 2),
        ("after_feature", {"one": "passed", "last": "passed"}, 2),
        ("before_all", {"one": "untested", "last": "untested"}, 1),
        ("after_all", {"one": "passed", "last": "passed"}, 1),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hook_that_ends_its_process_is_a_failure_of_what_it_is_about(
    project: Project, hook: str, scenarios: dict[str, str], failures: int, jobs: int
) -> None:
    project.write(environment_py=f"import os\n\ndef {hook}(*_):\n    os._exit(0)\n")
    for name in ("one", "last"):
        text = f"Feature: {name}\n  Scenario: {name}\n    Then it works\n"
        project.write_file(f"features/{name}.feature", text)
    run = project.run(plan=RunOptions(jobs=jobs))
    assert run.complete
    assert list_statuses(run) == scenarios
    # With two workers, each of them has an end.
    assert failures <= len(run.failures) <= failures * jobs
    assert all("Python exited with code 0" in failure.message for failure in run.failures)
    assert {hook == "before_feature" or hook == "after_feature"} >= {bool(failure.feature) for failure in run.failures}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scenario_that_takes_too_long_fails_and_the_others_run(project: Project, jobs: int) -> None:
    feature = "Feature: F\n  Scenario: a\n    Then it hangs\n  Scenario: b\n    Then it works\n"
    project.write(steps__deadly_steps_py=DEADLY, features__slow_feature=feature)
    run = project.run(plan=RunOptions(jobs=jobs, timeout=1.0))
    assert list_statuses(run) == {"a": "error", "b": "passed"}
    step = find_record(run, "a").steps[0]
    assert step.error == "timed out after 1 s"
    # The time until it was ended, not that of a step that never ran.
    assert step.seconds > 0


def test_a_scenario_that_takes_too_long_outside_of_its_steps_has_the_same_reason(project: Project) -> None:
    hooks = "import time\ndef before_scenario(context, scenario):\n    time.sleep(60)\n"
    feature = "Feature: F\n  Scenario: a\n    Then it works\n"
    project.write(environment_py=hooks, steps__deadly_steps_py=DEADLY, features__slow_feature=feature)
    record = find_record(project.run(plan=RunOptions(timeout=1.0)), "a")
    assert (record.status, record.failures) == ("error", ("timed out after 1 s",))


HANGING = """
import time

def before_feature(context, feature):
    if feature.name == "before":
        time.sleep(60)
    if feature.name == "clean-up":
        context.add_cleanup(time.sleep, 60)

def before_rule(context, rule):
    time.sleep(60)

def after_feature(context, feature):
    if feature.name == "after":
        time.sleep(60)
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ["before", "rule", "after", "clean-up"])
def test_a_hook_around_a_feature_that_takes_too_long_costs_that_feature(project: Project, jobs: int, name: str) -> None:
    rule = "  Rule: r\n" if name == "rule" else ""
    for feature in (name, "last"):
        text = (
            f"Feature: {feature}\n{rule if feature == name else ''}"
            f"  @ac_{feature[:4]}\n  Scenario: {feature}\n    Then it works\n"
        )
        project.write_file(f"features/{feature}.feature", text)
    project.write_file("environment.py", HANGING)
    run = project.run(plan=RunOptions(jobs=jobs, timeout=1.0))
    assert find_record(run, "last").status == "passed"
    (failure,) = run.failures
    assert failure.feature == f"features/{name}.feature"
    assert failure.message == "worker: timed out after 1 s, in a hook around the feature"
    assert run.complete


def test_what_is_around_the_whole_run_may_take_its_time(project: Project) -> None:
    hooks = "import time\ndef before_all(context):\n    time.sleep(2)\ndef after_all(context):\n    time.sleep(2)\n"
    project.write(environment_py=hooks, features__a_feature="Feature: F\n  Scenario: a\n    Then it works\n")
    run = project.run(plan=RunOptions(timeout=1.5))
    assert list_statuses(run) == {"a": "passed"}
    assert run.failures == ()


def test_to_wait_for_what_runs_alone_is_not_to_take_too_long(project: Project) -> None:
    steps = """
        import time
        from behave import then

        @then("it takes {seconds:f} s")
        def f(context, seconds):
            time.sleep(seconds)
        """
    alone = "".join(f"  @serial\n  Scenario: s{number}\n    Then it takes 1.2 s\n" for number in range(3))
    project.write(steps__slow_steps_py=steps, features__a_feature=f"Feature: A\n{alone}")
    project.write(features__b_feature="Feature: B\n  Scenario: b\n    Then it takes 0.1 s\n")
    run = project.run(plan=RunOptions(jobs=2, timeout=2.0))
    assert {record.status for record in run.results} == {"passed"}
    assert run.failures == ()


def test_processes_of_a_scenario_that_took_too_long_are_killed_too(project: Project) -> None:
    feature = "Feature: F\n  Scenario: a\n    Then it leaves a child behind\n"
    project.write(steps__deadly_steps_py=DEADLY, features__slow_feature=feature).run(plan=RunOptions(timeout=1.0))
    child = int((project.root / "child").read_text())
    stat = Path(f"/proc/{child}/stat")
    assert not stat.exists() or " Z " in stat.read_text()


def test_hooks_are_called_once_for_each_worker_and_feature(project: Project) -> None:
    for name in ("one", "two", "three", "four"):
        scenarios = "".join(f"  Scenario: {name} {number}\n    Then it works\n" for number in range(10))
        project.write_file(f"features/{name}.feature", f"Feature: {name}\n{scenarios}")
    project.write(environment_py=NOTING_HOOKS)
    run = project.run(plan=RunOptions(jobs=2))
    assert len(run.results) == 40
    lines = (project.root / "hooks.txt").read_text().splitlines()
    assert len({line for line in lines if " scenario " not in line}) == len(lines) - 40
    workers = {line.partition(" ")[0] for line in lines}
    assert len(workers) == sum(line.endswith("before_all") for line in lines)
    assert len(workers) == sum(line.endswith("after_all") for line in lines)


def test_the_hooks_of_one_worker_are_those_of_behave(deadly: Project) -> None:
    deadly.write(steps__deadly_steps_py=re.sub(r"    os\._exit|    os\.kill|    ctypes", "    str", DEADLY))
    deadly.write(
        features__deadly_feature=DEADLY_FEATURE.replace("raises SystemExit", "works").replace("crashes", "works")
    )
    deadly.run()
    names = [name for name in DEADLY_STATUSES if name != "last"]
    expected = ["before Deadly", *(f"scenario {name}" for name in names), "after Deadly"]
    last = ["before Last", "scenario last", "after Last"]
    assert read_hooks(deadly) == ["before_all", *expected, *last, "after_all"]


SKIPPING_STEPS = """
from behave import given

@given("the {what} is skipped")
def f(context, what):
    getattr(context, what)  # It is there.
    {skip}
"""
SKIPPING_FEATURE = """
Feature: {name}
  Scenario: {name} first
    Given it works
  Scenario: {name} skips
    Given the feature is skipped
{more}
  Rule: last
    Scenario: {name} last
      Given it works
"""
SKIPS = {
    "of-the-context": ("context.feature.skip('no network')", ""),
    "under-another-name": ("shown = context.feature; shown.skip()", ""),
    "of-the-scenario": ("context.scenario.feature.skip()", ""),
    "in-a-hook": (
        "pass",
        "def before_scenario(context, scenario):\n    'skips' in scenario.name and context.feature.skip()\n",
    ),
}


@pytest.mark.parametrize("case", SKIPS.values(), ids=SKIPS)
def test_a_feature_that_a_step_or_hook_skips_is_skipped_in_all_workers(project: Project, case: tuple[str, str]) -> None:
    skip, hooks = case
    project.write(steps__skipping_steps_py=SKIPPING_STEPS.format(skip=skip, what="{what}"), environment_py=hooks)
    for name in ("one", "two"):
        more = "".join(f"  Scenario: {name} {number}\n    Given it works\n" for number in range(9))
        project.write_file(f"features/{name}.feature", SKIPPING_FEATURE.format(name=name, more=more))
    alone = project.run()
    assert Counter(list_statuses(alone).values()) == {"passed": 2, "skipped": 22}
    assert strip_times(alone) == strip_times(project.run(plan=RunOptions(jobs=2)))


SKIPPING = [
    "context.feature.skip()",
    "context.feature.mark_skipped()",
    "context.rule.skip()",
    "feature.skip()",
    "skip = context.feature.skip\nskip()",
    "shown = context.scenario.feature\nshown.mark_skipped()",
    "getattr(context.feature, 'skip')()",
    "getattr(feature, 'mark_skipped', print)()",
    "shown = feature\ngetattr(shown, 'skip')()",
]


@pytest.mark.parametrize("code", SKIPPING)
def test_a_feature_is_not_split_where_code_skips_it_by_whatever_expression(code: str) -> None:
    assert skips_running_features([b"", code.encode()])


NOT_SKIPPING = {
    "a-feature-before-it": "def before_feature(context, feature):\n    feature.skip()\n",
    "a-scenario": "def before_scenario(context, scenario):\n    scenario.skip()\n    context.feature.name\n",
    "something-else": "def before_all(context):\n    feature = context.queue.skip\n",
    "no-python": "context.feature.skip(\n",
}


@pytest.mark.parametrize("code", NOT_SKIPPING.values(), ids=NOT_SKIPPING)
def test_features_are_split_where_nothing_skips_one_that_has_begun(code: str) -> None:
    assert not skips_running_features([code.encode()])


EMPTY = {
    "empty": "@tagged\nFeature: empty\n  Nothing is here yet.\n",
    "ruled": "Feature: ruled\n  Rule: none\n    Background:\n      Given it works\n",
    "outlined": "Feature: outlined\n  Scenario Outline: no rows\n    Given it works\n    Examples:\n      | a |\n",
    "mixed": "Feature: mixed\n  Rule: none\n  Rule: full\n    Scenario: a\n      Given it works\n  Rule: none again\n",
}
ALL_HOOKS = "".join(
    f"def {when}_{kind}(context, item):\n"
    "    with open('hooks.txt', 'a') as file:\n"
    f"        file.write(f'{when} {{getattr(item, \"name\", item)}}\\n')\n"
    for when in ("before", "after")
    for kind in ("feature", "rule", "tag")
)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_hooks_of_features_and_rules_without_scenarios_are_those_of_behave(project: Project, jobs: int) -> None:
    project.write(environment_py=ALL_HOOKS)
    for name, feature in EMPTY.items():
        project.write_file(f"features/{name}.feature", feature)
    path = project.root / "hooks.txt"
    subprocess.run([sys.executable, "-m", "behave"], cwd=project.root, capture_output=True, check=True)
    expected = path.read_text().splitlines()
    path.unlink()
    assert list_statuses(project.run(plan=RunOptions(jobs=jobs))) == {"a": "passed"}
    lines = path.read_text().splitlines()
    assert (lines if jobs == 1 else sorted(lines)) == (expected if jobs == 1 else sorted(expected))


def test_the_hooks_of_a_feature_without_scenarios_are_called_only_where_it_is_asked_for(project: Project) -> None:
    project.write(environment_py=ALL_HOOKS)
    for name, feature in EMPTY.items():
        project.write_file(f"features/{name}.feature", feature)
    path = project.root / "hooks.txt"
    for plan in (
        RunOptions(features=frozenset({"features/empty.feature"})),
        RunOptions(only=frozenset({"x"})),
        RunOptions(shard=(2, 2)),
    ):
        path.write_text("")
        project.run(plan=plan)
        names = {line.partition(" ")[2] for line in path.read_text().splitlines()} & {"empty", "ruled", "outlined"}
        assert names == ({"empty"} if plan.features else set())


def test_a_serial_scenario_runs_while_no_other_does(project: Project) -> None:
    step = """
        import os, time
        from behave import step

        @step("it is alone")
        def f(context):
            open(f"alone{os.getpid()}", "w").close()
            time.sleep(0.2)
            assert not [name for name in os.listdir() if name.startswith("busy")]
            os.remove(f"alone{os.getpid()}")

        @step("it is busy")
        def f(context):
            open(f"busy{os.getpid()}", "w").close()
            assert not [name for name in os.listdir() if name.startswith("alone")]
            time.sleep(0.02)
            os.remove(f"busy{os.getpid()}")
        """
    project.write_file("steps/alone_steps.py", step)
    many = "".join(f"  Scenario: b{number}\n    Then it is busy\n" for number in range(10))
    alone = "  @serial\n  Scenario: s{}\n    Then it is alone\n"
    for name in ("one", "two"):
        project.write_file(f"features/{name}.feature", f"Feature: {name}\n{alone.format(1)}{many}{alone.format(2)}")
    run = project.run(plan=RunOptions(jobs=3))
    assert {record.status for record in run.results} == {"passed"}
    assert len(run.results) == 24


@pytest.mark.parametrize("jobs", [2, 5])
def test_any_number_of_workers_has_the_same_results(deadly: Project, jobs: int) -> None:
    deadly.write(features__bad_feature="Nonsense\n", steps__bad_steps_py="import nothing\n")
    alone = deadly.run()
    assert strip_times(alone) == strip_times(deadly.run(plan=RunOptions(jobs=jobs)))


def test_the_second_run_begins_with_the_longest(project: Project) -> None:
    step = "import time\n@step('it takes {time:f}')\ndef f(context, time):\n    __import__('time').sleep(time)\n"
    project.write_file("steps/long_steps.py", step)
    for name, took in (("a", 0.01), ("b", 0.2), ("c", 0.6)):
        project.write_file(f"features/{name}.feature", f"Feature: F\n  Scenario: {name}\n    Then it takes {took}\n")
    plan = RunOptions(jobs=2)
    project.run(plan=plan)
    project.events.clear()
    project.run(plan=plan)
    begun = [event["name"] for event in project.events if event["event"] == "scenario_start"]
    assert "c" in begun[:2]
    assert begun[2] == "a"
    assert json.loads((project.root / ".spec2bdd" / "durations.json").read_text()).keys() == {
        "features/a.feature",
        "features/b.feature",
        "features/c.feature",
    }


@pytest.mark.parametrize("content", ["", "[]", '{"features/one.feature": "x"}', '{"features/one.feature": [1, 2]}'])
def test_durations_that_cannot_be_used_are_ignored(project: Project, content: str) -> None:
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it works\n")
    project.write_file(".spec2bdd/durations.json", content)
    assert list_statuses(project.run(plan=RunOptions(jobs=2))) == {"a": "passed"}


RETRIED = """
import os
from behave import then

@then("it works at try {number:d}")
def f(context, number):
    with open("tries", "a") as file:
        file.write(".")
    assert os.path.getsize("tries") >= number, "not yet"
"""


ROWS = """
Feature: F
  Scenario Outline: a
    Given it works
    Then it works at try <n>
    Examples:
      | n |
      | 3 |
"""


@pytest.mark.parametrize(
    ("retries", "status", "tries"), [(0, "failed", 1), (1, "failed", 2), (2, "passed", 3), (5, "passed", 3)]
)
def test_a_scenario_that_fails_is_tried_again_and_every_try_is_recorded(
    project: Project, retries: int, status: str, tries: int
) -> None:
    project.write(steps__retry_steps_py=RETRIED, features__one_feature=ROWS)
    run = project.run(plan=RunOptions(retries=retries))
    assert [record.status for record in run.results] == [status]
    begun = [event["try"] for event in project.events if event["event"] == "scenario_start"]
    assert begun == [*range(1, tries + 1)]
    assert sum(event["event"] == "scenario_end" for event in project.events) == tries


def test_a_scenario_that_passes_is_not_tried_again(project: Project) -> None:
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it works\n").run(
        plan=RunOptions(retries=3)
    )
    assert sum(event["event"] == "scenario_start" for event in project.events) == 1


def test_a_hook_that_changes_what_a_step_says_is_a_failure(project: Project) -> None:
    hook = "def before_scenario(context, scenario):\n    scenario.steps[1].name = 'it works'\n"
    feature = "Feature: F\n  Scenario: a\n    Given it works\n    Then it fails\n"
    run = project.write(environment_py=hook, features__one_feature=feature).run()
    (failure,) = run.results[0].failures
    assert failure == "hooks: the steps are not those of the feature file: something changed them, first on line 4"


def test_what_a_failing_scenario_printed_is_in_the_records(project: Project) -> None:
    step = """
        import logging, sys
        from behave import then

        @then("it talks and fails")
        def f(context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            logging.getLogger("a").warning("to the log")
            assert False, "enough"
        """
    feature = "Feature: F\n  Scenario: a\n    Then it talks and fails\n  Scenario: b\n    Then it works\n"
    project.write_file("steps/talking_steps.py", step)
    project.write(features__one_feature=feature).run()
    failed, passed = (str(event["output"]) for event in project.events if event["event"] == "scenario_end")
    assert all(words in failed for words in ("to stdout", "to stderr", "to the log", "enough"))
    assert not passed


LOUD = """
from behave import step

@step("it is loud and fails")
def f(context):
    print("a" * 150_000 + "b" * 150_000)
    raise ValueError("enough")
"""


def test_the_middle_of_very_long_output_is_left_out_and_marked(project: Project) -> None:
    project.write_file("steps/loud_steps.py", LOUD)
    output = (
        project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it is loud and fails\n")
        .run()
        .results[0]
        .output
    )
    assert "a\n... 100" in output
    assert "characters are left out here ...\nb" in output


def test_the_junit_report_of_behave_has_both_ends_of_very_long_output(project: Project) -> None:
    project.write_file("steps/loud_steps.py", LOUD)
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it is loud and fails\n")
    project.run(plan=RunOptions(arguments=("--junit",)))
    (report,) = (project.root / "reports").glob("*.xml")
    assert "a\n... 100001 characters are left out here ...\nb" in report.read_text(encoding="utf-8")


def test_a_step_that_is_not_implemented_has_no_traceback_in_the_output(project: Project) -> None:
    feature = "Feature: F\n  Scenario: a\n    Then it is pending\n  Scenario: b\n    Then it fails\n"
    outputs = [record.output for record in project.write(features__one_feature=feature).run().results]
    assert ["Traceback" in output for output in outputs] == [False, True]


def test_a_scenario_that_prints_nothing_has_its_traceback_in_the_output(project: Project) -> None:
    feature = "Feature: F\n  Scenario: a\n    Then it fails\n"
    output = project.write(features__one_feature=feature).run().results[0].output
    # Whether a line of carets marks the failed expression depends on the version of Python.
    lines = [line for line in output.splitlines() if line.strip(" ~^")]
    assert (lines[-1], len(lines)) == ("AssertionError: it really fails", 4)


def test_the_traceback_begins_in_the_code_of_the_project(project: Project) -> None:
    project.write_file("steps/loud_steps.py", LOUD)
    output = (
        project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it is loud and fails\n")
        .run()
        .results[0]
        .output
    )
    first, second, third, fourth = output.splitlines()[:4]
    assert (first, fourth) == ("Traceback (most recent call last):", "ValueError: enough")
    assert (True, third.strip()) == ('loud_steps.py", line 6, in f' in second, 'raise ValueError("enough")')


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_workers_that_load_the_project_themselves_have_the_same_results(
    deadly: Project, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEC2BDD_START", way)
    assert list_statuses(deadly.run(plan=RunOptions(jobs=2))) == DEADLY_STATUSES


def test_the_place_of_a_crash_is_in_the_output_of_a_worker_that_loads_the_project_itself(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEC2BDD_START", "spawn")
    project.write(
        steps__deadly_steps_py=DEADLY, features__one_feature="Feature: F\n  Scenario: a\n    Then it crashes\n"
    )
    (result,) = project.run().results
    assert result.steps[0].error == "killed by signal 11 (SIGSEGV)"
    assert result.output.splitlines()[0] == "Fatal Python error: Segmentation fault"
    assert 'deadly_steps.py", line' in result.output


def test_a_worker_ends_when_its_parent_is_killed(project: Project) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux signals a process whose parent has ended")
    step = """
        import os, signal
        from behave import step

        @step("it waits for ever")
        def f(context):
            fifo = open("fifo", "w")
            print(os.getppid(), file=fifo, flush=True)
            signal.pause()
        """
    project.write_file("steps/waiting_steps.py", step)
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it waits for ever\n")
    os.mkfifo(project.root / "fifo")
    with ThreadPoolExecutor(1) as pool:
        ran = pool.submit(project.behave)
        with (project.root / "fifo").open() as fifo:
            os.kill(int(fifo.readline()), signal.SIGKILL)
            # Only the end of the worker closes the other end.
            assert fifo.read() == ""
        assert ran.result().code == -signal.SIGKILL


CHANGING = """
import os
from pathlib import Path
from behave import then

@then("its file is changed")
def f(context):
    path = Path(context.feature.filename)
    path.write_text(path.read_text(encoding="utf-8").replace("it fails", "it works"), encoding="utf-8")
    path.with_name("0.feature").write_text("Feature: new\\n  Scenario: new\\n    Then it works\\n", encoding="utf-8")
    # The worker that replaces this one has to read the file again.
    os._exit(0)
"""


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_feature_that_is_changed_or_new_while_the_run_goes_on_is_not_run(
    project: Project, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEC2BDD_START", way)
    feature = "Feature: A\n  Scenario: one\n    Then its file is changed\n  Scenario: two\n    Then it fails\n"
    project.write(steps__changing_steps_py=CHANGING)
    project.write(features__a_feature=feature, features__b_feature="Feature: B\n  Scenario: b\n    Then it works\n")
    run = project.run()
    assert list_statuses(run) == {"one": "error", "two": "untested", "b": "passed"}
    assert [(diagnostic.path, diagnostic.code) for diagnostic in run.diagnostics] == [
        ("features/a.feature", "feature-changed")
    ]
    assert run.complete
