"""What the runner adds to a run of Behave: where it was aborted, what forked, and what is in the folders of helpers."""

from __future__ import annotations

import json
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.parser import parse_feature
from behave_project import Project, find_record, list_statuses

from spec2bdd.adapters.behave.plugin import runner as runner_module
from spec2bdd.adapters.behave.plugin.runner import RecordingRunner
from spec2bdd.errors import RepositoryError
from spec2bdd.model import RunOptions

ONE = "Feature: One\n  Scenario: one\n    Then it works\n"
FEATURE = """
Feature: Cart
  Scenario: one
    Given a cart
  Rule: Paid
    Scenario: two
      Given a cart
    Scenario: three
      Given a cart
"""


@pytest.mark.parametrize(
    ("context", "scenarios"),
    [
        ({"feature": "f", "rule": None, "scenario": "one"}, ["one"]),
        ({"feature": "f", "rule": "r", "scenario": "two"}, ["two"]),
        ({"feature": "f", "rule": "r", "scenario": None}, ["two", "three"]),
        ({"feature": "f", "rule": "of a hook"}, []),
        ({"feature": "f"}, []),
        ({}, None),
        ({"feature": "of a hook"}, None),
    ],
)
def test_an_error_counts_in_the_innermost_part_that_is_running(
    context: dict[str, str | None], scenarios: list[str] | None
) -> None:
    feature: Any = parse_feature(FEATURE, filename="cart.feature")
    parts: dict[str | None, Any] = {"f": feature, "r": feature.rules[0]}
    parts |= {scenario.name: scenario for scenario in feature.walk_scenarios()}
    runner: Any = SimpleNamespace(
        context=SimpleNamespace(**{name: parts.get(part, part) for name, part in context.items()})
    )
    found, affected = RecordingRunner._find_affected(runner)
    assert (found, [scenario.name for scenario in affected]) == (
        None if scenarios is None else feature,
        scenarios or [],
    )


# How code aborts the run in the second line of a file, and the place and the message of the diagnostic.
ABORTED = {
    "of the project": ("steps/a_steps.py", "\nabort('no database')", "steps/a_steps.py", 2, "aborted: no database"),
    "without a reason": ("steps/a_steps.py", "\nabort('')", "steps/a_steps.py", 2, "aborted"),
    "in a text": (
        "steps/a_steps.py",
        "\nexec('abort(\"no database\")')",
        "steps/a_steps.py",
        2,
        "aborted: no database",
    ),
    "by Ctrl-C": ("steps/a_steps.py", "\nabort('KeyboardInterrupt')", "steps/a_steps.py", 2, "interrupted"),
}


@pytest.mark.parametrize("name", ABORTED)
def test_where_and_why_a_run_was_aborted_is_recorded(tmp_path: Path, name: str) -> None:
    path, source, place, line, message = ABORTED[name]
    written: list[Any] = []
    recorder = SimpleNamespace(write_diagnostic=written.append)
    runner: Any = SimpleNamespace(root=tmp_path, recorder=recorder)
    names = {"abort": lambda reason: RecordingRunner.record_abort(runner, reason, sys._getframe(1))}
    exec(compile(source, str(tmp_path / path), "exec"), names)
    (found,) = written
    assert (found.path, found.line, found.message) == (place, line, f"the run was {message}; the rest was not run")
    assert found.hint == ("run again" if message == "interrupted" else "")


def test_a_run_that_a_failed_hook_has_aborted_is_no_second_error(tmp_path: Path) -> None:
    runner: Any = SimpleNamespace(root=tmp_path)
    RecordingRunner.record_abort(runner, "HOOK-ERROR in hook=before_all", None)
    written: list[Any] = []
    runner.recorder = SimpleNamespace(write_diagnostic=written.append)
    RecordingRunner.record_abort(runner, "by a library", None)
    assert [(found.path, found.line) for found in written] == [("", 0)]


HOOKS = """
import os

def fork(name):
    if not os.fork():
        return
    _, status = os.wait()
    with open("forks", "a") as stream:
        stream.write(f"{name} {os.waitstatus_to_exitcode(status)} ")

def before_scenario(context, scenario):
    fork("before")

def after_scenario(context, scenario):
    fork("after")
"""
NOTING = """
from behave import then

@then("it is noted")
def f(context):
    with open("steps.txt", "a") as stream:
        stream.write("noted ")
    assert context.config
"""


def test_a_process_that_a_hook_forks_does_not_go_on_with_the_run(project: Project) -> None:
    project.write(environment_py=HOOKS, steps__note_steps_py=NOTING)
    project.write(features__one_feature=ONE.replace("works", "is noted")).run()
    noted = [(project.root / name).read_text(encoding="utf-8") for name in ("forks", "steps.txt")]
    assert noted == ["before 1 after 1 ", "noted "]


