"""Processes of a run that are stopped: all together they go on later; one alone is reported, and has a time limit."""

from __future__ import annotations

import os

import pytest
from behave_project import Project, find_record, list_statuses

from spec2bdd.adapters.behave.executors.worker_state import WorkerState
from spec2bdd.model import RunOptions

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

# What stops some processes is none of the run, and continues them after some seconds.
STEPS = """
import os, signal, subprocess, sys
from pathlib import Path
from behave import given, then

STOPPER = '''
import os, signal, sys, time
numbers = [int(number) for number in sys.argv[2:]]
for number in numbers:
    os.kill(number, signal.SIGSTOP)
time.sleep(float(sys.argv[1]))
for number in numbers:
    os.kill(number, signal.SIGCONT)
    # The process that coordinates looks at the others before they have done anything.
    time.sleep(0.7)
'''

def stop(seconds, *numbers):
    # The files of a worker are not inherited.
    subprocess.Popen(
        [sys.executable, "-c", STOPPER, str(seconds), *map(str, numbers)],
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ).wait()

@then("all are stopped for {seconds:g} seconds")
def all_are_stopped(context, seconds):
    stop(seconds, os.getppid(), os.getpid())
    assert os.getpid()

@then("the worker alone is stopped for {seconds:g} seconds")
def the_worker_is_stopped(context, seconds):
    stop(seconds, os.getpid())
    assert os.getpid()

@then("the sea is blue")
def the_sea_is_blue(context):
    assert os.getpid()
"""
FEATURE = """
Feature: Stopped
  Scenario: first
    Then {step}
  Scenario: second
    Then the sea is blue
  Scenario: third
    Then the sea is blue
"""


def write(project: Project, step: str) -> Project:
    """Write a project whose first scenario has a step."""
    project.write(steps__stopped_steps_py=STEPS, features__stopped_feature=FEATURE.format(step=step))
    return project


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_was_stopped_as_a_whole_goes_on_whatever_its_time_limit(project: Project, jobs: int) -> None:
    run = write(project, "all are stopped for 3.5 seconds").run(plan=RunOptions(jobs=jobs, timeout=2.5))
    assert list_statuses(run) == {"first": "passed", "second": "passed", "third": "passed"}
    assert [diagnostic.code for diagnostic in run.diagnostics] == []


def test_a_worker_that_is_stopped_alone_is_reported_and_the_others_go_on(project: Project) -> None:
    run = write(project, "the worker alone is stopped for 3 seconds").run(plan=RunOptions(jobs=2))
    assert list_statuses(run) == {"first": "passed", "second": "passed", "third": "passed"}
    (diagnostic,) = run.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("worker-stopped", "warning")
    assert diagnostic.hint.startswith("run `kill -CONT ")
    # It is reported while the worker is stopped, and not at the end.
    events = [str(event["event"]) for event in project.events]
    assert events.index("diagnostic") < max(n for n, event in enumerate(events) if event == "scenario_end")


def test_a_worker_that_is_stopped_alone_for_longer_than_the_limit_fails_its_scenario(project: Project) -> None:
    run = write(project, "the worker alone is stopped for 30 seconds").run(plan=RunOptions(jobs=2, timeout=1))
    assert list_statuses(run) == {"first": "error", "second": "passed", "third": "passed"}
    assert find_record(run, "first").steps[0].error == "timed out after 1 s"


def test_time_that_is_added_does_not_count_for_the_limit() -> None:
    state = WorkerState()
    state.begin_scenario(0, 10.0)
    state.extend_time(5.0)
    assert [state.is_overdue(2.0, now) for now in (16.0, 17.5)] == [False, True]
    # Where nothing runs, there is nothing to add to.
    state.pause_clock()
    state.extend_time(5.0)
    assert not state.is_overdue(2.0, 100.0)
