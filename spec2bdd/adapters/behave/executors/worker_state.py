"""A worker's current scenario and step in shared memory, so that the parent knows where it crashed."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableSequence

# A store into shared memory costs next to nothing, and survives whatever ends the process. All fields are floats:
#   scenario  number of the running scenario plus one, 0 for none
#   step      index of the running step plus one, 0 for none
#   since     when the scenario, or what runs between scenarios, began; 0 while nothing is timed
#   opened    1 once any feature has begun
#   forked    1 where a process that a step forked went on with the run
#   began     when the step began
FIELDS = 6
_SCENARIO, _STEP, _SINCE, _OPENED, _FORKED, _BEGAN = range(FIELDS)


def read_clock(*, _clock: Callable[[], float] = time.monotonic) -> float:
    """Read the clock of the time limits and durations, also while the project's code has another one installed.

    Libraries that freeze the time, such as freezegun 1.5, replace the function in all modules, but no default value.
    """
    return _clock()


class WorkerState:
    """What a worker is doing, written by the worker and read by its parent."""

    __slots__ = ("_fields",)

    def __init__(self, fields: MutableSequence[float] | None = None) -> None:
        self._fields = [0.0] * FIELDS if fields is None else fields

    def open_feature(self, now: float) -> None:
        """Record that a feature begins."""
        self._fields[_OPENED] = 1
        self._fields[_SINCE] = now

    def pause_clock(self) -> None:
        """Stop the clock of the time limit: no part of a feature runs."""
        self._fields[_SINCE] = 0

    def resume_clock(self, now: float) -> None:
        """Start the clock again: a feature goes on."""
        self._fields[_SINCE] = now

    def begin_scenario(self, scenario: int, now: float) -> None:
        """Record that a scenario begins."""
        self._fields[_SINCE] = now
        self._fields[_SCENARIO] = scenario + 1

    def begin_step(self, index: int, now: float) -> None:
        """Record that a step begins."""
        self._fields[_BEGAN] = now
        self._fields[_STEP] = index + 1

    def end_step(self) -> None:
        """Record that a step has ended."""
        self._fields[_STEP] = 0

    def end_scenario(self, now: float) -> None:
        """Record that the scenario has ended, and what runs between scenarios begins."""
        self._fields[_SINCE] = now
        self._fields[_STEP] = 0
        self._fields[_SCENARIO] = 0

    def record_fork(self) -> None:
        """Record, in a forked process, that it went on with the run."""
        self._fields[_FORKED] = 1

    def take_fork(self) -> bool:
        """Whether a forked process went on with the run since the last call."""
        is_forked, self._fields[_FORKED] = bool(self._fields[_FORKED]), 0
        return is_forked

    @property
    def scenario(self) -> int:
        """The number of the running scenario, or -1."""
        return int(self._fields[_SCENARIO]) - 1

    @property
    def opened(self) -> bool:
        """Whether any feature has begun."""
        return bool(self._fields[_OPENED])

    @property
    def step(self) -> int:
        """The index of the running step, or -1."""
        return int(self._fields[_STEP]) - 1

    def measure(self, now: float) -> tuple[float, float]:
        """Measure for how many seconds the running scenario and step have run; 0 for what does not run."""
        scenario = now - self._fields[_SINCE] if self._fields[_SCENARIO] and self._fields[_SINCE] else 0.0
        return max(scenario, 0.0), max(now - self._fields[_BEGAN], 0.0) if self._fields[_STEP] else 0.0

    def is_overdue(self, seconds: float, now: float) -> bool:
        """Whether the running scenario, or a hook around scenarios, has taken longer than that."""
        return bool(self._fields[_SINCE]) and now - self._fields[_SINCE] > seconds

    def extend_time(self, seconds: float) -> None:
        """Let what runs count as begun later: for so long, all processes of the run may have been stopped.

        What begins at this moment in the worker is in no danger: it gets more time at most.
        """
        if since := self._fields[_SINCE]:
            self._fields[_SINCE] = since + seconds
