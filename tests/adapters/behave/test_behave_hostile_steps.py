"""Steps that damage the process that runs them: each costs its scenario at most, and nothing waits for ever."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from behave_project import Project, find_record, list_statuses

from spec2bdd.model import RunOptions

STEPS = """
import ctypes, os, signal, subprocess, sys, threading, time
from behave import step

def note(what):
    with open("notes.txt", "a") as notes:
        notes.write(f"{what}\\n")

@step("it works")
def f(context):
    note(f"works {context.scenario.name}")
    assert context.config

@step("it fails")
def f(context):
    assert not context, "it really fails"

@step("it forks and goes on")
def f(context):
    child = os.fork()
    if child:
        os.waitpid(child, 0)

@step("it forks, and the child raises")
def f(context):
    child = os.fork()
    if not child:
        raise SystemExit(0)
    os.waitpid(child, 0)

@step("it forks, and the child ends")
def f(context):
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)

@step("it ignores SIGCHLD")
def f(context):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    assert context.config

@step("a thread sleeps for ever")
def f(context):
    threading.Thread(target=threading.Event().wait).start()
    assert context.config

@step("it writes garbage to file descriptors up to {last:d}")
def f(context, last):
    for number in range(3, last + 1):
        try:
            os.write(number, b"garbage" * 100)
        except OSError:
            pass
    assert context.config

@step("it closes file descriptors and opens others")
def f(context):
    os.closerange(3, 64)
    context.files = [open(f"mine{number}.txt", "w") for number in range(40)]
    assert context.config

@step("it closes all file descriptors")
def f(context):
    os.closerange(3, 10_000)
    context.files = [os.open(f"mine{number}.txt", os.O_RDWR | os.O_CREAT) for number in range(40)]
    assert context.config

@step("it recurses deeply")
def f(context):
    sys.setrecursionlimit(300_000)
    def recurse(depth):
        return depth and recurse(depth - 1) + 1
    recurse(200_000)
    raise RuntimeError("deep enough") from None

@step("it recurses without end")
def f(context):
    sys.setrecursionlimit(10**8)
    def recurse():
        return recurse() + 1
    recurse()

@step("it fills a list without end")
def f(context):
    numbers = []
    while True:
        numbers.extend(range(1_000))

@step("it recurses until Python stops it")
def f(context):
    def recurse():
        return recurse() + 1
    recurse()
