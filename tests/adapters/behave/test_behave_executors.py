"""The seams of a run: another scheduler, or another executor, runs the same scenarios to the same results."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import executor_doubles
import pytest
from behave_project import Project, strip_times
from executor_doubles import FileOrderScheduler

from spec2bdd.adapters.behave.executors.scheduler import LongestFirstScheduler, Scheduler, can_run_now
from spec2bdd.adapters.behave.executors.work_units import (
    CollectedFeature,
    WorkRequest,
    WorkUnit,
    split_into_work_units,
)
from spec2bdd.adapters.results.event_log import parse_run
from spec2bdd.model import RunOptions, TestRun

SHORT = WorkUnit(0, 0, (0,), 1.0)
LONG = WorkUnit(1, 1, (0,), 9.0)
MIDDLE = WorkUnit(2, 2, (0, 1), 5.0)
ALONE = WorkUnit(3, 4, (0,), 20.0, serial=True)
ANY = WorkRequest()

FEATURE = """
Feature: All kinds
  Background:
    Given it works
  @ac_one
  Scenario: one
    Then it works
  Scenario Outline: rows
    Then it <does>
    Examples:
      | does       |
      | works      |
      | fails      |
      | is pending |
  @serial
  Scenario: alone
    Then it is not defined anywhere
  Rule: ruled
    Scenario: two
      Then it fails
    Scenario: three
      Then it works
"""


def take_all(scheduler: Scheduler, *, parsed: Sequence[int] = ()) -> list[WorkUnit]:
    """Take all units off the queue, as one worker that runs alone."""
    taken = []
    while unit := scheduler.next_unit(ANY, parsed=frozenset(parsed), running=()):
        taken.append(unit)
    return taken


def make_scheduler(*units: WorkUnit, workers: int = 2) -> LongestFirstScheduler:
    """Return a scheduler with these units in its queue."""
    scheduler = LongestFirstScheduler(workers=workers)
    scheduler.add_units(units)
    return scheduler


def test_the_longest_unit_is_first_and_a_serial_one_last() -> None:
    assert take_all(make_scheduler(ALONE, SHORT, LONG, MIDDLE)) == [LONG, MIDDLE, SHORT, ALONE]


@pytest.mark.parametrize("workers", [1, 2])
def test_urgent_units_are_first(workers: int) -> None:
    urgent = WorkUnit(1, 1, (1,), 0.5, urgent=True), WorkUnit(3, 4, (1,), 0.1, serial=True, urgent=True)
    taken = take_all(make_scheduler(SHORT, LONG, *urgent, MIDDLE, workers=workers))
    assert (taken[:2], set(taken[2:])) == ([*urgent], {SHORT, LONG, MIDDLE})


def test_a_feature_that_is_open_gets_no_further_unit_as_long_as_another_has_an_urgent_one() -> None:
    scheduler = make_scheduler(SHORT, WorkUnit(2, 2, (1,), urgent=True), workers=1)
    request = WorkRequest(SHORT.file)
    assert scheduler.next_unit(request, parsed=frozenset({0}), running=()) is None
    assert [unit.file for unit in take_all(scheduler)] == [2, 0]


def test_urgent_scenarios_are_in_units_of_their_own() -> None:
    features = [CollectedFeature(0, "a", (("x",), ("y",), ("x", "z"))), CollectedFeature(1, "b", (("y",),))]
    units = split_into_work_units(features, [(0, 1, 2), (0,)], jobs=1, durations={}, urgent=frozenset({"y"}))
    assert [(unit.file, unit.scenarios, unit.urgent) for unit in units] == [
        (0, (0, 2), False),
        (0, (1,), True),
        (1, (0,), True),
    ]


def test_a_single_worker_keeps_the_order_of_the_files() -> None:
    assert take_all(make_scheduler(SHORT, LONG, MIDDLE, workers=1)) == [SHORT, LONG, MIDDLE]


@pytest.mark.parametrize(("parsed", "expected"), [((2,), MIDDLE), ((0,), LONG), ((), LONG), ((1, 2), LONG)])
def test_a_unit_of_a_parsed_file_is_preferred_if_it_is_long_enough(parsed: Sequence[int], expected: WorkUnit) -> None:
    assert take_all(make_scheduler(SHORT, LONG, MIDDLE), parsed=parsed)[0] == expected


def test_a_request_for_a_file_gets_only_units_of_that_file() -> None:
    scheduler = make_scheduler(LONG, MIDDLE)
    assert scheduler.next_unit(WorkRequest(2), parsed=frozenset(), running=()) == MIDDLE
    assert scheduler.next_unit(WorkRequest(2), parsed=frozenset(), running=()) is None
    assert not scheduler.is_done


def test_what_a_crash_left_of_a_unit_is_run_next() -> None:
    scheduler = make_scheduler(LONG, MIDDLE)
    scheduler.requeue(SHORT)
    assert take_all(scheduler)[0] == SHORT


def test_a_queue_that_was_drained_is_done() -> None:
    scheduler = make_scheduler(MIDDLE, LONG)
    assert scheduler.drain() == [LONG, MIDDLE]
    assert scheduler.is_done


@pytest.mark.parametrize(
    ("unit", "running", "expected"),
    [
        (SHORT, [], True),
        (SHORT, [LONG, MIDDLE], True),
        (SHORT, [ALONE], False),
        (ALONE, [], True),
        (ALONE, [SHORT], False),
    ],
)
def test_a_serial_unit_runs_while_no_other_does(unit: WorkUnit, running: list[WorkUnit], expected: bool) -> None:
    assert can_run_now(unit, running) is expected
    for scheduler in (LongestFirstScheduler(workers=2), FileOrderScheduler()):
        scheduler.add_units([unit])
        taken = scheduler.next_unit(ANY, parsed=frozenset(), running=running)
        assert (unit if expected else None) == taken


def run_with(project: Project, runner: str, *, jobs: int) -> TestRun:
    """Run a project by plain Behave with one of the runners of the doubles."""
    path = project.root / "records.ndjson"
    doubles = str(Path(executor_doubles.__file__).parent)
    formatter = ["-f", "spec2bdd.running.formatter:RecordFormatter", "-o", str(path)]
    subprocess.run(
        [sys.executable, "-m", "behave", "-r", f"executor_doubles:{runner}", *formatter, "-j", str(jobs), "features"],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([doubles, *filter(None, sys.path)])},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return parse_run(path.read_text(encoding="utf-8"), path="records.ndjson")


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_another_scheduler_survives_the_same_crashes(deadly: Project, jobs: int) -> None:
    expected = deadly.run()
    assert strip_times(expected) == strip_times(run_with(deadly, "FileOrderRunner", jobs=jobs))


def test_another_executor_has_the_same_results(project: Project) -> None:
    project.write(features__all_feature=FEATURE, features__bad_feature="Nonsense\n", steps__bad_steps_py="import no\n")
    project.write(features__last_feature="Feature: Last\n  Scenario: last\n    Then it works\n")
    expected = project.run(plan=RunOptions(jobs=2))
    actual = run_with(project, "SerialRunner", jobs=1)
    assert actual.complete
    assert strip_times(expected) == strip_times(actual)