def test_a_scenario_has_ended_before_the_hooks_around_it_are_called(project: Project) -> None:
    hooks = "def after_rule(context, rule):\n    assert False, 'late'\n"
    feature = "Feature: One\n  Rule: R\n    Scenario: one\n      Then it works\n"
    project.write(environment_py=hooks, features__one_feature=feature).run()
    events = [json.loads(line)["event"] for line in project.record_path.read_text(encoding="utf-8").splitlines()]
    assert events == ["run", "scenario_start", "step", "scenario_end", "hook", "end"]


def test_an_error_of_a_hook_with_characters_that_no_terminal_has_ends_no_run(project: Project) -> None:
    # Behave prints it.
    hooks = "def before_scenario(context, scenario):\n    assert scenario.name != 'one', 'bad \\ud800'\n"
    feature = ONE + "  Scenario: two\n    Then it works\n"
    run = project.write(environment_py=hooks, features__one_feature=feature).run()
    assert (run.complete, list_statuses(run)) == (True, {"one": "hook_error", "two": "passed"})
    assert find_record(run, "one").failures == ("before_scenario: bad \\ud800",)


class Clock(datetime):
    """The beginning of a year, to the microsecond."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        """Return it."""
        return cls(2026, 1, 1, tzinfo=tz)


@pytest.mark.parametrize("error", [None, RepositoryError("git cannot read it", path="shop")])
def test_a_run_is_described_and_proves_nothing_of_files_that_git_cannot_read(
    monkeypatch: pytest.MonkeyPatch, error: RepositoryError | None
) -> None:
    monkeypatch.setattr(runner_module, "datetime", Clock)
    removed: list[set[str]] = []
    files = SimpleNamespace(describe=lambda: {"digests": {}}, error=error, list_own=lambda: {"shop.py"})
    modules = SimpleNamespace(remove_outdated=removed.append)
    definitions = SimpleNamespace(diagnostics=[])
    facts = {"run_id": "r", "files": files, "modules": modules, "definitions": definitions, "plan": RunOptions(jobs=3)}
    runner: Any = SimpleNamespace(**facts, broken=False)
    described = RecordingRunner.describe_run(runner)
    assert (described["id"], described["started"], described["digests"]) == (
        "r",
        "2026-01-01T00:00:00.000000+00:00",
        {},
    )
    assert (described["asked"]["jobs"], described["optimize"], removed) == (3, 0, [{"shop.py"}])
    found = [(diagnostic.path, diagnostic.code) for diagnostic in definitions.diagnostics]
    assert (found, runner.broken) == ([("shop", "git")] if error else [], bool(error))


SOFT = """
class Soft{number}:
    def __init__(self):
        self.failed = []

    def check(self, is_right):
        if not is_right:
            self.failed.append("wrong total")

    def finish(self):
        assert not self.failed
"""
STEPS = """
from behave import then
{imports}

@then("it is checked by {{number:d}}")
def f(context, number):
    soft = globals()[f"soft{{number}}"]
    getattr(soft, f"Soft{{number}}")().check(context.table is not None)
    assert context.config
"""
# The modules of classes that collect failed checks, and whether they belong to the steps.
FOLDERS = {
    "support.soft0": True,
    "helper.soft1": True,
    "helpers.soft2": True,
    "shop.support.deep.soft3": True,
    "shop.soft4": False,
    "supported.soft5": False,
}


def test_a_class_in_a_folder_of_helpers_collects_failed_checks_of_the_steps(project: Project) -> None:
    for number, name in enumerate(FOLDERS):
        project.write_file(f"{name.replace('.', '/')}.py", SOFT.format(number=number))
    imports = "\n".join(f"import {name} as soft{number}" for number, name in enumerate(FOLDERS))
    scenarios = (f"  Scenario: {name}\n    Then it is checked by {number}\n" for number, name in enumerate(FOLDERS))
    project.write(
        steps__soft_steps_py=STEPS.format(imports=imports), features__a_feature="Feature: A\n" + "".join(scenarios)
    )
    run = project.run()
    assert {name: bool(find_record(run, name).failures) for name in FOLDERS} == FOLDERS


@pytest.mark.parametrize(
    ("setting", "messages"),
    [
        ("", []),
        (
            "runner = own:Runner\n",
            ["`runner = own:Runner` has no effect: spec2bdd runs Behave with a runner of its own"],
        ),
        ("runner = spec2bdd.adapters.behave.plugin.runner:RecordingRunner\n", []),
    ],
)
def test_a_runner_in_the_settings_of_behave_is_warned_of(project: Project, setting: str, messages: list[str]) -> None:
    run = project.write(behave_ini=f"[behave]\n{setting}", features__one_feature=ONE).run()
    found = [(diagnostic.path, diagnostic.line, diagnostic.message) for diagnostic in run.diagnostics]
    assert found == [("behave.ini", 2, message) for message in messages]
