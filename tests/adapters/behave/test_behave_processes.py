"""The processes of the worker pool: which of them run what, tried with a project that is no more than a function."""

from __future__ import annotations

import ctypes
import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.runner_util import FileLocation

from spec2bdd.adapters.behave.executors.channel import Channel
from spec2bdd.adapters.behave.executors.executor import WorkerCrash
from spec2bdd.adapters.behave.executors.process_pool import WorkerPool
from spec2bdd.adapters.behave.executors.scheduler import LongestFirstScheduler
from spec2bdd.adapters.behave.executors.work_units import WorkUnit
from spec2bdd.adapters.behave.executors.worker import Worker, exit_with_parent, spawn_worker
from spec2bdd.adapters.behave.executors.worker_handle import start_worker
from spec2bdd.adapters.behave.executors.worker_state import FIELDS, WorkerState, read_clock
from spec2bdd.adapters.behave.glue.output_capture import create_captured, read_captured
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.adapters.system.digests import compute_digest
from spec2bdd.model import RunOptions

# Of a process with threads, which pytest may have; the forks here use none.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

_PR_GET_PDEATHSIG = 2


class FunctionRunner:
    """A runner that calls a function in each worker, with its number, its state, and the features that it gets."""

    def __init__(self, folder: Path, plan: RunOptions, work: Callable[..., None], *, sizes: Sequence[int] = ()) -> None:
        self.root, self.plan = folder, plan
        self.locations = []
        self.files = SimpleNamespace(digests={})
        for number, size in enumerate(sizes):
            path = folder / f"{number}.feature"
            path.write_text(f"Feature: {number}\n  {'x' * size}\n  Scenario: one\n  Scenario: two\n", encoding="utf-8")
            self.locations.append(FileLocation(str(path)))
            self.files.digests[path.name] = compute_digest(path.read_bytes())
        self.lines = None
        self.has_debugger = self.aborted = False
        self.config = SimpleNamespace(lang=None, stop=False)
        self.definitions = SimpleNamespace(sources=SimpleNamespace(parse_large_files=lambda: None))
        self.record_file = SimpleNamespace(append_pending=lambda _lines: None)
        self.watch = SimpleNamespace()
        self.recorder: Any = None
        self.missed: list[str] = []
        self.removed: list[str] = []
        self._work = work

    def make_recorder(self, *, alone: bool) -> Any:
        """Make a recorder that records nothing."""
        self.recorder = SimpleNamespace(
            alone=alone,
            take_durations=dict,
            adopt_feature=lambda *_, **__: None,
            write_missed=lambda scenarios: self.missed.extend(scenario.name for scenario in scenarios),
            write_removed=lambda scenarios: self.removed.extend(scenario.name for scenario in scenarios),
            enter_worker=self._enter_worker,
        )
        return self.recorder

    def run_pulled(self, features: Iterator[Any]) -> bool:
        """Call the function."""
        self._work(self, features)
        return False

    def _enter_worker(self, number: int, state: WorkerState, _pending: Any) -> None:
        self.recorder.number, self.recorder.worker_state = number, state

    def note(self, *facts: Any) -> None:
        """Note facts in the folder, with the number of the worker."""
        with (self.root / "notes").open("a") as notes:
            notes.write(json.dumps([self.recorder.number, *facts]) + "\n")

    def read_notes(self) -> list[Any]:
        """Read what was noted, in the order of the workers."""
        return sorted(map(json.loads, (self.root / "notes").read_text().splitlines()))


def run_pool(runner: FunctionRunner, units: Sequence[WorkUnit], **options: Any) -> tuple[Any, list[WorkerCrash]]:
    """Run units in a pool; return the result, and what crashed."""
    crashes: list[WorkerCrash] = []
    on_crash = options.pop("on_crash", lambda _crash: None)

    def handle_crash(crash: WorkerCrash) -> None:
        crashes.append(crash)
        on_crash(crash)

    pool = WorkerPool(runner, runner.locations, handle_crash, **options)
    return pool.run_units(units), crashes


def pull_all(runner: FunctionRunner, features: Iterator[Any]) -> None:
    """Take all features, and note the worker."""
    list(features)
    runner.note(runner.recorder.alone)


UNITS = [WorkUnit(0, 0, (0,)), WorkUnit(1, 2, (0,))]


@pytest.mark.parametrize(
    ("jobs", "first", "expected"),
    [(1, 1, [[1, True]]), (2, 1, [[1, False], [2, False]]), (1, 3000, [[3000, False]])],
)
def test_workers_are_numbered_and_only_the_first_one_of_a_run_with_one_has_other_formatters(
    tmp_path: Path, jobs: int, first: int, expected: list[Any]
) -> None:
    runner = FunctionRunner(tmp_path, RunOptions(jobs=jobs), pull_all, sizes=(1, 1))
    result, crashes = run_pool(runner, UNITS, first_number=first)
    assert (result.failed, result.not_run, crashes) == (False, [], [])
    assert runner.read_notes() == expected


def test_files_are_parsed_by_the_workers_in_shares_of_about_the_same_size(tmp_path: Path) -> None:
    shares: set[frozenset[int]] = set()

    class NotingScheduler(LongestFirstScheduler):
        """A scheduler that notes which files are parsed where."""

        def next_unit(self, request: Any, *, parsed: frozenset[int], running: Sequence[WorkUnit]) -> WorkUnit | None:
            """Note them."""
            shares.add(parsed)
            return super().next_unit(request, parsed=parsed, running=running)

    runner = FunctionRunner(tmp_path, RunOptions(jobs=2), pull_all, sizes=(10, 5000, 1000, 20, 2000))
    pool = WorkerPool(runner, runner.locations, lambda _crash: None, scheduler=NotingScheduler(workers=2))
    try:
        features = pool.collect()
    finally:
        gc.unfreeze()
    assert [(feature.path, feature.names) for feature in features] == [
        (f"{number}.feature", ("one", "two")) for number in range(5)
    ]
    pool.run_units([])
    assert shares == {frozenset({1}), frozenset({0, 2, 3, 4})}


