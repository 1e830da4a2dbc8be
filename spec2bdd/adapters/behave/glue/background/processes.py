"""Notice the processes of `multiprocessing` that fail and that nothing asks how they ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import wraps
from multiprocessing.process import BaseProcess
from typing import Any

# Nothing sends these signals to stop a process.
_CRASHES = {
    getattr(signal, name) for name in ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV") if hasattr(signal, name)
}
# These look after the processes that they start, and may replace them.
_POOLS = ("concurrent.", "multiprocessing.")
# By these, code that looks after a process notices its end, or brings it about.
_LOOKS = ("is_alive", "terminate", "kill")
_exit_code: Any = BaseProcess.exitcode


class ProcessWatch:
    """The processes that were begun in scenarios and that nothing has asked how they ended.

    `find_scenario` is that of `FutureWatch`.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        # By `id`: each with its scenario.
        self._processes: dict[int, tuple[Any, Any]] = {}
        # Of processes that were closed, so that nothing can ask them any more.
        self._closed: list[tuple[Any, str]] = []

    def install(self) -> None:
        """Patch the classes and functions of Python, in this process and those forked from it."""
        self._patch_processes(BaseProcess)
        self._patch_kill()

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not (self._processes or self._closed)

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, with its scenario: the one that is running, or else all of them."""
        current = self._find_scenario()
        for key, (process, scenario) in list(self._processes.items()):
            code = _read_exit_code(process)
            if code is not None and (current is None or current is scenario or not code):
                self._processes.pop(key, None)
                if message := _describe_exit(process, code):
                    yield scenario, message
        closed, self._closed = self._closed, []
        yield from closed

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
                self._closed.append((scenario, message))

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

    def _patch_kill(self) -> None:
        """Forget a process to which the code of a scenario sends a signal: it ends as that code wants it to."""
        send = os.kill

        @wraps(send)
        def send_watched(pid: int, number: int, /) -> None:
            for key, (process, _) in list(self._processes.items()) if number else ():
                # Its `pid` is an error once it was closed.
                if getattr(process, "_popen", None) and process.pid == pid and _read_exit_code(process) is None:
                    self._processes.pop(key, None)
            send(pid, number)

        os.kill = send_watched


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
