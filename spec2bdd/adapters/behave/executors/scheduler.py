"""Choose which work unit a worker runs next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spec2bdd.adapters.behave.executors.work_units import WorkRequest, WorkUnit


class Scheduler(Protocol):
    """A strategy for the order in which work units are run (the idea is that of pytest-xdist's schedulers).

    The worker pool owns the workers and calls the scheduler; the scheduler owns the queue and knows no worker. Whatever
    the order, a scheduler must respect `can_run_now`, and a request for a unit of one file.
    """

    @property
    def is_done(self) -> bool:
        """Whether no unit is left in the queue."""

    def add_units(self, units: Sequence[WorkUnit]) -> None:
        """Queue the units of the run, given in file order. Called once, before the first worker is idle."""

    def next_unit(
        self, request: WorkRequest, *, parsed: frozenset[int], running: Sequence[WorkUnit]
    ) -> WorkUnit | None:
        """Take the next unit for an idle worker off the queue, or None if it can run none of them now.

        `parsed` are the files that this worker has parsed already, `running` the units that the others run. Called
        whenever a worker is idle, again and again as long as the reply is None.
        """

    def requeue(self, unit: WorkUnit) -> None:
        """Put back what a crashed worker left of its unit. Called once per crash."""

    def drain(self) -> list[WorkUnit]:
        """Empty the queue, and return what was in it. Called when the run is stopped."""


def can_run_now(unit: WorkUnit, running: Sequence[WorkUnit]) -> bool:
    """Whether a unit may run next to those that are running: a serial one runs alone."""
    return not running or not (unit.serial or any(other.serial for other in running))


class LongestFirstScheduler:
    """Longest units first, so that no long one is left for the end; of about equal ones, one whose file is parsed.

    No other unit is begun as long as an urgent one is in the queue.
    """

    def __init__(self, *, workers: int) -> None:
        self._workers = workers
        self._queue: list[WorkUnit] = []

    @property
    def is_done(self) -> bool:
        """Whether no unit is left in the queue."""
        return not self._queue

    def add_units(self, units: Sequence[WorkUnit]) -> None:
        """Queue the units, longest first; serial ones last, because the other workers wait while one runs."""
        # A single worker has nothing to balance, and keeps the order of the files as plain Behave does.
        balanced = sorted(units, key=lambda unit: (unit.serial, -unit.seconds)) if self._workers > 1 else units
        self._queue += balanced

    def next_unit(
        self, request: WorkRequest, *, parsed: frozenset[int], running: Sequence[WorkUnit]
    ) -> WorkUnit | None:
        """Take the longest unit that fits off the queue."""
        queue = [unit for unit in self._queue if unit.urgent] or self._queue
        candidates = [unit for unit in queue if request.file in (None, unit.file) and can_run_now(unit, running)]
        if not candidates:
            return None
        longest = candidates[0]
        # Parsing a file a second time costs less than half of a typical unit: a shorter unit than that is not worth it.
        long_enough = longest.seconds / 2
        in_parsed_file = (unit for unit in candidates if unit.file in parsed and unit.seconds >= long_enough)
        unit = next(in_parsed_file, longest)
        self._queue.remove(unit)
        return unit

    def requeue(self, unit: WorkUnit) -> None:
        """Put the rest of a unit first: its feature has begun already."""
        self._queue.insert(0, unit)

    def drain(self) -> list[WorkUnit]:
        """Empty the queue, and return what was in it."""
        units, self._queue = self._queue, []
        return units