"""
IGNORING = "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
SLEEPING = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"

# Each step with the status of its scenario.
COSTS = {
    "it forks and goes on": "failed",
    "it forks, and the child raises": "failed",
    "it forks, and the child ends": "passed",
    "it ignores SIGCHLD": "passed",
    "a thread sleeps for ever": "passed",
    "it writes garbage to file descriptors up to 4100": "passed",
    "it closes file descriptors and opens others": "passed",
    "it closes all file descriptors": "failed",
    "it recurses until Python stops it": "failed",
}


def write_project(root: Path, *steps: str, hooks: str = "") -> Project:
    """Write a project with a scenario for each step, and one that works after each."""
    lines = "".join(
        f"  Scenario: {step}\n    Then {step}\n    And it works\n  Scenario: after {step}\n    Then it works\n"
        for step in steps
    )
    project = Project(root).write(steps__common_steps_py=STEPS, environment_py=hooks)
    project.write_file("features/hostile.feature", f"Feature: Hostile\n{lines}")
    return project.write_file("features/other.feature", "Feature: Other\n  Scenario: other\n    Then it works\n")


def list_notes(root: Path) -> list[str]:
    """List the scenarios whose step `it works` was run, as often as it was run."""
    return sorted((root / "notes.txt").read_text().splitlines())


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("step", COSTS)
def test_it_costs_its_scenario_at_most(step: str, jobs: int, tmp_path: Path) -> None:
    project = write_project(tmp_path, step)
    run = project.run(plan=RunOptions(jobs=jobs))
    record = find_record(run, step)
    failed = record.failures or record.status != "passed"
    assert (run.complete, bool(failed)) == (True, COSTS[step] == "failed")
    others = {name: status for name, status in list_statuses(run).items() if name != step}
    assert (others, run.failures) == ({f"after {step}": "passed", "other": "passed"}, ())


@pytest.mark.parametrize("step", ["it forks and goes on", "it forks, and the child raises"])
def test_no_step_runs_twice_after_a_fork(step: str, tmp_path: Path) -> None:
    run = write_project(tmp_path, step).run()
    assert list_notes(tmp_path) == sorted([f"works {step}", f"works after {step}", "works other"])
    assert find_record(run, step).failures == (
        "fork: a process that the scenario forked continued the run; it was killed",
    )


@pytest.mark.parametrize("hooks", [IGNORING, SLEEPING], ids=["SIGCHLD is ignored", "a thread sleeps"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_neither_does_a_module_that_is_loaded_hold_up_the_end(hooks: str, jobs: int, tmp_path: Path) -> None:
    run = write_project(tmp_path, "it works", "it fails", hooks=hooks).run(plan=RunOptions(jobs=jobs))
    assert run.complete
    assert list_statuses(run)["it fails"] == "failed"


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_record_gets_into_a_file_of_the_steps(jobs: int, tmp_path: Path) -> None:
    steps = ["it closes file descriptors and opens others", "it closes all file descriptors"]
    write_project(tmp_path, *steps).run(plan=RunOptions(jobs=jobs))
    assert {path.read_text() for path in tmp_path.glob("mine*.txt")} == {""}


def test_a_traceback_of_very_many_frames_is_shortened(tmp_path: Path) -> None:
    project = write_project(tmp_path, "it recurses deeply")
    record = find_record(project.run(), "it recurses deeply")
    assert record.steps[0].error == "RuntimeError: deep enough"


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is known on Linux only")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("step", ["it recurses without end", "it fills a list without end"])
def test_a_scenario_that_uses_too_much_memory_fails_alone(
    step: str, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEC2BDD_MEMORY", "300")
    # The time limit bounds the test; memory is used up long before.
    run = write_project(tmp_path, step).run(plan=RunOptions(jobs=jobs, timeout=300))
    record = find_record(run, step)
    assert record.steps[0].error == "used too much memory: the limit of the run is 0.3 GB"
    others = {name: status for name, status in list_statuses(run).items() if name != step}
    assert (others, run.complete) == ({f"after {step}": "passed", "other": "passed"}, True)


# Python must not write incomplete compiled modules into the folders of the package.
LIMITED = """
import resource, sys
sys.dont_write_bytecode = True
def before_all(context):
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_ends_the_run_with_its_reason_and_keeps_the_records(jobs: int, tmp_path: Path) -> None:
    project = write_project(tmp_path, *["it works"] * 20, hooks=LIMITED)
    behave_exit = project.behave(plan=RunOptions(jobs=jobs))
    assert (behave_exit.code, "OSError: [Errno 27] File too large" in behave_exit.output) == (1, True)
    run = project.read_run()
    assert (run.complete, "passed" in [record.status for record in run.results]) == (False, True)


def test_durations_of_an_earlier_run_that_cannot_be_read_do_not_matter(tmp_path: Path) -> None:
    project = write_project(tmp_path, "it works").write_file(".spec2bdd/durations.json", "[" * 100_000)
    assert project.run(plan=RunOptions(jobs=2)).complete


@pytest.mark.parametrize("text", ["Nonsense", "Feature: Empty", ""])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_step_that_overwrites_its_feature_file_and_ends_the_process_hangs_nothing(
    text: str, jobs: int, tmp_path: Path
) -> None:
    project = write_project(tmp_path, "it spoils the file")
    more = (
        f"\n@step('it spoils the file')\ndef f(context):\n    open('features/hostile.feature', 'w').write({text!r})\n"
    )
    project.write_file("steps/common_steps.py", STEPS + more + "    os._exit(0)\n")
    run = project.run(plan=RunOptions(jobs=jobs))
    statuses = list_statuses(run)
    assert (run.complete, statuses["it spoils the file"], statuses["other"]) == (True, "error", "passed")


