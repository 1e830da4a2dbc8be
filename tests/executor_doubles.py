"""A second scheduler and a second executor, and runners that use them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from spec2bdd.adapters.behave.executors.executor import ExecutionResult, OnCrash
from spec2bdd.adapters.behave.executors.process_pool import WorkerPool
from spec2bdd.adapters.behave.executors.scheduler import can_run_now
from spec2bdd.adapters.behave.executors.session import run_in_workers
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker import Worker
from spec2bdd.adapters.behave.executors.worker_state import WorkerState
from spec2bdd.adapters.behave.plugin.runner import RecordingRunner


class FileOrderScheduler:
    """A `Scheduler` that keeps the order of the files, whatever takes longest."""

    def __init__(self) -> None:
        self.queue: list[WorkUnit] = []

    @property
    def is_done(self) -> bool:
        """Whether no unit is left in the queue."""
        return not self.queue

    def add_units(self, units: Sequence[WorkUnit]) -> None:
        """Queue the units as they are given."""
        self.queue += units

    def next_unit(
        self,
        request: WorkRequest,
        *,
        parsed: frozenset[int],
        running: Sequence[WorkUnit],
    ) -> WorkUnit | None:
        """Take the first unit that fits off the queue."""
        for unit in self.queue:
            if request.file in (None, unit.file) and can_run_now(unit, running):
                self.queue.remove(unit)
                return unit
        return None

    def requeue(self, unit: WorkUnit) -> None:
        """Put the rest of a unit last."""
        self.queue.append(unit)

    def drain(self) -> list[WorkUnit]:
        """Empty the queue, and return what was in it."""
        units, self.queue = self.queue, []
        return units


class SerialExecutor:
    """An `Executor` that runs everything in this process, with one worker that it is itself the channel of."""

    def __init__(self, runner: Any, files: Sequence[Any], on_crash: OnCrash) -> None:
        self._files = files
        self._worker = Worker(runner, self, files=files)
        self._scheduler = FileOrderScheduler()
        self._request = WorkRequest()
        self._result = ExecutionResult()

    @property
    def workers(self) -> int:
        """There is one."""
        return 1

    def collect(self) -> list[CollectedFeature]:
        """Parse all files."""
        return [self._worker.collect_file(file) for file in range(len(self._files))]

    def run_units(self, units: Sequence[WorkUnit]) -> ExecutionResult:
        """Run the units one after the other."""
        self._scheduler.add_units(units)
        self._worker.run(WorkerState(), 1, alone=True)
        return self._result

    def interrupt(self, signal_number: int) -> NoReturn:
        """Start no further unit, and interrupt the one that runs."""
        self._result.interrupted = True
        self._result.not_run += self._scheduler.drain()
        raise KeyboardInterrupt(signal_number)

    def kill(self) -> None:
        """Do nothing: there is only this process."""

    def receive(self) -> WorkUnit | None:
        """Reply to the last request of the worker."""
        return self._scheduler.next_unit(self._request, parsed=frozenset(), running=())

    def send(self, message: tuple[Any, ...]) -> None:
        """Take a message of the worker."""
        kind, durations, *details = message
        self._result.durations.update(durations)
        if kind == "idle":
            self._request, has_stopped = details
            if has_stopped:
                self._result.not_run += self._scheduler.drain()
        else:
            self._result.failed, self._result.aborted = details


class FileOrderRunner(RecordingRunner):
    """A runner whose worker pool has another scheduler."""

    def run_with_paths(self) -> bool:
        """Run with worker processes in the order of the files."""
        executor = partial(WorkerPool, scheduler=FileOrderScheduler())
        return run_in_workers(self, self._load_project(), executor=executor)


class SerialRunner(RecordingRunner):
    """A runner with another executor than the worker pool."""

    def run_with_paths(self) -> bool:
        """Run everything in this process."""
        return run_in_workers(self, self._load_project(), executor=SerialExecutor)
