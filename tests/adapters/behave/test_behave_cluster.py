"""What a run on a cluster needs besides the cluster: streams of hosts, archives, lost workers, and errors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave_project import STEPS, Project
from distributed import WorkerPlugin
from grouped import in_one_test
from hypothesis import given
from hypothesis import strategies as st
from small_project import NOW, read_all, write_basket
from tree_repository import commit_all, run_git

from spec2bdd.adapters.behave import launcher
from spec2bdd.adapters.behave.cluster import connection, host_process
from spec2bdd.adapters.behave.cluster.connection import ClusterConnection, ClusterError
from spec2bdd.adapters.behave.cluster.dask_executor import DaskExecutor
from spec2bdd.adapters.behave.cluster.host_process import HostOrder, end_hosts, exchange, start_host
from spec2bdd.adapters.behave.cluster.host_stream import HostStream
from spec2bdd.adapters.behave.cluster.project_archive import pack_project, remove_project, unpack_project
from spec2bdd.adapters.behave.cluster.remote_host import RemoteHost
from spec2bdd.adapters.behave.cluster.unit_host import unit_to_json
from spec2bdd.adapters.behave.executors.executor import WorkerCrash
from spec2bdd.adapters.behave.executors.work_units import WorkRequest, WorkUnit
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.commands.verify import verify
from spec2bdd.config import read_config
from spec2bdd.errors import RunError
from spec2bdd.model import RunOptions

START = '{"event": "scenario_start", "scenario": %d}\n'
STEP = '{"event": "step", "scenario": %d, "text": "it works"}\n'
END = '{"event": "scenario_end", "scenario": %d, "status": "%s", "seconds": 1.5}\n'
ASKS = '{"event": "host", "asks": null}\n'
PASSES = START + STEP + END


@contextmanager
def open_stream(folder: Path, *, retries: int = 0) -> Iterator[HostStream]:
    """Open a stream into an empty log in a folder."""
    log = EventLog(str(folder / "records.ndjson"))
    log.create()
    with closing(HostStream(log, retries=retries)) as stream:
        yield stream
    log.close()


def read_log(folder: Path) -> str:
    """Return what is in the log."""
    return (folder / "records.ndjson").read_text(encoding="utf-8")


# --- what a host records ----------------------------------------------------------------------------------------------


@given(sizes=st.lists(st.integers(1, 40), min_size=1))
def test_whole_scenarios_are_passed_on_however_the_bytes_are_cut(
    sizes: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("log")
    with open_stream(folder) as stream:
        whole = PASSES % (0, 0, 0, "passed") + '{"event": "hook", "name": "after_feature"}\n'
        content = ("noise\n" + whole + ASKS + START % 1 + STEP % 1).encode()
        messages = []
        while content:
            size = sizes[len(content) % len(sizes)]
            messages += stream.feed(content[:size])
            content = content[size:]
        assert messages == [{"event": "host", "asks": None}]
        assert read_log(folder) == whole
        assert (stream.current, stream.settled, stream.durations) == (1, {0}, {0: 1.5})


def test_of_a_lost_host_nothing_of_the_scenario_that_ran_is_left(tmp_path: Path) -> None:
    with open_stream(tmp_path) as stream:
        stream.feed((PASSES % (0, 0, 0, "failed") + START % 1 + STEP[:20]).encode())
        stream.drop()
        stream.feed(("noise\n" + PASSES % (1, 1, 1, "passed")).encode())
        assert read_log(tmp_path) == PASSES % (0, 0, 0, "failed") + PASSES % (1, 1, 1, "passed")


def test_a_scenario_that_fails_is_settled_and_passed_on_after_its_last_try(tmp_path: Path) -> None:
    with open_stream(tmp_path, retries=1) as stream:
        stream.feed((PASSES % (0, 0, 0, "failed")).encode())
        assert (stream.settled, read_log(tmp_path)) == (set(), "")
        stream.feed((PASSES % (0, 0, 0, "failed")).encode())
        assert stream.settled == {0}
        assert read_log(tmp_path) == (PASSES % (0, 0, 0, "failed")) * 2
        # It was not tried again, as after an error of its feature.
        stream.feed((PASSES % (1, 1, 1, "failed") + START % 2).encode())
        assert stream.settled == {0, 1}
        assert read_log(tmp_path) == (PASSES % (0, 0, 0, "failed")) * 2 + PASSES % (1, 1, 1, "failed")
        stream.feed((STEP % 2 + END % (2, "failed") + ASKS).encode())
        assert stream.settled == {0, 1, 2}
        assert read_log(tmp_path).endswith(PASSES % (2, 2, 2, "failed"))


def test_the_memory_of_a_stream_does_not_grow_with_what_a_scenario_records(tmp_path: Path) -> None:
    with open_stream(tmp_path) as stream:
        chunk = b"x" * host_process.MOST_BYTES
        stream.feed((START % 0).encode())
        tracemalloc.start()
        try:
            for _ in range(100):
                # A line is never longer than what is kept of an output.
                stream.feed(b'{"event": "step", "scenario": 0, "error": "')
                stream.feed(chunk)
                stream.feed(b'"}\n')
            stream.feed((END % (0, "failed")).encode())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (tmp_path / "records.ndjson").stat().st_size > 100 * len(chunk)
        # The buffer of the temporary file, what is copied at a time, and some chunks.
        assert peak < 6_000_000


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_an_archive_has_the_files_and_the_same_files_have_the_same_digest(tmp_path: Path) -> None:
    root = write_basket(tmp_path / "shop")
    (root / ".spec2bdd").mkdir()
    (root / ".spec2bdd/records.ndjson").touch()
    archive = pack_project(root)
    os.utime(root / "specs", (0, 0))
    assert pack_project(root).digest == archive.digest
    unpacked = unpack_project(archive, tmp_path / "worker")
    assert read_all(unpacked) == {name: text for name, text in read_all(root).items() if ".spec2bdd" not in name}
    assert unpack_project(archive, tmp_path / "worker") == unpacked
    remove_project(archive, tmp_path / "worker")
    assert list((tmp_path / "worker").iterdir()) == []


def test_a_project_is_unpacked_in_its_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A folder for temporary files may be on another disk, from where nothing can be renamed into place.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    archive = pack_project(write_basket(tmp_path / "shop"))
    unpacked = unpack_project(archive, tmp_path / "worker")
    assert list((tmp_path / "worker").iterdir()) == [unpacked]


def run_exchanges(name: str, units: Sequence[WorkUnit]) -> list[dict[str, Any]]:
    """Give a host one unit after the other, and return all that it has recorded and said."""
    lines: list[str] = []
    waiting = [*units]
    content, code, answered = b"", None, 0
    while code is None:
        answer = exchange(name, lines, 0.5)
        content, code = content + answer.content, answer.code
        lines = [unit_to_json(waiting.pop(0) if waiting else None) for _ in range(content.count(b'"asks"') - answered)]
        answered += len(lines)
    assert code == 0
    return [json.loads(line) for line in content.splitlines()]


def make_order(project: Project, marker: Path) -> HostOrder:
    """Make the order for a host that runs one feature file."""
    return HostOrder(
        name="host-1",
        run_id="r1",
        root=str(project.root),
        marker=str(marker),
        features="features",
        sources=(),
        plan=run_options_to_json(RunOptions()),
        number=1,
        files=["features/a.feature"],
        records=".spec2bdd",
        neighbours=1,
    )


def test_in_a_repository_no_file_counts_as_changed_by_a_host_whose_workers_ask_git_too(
    project: Project, tmp_path: Path
) -> None:
    project.write(steps__common_steps_py=STEPS, features__a_feature="Feature: A\n  Scenario: a\n    Then it works\n")
    run_git(project.root, "init", "--quiet")
    commit_all(project.root)
    (tmp_path / "marker").write_text("r1")
    assert start_host(make_order(project, tmp_path / "marker")) is True
    events = run_exchanges("host-1", [WorkUnit(0, 0, (0,))])
    assert [event["status"] for event in events if event["event"] == "scenario_end"] == ["passed"]
    assert [event["changed"] for event in events if "finished" in event] == [[]]


def test_a_worker_that_does_not_share_the_folder_runs_in_what_was_shipped(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = '\n@step("it says where it is")\ndef f(context):\n    import pathlib\n    pathlib.Path("here").touch()\n'
    project.write(steps__common_steps_py=STEPS + write)
    project.write(features__a_feature="Feature: A\n  Scenario: a\n    Then it says where it is\n")
    order = make_order(project, tmp_path / "missing")
    monkeypatch.setattr(host_process, "_projects", [])
    assert start_host(order) is False
    unpacked = unpack_project(pack_project(project.root), tmp_path / "worker")
    monkeypatch.setattr(host_process, "_projects", [str(unpacked)])
    assert start_host(order) is True
    # However slowly the log is read, the host runs on.
    monkeypatch.setattr(host_process, "MOST_BYTES", 100)
    events = run_exchanges("host-1", [WorkUnit(0, 0, (0,))])
    assert [event["status"] for event in events if event["event"] == "scenario_end"] == ["passed"]
    assert ((unpacked / "here").exists(), (project.root / "here").exists()) == (True, False)
    assert exchange("host-1", [], 0.0).is_lost


# --- lost workers -----------------------------------------------------------------------------------------------------


class LossyExecutor(DaskExecutor):
    """An executor whose hosts are lost when a test says so."""

    def __init__(self, folder: Path) -> None:
        log = EventLog(str(folder / "records.ndjson"))
        log.create()
        plan = RunOptions(executor="dask")
        self.crashes: list[WorkerCrash] = []
        runner = SimpleNamespace(recorder=SimpleNamespace(file=log), run_id="r1", plan=plan, root=folder)
        super().__init__(runner, [SimpleNamespace(filename="features/a.feature")], self.crashes.append)
        self.log = log

    def lose(self, unit: WorkUnit | None, content: str = "", *, retries: int = 0) -> WorkUnit | None:
        """Lose a host that has recorded something of a unit, and return the unit that is run next."""
        stream = HostStream(self.log, retries=retries)
        host = RemoteHost("host", "tcp://worker", stream, unit=unit, started=True, ready=unit is not None)
        self._hosts.append(host)
        host.stream.feed(content.encode())
        self._handle_loss(host)
        return self._scheduler.next_unit(WorkRequest(), parsed=frozenset(), running=())


def test_a_lost_worker_costs_nothing_and_what_it_has_finished_is_not_run_again(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    unit = WorkUnit(0, 10, (0, 1, 2), serial=True)
    rest = executor.lose(unit, PASSES % (10, 10, 10, "passed") + START % 11)
    assert rest == WorkUnit(0, 10, (1, 2), serial=True)
    assert read_log(tmp_path) == PASSES % (10, 10, 10, "passed")
    assert executor.crashes == []
    assert executor.lose(unit, "".join(PASSES % (number, number, number, "passed") for number in (10, 11, 12))) is None


def test_a_scenario_that_loses_three_workers_fails_and_the_rest_is_run(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    unit = WorkUnit(0, 0, (0, 1))
    assert [executor.lose(unit, START % 0) for _ in range(3)] == [unit, unit, WorkUnit(0, 0, (1,))]
    (crash,) = executor.crashes
    assert (crash.scenario, crash.reason) == (0, "3 Dask workers that ran it were lost")
    # How long it had run was known to them alone.
    assert (crash.scenario_seconds, crash.step_seconds) == (0.0, 0.0)
    assert read_log(tmp_path) == START % 0


def test_the_tries_of_a_scenario_whose_worker_is_lost_between_two_of_them_do_not_count(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    unit = WorkUnit(0, 0, (0, 1))
    before = PASSES % (0, 0, 0, "passed")
    assert executor.lose(unit, before + PASSES % (1, 1, 1, "failed"), retries=1) == WorkUnit(0, 0, (1,))
    assert read_log(tmp_path) == before


def test_three_workers_that_are_lost_before_the_same_scenario_end_the_run(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    unit = WorkUnit(0, 0, (0,))
    assert [executor.lose(unit) for _ in range(2)] == [unit, unit]
    with pytest.raises(ClusterError, match=r"3 workers were lost before a scenario of features/a\.feature"):
        executor.lose(unit)


def test_workers_that_are_lost_between_other_scenarios_each_time_cost_nothing(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    units = [WorkUnit(0, 0, (place,)) for place in range(9)]
    assert [executor.lose(unit) for unit in units] == units
    assert executor.crashes == []


@in_one_test(
    "name, ended",
    [("host-1", True), ("host-2", False)],
)
def test_a_host_is_ended_by_its_name_and_others_go_on(name: str, ended: bool) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        host = SimpleNamespace(process=process, remove=lambda: None)
        host_process._hosts["host-1"] = host  # type: ignore[assignment]
        try:
            end_hosts([name])
            assert (process.poll() is not None, "host-1" in host_process._hosts) == (ended, not ended)
        finally:
            process.kill()
            host_process._hosts.pop("host-1", None)


def test_workers_that_are_lost_while_they_load_the_project_end_the_run(tmp_path: Path) -> None:
    executor = LossyExecutor(tmp_path)
    assert [executor.lose(None) for _ in range(2)] == [None, None]
    with pytest.raises(ClusterError, match="3 workers were lost before they had loaded the project"):
        executor.lose(None)


class LateFuture:
    """A future whose result comes with the second question, if it comes."""

    def __init__(self, *outcomes: BaseException | str) -> None:
        self.outcomes = [*outcomes]

    def result(self, timeout: float) -> str:
        """Return or raise the next outcome."""
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


class LostConnection(ClusterConnection):
    """A connection to a cluster of one worker, or one that is lost."""

    def __init__(self, error: ClusterError | None = None) -> None:
        self.error = error

    def list_workers(self) -> dict[str, str]:
        """There is one."""
        if self.error:
            raise self.error
        return {"tcp://there": "there"}


def test_a_result_on_a_worker_that_is_gone_is_not_waited_for() -> None:
    lost = LostConnection()
    assert lost.read_result(LateFuture(TimeoutError(), "late"), address="tcp://there") == "late"
    assert lost.read_result(LateFuture(TimeoutError()), address="tcp://gone") is None
    for error in (CancelledError(), OSError("no route")):
        assert lost.read_result(LateFuture(error), address="tcp://there") is None


def test_a_result_that_is_lost_with_the_connection_ends_the_run() -> None:
    lost = LostConnection(ClusterError("the connection was lost"))
    for error in (CancelledError(), TimeoutError()):
        with pytest.raises(ClusterError, match="the connection was lost"):
            lost.read_result(LateFuture(error), address="tcp://there")


def test_a_scheduler_that_does_not_answer_is_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SECONDS_FOR_ANSWER", 0.05)
    before = threading.enumerate()
    hanging = ClusterConnection.__new__(ClusterConnection)
    hanging.name = "tcp://10.0.0.5:8786"
    released = threading.Event()
    # A scheduler that was stopped, or a network that drops what is sent: nothing fails, and nothing comes.
    hanging._client = SimpleNamespace(status="running", scheduler_info=lambda **_: released.wait(60))
    hanging._client.register_plugin = lambda _: released.wait(60)
    try:
        for ask in (hanging.list_workers, lambda: hanging.ship(WorkerPlugin())):
            with pytest.raises(ClusterError, match=r"the connection to tcp://10\.0\.0\.5:8786 was lost"):
                ask()
        # The process does not wait for the answers when it ends.
        assert all(thread.daemon for thread in threading.enumerate() if thread not in before)
    finally:
        released.set()


# --- the connection ---------------------------------------------------------------------------------------------------


class RepeatingClient:
    """A client of Dask with one worker, which repeats what fails as often as it is asked to."""

    status = "running"

    def __init__(self, cluster: Any, **_: Any) -> None:
        self.cluster = cluster

    def register_plugin(self, plugin: WorkerPlugin) -> None:
        """Take a plug-in for the workers."""

    def submit(self, function: Any, *arguments: Any, retries: int | None = None, **_: Any) -> Any:
        """Call a function until it succeeds, or may not be called again."""
        future: Future[Any] = Future()
        for left in reversed(range(1 + (retries or 0))):
            try:
                future.set_result(function(*arguments))
                break
            except OSError as error:
                if not left:
                    future.set_exception(error)
        return future

    def close(self, timeout: float) -> None:
        """Close nothing, within some seconds."""
        assert timeout > 0


@pytest.fixture
def clusters(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return a list that gets the options of each local cluster that is started, instead of the cluster."""
    started: list[dict[str, Any]] = []

    def start(**options: Any) -> Any:
        """Note what is asked for."""
        started.append(options)
        return SimpleNamespace(close=lambda timeout: timeout)

    monkeypatch.setattr(connection, "LocalCluster", start)
    monkeypatch.setattr(connection, "Client", RepeatingClient)
    return started


