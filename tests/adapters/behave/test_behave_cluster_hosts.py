"""What a run on a cluster does with its hosts and workers, tried on a cluster that is in this process."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.runner_util import FileLocation
from distributed.comm import CommClosedError
from distributed.scheduler import KilledWorker
from grouped import in_one_test

from spec2bdd.adapters.behave.cluster import dask_executor
from spec2bdd.adapters.behave.cluster.dask_executor import DaskExecutor
from spec2bdd.adapters.behave.cluster.host_process import Exchange, HostOrder, exchange, signal_hosts, start_host
from spec2bdd.adapters.behave.cluster.unit_host import digest_files, list_versions
from spec2bdd.adapters.behave.executors.work_units import WorkUnit
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.model import Diagnostic, RunOptions, Severity

ASKS = b'{"event": "host", "asks": null}\n'
LIMIT = 300


@dataclass
class FakeFuture:
    """A task in a worker, which has ended unless it is pending."""

    outcome: Any
    status: str = "finished"

    def exception(self) -> Any:
        """Return its error."""
        return self.outcome


@dataclass
class FakeHost:
    """A host, as the worker that has it sees it: what it has to say next, and the scenarios that it has run."""

    name: str
    content: bytes
    code: int | None = None


@dataclass
class FakeCluster:
    """A cluster whose workers run all scenarios at once, and whose tasks end as soon as they are submitted.

    `before_exchange` is called with the address of the worker and what the host has to say; what it returns is the
    answer instead, if it is not None.
    """

    addresses: list[str]
    ready: dict[str, Any] = field(default_factory=dict)
    name: str = "the cluster"
    is_shared: bool = True
    before_exchange: Callable[[str, FakeHost], Any] = lambda _address, _host: None
    hosts: dict[str, FakeHost] = field(default_factory=dict)
    orders: list[HostOrder] = field(default_factory=list)
    units: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    calls: list[tuple[str, list[str]]] = field(default_factory=list)
    done: list[FakeFuture] = field(default_factory=list)
    asked: int = 0
    turns: int = 0
    is_closed: bool = False

    def list_workers(self) -> dict[str, str]:
        """List the workers, each on a machine of its own."""
        self.asked += 1
        return dict.fromkeys(self.addresses, "machine")

    def count_neighbours(self, address: str) -> int:
        """There is one worker on each machine."""
        assert address
        return 1

    def submit(self, function: Any, *arguments: Any, address: str) -> FakeFuture:
        """Run a task of a host."""
        future = self._start(address, *arguments) if function is start_host else self._exchange(address, *arguments)
        assert function in (start_host, exchange)
        self.done += [] if future.status == "pending" else [future]
        return future

    def take_done(self, seconds: float) -> FakeFuture | None:
        """Take the next task that has ended; the run must not go on for ever."""
        assert seconds < 1
        self.turns += 1
        assert self.turns < LIMIT, "the run does not end"
        return self.done.pop(0) if self.done else None

    def read_result(self, future: FakeFuture, *, address: str) -> Any:
        """Read the result of a task."""
        assert address
        return future.outcome

    def run_everywhere(self, function: Any, names: Mapping[str, str], *_: Any) -> None:
        """Signal hosts, which end then, or end them."""
        self.calls.append((function.__name__, sorted(names.values())))
        for address in names if function is signal_hosts else ():
            self.hosts[address].content = finish(1, interrupted=True, dismissed=False)
            self.hosts[address].code = 0

    def ship(self, plugin: Any) -> None:
        """Send the files of the project to all workers."""
        self.calls.append(("ship", [type(plugin).__name__]))
        self.is_shared = True

    def withdraw(self, plugin: Any) -> None:
        """Remove them again."""
        self.calls.append(("withdraw", [type(plugin).__name__]))

    def close(self) -> None:
        """Note that the connection is closed."""
        self.is_closed = True

    def _start(self, address: str, order: HostOrder) -> FakeFuture:
        if not self.is_shared:
            return FakeFuture(False)
        self.orders.append(order)
        ready = json.dumps({"event": "host", "ready": self.ready}).encode() + b"\n"
        self.hosts[address] = FakeHost(order.name, ready + ASKS)
        return FakeFuture(True)

    def _exchange(self, address: str, name: str, lines: list[str], _seconds: float) -> FakeFuture:
        host = self.hosts[address]
        assert host.name == name
        for unit in map(json.loads, lines):
            if unit:
                self.units.append((address, unit))
                host.content += b"".join(map(record, (unit["first"] + place for place in unit["scenarios"]))) + ASKS
            else:
                host.content += finish()
        answer = self.before_exchange(address, host)
        if isinstance(answer, FakeFuture):
            return answer
        content, host.content = host.content, b""
        return FakeFuture(answer or Exchange(content, host.code))


def record(number: int, *events: str) -> bytes:
    """Render what a host records of a scenario, or some of it."""
    lines = {
        "start": {"event": "scenario_start", "scenario": number},
        "end": {"event": "scenario_end", "scenario": number, "status": "passed", "seconds": 0.5},
    }
    return b"".join(json.dumps(lines[name]).encode() + b"\n" for name in events or lines)


def finish(*not_run: int, **facts: bool) -> bytes:
    """Render what a host says at its end."""
    ends = {"failed": False, "aborted": False, "interrupted": False, "dismissed": True} | facts
    return json.dumps({"event": "host", "finished": ends, "not_run": not_run, "changed": []}).encode() + b"\n"


class ClusterRun:
    """An executor that has collected the features for such a cluster, with an empty log."""

    def __init__(self, folder: Path, cluster: FakeCluster, plan: RunOptions | None = None) -> None:
        self.log_path = folder / "records.ndjson"
        log = EventLog(str(self.log_path))
        log.create()
        runner = SimpleNamespace(
            recorder=SimpleNamespace(file=log),
            run_id="r1",
            plan=plan or RunOptions(executor="dask"),
            root=folder,
            config=SimpleNamespace(paths=["features"], lang=None),
            files=SimpleNamespace(sources=(), digests={"features/a.feature": "1"}),
            definitions=SimpleNamespace(diagnostics=[]),
        )
        self.crashes: list[Any] = []
        files = [FileLocation(str(folder / "features/a.feature"))]
        self.executor = DaskExecutor(runner, files, self.crashes.append)
        self.cluster = cluster
        cluster.ready = {
            "versions": list_versions(),
            "digest": digest_files(runner),
            "missing": [],
            "broken": False,
            "diagnostics": [],
        } | cluster.ready
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dask_executor, "ClusterConnection", lambda _plan: cluster)
            self.features = self.executor.collect()
        cluster.asked = 0

    def run(self, *units: WorkUnit) -> Any:
        """Run units."""
        return self.executor.run_units(units)

    def list_recorded(self) -> list[tuple[str, int]]:
        """List the events of the log with their scenarios."""
        events = map(json.loads, self.log_path.read_text(encoding="utf-8").splitlines())
        return [(event["event"], event["scenario"]) for event in events]


UNITS = [WorkUnit(0, 0, (0, 1)), WorkUnit(0, 0, (2,)), WorkUnit(0, 0, (3, 4))]
EVENTS = ("scenario_start", "scenario_end")


def test_each_worker_has_one_host_and_each_scenario_is_run_and_recorded_once(tmp_path: Path) -> None:
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a", "tcp://b"]))
    result = run.run(*UNITS)
    assert (result.failed, result.aborted, result.interrupted, result.not_run, result.error) == (
        False,
        False,
        False,
        [],
        None,
    )
    assert [order.number for order in run.cluster.orders] == [1, 2]
    assert {address for address, _ in run.cluster.units} == {"tcp://a", "tcp://b"}
    assert sorted(run.list_recorded()) == sorted((event, number) for event in EVENTS for number in range(5))
    assert result.durations == dict.fromkeys(range(5), 0.5)
    assert (run.crashes, run.cluster.is_closed) == ([], True)
    # A host may have threads that do not end.
    assert run.cluster.calls == [("end_hosts", ["r1-1", "r1-2"])]


@in_one_test(
    "count, limit, expected",
    [(0, None, 1), (1, None, 1), (3, None, 3), (3, 2, 2), (3, 9, 3)],
)
def test_a_run_has_as_many_workers_as_the_cluster_and_the_plan_allow(
    tmp_path: Path, count: int, limit: int | None, expected: int
) -> None:
    cluster = FakeCluster([f"tcp://{number}" for number in range(count)])
    run = ClusterRun(tmp_path, cluster, RunOptions(executor="dask", cluster_workers=limit or 0))
    assert run.executor.workers == expected


def test_no_more_hosts_are_started_than_the_plan_allows(tmp_path: Path) -> None:
    plan = RunOptions(executor="dask", cluster_workers=1)
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a", "tcp://b", "tcp://c"]), plan)
    assert run.run(*UNITS).not_run == []
    assert [address for address, _ in run.cluster.units] == ["tcp://a"] * 3


def test_the_scheduler_is_asked_for_its_workers_only_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "_WATCH_SECONDS", 60.0)
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"]))
    run.run(*UNITS)
    assert (run.cluster.asked, run.cluster.turns > 3) == (1, True)


def test_what_a_worker_had_not_finished_when_it_left_is_run_by_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "_WATCH_SECONDS", -1.0)
    cluster = FakeCluster(["tcp://a", "tcp://b"])

    def leave(address: str, host: FakeHost) -> Any:
        """Let the first worker go in the middle of its first unit: the next exchange has no end."""
        if address == "tcp://b" or not cluster.units:
            return None
        if b'"scenario": 0' in host.content:
            return Exchange(record(0) + record(1, "start"))
        cluster.addresses.remove(address)
        return FakeFuture(None, "pending")

    cluster.before_exchange = leave
    run = ClusterRun(tmp_path, cluster)
    result = run.run(*UNITS)
    assert (result.failed, result.not_run, result.error) == (False, [], None)
    assert ("tcp://b", [1]) in [(address, unit["scenarios"]) for address, unit in cluster.units]
    assert sorted(run.list_recorded()) == sorted((event, number) for event in EVENTS for number in range(5))
    assert len(cluster.orders) == 2


def test_a_run_whose_workers_do_not_come_back_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "_SECONDS_WITHOUT_WORKERS", -1.0)
    run = ClusterRun(tmp_path, FakeCluster([]))
    result = run.run(*UNITS)
    message, hint = "the cluster has no workers left", "start workers, and run again"
    assert result.error == Diagnostic("", 0, 0, Severity.ERROR, "cluster", message, hint)
    assert (result.failed, result.aborted, result.interrupted) == (True, True, False)
    assert sorted(result.not_run, key=lambda unit: unit.scenarios) == UNITS


class NoWorkerError(Exception):
    """As Dask names it where all workers that may run a task are gone."""


def lose_once(outcome: Any, status: str) -> Any:
    """Let the first exchange about a unit end like this."""
    left = [FakeFuture(outcome, status)]
    return lambda _address, host: left.pop() if left and b"scenario_end" in host.content else None


LOSSES = {
    "its result is lost": (None, "finished"),
    "it is cancelled": (None, "cancelled"),
    "its worker was killed": (KilledWorker("exchange", None, 3), "error"),
    "the connection was closed": (CommClosedError("closed"), "error"),
    "there is no worker for it": (NoWorkerError("gone"), "error"),
}


@pytest.mark.parametrize("case", LOSSES.values(), ids=LOSSES)
def test_a_host_that_is_not_heard_of_is_ended_and_its_unit_is_run_again_if(
    tmp_path: Path, case: tuple[Any, str]
) -> None:
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], before_exchange=lose_once(*case)))
    result = run.run(UNITS[0])
    assert (result.failed, result.not_run, result.error) == (False, [], None)
    assert [unit["scenarios"] for _, unit in run.cluster.units] == [[0, 1], [0, 1]]
    assert run.list_recorded() == [(event, number) for number in (0, 1) for event in EVENTS]
    # It may still run, and nothing of it may run next to its successor.
    assert run.cluster.calls[0] == ("end_hosts", ["r1-1"])


def test_an_error_of_a_task_itself_ends_the_run_and_says_what_to_install(tmp_path: Path) -> None:
    error = ModuleNotFoundError("No module named 'spec2bdd'")
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], before_exchange=lambda *_: FakeFuture(error, "error")))
    found = run.run(*UNITS).error
    assert found.message == "the worker tcp://a cannot run the project: No module named 'spec2bdd'"
    assert found.hint.startswith("install spec2bdd")


def test_a_worker_without_the_folder_of_the_project_is_sent_its_files_which_are_removed_again(tmp_path: Path) -> None:
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], is_shared=False))
    assert run.run(*UNITS).not_run == []
    names = [name for name, _ in run.cluster.calls]
    assert names == ["ship", "end_hosts", "withdraw"]


PROBLEM = {"path": "steps/a.py", "line": 3, "message": "No module named 'x'"}
DIFFERENCES: dict[str, dict[str, Any]] = {
    **{
        f"{name} is {version} here and 0.1 on the worker tcp://a": {"versions": list_versions() | {name: "0.1"}}
        for name, version in list_versions().items()
    },
    "the project cannot be loaded on tcp://a: steps/a.py:3: No module named 'x'": {"diagnostics": [PROBLEM]},
    "features/b.feature is not the same on the worker tcp://a": {"missing": ["features/b.feature"]},
    "a feature or step file is not the same on the worker tcp://a": {"digest": "2"},
}


@pytest.mark.parametrize("message", DIFFERENCES)
def test_a_worker_that_has_something_else_than_this_machine_runs_nothing(tmp_path: Path, message: str) -> None:
    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], ready=DIFFERENCES[message]))
    result = run.run(*UNITS)
    assert (result.error.message, run.cluster.units) == (message, [])


def test_the_versions_that_have_to_be_the_same_are_named_as_their_programs_name_themselves() -> None:
    assert list(list_versions()) == ["spec2bdd", "Behave", "Python"]


def test_a_host_that_stops_by_itself_stops_the_run_and_says_what_it_has_not_run(tmp_path: Path) -> None:
    def stop(_address: str, host: FakeHost) -> Exchange | None:
        """End as after the first failure with `--stop`."""
        if b"scenario_end" not in host.content:
            return None
        return Exchange(record(0) + finish(1, failed=True, dismissed=False), 0)

    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], before_exchange=stop))
    result = run.run(*UNITS)
    assert (result.failed, result.aborted, result.error) == (True, False, None)
    assert result.not_run == [WorkUnit(0, 0, (1,)), *UNITS[1:]]
    assert run.list_recorded() == [(event, 0) for event in EVENTS]


def test_ctrl_c_starts_no_further_unit_and_is_passed_on_to_the_hosts_once(tmp_path: Path) -> None:
    running: list[WorkUnit] = []

    def press(_address: str, host: FakeHost) -> Exchange | None:
        """Press Ctrl-C while the host runs its first unit."""
        if b"scenario_end" not in host.content or running:
            return None
        running.extend(run.executor.interrupt(signal.SIGINT))
        return Exchange(record(0))

    run = ClusterRun(tmp_path, FakeCluster(["tcp://a"], before_exchange=press))
    result = run.run(*UNITS)
    assert (result.interrupted, running) == (True, [UNITS[0]])
    assert result.not_run == [*UNITS[1:], WorkUnit(0, 0, (1,))]
    assert [call for call in run.cluster.calls if call[0] == "signal_hosts"] == [("signal_hosts", ["r1-1"])]