def write_step(root: Path, body: str) -> Project:
    """Write a project whose first scenario has a step with that body."""
    project = write_project(root, "it does this", "it works")
    more = f"\n@step('it does this')\ndef f(context):\n    {body}\n"
    return project.write_file("steps/common_steps.py", STEPS + more)


FAIL = "assert not context"
PRINTED = {
    "a child process": f"subprocess.run(['echo', 'the disk', 'is full']); {FAIL}",
    "a shell, to its standard error": f"os.system('echo the disk is full >&2'); {FAIL}",
    "the descriptor itself": f"os.write(1, b'the disk is full'); {FAIL}",
    "a child process, before the step ends Python": "subprocess.run(['echo', 'the disk is full']); os._exit(3)",
}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", PRINTED)
def test_what_goes_past_python_is_shown_below_the_failure(name: str, jobs: int, tmp_path: Path) -> None:
    run = write_step(tmp_path, PRINTED[name]).run(plan=RunOptions(jobs=jobs))
    assert "the disk is full" in find_record(run, "it does this").output
    assert "the disk is full" not in find_record(run, "after it does this").output


def test_the_output_of_one_scenario_is_not_shown_below_the_next(tmp_path: Path) -> None:
    body = "subprocess.run(['echo', 'noise']); context.add_cleanup(subprocess.run, ['echo', 'more noise'])"
    project = write_step(tmp_path, body)
    project.write_file(
        "features/hostile.feature",
        "Feature: F\n  Scenario: a\n    Then it does this\n  Scenario: b\n    Then it fails\n",
    )
    assert "noise" not in find_record(project.run(), "b").output


def test_a_child_with_a_session_of_its_own_does_not_outlive_the_time_limit(tmp_path: Path) -> None:
    body = "child = subprocess.Popen(['sleep', '1000'], start_new_session=True); note(child.pid); child.wait()"
    run = write_step(tmp_path, body).run(plan=RunOptions(timeout=1.0))
    pid = int((tmp_path / "notes.txt").read_text().splitlines()[0])
    assert find_record(run, "it does this").steps[0].error == "timed out after 1 s"
    stat = Path(f"/proc/{pid}/stat")
    # It is gone, or dead and only waits for its parent.
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_garbage_in_the_records_is_passed_over(tmp_path: Path) -> None:
    project = write_project(tmp_path, "it writes garbage to file descriptors up to 4100")
    project.run()
    lines = project.record_path.read_text().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert events[-1]["events"] == len(events)


