"""The JSON Schema of the records, held against the records of real runs, and the page about it against both."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from behave_project import STEPS, Project
from jsonschema import Draft202012Validator

from spec2bdd.adapters.results.event_log import VERSION

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "records.schema.json").read_text(encoding="utf-8"))
EVENTS = [entry["$ref"].rpartition("/")[2] for entry in SCHEMA["oneOf"]]

FEATURE = """
@ac_feature
Feature: All
  Background:
    Given it works

  Rule: all
    @ac_rows
    Scenario Outline: rows
      When it <does>
      Then it works
      Examples:
        | does          |
        | works         |
        | fails         |
        | is pending    |
        | is undefined  |
        | is ambiguous  |
        | exits         |
        | leaves dirt   |
    @wip
    Scenario: wip
      Then it is pending
    @before
    Scenario: hook
      Then it works
    Scenario: empty
"""

MORE = """
import signal

@step("it is interrupted")
def f(context):
    signal.raise_signal(signal.SIGINT)

@step("it exits")
def f(context):
    raise SystemExit

@step("it leaves dirt")
def f(context):
    context.add_cleanup(lambda: 1 / 0)

@step("it is ambiguous")
def f(context):
    pass
"""

HOOKS = """
def before_scenario(context, scenario):
    assert "before" not in scenario.tags

def before_feature(context, feature):
    assert "missed" not in feature.tags

def after_all(context):
    raise KeyError
"""


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the events of runs in which everything happens that can be recorded."""
    project = Project(tmp_path_factory.mktemp("all")).write(steps__common_steps_py=STEPS, steps__more_steps_py=MORE)
    project.write(features__all_feature=FEATURE, environment_py=HOOKS, features__bad_feature="Nonsense\n")
    project.write(features__missed_feature="@missed\nFeature: F\n  Scenario: missed\n    Then it works\n")
    project.write(steps__again_steps_py="@step('it is ambiguous')\ndef f(context):\n    pass\n")
    recorded: list[dict[str, Any]] = []

    def run(*args: str) -> None:
        project.behave(*args)
        recorded.extend(json.loads(line) for line in project.record_path.read_text(encoding="utf-8").splitlines())

    run()
    project.write(behave_ini="[behave]\ndry_run = true\n")
    run()
    (project.root / "behave.ini").unlink()
    project.write(steps__broken_steps_py="import nothing\n")
    run()
    run("--tags", "nothing")
    (project.root / "steps/broken_steps.py").unlink()
    project.write(features__all_feature="Feature: F\n  Scenario: last\n    Then it is interrupted\n")
    run()
    return recorded


def list_errors(event: Any) -> list[str]:
    """Return what the schema says against an event."""
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(event)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_event_of_real_runs_is_as_the_schema_says(events: list[dict[str, Any]]) -> None:
    assert [(event, errors) for event in events if (errors := list_errors(event))] == []


def test_every_kind_of_event_and_nearly_every_status_happens_in_them(events: list[dict[str, Any]]) -> None:
    assert set(EVENTS) == {event["event"] for event in events}
    steps = [step for event in events for step in (event, *event.get("rest", ())) if "keyword" in step]
    words = set(SCHEMA["$defs"]["step_status"]["enum"])
    rare = {"hook_error", "cleanup_error", "untested_pending", "untested_undefined"}
    assert words - {step["status"] for step in steps} <= rare
    assert {step["vacuous"] for step in steps} == {True, False}


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_asks_for_every_key_and_knows_no_other(events: list[dict[str, Any]], name: str) -> None:
    event = next(event for event in events if event["event"] == name)
    keys = [key for key in event if key != "event"]
    assert all(list_errors({other: event[other] for other in event if other != key}) for key in event)
    assert all(list_errors({**event, key: object}) for key in keys)
    assert list_errors({**event, "more": 1})


def test_the_schema_is_of_the_version_that_is_written() -> None:
    assert SCHEMA["$defs"]["run"]["properties"]["version"]["const"] == VERSION
    assert f"version {VERSION}:" in SCHEMA["title"]
    assert f"this is version {VERSION}." in (DOCS / "records.md").read_text(encoding="utf-8").replace("\n", " ")


def read_git(project: Project) -> object:
    """Run the project, and return what the records say of git."""
    project.events.clear()
    project.run()
    return project.events[0]["git"]


def run_git(root: Path, *args: str) -> str:
    """Run git as some author, and return what it prints."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def test_the_records_have_the_commit_of_the_project(project: Project) -> None:
    project.write(features__one_feature="Feature: One\n  Scenario: one\n    Then it works\n")
    assert read_git(project) is None
    project.write_file(".gitignore", ".spec2bdd/\n__pycache__/\n")
    run_git(project.root, "init", "-q")
    assert read_git(project) is None
    run_git(project.root, "add", ".")
    run_git(project.root, "commit", "-q", "-m", "one")
    head = run_git(project.root, "rev-parse", "HEAD")
    assert read_git(project) == {"commit": head, "dirty": False}
    project.write_file("specs/1.1-one.md", "- [x] It works\n")
    assert read_git(project) == {"commit": head, "dirty": False}
    project.write_file("more.txt", "more")
    assert read_git(project) == {"commit": head, "dirty": True}