@in_one_test("asked, expected", [(5, 5), (1, 1), (0, 3)])
def test_a_local_cluster_has_the_workers_that_are_asked_for_or_one_for_each_processor(
    asked: int, expected: int, clusters: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A container may have fewer than its machine.
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 4, 5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    ClusterConnection(RunOptions(executor="dask", cluster_workers=asked)).close()
    assert clusters.pop()["n_workers"] == expected


@in_one_test("count, expected", [(64, 64), (None, 1)])
def test_where_the_system_does_not_say_which_processors_may_be_used_all_are(
    count: int | None, expected: int, clusters: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    ClusterConnection(RunOptions(executor="dask")).close()
    assert clusters.pop()["n_workers"] == expected


def test_what_fails_in_a_worker_is_not_repeated_by_dask(clusters: list[dict[str, Any]]) -> None:
    calls = []

    def fail(name: str) -> None:
        """Fail, as where the connection to a worker breaks."""
        calls.append(name)
        raise OSError(name)

    cluster = ClusterConnection(RunOptions(executor="dask"))
    future = cluster.submit(fail, "an exchange, whose lines a host may have got", address="tcp://a")
    assert (cluster.take_done(1.0) is future, len(calls), len(clusters)) == (True, 1, 1)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_worker_of_a_local_cluster_is_out_of_reach_of_ctrl_c() -> None:
    process = os.fork()
    if not process:
        code = 1
        try:
            connection._LocalWorker().setup(None)
            os.kill(os.getpid(), signal.SIGINT)
            code = 0 if os.getpgid(0) == os.getpid() else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


# --- what cannot be run -----------------------------------------------------------------------------------------------


def test_a_missing_library_is_an_error_with_what_to_install(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "find_spec", lambda name: None)
    with pytest.raises(RunError) as caught:
        project.run(plan=RunOptions(executor="dask"))
    assert (caught.value.message, caught.value.hint) == (
        "`--executor dask` needs the library distributed",
        "install it next to spec2bdd: `python -m pip install distributed`",
    )


def test_without_its_cluster_verify_changes_no_spec_and_keeps_the_records(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    before = {name: text for name, text in read_all(root).items() if name.startswith("specs/")}
    options = RunOptions(executor="dask", scheduler="nonsense://nowhere")
    report = verify(read_config(root), run_options=options, now=NOW)
    (diagnostic,) = [found for found in report.diagnostics if found.severity.value == "error"]
    assert (report.exit_code, diagnostic.code) == (2, "cluster")
    assert diagnostic.message.startswith("cannot connect to nonsense://nowhere: ")
    assert {name: text for name, text in read_all(root).items() if name.startswith("specs/")} == before
    assert (root / ".spec2bdd/records.ndjson").exists()