FREEZE = """
import sys, time
from behave import step

def freeze(now):
    # As freezegun does: in every module.
    real = {id(getattr(time, name)) for name in ("time", "monotonic", "perf_counter")}
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if id(value) in real:
                setattr(module, name, lambda: now)

@step("the clock stops at {now:g}")
def f(context, now):
    freeze(now)

@step("it takes for ever")
def f(context):
    while True:
        pass

@step("it works")
def f(context):
    assert context.config
"""
FROZEN = """
Feature: F
  Scenario: freezes
    Given the clock stops at {now}
    Then it works
  Scenario: hangs
    Then it takes for ever
  Scenario: works
    Then it works
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("now", ["1.0", "1e12", "-1e12", "inf", "nan"])
def test_a_clock_that_a_step_stops_changes_no_time_limit(now: str, jobs: int, tmp_path: Path) -> None:
    project = Project(tmp_path).write(steps__s_py=FREEZE, features__a_feature=FROZEN.format(now=now))
    run = project.run(plan=RunOptions(jobs=jobs, timeout=3.0))
    assert list_statuses(run) == {"freezes": "passed", "hangs": "error", "works": "passed"}
    assert find_record(run, "hangs").steps[0].error == "timed out after 3 s"
    seconds = re.findall(r'"seconds": ([^,}]+)', project.record_path.read_text())
    assert all(0 <= float(value) < 60 for value in seconds)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_behave_itself_raises_is_the_reason(jobs: int, tmp_path: Path) -> None:
    project = Project(tmp_path).write(
        steps__s_py=STEPS,
        features__a_feature="Feature: F\n  Scenario: a\n    Then it works\n",
        behave_ini="[behave]\njunit = true\njunit_directory = notes.txt/reports\n",
    )
    (tmp_path / "notes.txt").touch()
    run = project.run(plan=RunOptions(jobs=jobs))
    (failure,) = run.failures
    assert failure.feature == "features/a.feature"
    assert failure.message.startswith("worker: Behave raised NotADirectoryError: ")
    assert "hook" not in failure.message


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_results_are_those_of_the_same_files_if_a_hook_goes_to_another_folder(tmp_path: Path, jobs: int) -> None:
    body = "os.makedirs('sub', exist_ok=True)\n    os.chdir('sub')"
    project = Project(tmp_path).write_file("environment.py", f"import os\n\ndef before_all(context):\n    {body}\n")
    steps = "from behave import step\n\n@step('it {what}')\ndef f(context, what):\n    assert what == 'works'\n"
    for feature in "abc":
        text = f"Feature: {feature}\n  Scenario: 1\n    Then it works\n  Scenario: 2\n    Then it fails\n"
        project.write_file(f"features/{feature}.feature", text)
    run = project.write_file("steps/s_steps.py", steps).run(plan=RunOptions(jobs=jobs))
    assert [(result.feature, result.status) for result in run.results] == [
        (f"features/{feature}.feature", status) for feature in "abc" for status in ("passed", "failed")
    ]
    assert (run.diagnostics, run.changed) == ((), ())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_nothing_goes_on_when_spec2bdd_is_killed(tmp_path: Path, number: signal.Signals, jobs: str) -> None:
    step = "an item can be added"
    spec = f"---\nfeature_id: 1\nname: A\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n- [ ] {step}\n"
    body = "child = subprocess.Popen(['sleep', '1000'])\n    note(f'{os.getppid()} {os.getpid()} {child.pid} .')"
    steps = f'{STEPS}\n@step("{step}")\ndef f(context):\n    {body}\n    child.wait()\n'
    Project(tmp_path).write_file("specs/a.md", spec).write_file("steps/s_steps.py", steps)
    command = [sys.executable, "-m", "spec2bdd", "verify", "-j", jobs]
    null = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=tmp_path, stdout=null, stderr=null) as process:
        notes = tmp_path / "notes.txt"
        wait_until(lambda: notes.exists() and notes.read_text().endswith(".\n"))
        process.send_signal(number)
    *pids, _ = notes.read_text().split()
    wait_until(lambda: not any(map(is_running, pids)))


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what is sure to happen soon."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(pid: str) -> bool:
    """Whether a process exists, and is not dead and only waiting for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("name", ["getpid", "write", "fstat"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_function_of_the_system_may_be_replaced_for_a_whole_scenario(name: str, jobs: int, tmp_path: Path) -> None:
    body = f"context.add_cleanup(setattr, os, '{name}', os.{name}); os.{name} = lambda *args: 4242"
    run = write_step(tmp_path, body).run(plan=RunOptions(jobs=jobs))
    assert (run.complete, run.failures, set(list_statuses(run).values())) == (True, (), {"passed"})


CLASHING = """
@step("it defines a step again")
def f(context):
    @step("it works")
    def g(context):
        assert context.config
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_definition_that_clashes_during_the_run_is_an_error_of_the_run(jobs: int, tmp_path: Path) -> None:
    project = write_project(tmp_path, "it defines a step again", "it works")
    run = project.write_file("steps/common_steps.py", STEPS + CLASHING).run(plan=RunOptions(jobs=jobs))
    assert [diagnostic.code for diagnostic in run.diagnostics] == ["ambiguous-step"]
