"""What fails in the background counts in the scenario that began it, once it cannot be read any more."""

from __future__ import annotations

import concurrent.futures
import faulthandler
import multiprocessing
import os
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from grouped import in_one_test

from spec2bdd.adapters.behave.glue.background.futures import FutureWatch
from spec2bdd.adapters.behave.glue.background.lost_checks import LostCheckWatch
from spec2bdd.adapters.behave.glue.background.processes import ProcessWatch

FORK = multiprocessing.get_context("fork")
FAILED = "the process `checker` ended with exit code 3, and nothing read its exit code"


class Scenarios:
    """The scenario that is running, as a name."""

    def __init__(self) -> None:
        self.current: str | None = None

    def find(self) -> str | None:
        """Find it."""
        return self.current


@pytest.fixture
def scenarios() -> Scenarios:
    """Return the scenarios of a run, of which none is running."""
    return Scenarios()


class Process(FORK.Process):  # type: ignore[name-defined,misc]
    """A process that is watched; all others stay as they are."""


@pytest.fixture
def processes(scenarios: Scenarios, monkeypatch: pytest.MonkeyPatch) -> ProcessWatch:
    """Watch the processes of one class."""
    for name in ("start", "close", "exitcode", "sentinel", "is_alive", "terminate", "kill"):
        monkeypatch.setattr(Process, name, getattr(FORK.Process, name))
    watch = ProcessWatch(scenarios.find)
    watch._patch_processes(Process)
    return watch


def begin_process(code: int) -> Any:
    """Begin a process, and wait for its end, without a look at how it ended."""
    process = Process(target=sys.exit, args=(code,), name="checker")
    process.start()
    process.join()
    return process


def test_a_process_that_failed_counts_at_the_end_of_its_scenario(scenarios: Scenarios, processes: ProcessWatch) -> None:
    was_idle = processes.is_idle
    scenarios.current = "one"
    begin_process(3)
    assert (was_idle, processes.is_idle) == (True, False)
    assert list(processes.take_unread()) == [("one", FAILED)]
    assert (processes.is_idle, list(processes.take_unread())) == (True, [])


def test_a_process_of_another_scenario_may_still_be_read_until_the_end_of_the_run(
    scenarios: Scenarios, processes: ProcessWatch
) -> None:
    scenarios.current = "one"
    read, unread, fine = begin_process(3), begin_process(3), begin_process(0)
    scenarios.current = "two"
    assert list(processes.take_unread()) == []
    assert (read.exitcode, fine.name) == (3, "checker")
    scenarios.current = None
    assert (list(processes.take_unread()), unread.name) == ([("one", FAILED)], "checker")
    assert processes.is_idle


def test_of_a_process_that_ended_well_nothing_is_kept(scenarios: Scenarios, processes: ProcessWatch) -> None:
    scenarios.current = "one"
    process = begin_process(0)
    scenarios.current = "two"
    assert list(processes.take_unread()) == []
    assert (processes.is_idle, process.name) == (True, "checker")


def test_a_process_outside_of_scenarios_does_not_count(processes: ProcessWatch) -> None:
    begin_process(3)
    assert processes.is_idle


def test_a_process_that_was_closed_counts_as_well(scenarios: Scenarios, processes: ProcessWatch) -> None:
    scenarios.current = "one"
    begin_process(3).close()
    begin_process(0).close()
    assert list(processes.take_unread()) == [("one", FAILED)]
    assert processes.is_idle


OWNERS = {
    "concurrent.futures.process": False,
    "multiprocessing.pool": False,
    "multiprocessing.managers": False,
    "concurrently": True,
    "shop.multiprocessing": True,
}


@in_one_test("owner", OWNERS)
def test_a_process_that_a_pool_has_begun_is_left_to_the_pool(
    scenarios: Scenarios, processes: ProcessWatch, owner: str
) -> None:
    def fail() -> None:
        sys.exit(3)

    fail.__module__, scenarios.current = owner, "one"
    process = Process(target=fail, name="checker")
    process.start()
    process.join()
    assert list(processes.take_unread()) == ([("one", FAILED)] if OWNERS[owner] else [])


def send(name: str) -> None:
    """Send a signal to this process, which pytest would report."""
    faulthandler.disable()
    signal.raise_signal(signal.Signals[name])


