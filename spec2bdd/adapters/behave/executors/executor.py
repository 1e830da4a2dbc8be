"""The seam between a run and what executes its scenarios: worker processes, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, Protocol

from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkUnit
from spec2bdd.model import Diagnostic
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class WorkerCrash:
    """Where a worker crashed: a scenario by its number and a step by its index, each -1 for none.

    `unit` is None if the worker had no feature open.
    """

    reason: str
    scenario: int
    step: int
    unit: WorkUnit | None
    # What the scenario had printed to the descriptors of its process.
    output: str = ""
    in_hook: bool = False
    # How long the scenario and the step had run; 0 for none.
    scenario_seconds: float = 0.0
    step_seconds: float = 0.0


@dataclass(slots=True)
class ExecutionResult:
    """What an executor knows at the end of a run, apart from the events that were written meanwhile.

    `not_run` holds the units that were not, or not completely, run. `durations` are seconds by scenario number.
    """

    failed: bool = False
    aborted: bool = False
    interrupted: bool = False
    not_run: list[WorkUnit] = field(default_factory=list)
    durations: dict[int, float] = field(default_factory=dict)
    # Why the executor could not go on, and files that changed where it ran the units.
    error: Diagnostic | None = None
    changed: set[str] = field(default_factory=set)


class Executor(Protocol):
    """Executes the work units of one run; a session calls `collect` once, and then `run_units` once.

    Results are streamed: the events of every scenario are appended to the event log of the run while they happen, each
    one a whole line, so that they survive a crash of the process that writes them. A crash must not lose any scenario
    but the one that was running; it is reported to the `OnCrash` callback that the executor was made with.
    """

    @property
    def workers(self) -> int:
        """How many units it runs at a time; known after `collect`."""

    def collect(self) -> list[CollectedFeature]:
        """Parse all feature files, and describe their scenarios in the order of the files."""

    def run_units(self, units: Sequence[WorkUnit]) -> ExecutionResult:
        """Run the units, and return when all have been run or the run has been stopped."""

    def interrupt(self, signal_number: int) -> list[WorkUnit]:
        """Stop the run as Ctrl-C does: start no further unit, and forward the signal. Called in a signal handler.

        Returns the units that are running.
        """

    def kill(self) -> None:
        """End everything at once, without clean-ups. Called in a signal handler."""


OnCrash = Callable[[WorkerCrash], None]
# Called with the runner that has the project loaded, the locations of its feature files, and `on_crash`.
ExecutorFactory = Callable[[Any, Sequence[Any], OnCrash], Executor]
