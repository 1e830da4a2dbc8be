"""Results of quick steps are in shared memory until the next event, and survive whatever ends the worker."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from behave_project import Project

from spec2bdd.adapters.behave.executors.pending_lines import PendingLines
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.model import RunOptions

FEATURE = """Feature: A
  Scenario: one
    Given it is quick
    When it is quick
    Then it ends
  Scenario: two
    Then it is quick
"""
STEPS = """
import os, signal
from behave import step

@step("it is quick")
def is_quick(context):
    pass

@step("it ends")
def ends(context):
    {end}
"""


def begin(path: Path) -> tuple[EventLog, PendingLines]:
    """Create a log for this process, with lines that may wait."""
    log, pending = EventLog(str(path)), PendingLines()
    log.create()
    log.enter_process(pending)
    return log, pending


def test_lines_wait_for_the_next_event_in_their_order(tmp_path: Path) -> None:
    log, pending = begin(tmp_path / "records")
    log.defer_line("one\n")
    log.defer_line("two\n")
    assert (tmp_path / "records").read_text() == ""
    log.write_line("three\n")
    assert ((tmp_path / "records").read_text(), pending.read()) == ("one\ntwo\nthree\n", b"")


def test_what_has_no_room_is_written_at_once(tmp_path: Path) -> None:
    log, _ = begin(tmp_path / "records")
    lines = [f"{number}{'x' * 30_000}\n" for number in range(5)]
    for line in lines:
        log.defer_line(line)
    log.write_line("end\n")
    assert (tmp_path / "records").read_text() == "".join(lines) + "end\n"


def test_lines_of_a_process_that_has_ended_are_appended_once(tmp_path: Path) -> None:
    log, pending = begin(tmp_path / "records")
    child = os.fork()
    if not child:
        log.enter_process(pending)
        log.defer_line("one\n")
        os._exit(0)
    os.waitpid(child, 0)
    log.append_pending(pending)
    log.append_pending(pending)
    # It ended between writing them and forgetting them.
    pending.add(b"one\n")
    log.append_pending(pending)
    assert (tmp_path / "records").read_text() == "one\n"


def test_a_process_that_a_step_has_forked_adds_no_lines(tmp_path: Path) -> None:
    log, pending = begin(tmp_path / "records")
    child = os.fork()
    if not child:
        log.defer_line("one\n")
        os._exit(0)
    os.waitpid(child, 0)
    assert pending.read() == b""


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)", "os.abort()"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_steps_before_one_that_ends_the_worker_are_in_the_records(project: Project, end: str, jobs: int) -> None:
    project.write(features__a_feature=FEATURE, steps__a_steps_py=STEPS.format(end=end))
    run = project.run(plan=RunOptions(jobs=jobs))
    statuses = {result.name: [step.status for step in result.steps] for result in run.results}
    assert statuses == {"one": ["passed", "passed", "error"], "two": ["passed"]}
