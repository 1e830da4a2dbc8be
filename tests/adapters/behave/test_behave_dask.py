"""Runs on a Dask cluster of two processes: the results are those of a run on this machine, whatever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from behave_project import DEADLY, NOTING_HOOKS, Project, list_statuses, strip_times
from jsonschema import Draft202012Validator

from spec2bdd.adapters.behave.launcher import run_behave
from spec2bdd.model import RunOptions

ROOT = Path(__file__).resolve().parents[3]
CLUSTER = RunOptions(executor="dask", cluster_workers=2, timeout=20, retries=1)

# Kills the Dask worker that runs it: the process that started the host, which started the worker.
KILLING = """
import os, pathlib, signal
from behave import then

def find_parent(process):
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])

@then("the Dask worker is killed once")
def f(context):
    if "DASK_TEST" in os.environ and not os.path.exists("killed"):
        open("killed", "w").close()
        os.kill(find_parent(os.getppid()), signal.SIGKILL)

@then("it fails once")
def f(context):
    if not os.path.exists("failed"):
        open("failed", "w").close()
        assert False, "only once"
"""

FEATURE = """
Feature: Cluster
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
    Scenario: exits
      Given it works
      Then it exits
    Scenario: is killed
      Then it is killed
    Scenario: flaky
      Then it fails once
    Scenario: three
      Then it works
"""
KILLED = """
Feature: Killed
  Scenario: before
    Then it works
  Scenario: during
    Then the Dask worker is killed once
  Scenario: after
    Then it works
"""
WAITING = "Feature: Waits\n  Scenario: first\n    Then it works\n  Scenario: second\n    Then it hangs\n"


@pytest.fixture
def cluster_project(project: Project) -> Project:
    """Return a project whose scenarios pass, fail, and end what runs them."""
    project.write(steps__deadly_steps_py=DEADLY, steps__killing_steps_py=KILLING, environment_py=NOTING_HOOKS)
    return project.write(features__a_feature=FEATURE, features__b_feature=KILLED)


def test_a_cluster_has_the_results_of_this_machine_also_if_a_worker_is_killed(
    cluster_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cluster_project.run(plan=RunOptions(jobs=2, timeout=20, retries=1))
    (cluster_project.root / "failed").unlink()
    cluster_project.events.clear()
    monkeypatch.setenv("DASK_TEST", "1")
    actual = cluster_project.run(plan=CLUSTER)
    assert (cluster_project.root / "killed").exists()
    assert strip_times(expected) == strip_times(actual)
    assert actual.complete
    (flaky,) = [result for result in actual.results if result.name == "flaky"]
    assert [earlier.status for earlier in flaky.tries] == ["failed"]
    # No scenario is recorded twice, and nothing of the lost worker is left.
    started = [event["scenario"] for event in cluster_project.events if event["event"] == "scenario_start"]
    assert len(started) == len(set(started)) + sum(len(result.tries) for result in actual.results)
    validator = Draft202012Validator(json.loads((ROOT / "docs/records.schema.json").read_text(encoding="utf-8")))
    assert [error.message for event in cluster_project.events for error in validator.iter_errors(event)] == []
    assert not list((cluster_project.root / ".spec2bdd").glob("shared-*"))


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the address of a scheduler with one worker, and both processes."""
    file = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", *common, "--port", "0", "--host", "127.0.0.1"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", *common, "--nthreads", "1", "--no-nanny"]
    null = subprocess.DEVNULL
    processes = [subprocess.Popen(command, stdout=null, stderr=null, cwd=tmp_path) for command in (dask, worker)]
    try:
        while not file.exists() or not file.read_text():
            assert [process.poll() for process in processes] == [None, None]
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_scheduler_that_goes_away_ends_the_run_with_an_error_and_keeps_the_records(
    cluster_project: Project, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, processes = scheduler
    cluster_project.write(features__a_feature=WAITING, features__b_feature="Feature: Nothing\n")

    def listen(event: object) -> None:
        if isinstance(event, dict) and event.get("event") == "scenario_end":
            processes[0].kill()

    run_behave(
        cluster_project.root,
        features="features",
        record_path=cluster_project.record_path,
        run_id="r1",
        on_event=listen,
        plan=RunOptions(executor="dask", scheduler=address),
    )
    run = cluster_project.read_run()
    assert (run.complete, list_statuses(run)) == (True, {"first": "passed", "second": "untested"})
    (diagnostic,) = run.diagnostics
    assert (diagnostic.code, diagnostic.message) == (
        "cluster",
        f"the connection to {address} was lost; what was not finished was not run",
    )


def test_ctrl_c_interrupts_what_runs_and_runs_its_clean_ups(
    cluster_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster_project.write(features__a_feature=WAITING, features__b_feature="Feature: Nothing\n")
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))

    def press() -> None:
        # As soon as the second scenario has begun, which only the log of the host shows.
        logs = "**/spec2bdd-host-*/records.ndjson"
        while not any(b'"name": "second"' in path.read_bytes() for path in folder.glob(logs)):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        cluster_project.run(plan=RunOptions(executor="dask", cluster_workers=1))
    run = cluster_project.read_run()
    # Of the first one, the run may not know yet that it has ended.
    assert (run.complete, run.results[-1].interrupted) == (True, True)
    assert "after_all" in (cluster_project.root / "hooks.txt").read_text()
    assert list(folder.glob("**/spec2bdd-host-*")) == []