# How a process ends, and how its end is described if it has failed by itself.
ENDS: dict[str, tuple[Callable[[], object], str]] = {
    "well": (lambda: None, ""),
    "an exit code": (lambda: sys.exit(3), "with exit code 3"),
    "an error": (lambda: os._exit(1), "with exit code 1"),
    **{name: (partial(send, name), f"by {name}") for name in ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV")},
    # Something may have stopped it.
    **{name: (partial(send, name), "") for name in ("SIGTERM", "SIGKILL", "SIGHUP")},
}


@in_one_test("name", ENDS)
def test_the_end_of_a_process_is_described_if_it_has_failed_by_itself(
    scenarios: Scenarios, processes: ProcessWatch, name: str
) -> None:
    end, how = ENDS[name]
    scenarios.current = "one"
    process = Process(target=end, name="checker")
    process.start()
    process.join()
    expected = [("one", f"the process `checker` ended {how}, and nothing read its exit code")] if how else []
    assert list(processes.take_unread()) == expected


@in_one_test("stop, is_late", [("terminate", False), ("kill", False), ("terminate", True), ("kill", True)])
def test_a_process_that_is_stopped_has_not_failed_unless_that_comes_too_late(
    scenarios: Scenarios, processes: ProcessWatch, stop: str, *, is_late: bool
) -> None:
    scenarios.current = "one"
    process = Process(target=(lambda: sys.exit(3)) if is_late else threading.Event().wait, name="checker")
    process.start()
    if is_late:
        process.join()
    getattr(process, stop)()
    process.join()
    assert list(processes.take_unread()) == ([("one", FAILED)] if is_late else [])


@in_one_test("look", ["exitcode", "is_alive"])
def test_code_that_looks_at_a_process_that_has_ended_knows_how(
    scenarios: Scenarios, processes: ProcessWatch, look: str
) -> None:
    scenarios.current = "one"
    process = begin_process(3)
    value = getattr(process, look)
    assert (value if look == "exitcode" else value()) == {"exitcode": 3, "is_alive": False}[look]
    assert processes.is_idle


class OwnFuture(Future[int]):
    """A future that is watched; all others stay as they are."""


@pytest.fixture
def futures(scenarios: Scenarios, monkeypatch: pytest.MonkeyPatch) -> FutureWatch:
    """Watch the futures of one class, and the functions that wait for futures."""
    for name in ("__init__", "set_exception", "result", "exception", "cancel", "add_done_callback"):
        monkeypatch.setattr(OwnFuture, name, getattr(Future, name))
    watch = FutureWatch(scenarios.find)
    watch._patch_futures(OwnFuture)
    watch._patch_callbacks(OwnFuture)
    for name in ("wait", "as_completed"):
        monkeypatch.setattr(concurrent.futures, name, getattr(concurrent.futures, name))
    watch._patch_waits(concurrent.futures)
    return watch


def test_a_future_that_failed_counts_at_the_end_of_its_scenario(scenarios: Scenarios, futures: FutureWatch) -> None:
    scenarios.current = "one"
    OwnFuture().set_exception(ValueError("no"))
    late = OwnFuture()
    assert not futures.is_idle
    assert list(futures.take_unread()) == [("one", "nothing read the exception of a future: ValueError: no")]
    scenarios.current = "two"
    late.set_exception(ValueError("late"))
    assert list(futures.take_unread()) == []
    scenarios.current = None
    assert list(futures.take_unread()) == [("one", "nothing read the exception of a future: ValueError: late")]
    assert futures.is_idle


def ask(future: Any) -> None:
    """Ask a future for its exception, and use it."""
    assert future.exception()


def wait_for(future: Any) -> None:
    """Wait for a future as long as for the first of several ones."""
    concurrent.futures.wait([future], timeout=0)


def go_on(future: Any) -> None:
    """Leave a loop over the futures that have ended before this one has."""
    with pytest.raises(TimeoutError):
        list(concurrent.futures.as_completed([future], timeout=0))


def stop_waiting(future: Any) -> None:
    """Wait for the result of a future in vain."""
    with pytest.raises(TimeoutError):
        future.result(timeout=0)


def read_result(future: Any) -> None:
    """Ask a future for its result."""
    with pytest.raises(ValueError, match="no"):
        future.result()


def cancel(future: Any) -> None:
    """Try to cancel a future that is running."""
    assert not future.cancel()


READ_BEFORE = {"result": stop_waiting, "wait": wait_for, "as_completed": go_on, "cancel": cancel}
READ_AFTER = {"result": read_result, "exception": ask}


@in_one_test("name", READ_BEFORE)
def test_code_that_has_given_up_a_future_goes_on_without_it(
    scenarios: Scenarios, futures: FutureWatch, name: str
) -> None:
    scenarios.current = "one"
    future = OwnFuture()
    future.set_running_or_notify_cancel()
    READ_BEFORE[name](future)
    future.set_exception(ValueError("no"))
    assert (futures.is_idle, list(futures.take_unread())) == (True, [])


@in_one_test("name", READ_AFTER)
def test_code_that_reads_a_future_knows_its_exception(scenarios: Scenarios, futures: FutureWatch, name: str) -> None:
    scenarios.current = "one"
    future = OwnFuture()
    future.set_exception(ValueError("no"))
    READ_AFTER[name](future)
    assert (futures.is_idle, list(futures.take_unread())) == (True, [])


@in_one_test("error, unread", [(AssertionError("wrong"), ["wrong"]), (ValueError("no"), [])])
def test_a_failed_check_that_is_asked_for_and_dropped_counts(
    scenarios: Scenarios, futures: FutureWatch, error: Exception, unread: list[str]
) -> None:
    scenarios.current = "one"
    future = OwnFuture()
    future.set_exception(error)
    future.exception()
    found = [text for _, text in futures.take_unread()]
    assert found == [f"nothing read the exception of a future: {text}" for text in unread]


def _call_set_state(future: object) -> None:
    """Take a future over, as an event loop does."""


def look_away(future: object) -> None:
    """Ask a future for nothing, as a callback that only counts."""


@in_one_test("callbacks, count", [([], 1), ([look_away], 1), ([_call_set_state], 0), ([look_away, _call_set_state], 0)])
def test_a_future_that_an_event_loop_takes_over_is_left_to_it(
    scenarios: Scenarios, futures: FutureWatch, callbacks: list[Any], count: int
) -> None:
    scenarios.current = "one"
    future = OwnFuture()
    for callback in callbacks:
        future.add_done_callback(callback)
    future.set_exception(ValueError("no"))
    assert len(list(futures.take_unread())) == count


def test_what_callbacks_of_futures_raise_counts_in_the_scenario_that_added_them(
    scenarios: Scenarios, futures: FutureWatch
) -> None:
    def fail(future: object) -> None:
        raise ValueError("no")

    future = OwnFuture()
    future.add_done_callback(fail)
    scenarios.current = "one"
    future.add_done_callback(fail)
    future.add_done_callback(id)
    future.set_result(3)
    assert not futures.is_idle
    assert list(futures.take_unread()) == [("one", "a callback of a future failed: ValueError: no")]
    assert futures.is_idle


LIBRARIES = {
    "delayed-assert": ("delayed_assert.delayed_assert", "_failed_expectations", "assert_expectations"),
    "smart-assertions": ("smart_assertions.smart_assertions", "failed_conditions", "verify_expectations"),
    "softest": ("softest.support", "AssertionLogger._AssertionLogger__asserted_exceptions", "assert_all"),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_a_library_has_collected_counts_in_the_scenario_that_is_running(
    scenarios: Scenarios, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    module, name, function = LIBRARIES[library]
    watch = LostCheckWatch(scenarios.find)
    was_idle = watch.is_idle
    scenarios.current, collected = "one", ["wrong total", "wrong name"]
    value: Any = collected
    for part in reversed(name.split(".")):
        value = SimpleNamespace(**{part: value})
    monkeypatch.setitem(sys.modules, module, value)
    assert (was_idle, watch.is_idle) == (True, False)
    text = f"{library} collected a failure, and `{function}` was not called: wrong total"
    assert list(watch.take_unread()) == [("one", text)]
    assert (collected, list(watch.take_unread())) == ([], [])


@pytest.fixture
def _own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socketserver.BaseServer, "handle_error", lambda *_: None)


@pytest.mark.usefixtures("_own_server")
@pytest.mark.parametrize(
    ("error", "scenario", "expected"),
    [
        (AssertionError("wrong"), "one", [("one", "a request of a `BaseServer` failed: wrong")]),
        (AssertionError("wrong"), None, []),
        (ValueError("no"), "one", []),
    ],
)
def test_a_failed_check_in_a_request_counts(
    scenarios: Scenarios, error: Exception, scenario: str | None, expected: list[tuple[str, str]]
) -> None:
    watch = LostCheckWatch(scenarios.find)
    watch.install()
    scenarios.current = scenario
    server: Any = object.__new__(socketserver.BaseServer)
    try:
        raise error
    except type(error):
        server.handle_error(None, None)
    assert (watch.is_idle, list(watch.take_unread())) == (not expected, expected)
