"""Where a worker stands in, written into memory that it shares with whoever watches it; read after its death."""

from __future__ import annotations

from collections.abc import MutableSequence

# The fields: the scenario that runs and the step that runs, both counted from one; when the scenario began, or what is
# around scenarios, and 0 where nothing is timed; whether any feature has begun. A store into shared memory costs
# nothing, and survives whatever ends the process.
FIELDS = 4
_SCENARIO, _STEP, _BEGAN, _OPENED = range(FIELDS)


class WorkerState:
    """A few numbers about one worker."""

    __slots__ = ("_fields",)

    def __init__(self, fields: MutableSequence[float] | None = None) -> None:
        self._fields = [0.0] * FIELDS if fields is None else fields

    def open_feature(self, now: float) -> None:
        """Note that a feature begins."""
        self._fields[_OPENED] = 1
        self._fields[_BEGAN] = now

    def rest(self) -> None:
        """Note that nothing of a feature runs: what comes now may take its time."""
        self._fields[_BEGAN] = 0

    def resume(self, now: float) -> None:
        """Note that a feature goes on."""
        self._fields[_BEGAN] = now

    def begin(self, scenario: int, now: float) -> None:
        """Note that a scenario begins."""
        self._fields[_BEGAN] = now
        self._fields[_SCENARIO] = scenario + 1

    def enter_step(self, index: int) -> None:
        """Note that a step begins."""
        self._fields[_STEP] = index + 1

    def leave_step(self) -> None:
        """Note that a step is over."""
        self._fields[_STEP] = 0

    def end(self, now: float) -> None:
        """Note that the scenario is over, and that what lies between scenarios begins."""
        self._fields[_BEGAN] = now
        self._fields[_STEP] = 0
        self._fields[_SCENARIO] = 0

    @property
    def scenario(self) -> int:
        """Return the number of the scenario that runs, or -1."""
        return int(self._fields[_SCENARIO]) - 1

    @property
    def opened(self) -> bool:
        """Tell whether any feature has begun."""
        return bool(self._fields[_OPENED])

    @property
    def step(self) -> int:
        """Return the index of the step that runs, or -1."""
        return int(self._fields[_STEP]) - 1

    def is_overdue(self, seconds: float, now: float) -> bool:
        """Tell whether the scenario that runs has taken longer, or what runs around it in its feature."""
        return bool(self._fields[_BEGAN]) and now - self._fields[_BEGAN] > seconds
