"""Notice what failed in the background of a scenario and is read by nothing: futures, results of pools, processes.

Python keeps the exception of a `concurrent.futures.Future` or of a call in a pool of `multiprocessing`, and the exit
code of a `multiprocessing.Process`, for the code that asks for it. Until the end of the scenario that began it, any
code may ask. Code that has read one error of a pool may go on without the others. What a callback of a future raises is
only logged. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import wraps
from multiprocessing.pool import ApplyResult, IMapIterator, IMapUnorderedIterator, MapResult
from multiprocessing.process import BaseProcess
from typing import Any

from spec2bdd.adapters.behave.glue.serialize import describe_error

# The attributes of a future that hold the scenario in which it was made, and the pool that has made it, or None.
_MADE_IN, _MADE_BY = "spec2bdd_scenario", "spec2bdd_pool"
# What asks a future for its exception, or gives it up; the last one is of Python 3.14.
_READERS = ("result", "exception", "cancel", "_get_snapshot")
# The callback by which an event loop takes a future over, and reports its exception itself.
_TAKEN_OVER = "_call_set_state"
# Nothing sends these signals to stop a process.
_CRASHES = {
    getattr(signal, name) for name in ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV") if hasattr(signal, name)
}
# These look after the processes that they start, and may replace them.
_POOLS = ("concurrent.", "multiprocessing.")
# By these, code that looks after a process notices its end, or brings it about.
_LOOKS = ("is_alive", "terminate", "kill")
_exit_code: Any = BaseProcess.exitcode


class BackgroundWatch:
    """The futures, calls in pools and processes of scenarios that nothing has asked how they ended.

    `find_scenario` finds the scenario that is running, or None also where this process is not watched. Other threads
    change the dictionaries by single operations, which needs no lock.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        # By `id`, since a class of the project may compare by other things: each with its scenario.
        self._futures: dict[int, tuple[Any, Any, BaseException]] = {}
        self._processes: dict[int, tuple[Any, Any]] = {}
        # The pools of which an error was read in this scenario.
        self._read_pools: dict[int, Any] = {}
        # Of processes that were closed, so that nothing can ask them any more, and of callbacks.
        self._ended: list[tuple[Any, str]] = []

    def install(self) -> None:
        """Patch the classes of Python, in this process and those forked from it."""
        self._patch_futures(Future)
        self._patch_callbacks(Future)
        for result_class in (ApplyResult, MapResult, IMapIterator, IMapUnorderedIterator):
            self._patch_results(result_class)
        self._patch_processes(BaseProcess)

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, and the scenario that began it: of the one that is running, or else of all of them.

        What another scenario began may still be read in this one.
        """
        current = self._find_scenario()
        for key, (future, scenario, error) in list(self._futures.items()):
            # Behave compares scenarios by their texts.
            if current is None or current is scenario:
                del self._futures[key]
                if id(getattr(future, _MADE_BY, None)) not in self._read_pools:
                    kind = "future" if isinstance(future, Future) else "call in a pool"
                    yield scenario, f"nothing read the exception of a {kind}: {describe_error(error)}"
        self._read_pools.clear()
        for key, (process, scenario) in list(self._processes.items()):
            code = _read_exit_code(process)
            if code is not None and (current is None or current is scenario or not code):
                self._processes.pop(key, None)
                if message := _describe_exit(process, code):
                    yield scenario, message
        ended, self._ended = self._ended, []
        yield from ended

    def _patch_futures(self, future_class: Any) -> None:
        """Keep each future with an exception until something asks for it."""
        create, fail = future_class.__init__, future_class.set_exception

        @wraps(create)
        def create_watched(future: Any, *args: Any, **kwargs: Any) -> None:
            create(future, *args, **kwargs)
            scenario = self._find_scenario()
            if scenario is not None:
                setattr(future, _MADE_IN, scenario)
                # The method `submit` makes it.
                pool = sys._getframe(1).f_locals.get("self")
                setattr(future, _MADE_BY, pool if isinstance(pool, Executor) else None)

        @wraps(fail)
        def fail_watched(future: Any, exception: Any) -> None:
            scenario = getattr(future, _MADE_IN, None)
            is_taken_over = any(getattr(call, "__name__", "") == _TAKEN_OVER for call in future._done_callbacks)
            if scenario is not None and not is_taken_over and not isinstance(exception, SystemExit | None):
                # First: another thread may read it at once.
                self._futures[id(future)] = (future, scenario, exception)
            try:
                fail(future, exception)
            except BaseException:
                # It was cancelled, or has a result.
                self._futures.pop(id(future), None)
                raise

        future_class.__init__, future_class.set_exception = create_watched, fail_watched
        for name in _READERS:
            if read := getattr(future_class, name, None):
                setattr(future_class, name, self._watch_reader(read))

    def _patch_callbacks(self, future_class: Any) -> None:
        """Record what the callbacks of futures raise: Python only logs it."""
        add = future_class.add_done_callback

        @wraps(add)
        def add_watched(future: Any, callback: Any) -> None:
            scenario = self._find_scenario()

            @wraps(callback)
            def call_watched(future: Any) -> Any:
                try:
                    return callback(future)
                except Exception as error:
                    if scenario is not None and call_watched.__name__ != _TAKEN_OVER:
                        self._ended.append((scenario, f"a callback of a future failed: {describe_error(error)}"))
                    raise

            add(future, call_watched)

        future_class.add_done_callback = add_watched

    def _patch_results(self, result_class: Any) -> None:
        """Keep each exception of a call in a pool until something asks for it, unless there is a callback for it."""
        own = vars(result_class)
        create, finish = own.get("__init__"), own["_set"]

        @wraps(finish)
        def finish_watched(result: Any, number: Any, outcome: Any) -> None:
            scenario, (has_worked, error) = getattr(result, _MADE_IN, None), outcome
            if not (scenario is None or has_worked or getattr(result, "_error_callback", None)):
                # First: another thread may read it at once.
                self._futures[id(result)] = (result, scenario, error)
            finish(result, number, outcome)

        result_class._set = finish_watched
        if create and result_class is not MapResult:

            @wraps(create)
            def create_watched(result: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
                setattr(result, _MADE_IN, self._find_scenario())
                setattr(result, _MADE_BY, pool)
                create(result, pool, *args, **kwargs)

            result_class.__init__ = create_watched
        for name in ("get", "successful", "next", "__next__"):
            if read := own.get(name):
                setattr(result_class, name, self._watch_reader(read))

    def _watch_reader(self, read: Callable[..., Any]) -> Callable[..., Any]:
        """Make a method of futures after which nothing else has to read the exception of one."""

        @wraps(read)
        def read_watched(future: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return read(future, *args, **kwargs)
            finally:
                # If the caller has waited in vain, it goes on without what comes later.
                setattr(future, _MADE_IN, None)
                if self._futures.pop(id(future), None):
                    pool = getattr(future, _MADE_BY, None)
                    self._read_pools |= {id(pool): pool} if pool else {}

        return read_watched

    def _patch_processes(self, process_class: Any) -> None:
        """Keep each process that a scenario starts until something asks how it ended, or ends it."""
        start, close = process_class.start, process_class.close

        @wraps(start)
        def start_watched(process: Any) -> None:
            scenario = self._find_scenario()
            owner = str(getattr(getattr(process, "_target", None), "__module__", ""))
            start(process)
            if scenario is not None and not owner.startswith(_POOLS):
                self._processes[id(process)] = (process, scenario)

        @wraps(close)
        def close_watched(process: Any) -> None:
            code = _read_exit_code(process)
            close(process)
            _, scenario = self._processes.pop(id(process), (None, None))
            if scenario is not None and (message := _describe_exit(process, code)):
                self._ended.append((scenario, message))

        process_class.start, process_class.close = start_watched, close_watched
        for name in ("exitcode", "sentinel"):
            kept = getattr(process_class, name)
            setattr(process_class, name, property(self._watch_look(kept.fget), doc=kept.__doc__))
        for name in _LOOKS:
            setattr(process_class, name, self._watch_look(getattr(process_class, name)))

    def _watch_look(self, look: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Make a method of processes that forgets one of which the caller now knows that it has ended, or will."""

        @wraps(look)
        def look_watched(process: Any) -> Any:
            has_ended = _read_exit_code(process) is not None
            found = look(process)
            # One that is stopped too late has failed unnoticed.
            if not has_ended if look.__name__ in ("terminate", "kill") else has_ended or look.__name__ == "sentinel":
                self._processes.pop(id(process), None)
            return found

        return look_watched


def _read_exit_code(process: Any) -> int | None:
    """Read the exit code of a process, without a trace of that; nothing as long as it runs."""
    try:
        code: int | None = _exit_code.fget(process)
    # It may have been closed, or be one of a class of the project.
    except Exception:  # noqa: BLE001
        return None
    return code


def _describe_exit(process: Any, code: int | None) -> str:
    """Describe how a process failed by itself; nothing where it did not."""
    if code is None or code == 0 or (code < 0 and -code not in _CRASHES):
        return ""
    how = f"with exit code {code}" if code > 0 else f"by {signal.Signals(-code).name}"
    return f"the process `{process.name}` ended {how}, and nothing read its exit code"
