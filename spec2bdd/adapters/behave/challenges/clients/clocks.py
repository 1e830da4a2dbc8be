"""Change the clocks that steps read where a fault is tried: an answer comes late, and nothing waits long in vain."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from spec2bdd.adapters.behave.executors.worker_state import read_clock

# The functions of `time` that read a clock, and their units in a second.
_CLOCKS = dict.fromkeys(("time", "monotonic", "perf_counter"), 1)
_CLOCKS |= {f"{name}_ns": 10**9 for name in _CLOCKS}
# The time that passes until a late answer comes, in seconds.
_LATE = 3600.0
# How much faster the clocks run after the time in which a scenario ends without a fault, with something to spare.
_SPEED, _TIMES, _SPARE_SECONDS = 100, 3, 1.0


class ScenarioClocks:
    """The clocks of a scenario that takes so many seconds without a fault."""

    def __init__(self, seconds: float) -> None:
        self._end = read_clock() + _TIMES * seconds + _SPARE_SECONDS
        self._passed = 0.0
        self._sleep = time.sleep

    def pass_time(self, value: Any) -> Any:
        """Let the time of a late answer pass, and return it."""
        self._passed += _LATE
        return value

    def install(self, own: Iterable[dict[str, Any]]) -> None:
        """Install the clocks in `time`, and among the names in the modules of the project."""
        others: dict[int, Any] = {id(time.sleep): self._wait}
        for name, unit in _CLOCKS.items():
            original = getattr(time, name)
            others[id(original)] = partial(self._read, original, unit)
        for namespace in (vars(time), *own):
            for name, value in list(namespace.items()):
                if id(value) in others:
                    namespace[name] = others[id(value)]

    def _read(self, original: Any, unit: int) -> Any:
        """Read a clock."""
        ahead = self._passed + max(read_clock() - self._end, 0.0) * (_SPEED - 1)
        return original() + (ahead if unit == 1 else int(ahead * unit))

    def _wait(self, seconds: float) -> None:
        """Sleep; from the end on, only as long as the clocks say."""
        late = max(min(seconds, read_clock() + seconds - self._end), 0.0)
        self._sleep(seconds - late + late / _SPEED)


def reads_clock(names: Iterable[str]) -> bool:
    """Whether code with these names may read a clock."""
    return not _CLOCKS.keys().isdisjoint(names)