def test_a_worker_leads_a_process_group_of_its_own_as_soon_as_it_is_started(tmp_path: Path) -> None:
    runner, ours = FunctionRunner(tmp_path, RunOptions(), pull_all), os.getpgid(0)
    worker = start_worker(1, runner, files=[], others=[], handlers={})
    try:
        assert (os.getpgid(worker.process.pid), os.getpgid(0)) == (worker.process.pid, ours)
    finally:
        worker.send_unit(None)
        worker.process.join()
        worker.close()
    assert (worker.process.exitcode, worker.finished) == (0, True)


def test_after_a_crash_in_the_hooks_before_all_features_no_worker_is_started_again(tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"

    def work(runner: FunctionRunner, features: Iterator[Any]) -> None:
        """Crash before all features in the first worker, and later in the first scenario of the second one."""
        runner.note()
        if runner.recorder.number == 1:
            os._exit(3)
        if runner.recorder.number > 2:
            return
        next(features)
        runner.recorder.worker_state.open_feature(read_clock())
        runner.recorder.worker_state.begin_scenario(0, read_clock())
        while not crashed.exists():
            time.sleep(0.001)
        os._exit(4)

    runner = FunctionRunner(tmp_path, RunOptions(jobs=2, timeout=30), work, sizes=(1, 1))
    units = [WorkUnit(0, 0, (0, 1)), WorkUnit(0, 0, (0, 1))]
    result, crashes = run_pool(runner, units, on_crash=lambda _crash: crashed.touch())
    assert [(crash.reason, crash.scenario) for crash in crashes] == [
        ("Python exited with code 3", -1),
        ("Python exited with code 4", 0),
    ]
    assert (result.failed, result.interrupted, runner.read_notes()) == (True, False, [[1], [2]])


def test_a_scenario_that_a_hook_removes_from_its_feature_is_recorded_as_removed_and_the_others_as_missed(
    tmp_path: Path,
) -> None:
    def work(_runner: FunctionRunner, features: Iterator[Any]) -> None:
        """Remove a scenario of each feature."""
        for feature in features:
            feature.run_items.pop(0)

    messages: list[Any] = [UNITS[0], WorkUnit(1, 2, (0, 1)), None]
    channel = SimpleNamespace(receive=lambda: messages.pop(0), send=lambda _message: None)
    runner = FunctionRunner(tmp_path, RunOptions(), work, sizes=(1, 1))
    Worker(runner, channel, files=runner.locations).run(WorkerState(), 1, alone=True)
    assert (runner.removed, runner.missed) == (["one", "one"], ["two"])


class LoadingRunner:
    """A runner that a process loads for itself; its project is in the folder where the process runs."""

    def __init__(self, _config: Any, *, plan: RunOptions) -> None:
        self.plan, self.files, self.capture = plan, SimpleNamespace(), None

    def serve(self, work: Callable[[list[Any]], None]) -> None:
        """Run what the pool wants, and note what is open for the output then."""
        work([])
        os.write(create_captured()[0] if self.capture is None else self.capture._descriptor, b"captured")


def test_the_file_for_the_output_of_a_worker_that_loads_the_project_itself_has_no_name_while_it_runs() -> None:
    context = multiprocessing.get_context("fork")
    (ours, theirs), (output, path) = context.Pipe(), create_captured()
    channel, plan = Channel(ours), run_options_to_json(RunOptions())
    channel.send(None)
    fields = [0.0] * FIELDS
    process = context.Process(target=spawn_worker, args=(LoadingRunner, [], plan, 1, theirs, fields, [], {}, path))
    try:
        process.start()
        process.join()
        # Whatever ends the processes, no file is left.
        assert (process.exitcode, Path(path).exists(), read_captured(output)) == (0, False, "captured")
    finally:
        os.close(output)
        ours.close()
        theirs.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
def test_the_system_is_asked_for_a_signal_when_the_parent_ends() -> None:
    prctl, number = ctypes.CDLL(None).prctl, ctypes.c_int()
    before = ctypes.c_int()
    prctl(_PR_GET_PDEATHSIG, ctypes.byref(before), 0, 0, 0)
    try:
        exit_with_parent(signal.SIGUSR1)
        prctl(_PR_GET_PDEATHSIG, ctypes.byref(number), 0, 0, 0)
    finally:
        prctl(1, before.value, 0, 0, 0)
    assert number.value == signal.SIGUSR1


ASKING = """
import signal, sys
from spec2bdd.adapters.behave.executors.worker import exit_with_parent
exit_with_parent(signal.SIGTERM, parent=int(sys.argv[1]))
print("it goes on")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
def test_a_process_whose_parent_ended_before_it_could_ask_for_a_signal_gets_it_at_once() -> None:
    """A process between both, such as a wrapper around Python, is no reason to end."""
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    parents = {"this process": os.getpid(), "its parent": os.getppid(), "not known": 0, "has ended": ended.pid}
    outcomes = {}
    for name, parent in parents.items():
        child = subprocess.run([sys.executable, "-c", ASKING, str(parent)], capture_output=True, text=True, check=False)
        outcomes[name] = (child.returncode, child.stdout)
    on = (0, "it goes on\n")
    assert outcomes == {"this process": on, "its parent": on, "not known": on, "has ended": (-signal.SIGTERM, "")}
