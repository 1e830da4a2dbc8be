"""The parent's side of one worker process: start it, send it units, signal it, and describe how it crashed."""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from spec2bdd.adapters.behave.executors.channel import Channel
from spec2bdd.adapters.behave.executors.pending_lines import PendingLines
from spec2bdd.adapters.behave.executors.work_units import WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker import CONNECTION_CLOSED, run_forked_worker, spawn_worker
from spec2bdd.adapters.behave.executors.worker_state import FIELDS, WorkerState
from spec2bdd.adapters.behave.glue.output_capture import create_captured, read_captured, remove_captured
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.adapters.system.process_tree import kill_processes, list_descendants


@dataclass(slots=True)
class WorkerHandle:
    """The parent's handle of one worker process.

    `units` are those of the feature that the worker has open, the last one still running; `parsed` the files that it
    has parsed in advance. `request` is set while the worker is idle and waits for a unit. `finished` means that the
    process is expected to end, so that its end is no crash. `kill_reason` says why the parent killed it, if it did.
    """

    number: int
    process: Any
    channel: Channel
    state: WorkerState
    units: list[WorkUnit] = field(default_factory=list)
    parsed: frozenset[int] = frozenset()
    request: WorkRequest | None = None
    has_run: bool = False
    finished: bool = False
    kill_reason: str = ""
    # The error that Behave itself raised in the worker, which ended it.
    error: str = ""
    # Set where its connection is closed, but the system does not know its exit code.
    lost: bool = False
    # The file that captures what the worker prints, or -1, and its path while it has one.
    output: int = -1
    output_path: str = ""
    # What it is about to write to the event log, where it was forked.
    pending: PendingLines | None = None
    # Since when it was seen to be stopped, and whether that was reported.
    stopped_since: float = 0.0
    is_reported: bool = False

    def is_stopped(self) -> bool:
        """Whether a signal has stopped the process, and none has continued it."""
        if not hasattr(os, "waitid"):
            return False
        # It may have ended, and nothing is taken from what the system keeps of it.
        with suppress(ChildProcessError):
            return os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
        return False

    @property
    def running(self) -> WorkUnit | None:
        """The unit that the worker runs now, if it is not idle."""
        return self.units[-1] if self.units and self.request is None else None

    def send_unit(self, unit: WorkUnit | None) -> None:
        """Reply to the worker's request: with a unit, or with None if the file, or the run, has no further one."""
        request, self.request = self.request, None
        if request is None or request.file is None:
            self.units = []
            # A worker that is sent home before it ran anything ends without a message.
            self.finished = self.finished or (unit is None and not self.has_run)
        if unit is not None:
            self.units.append(unit)
            self.has_run = True
        # It may have crashed meanwhile; the pool finds that out by the exit code.
        with suppress(OSError):
            self.channel.send(unit)

    def send_signal(self, number: int) -> None:
        """Send a signal to the worker and to what it started, where the system has process groups."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, number)
            else:
                self.process.terminate()

    def kill(self) -> None:
        """End the worker and all that it started, at once."""
        descendants = list_descendants(self.process.pid)
        self.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.kill()
        # Those with a session of their own, which the signal to the group has not reached.
        kill_processes(descendants)

    def close(self) -> None:
        """Close the connection and the file of the output."""
        self.channel.connection.close()
        if self.output >= 0:
            os.close(self.output)
            self.output = -1
        if self.output_path:
            remove_captured(self.output_path)

    def read_output(self) -> str:
        """Read what the scenario that was running, or what comes before the first one, has printed."""
        return read_captured(self.output) if self.output >= 0 else ""

    def describe_exit(self) -> str:
        """Describe the exit of a worker that crashed or was killed."""
        code = self.process.exitcode
        if self.kill_reason or self.error:
            return self.kill_reason or f"Behave raised {self.error}"
        if code is None:
            return "ended, and other code of the project read its exit code"
        if code == CONNECTION_CLOSED:
            return "closed the file descriptors of the process that runs it"
        if code >= 0:
            return f"Python exited with code {code}"
        try:
            return f"killed by signal {-code} ({signal.Signals(-code).name})"
        except ValueError:
            return f"killed by signal {-code}"


def start_worker(
    number: int,
    runner: Any,
    *,
    files: Sequence[Any],
    others: Sequence[WorkerHandle],
    handlers: Mapping[signal.Signals, Any],
) -> WorkerHandle:
    """Start a worker: a fork of this process, or, where that is impossible, one that loads the project by itself.

    `others` are the workers that run already: a fork inherits their connections and has to close them. `handlers` are
    the signal handlers of a fork.
    """
    # SPEC2BDD_START lets the tests use `spawn` on a system that can fork.
    method = os.environ.get("SPEC2BDD_START") or ("fork" if hasattr(os, "fork") else "spawn")
    context: Any = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    # Not `RawArray`, whose memory is a file with an open descriptor that a step may write to.
    shared: Any = memoryview(mmap.mmap(-1, FIELDS * 8)).cast("d") if method == "fork" else context.RawArray("d", FIELDS)
    output, output_path = create_captured()
    pending = PendingLines() if method == "fork" else None
    if method == "fork":
        remove_captured(output_path)
        output_path = ""
        inherited = [ours, *(worker.channel.connection for worker in others)]
        process = context.Process(
            target=run_forked_worker,
            args=(runner, number, theirs, WorkerState(shared), files, inherited, handlers, output, pending),
        )
    else:
        plan = run_options_to_json(runner.plan)
        known = (list(files), dict(runner.files.digests))
        arguments = (type(runner), sys.argv[1:], plan, number, theirs, shared, *known, output_path)
        process = context.Process(target=spawn_worker, args=arguments)
    process.start()
    theirs.close()
    # The worker does so as well; whichever is first, no signal to the group is sent before it exists.
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(process.pid, process.pid)
    state = WorkerState(shared)
    return WorkerHandle(number, process, Channel(ours), state, output=output, output_path=output_path, pending=pending)
