"""Run work units in a pool of worker processes; a crash loses only the scenario that caused it.

A worker that crashes is replaced, and the rest of its unit is queued again. The module is imported in the process that
has the project loaded; where the system can fork, the workers inherit it.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.executors.executor import ExecutionResult, OnCrash, WorkerCrash
from spec2bdd.adapters.behave.executors.scheduler import LongestFirstScheduler, Scheduler
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker_handle import WorkerHandle, start_worker
from spec2bdd.adapters.behave.executors.worker_state import read_clock
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.adapters.system.memory import find_memory_limit, read_memory_use

# How long to wait for messages before looking for crashes and timeouts.
_POLL_SECONDS = 0.25
# A look at the workers that comes so much later than the one before says that this process was stopped meanwhile, and
# perhaps all of them: Ctrl-Z, `docker pause`, or a laptop that slept.
_LONGEST_GAP = 2.0
# How long a worker may be stopped alone before that is reported.
_SECONDS_STOPPED = 1.0
# How long a worker may live on after its connection is closed.
_SECONDS_TO_EXIT = 5.0


class WorkerPool:
    """An `Executor` with worker processes on this machine, as many as the plan of the runner asks for.

    Their numbers count up from `first_number`.
    """

    def __init__(
        self,
        runner: Any,
        files: Sequence[Any],
        on_crash: OnCrash,
        *,
        scheduler: Scheduler | None = None,
        first_number: int = 1,
    ) -> None:
        self._runner, self._files, self._on_crash = runner, files, on_crash
        self._jobs: int = runner.plan.jobs
        self._timeout: float | None = runner.plan.timeout
        # Where lines are recorded, no process runs two units.
        self._is_single = bool(runner.lines)
        self._memory_limit, self._shared_memory = find_memory_limit(), read_memory_use(os.getpid())
        self._scheduler: Scheduler = scheduler or LongestFirstScheduler(workers=self._jobs)
        self._workers: list[WorkerHandle] = []
        self._started = first_number - 1
        self._can_restart = True
        self._looked = read_clock()
        self._result = ExecutionResult()
        # A fork starts with the session's handlers; a worker gets back those that were there before them.
        numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGCHLD] if hasattr(signal, "SIGCHLD") else [])]
        self._handlers = {number: signal.getsignal(number) for number in numbers}

    @property
    def workers(self) -> int:
        """How many units it runs at a time."""
        return self._jobs

    def collect(self) -> list[CollectedFeature]:
        """Let the workers parse all files, and describe them in the order of the files."""
        # Everything loaded so far is shared with the forks. Garbage collections in them would write to every object,
        # and so copy all of that memory.
        gc.collect()
        self._runner.definitions.sources.parse_large_files()
        gc.freeze()
        sizes = [_read_size(location.filename) for location in self._files]
        # Largest file first, each to the worker with the least so far: about the same work for all.
        shares: list[list[int]] = [[] for _ in range(min(self._jobs, len(sizes)))]
        for file in sorted(range(len(sizes)), key=lambda file: -sizes[file]):
            min(shares, key=lambda share: sum(sizes[member] for member in share)).append(file)
        assigned = [(self._start_worker(), share) for share in shares if share]
        for worker, share in assigned:
            worker.parsed = frozenset(share)
            worker.channel.send(share)
        features = [feature for worker, _ in assigned for feature in worker.channel.receive()[1]]
        return sorted(features, key=lambda feature: feature.file)

    def run_units(self, units: Sequence[WorkUnit]) -> ExecutionResult:
        """Run the units, and return when all have been run or the run has been stopped."""
        self._scheduler.add_units(units)
        while len(self._workers) < min(self._jobs, len(units)):
            self._start_worker()
        for worker in self._workers:
            worker.request = WorkRequest()
        self._looked = read_clock()
        while self._workers:
            self._assign_work()
            self._poll()
            self._reap_workers()
            self._excuse_pause()
            self._kill_overdue_workers()
            self._report_stopped_workers()
            self._kill_largest_worker()
            if not self._scheduler.is_done and len(self._workers) < self._jobs and self._is_replacing():
                self._start_worker().request = WorkRequest()
        return self._result

    def interrupt(self, signal_number: int) -> list[WorkUnit]:
        """Start no further unit, and send the signal to all workers and what they started."""
        self._result.interrupted = True
        self._stop()
        running = [unit for worker in self._workers if (unit := worker.running)]
        for worker in self._workers:
            worker.send_signal(signal_number)
        return running

    def kill(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.kill()

    def _stop(self) -> None:
        """Start no further unit; what runs goes on."""
        self._result.not_run += self._scheduler.drain()

    def _is_replacing(self) -> bool:
        """Whether crashed workers are replaced, and idle ones kept for units that may come back."""
        return self._can_restart and not self._result.interrupted

    def _start_worker(self) -> WorkerHandle:
        """Start one more worker."""
        self._started += 1
        worker = start_worker(
            self._started, self._runner, files=self._files, others=self._workers, handlers=self._handlers
        )
        self._workers.append(worker)
        return worker

    def _assign_work(self) -> None:
        """Assign a work unit to each idle worker, or send it None: no further unit of its file, or none at all."""
        for worker in self._workers:
            if (request := worker.request) is None:
                continue
            if self._is_single and worker.has_run:
                worker.send_unit(None)
                continue
            running = [unit for other in self._workers if (unit := other.running)]
            unit = self._scheduler.next_unit(request, parsed=worker.parsed, running=running)
            if unit is None and request.file is None and not self._scheduler.is_done and self._is_replacing():
                # Only units that run alone are left, and another worker is not ready yet: the worker stays idle.
                continue
            worker.send_unit(unit)

    def _poll(self) -> None:
        """Handle the messages of the workers, and wait a moment for one."""
        seconds = _POLL_SECONDS if self._timeout is None else min(_POLL_SECONDS, self._timeout / 4)
        ready = wait([worker.channel.connection for worker in self._workers], seconds)
        for worker in [worker for worker in self._workers if worker.channel.connection in ready]:
            try:
                for message in worker.channel.read_messages():
                    self._handle_message(worker, message)
            except (EOFError, OSError, ValueError):
                # The connection closes when the process ends; its exit code is there a moment later.
                worker.process.join(_SECONDS_TO_EXIT)
                if worker.process.is_alive() and not worker.kill_reason:
                    worker.kill_reason = "closed or damaged the file descriptors of the process that runs it"
                    worker.kill()
                    worker.process.join()
                worker.lost = worker.process.exitcode is None

    def _handle_message(self, worker: WorkerHandle, message: tuple[Any, ...]) -> None:
        """Handle one message: a worker is idle, it has run its last hooks, or Behave raised an error in it."""
        kind, durations, *details = message
        self._result.durations.update(durations)
        if kind == "idle":
            worker.request, has_stopped = details
            if has_stopped:
                self._stop()
        elif kind == "finished":
            worker.finished = True
            failed, aborted = details
            self._result.failed = self._result.failed or failed
            self._result.aborted = self._result.aborted or aborted
            if aborted:
                self._stop()
        elif kind == "broken":
            (worker.error,) = details

    def _reap_workers(self) -> None:
        """Remove the workers that have ended, and handle those that crashed."""
        for worker in [worker for worker in self._workers if worker.lost or worker.process.exitcode is not None]:
            # What it sent before it ended is still in the pipe.
            with suppress(EOFError, OSError, ValueError):
                while worker.channel.connection.poll():
                    for message in worker.channel.read_messages():
                        self._handle_message(worker, message)
            self._workers.remove(worker)
            if not worker.finished:
                self._handle_crash(worker)
            worker.close()

    def _handle_crash(self, worker: WorkerHandle) -> None:
        """Report a crash, and queue the scenarios of the unit that come after the one that crashed."""
        if worker.pending:
            self._runner.record_file.append_pending(worker.pending)
        self._result.failed = True
        # The session knows from the event log which scenarios of these units have run.
        self._result.not_run += worker.units
        if self._result.interrupted:
            return
        state = worker.state
        unit = worker.units[-1] if worker.units and state.opened else None
        crashed_in = state.scenario
        crash = WorkerCrash(worker.describe_exit(), crashed_in, state.step, unit, worker.read_output())
        scenario_seconds, step_seconds = state.measure(read_clock())
        crash = replace(crash, scenario_seconds=scenario_seconds, step_seconds=step_seconds)
        self._on_crash(replace(crash, in_hook=crashed_in < 0 and not worker.error))
        if unit and crashed_in >= 0:
            rest = tuple(place for place in unit.scenarios if unit.first + place > crashed_in)
            if rest:
                self._scheduler.requeue(replace(unit, scenarios=rest))
        if not state.opened:
            # It crashed before its first feature, and so would its replacement.
            self._can_restart = False
            self._stop()

    def _kill_overdue_workers(self) -> None:
        """Kill the workers whose scenario, or a hook around it, takes longer than the time limit."""
        if self._timeout is None:
            return
        now = read_clock()
        for worker in self._workers:
            if worker.state.is_overdue(self._timeout, now) and not worker.kill_reason:
                worker.kill_reason = f"timed out after {self._timeout:g} s"
                worker.kill()

    def _excuse_pause(self) -> None:
        """Give what runs more time, if this process was stopped for a while."""
        now = read_clock()
        gap, self._looked = now - self._looked, now
        if gap > _LONGEST_GAP:
            for worker in self._workers:
                worker.state.extend_time(gap)

    def _report_stopped_workers(self) -> None:
        """Report each worker that another process has stopped, once: without a time limit, the run waits for it."""
        now = read_clock()
        for worker in self._workers:
            if not worker.is_stopped():
                worker.stopped_since = 0.0
            elif not worker.stopped_since:
                worker.stopped_since = now
            elif now - worker.stopped_since > _SECONDS_STOPPED and not worker.is_reported:
                worker.is_reported = True
                pid = worker.process.pid
                message = f"a signal stopped worker {worker.number} (process {pid}), and the run waits for it"
                hint = f"run `kill -CONT {pid}`; with `--timeout`, the scenario fails after that time"
                diagnostic = build_file_diagnostic("", 0, code="worker-stopped", message=message)
                self._runner.recorder.write_diagnostic(replace(diagnostic, hint=hint))

    def _kill_largest_worker(self) -> None:
        """Kill the worker that uses the most memory, if all of them use more than the machine can give."""
        if not self._memory_limit:
            return
        # Apart from the loaded project, which all workers share.
        used = {worker.number: read_memory_use(worker.process.pid) - self._shared_memory for worker in self._workers}
        if sum(used.values()) > self._memory_limit:
            worker = max(self._workers, key=lambda worker: used[worker.number])
            limit = self._memory_limit / 1e9
            worker.kill_reason = worker.kill_reason or f"used too much memory: the limit of the run is {limit:.1f} GB"
            worker.kill()


def _read_size(filename: str) -> int:
    """Read the size of a file, which is how long it takes to parse, more or less."""
    with suppress(OSError):
        return Path(filename).stat().st_size
    return 0
