"""A small project on disk for each test, run by a real Behave."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.launcher import BehaveExit, run_behave
from spec2bdd.adapters.results.event_log import parse_run
from spec2bdd.model import DEFAULT_RUN, RunOptions, ScenarioResult, TestRun

STEPS = """
from behave import given, step, then, when
from behave.api.pending_step import StepNotImplementedError

@step("it works")
def it_works(context):
    pass

@step("it fails")
def it_fails(context):
    assert False, "it really fails"

@step("it is pending")
def it_is_pending(context):
    raise StepNotImplementedError("later")
"""

# Steps that end the process that runs them, and a feature of which many scenarios do.
DEADLY = """
import ctypes, os, signal, sys, time
from behave import then

@then("it exits")
def f(context):
    os._exit(0)

@then("it exits with {code:d}")
def f(context, code):
    os._exit(code)

@then("it is killed")
def f(context):
    os.kill(os.getpid(), signal.SIGKILL)

@then("it crashes")
def f(context):
    ctypes.string_at(0)

@then("it raises SystemExit")
def f(context):
    sys.exit(0)

@then("it hangs")
def f(context):
    while True:
        time.sleep(1)

@then("it leaves a child behind")
def f(context):
    import subprocess
    child = subprocess.Popen(["sleep", "1000"])
    open("child", "w").write(str(child.pid))
    child.wait()
"""

DEADLY_FEATURE = """
Feature: Deadly
  Scenario: one
    Then it works
  Scenario: two
    Given it works
    When it works
    Then it exits
    And it works
  Scenario: three
    Then it exits with 3
  Scenario Outline: rows
    Then it <does>
    Examples:
      | does       |
      | is killed  |
      | works      |
  Rule: ruled
    Background:
      Given it works
    Scenario: four
      Then it crashes
    Scenario: five
      Then it raises SystemExit
    Scenario: six
      Then it works
  Scenario: seven
    Then it exits
"""

DEADLY_STATUSES = {
    "one": "passed",
    "two": "error",
    "three": "error",
    "rows -- @1.1 ": "error",
    "rows -- @1.2 ": "passed",
    "four": "error",
    "five": "error",
    "six": "passed",
    "seven": "error",
    "last": "passed",
}

NOTING_HOOKS = """
import os

def note(what):
    with open("hooks.txt", "a") as file:
        file.write(f"{os.getpid()} {what}\\n")

def before_all(context):
    note("before_all")

def after_all(context):
    note("after_all")

def before_feature(context, feature):
    note(f"before {feature.name}")

def after_feature(context, feature):
    note(f"after {feature.name}")

def before_scenario(context, scenario):
    note(f"scenario {scenario.name}")
"""


@dataclass
class Project:
    """A folder with features and steps."""

    root: Path
    events: list[dict[str, object]] = field(default_factory=list)

    def write(self, **files: str) -> Project:
        """Write files; `__` in a name means `/` and the last `_` before the suffix for the dot."""
        for name, text in files.items():
            stem, _, suffix = name.replace("__", "/").rpartition("_")
            self.write_file(f"{stem}.{suffix}", text)
        return self

    def write_file(self, path: str, text: str) -> Project:
        """Write one file by its path."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return self

    @property
    def record_path(self) -> Path:
        """Return the path of the records."""
        return self.root / ".spec2bdd" / "records.ndjson"

    def behave(self, *args: str, run_id: str = "r1", plan: RunOptions = DEFAULT_RUN) -> BehaveExit:
        """Run Behave and keep its events."""
        return run_behave(
            self.root,
            features="features",
            record_path=self.record_path,
            run_id=run_id,
            on_event=lambda event: self.events.append(dict(event)),
            plan=replace(plan, arguments=(*args, *plan.arguments)),
        )

    def read_run(self) -> TestRun:
        """Parse the record file as it is now."""
        return parse_run(self.record_path.read_text(encoding="utf-8"), path="records.ndjson", run_id="r1")

    def run(self, *args: str, plan: RunOptions = DEFAULT_RUN) -> TestRun:
        """Run Behave and parse the records."""
        behave_exit = self.behave(*args, plan=plan)
        assert self.record_path.exists(), behave_exit.output
        return self.read_run()


def find_record(run: TestRun, name: str) -> ScenarioResult:
    """Return the one record whose scenario has that name."""
    (record,) = [record for record in run.results if record.name == name]
    return record


def list_statuses(run: TestRun) -> dict[str, str]:
    """Return the status of each scenario by its name."""
    return {record.name: record.status for record in run.results}


def strip_times(run: TestRun) -> list[Any]:
    """Return all of a run except for times, to compare two runs."""
    facts = []
    for record in run.results:
        steps = [(step.text, step.line, step.status, step.error, step.vacuous, step.location) for step in record.steps]
        facts.append((record.feature, record.line, record.name, record.tags, record.status, record.failures, steps))
    return [run.expected, run.features, run.digests, run.failures, run.diagnostics, facts]
