"""Units of work in, workers that run them watched until all is done; whatever a scenario does costs only itself.

A worker that dies is replaced, and goes on behind the scenario that it did not survive. The module is imported in the
process that has the project loaded; where the system can fork, the workers have it loaded as well.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkUnit
from spec2bdd.adapters.behave.executors.worker_state import WorkerState

_SECONDS_BETWEEN_LOOKS = 0.25


@dataclass(slots=True)
class WorkerHandle:
    """A worker: its process, the way to talk to it, where it stands, and the units of the feature it is in.

    `parsed` are the files that it has looked at.
    """

    number: int
    process: Any
    connection: Connection
    slot: WorkerState
    units: list[WorkUnit] = field(default_factory=list)
    parsed: frozenset[int] = frozenset()
    waiting: int | None = None
    began: bool = False
    over: bool = False
    reason: str = ""

    @property
    def busy(self) -> bool:
        """Tell whether it has a unit that it has not come back from."""
        return bool(self.units) and self.waiting is None


@dataclass(frozen=True, slots=True)
class WorkerCrash:
    """What a worker that died was at: a scenario by its number and a step by its index, each -1 for none.

    `unit` is nothing where it was in no feature.
    """

    reason: str
    scenario: int
    step: int
    unit: WorkUnit | None


Start = Callable[[int, "WorkerPool"], WorkerHandle]


class WorkerPool:
    """The workers of one run."""

    def __init__(self, start: Start, *, jobs: int, timeout: float | None, bury: Callable[[WorkerCrash], None]) -> None:
        self.hands: list[WorkerHandle] = []
        self.durations: dict[int, float] = {}
        self.failed = self.aborted = self.interrupted = False
        self.lost: list[WorkUnit] = []
        self._queue: list[WorkUnit] = []
        self._start, self._bury = start, bury
        self._jobs, self._timeout = jobs, timeout
        self._started = 0
        self._hopeless = False

    def sketch_files(self, sizes: Sequence[int]) -> list[CollectedFeature]:
        """Let the workers look at all files, and return what they saw, in the order of the files."""
        shares: list[list[int]] = [[] for _ in range(self._jobs)]
        for file in sorted(range(len(sizes)), key=lambda file: -sizes[file]):
            min(shares, key=lambda share: sum(sizes[one] for one in share)).append(file)
        asked = [(self._hire(), share) for share in shares if share]
        for hand, share in asked:
            hand.parsed = frozenset(share)
            hand.connection.send(share)
        found = [sketch for hand, _ in asked for sketch in hand.connection.recv()[1]]
        return sorted(found, key=lambda sketch: sketch.file)

    def run_units(self, units: Sequence[WorkUnit]) -> None:
        """Hand out the units until all are done, or the run is stopped."""
        self._queue = list(units)
        while len(self.hands) < min(self._jobs, len(units)):
            self._hire()
        for hand in self.hands:
            hand.waiting = -1
        while self.hands:
            self._serve_waiting()
            self._listen()
            self._check_deaths()
            self._check_times()
            if self._queue and len(self.hands) < self._jobs and not self._is_stopping():
                self._hire().waiting = -1

    def stop(self) -> None:
        """Hand out nothing more."""
        self.lost += self._queue
        self._queue = []

    def interrupt(self, number: int) -> None:
        """Hand out nothing more, and send a signal to all workers and what they started."""
        self.interrupted = True
        self.stop()
        for hand in self.hands:
            _send(hand, number)

    def _is_stopping(self) -> bool:
        """Tell whether no worker is to be replaced."""
        return self.interrupted or self._hopeless

    def _hire(self) -> WorkerHandle:
        """Start one more worker."""
        self._started += 1
        hand = self._start(self._started, self)
        self.hands.append(hand)
        return hand

    def _serve_waiting(self) -> None:
        """Give every worker that waits its next unit, or the word that there is none for it."""
        for hand in [hand for hand in self.hands if hand.waiting is not None]:
            unit = self._take_unit(hand)
            if unit is None and hand.waiting == -1 and self._queue and not self._is_stopping():
                # What is left has to be run alone: the others come first.
                continue
            file, hand.waiting = hand.waiting, None
            if file == -1:
                hand.units = []
            if unit is not None:
                hand.units.append(unit)
                hand.began = True
            elif file == -1:
                hand.over = hand.over or not hand.began
            with suppress(OSError):
                hand.connection.send(unit)

    def _take_unit(self, hand: WorkerHandle) -> WorkUnit | None:
        """Take the unit that is next for a worker off the queue: in its own feature, or the longest."""
        others = any(other.busy for other in self.hands if other is not hand)
        alone = any(unit.serial for other in self.hands if other.busy for unit in other.units[-1:])
        fitting = [
            unit
            for unit in self._queue
            if hand.waiting in (-1, unit.file) and not alone and not (unit.serial and others)
        ]
        if not fitting:
            return None
        # A file that it has parsed already saves it a second look, where another one would not take much longer.
        enough = fitting[0].seconds / 2
        own = (unit for unit in fitting if unit.file in hand.parsed and unit.seconds >= enough)
        unit = next(own, fitting[0])
        self._queue.remove(unit)
        return unit

    def _listen(self) -> None:
        """Take in what the workers say, for a moment at most."""
        pause = _SECONDS_BETWEEN_LOOKS if self._timeout is None else min(_SECONDS_BETWEEN_LOOKS, self._timeout / 4)
        heard = wait([hand.connection for hand in self.hands], pause)
        for hand in [hand for hand in self.hands if hand.connection in heard]:
            try:
                self._take_message(hand, hand.connection.recv())
            except (EOFError, OSError):
                hand.process.join()

    def _take_message(self, hand: WorkerHandle, message: tuple[Any, ...]) -> None:
        """Take in one message."""
        kind, durations, *rest = message
        self.durations.update(durations)
        if kind == "next":
            hand.waiting, stopped = rest
            if stopped:
                self.stop()
        elif kind == "over":
            hand.over = True
            self.failed, self.aborted = self.failed or rest[0], self.aborted or rest[1]
            if rest[1]:
                self.stop()

    def _check_deaths(self) -> None:
        """See which workers have ended, and whether they should have."""
        for hand in [hand for hand in self.hands if hand.process.exitcode is not None]:
            with suppress(EOFError, OSError):
                while hand.connection.poll():
                    self._take_message(hand, hand.connection.recv())
            self.hands.remove(hand)
            hand.connection.close()
            if not hand.over:
                self._note_death(hand)

    def _note_death(self, hand: WorkerHandle) -> None:
        """Tell of a worker that died, and put back what it has not come to."""
        self.failed = True
        self.lost += hand.units
        if self.interrupted:
            return
        reason = hand.reason or _describe_exit(hand.process.exitcode)
        unit = hand.units[-1] if hand.units and hand.slot.opened else None
        reached = hand.slot.scenario
        self._bury(WorkerCrash(reason, reached, hand.slot.step, unit))
        rest = tuple(place for place in unit.scenarios if unit.first + place > reached) if unit else ()
        if unit and rest and reached >= 0:
            self._queue.insert(0, replace(unit, scenarios=rest))
        if not hand.slot.opened:
            # It died before its first feature, and so would the next one.
            self._hopeless = True
            self.stop()

    def _check_times(self) -> None:
        """End the workers whose scenario takes too long, or whose hooks around it do."""
        if self._timeout is None:
            return
        now = time.monotonic()
        for hand in self.hands:
            if hand.slot.is_overdue(self._timeout, now) and not hand.reason:
                hand.reason = f"took longer than {self._timeout:g} s"
                kill_worker(hand)


def kill_worker(hand: WorkerHandle) -> None:
    """End a worker and all that it started, at once."""
    _send(hand, getattr(signal, "SIGKILL", signal.SIGTERM))
    hand.process.kill()


def _send(hand: WorkerHandle, number: int) -> None:
    """Send a signal to a worker and to what it started, where the system knows process groups."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(hand.process.pid, number)
        else:
            hand.process.terminate()


def _describe_exit(code: int) -> str:
    """Return how a worker ended that nobody told to end."""
    if code >= 0:
        return f"ended Python itself with exit code {code}"
    try:
        return f"was killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"was killed by signal {-code}"
