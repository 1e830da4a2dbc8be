"""Run a loaded project with an executor, and write one event log for all of its workers.

The module is imported in the process that has the project loaded.
"""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spec2bdd.adapters.behave.executors.executor import ExecutionResult, Executor, ExecutorFactory
from spec2bdd.adapters.behave.executors.parsed_features import ParsedFeatures
from spec2bdd.adapters.behave.executors.process_pool import WorkerPool
from spec2bdd.adapters.behave.executors.skipping import skips_running_features
from spec2bdd.adapters.behave.executors.work_units import (
    CollectedFeature,
    find_empty_features,
    number_first_scenarios,
    select_scenarios,
    split_into_work_units,
)
from spec2bdd.adapters.behave.executors.worker import exit_now

if TYPE_CHECKING:
    from spec2bdd.adapters.behave.executors.shards import ShardPlan

DURATIONS = "durations.json"


def run_in_workers(runner: Any, locations: Sequence[Any], *, executor: ExecutorFactory = WorkerPool) -> bool:
    """Run the features at these locations; whether anything failed.

    Any error here ends the workers, which would wait for this process indefinitely.
    """
    session = _RunSession(runner, locations, executor)
    try:
        failed = session.run()
    except BaseException:  # noqa: BLE001  Whatever went wrong, the process that started this one shows it.
        session.kill()
        traceback.print_exc()
        exit_now(1)
    # The process that started this one waits for its end; a thread that a module of the project started may never end.
    if any(not thread.daemon and thread is not threading.main_thread() for thread in threading.enumerate()):
        exit_now(int(failed))
    return failed


def handle_signals(*, kill: Callable[[], object], interrupt: Callable[[int], object]) -> None:
    """Let SIGTERM `kill` the workers and end this process at once, and Ctrl-C `interrupt` them.

    After Ctrl-C, workers run their last hooks and clean-ups; SIGTERM waits for nothing.
    """

    def abort(number: int, _: object) -> None:
        """End all workers and this process."""
        kill()
        os._exit(128 + number)

    signal.signal(signal.SIGINT, lambda number, _: interrupt(number))
    signal.signal(signal.SIGTERM, abort)
    if hasattr(signal, "SIGCHLD"):
        # If the project ignores it, the system keeps no exit codes of the workers.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


class _RunSession:
    """One run: collects, selects and splits the scenarios, has them executed, and records what no worker can record."""

    def __init__(self, runner: Any, locations: Sequence[Any], executor: ExecutorFactory) -> None:
        self._runner = runner
        self._files = find_files(locations)
        self._recorder = runner.make_recorder(alone=False)
        # Before there are workers: they append to this very file.
        self._recorder.file.create()
        self._lines = runner.lines
        if self._lines:
            modules = [path for path in runner.files.digests if path.endswith(".py")]
            self._lines.end_loading(self._recorder.file.path, modules, runner.config.userdata_defines or ())
        self._durations_path = Path(self._recorder.file.path).parent / DURATIONS
        # Before `run` sets signal handlers: workers get those that are in place now.
        self._parsed = ParsedFeatures(runner, self._files, self._recorder)
        self._executor: Executor = executor(runner, self._files, self._parsed.record_crash)
        self._features: list[CollectedFeature] = []
        self._firsts: list[int] = []
        self._shards: ShardPlan | None = None

    def run(self) -> bool:
        """Run everything that the plan asks for; whether anything failed."""
        executor, plan = self._executor, self._runner.plan

        handle_signals(kill=executor.kill, interrupt=self._interrupt)
        self._features = executor.collect()
        # An executor may have another number of workers than was asked for.
        self._runner.plan = plan = replace(plan, jobs=executor.workers)
        self._firsts = number_first_scenarios(self._features)
        if plan.shard or plan.durations:
            # Few runs are shards.
            from spec2bdd.adapters.behave.executors.shards import plan_shards

            count = plan.shard[1] if plan.shard else 1
            self._shards = plan_shards(self._features, count=count, durations=plan.durations or {})
        selected = select_scenarios(self._features, plan, self._shards.shards if self._shards else ())
        if plan.kept:
            selected = self._add_doubtful(selected)
        self._record_start(sum(map(len, selected)))
        is_broken = bool(self._runner.broken)

        last_durations = _read_durations(self._durations_path)
        units = split_into_work_units(
            self._features,
            selected,
            jobs=plan.jobs,
            # Those of this folder are of the last run in it, and of this machine.
            durations={**(self._shards.seconds if self._shards and plan.durations else {}), **last_durations},
            whole=self._keeps_features_whole(),
            # Each scenario has a process of its own, whose lines are those of the scenario.
            single=bool(self._lines),
            urgent=plan.urgent,
            empty=find_empty_features(self._features, plan),
        )
        # Without working hooks, or a readable repository, nothing is run.
        result = executor.run_units([] if is_broken else units)
        if is_broken:
            result.not_run += units

        self._record_not_run(selected, result)
        if result.error:
            self._recorder.write_diagnostic(result.error)
        failed = result.failed or result.interrupted or is_broken
        if self._lines:
            self._lines.end()
        aborted = result.aborted or result.interrupted
        self._recorder.write_end(failed=failed, aborted=aborted, files=self._runner.files, changed=result.changed)
        self._save_durations(last_durations, result.durations)
        return failed

    def kill(self) -> None:
        """End all workers at once."""
        self._executor.kill()

    def _keeps_features_whole(self) -> bool:
        """Whether one worker has to run all scenarios of a feature."""
        # Behave writes one JUnit file per feature, at its end: two workers would overwrite each other's.
        if self._runner.config.junit:
            return True
        plan = self._runner.plan
        is_split = (plan.jobs > 1 or bool(plan.urgent)) and not self._lines
        return is_split and skips_running_features(self._runner.definitions.sources.list_contents())

    def _interrupt(self, signal_number: int) -> None:
        """Let the workers end, and record which scenarios of their units had not ended before."""
        # Read before the workers get the signal: a scenario may end by it at once.
        statuses = self._recorder.file.read_statuses()[1]
        running = {unit.first + place for unit in self._executor.interrupt(signal_number) for place in unit.scenarios}
        self._recorder.write_interrupted(sorted(number for number in running if not statuses.get(number)))

    def _add_doubtful(self, selected: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
        """Add the scenarios whose earlier results cannot be kept: a step has no definition, or one that may not fail.

        That depends on the source of the steps and of what they call, also where they do not run it.
        """
        definitions = self._runner.definitions
        added = []
        for feature, first, places in zip(self._features, self._firsts, selected, strict=True):
            doubtful = set(places)
            for place in set(range(len(feature.tags))) - doubtful:
                scenario = self._find_scenario(first + place)
                matches: list[Any] = [None]
                if scenario:
                    matches = [definitions.find_match(step) for step in scenario.all_steps]
                is_unusable = definitions.take_unusable_reason() is not None or None in matches
                if is_unusable or any(definitions.may_be_vacuous(match.func) for match in matches):
                    doubtful.add(place)
            added.append(tuple(sorted(doubtful)))
        return added

    def _record_start(self, selected_count: int) -> None:
        """Record what is known before anything is run."""
        features, recorder = self._features, self._recorder
        read = [feature for feature in features if feature.diagnostic is None]
        expected: dict[str, int] = {}
        for feature in read:
            for tag, count in (feature.expected or {}).items():
                expected[tag] = expected.get(tag, 0) + count
        counts = sum(len(feature.tags) for feature in read), selected_count
        paths = [feature.path for feature in read if feature.expected is not None]
        header = self._runner.describe_run()
        if self._shards and self._runner.plan.shard:
            header["partition"] = {"digest": self._shards.digest, "estimated": self._shards.estimated}
        recorder.write_run(header, features=paths, scenarios=counts, expected=expected)
        unreadable = (feature.diagnostic for feature in features if feature.diagnostic)
        for diagnostic in [*self._runner.definitions.diagnostics, *unreadable]:
            recorder.write_diagnostic(diagnostic)

    def _record_not_run(self, selected: Sequence[Sequence[int]], result: ExecutionResult) -> None:
        """Record the scenarios that no worker has come to, and those that the plan leaves out."""
        not_run = {unit.first + place for unit in result.not_run for place in unit.scenarios}
        left_out: set[int] = set()
        for feature, first, places in zip(self._features, self._firsts, selected, strict=True):
            left_out |= {first + place for place in range(len(feature.tags))} - {first + place for place in places}
        if not not_run | left_out:
            return
        # Some of the units that were not completely run: the log says which of their scenarios were.
        recorded = self._recorder.file.read_statuses()[1] if not_run else {}
        for number in sorted((not_run | left_out) - recorded.keys()):
            scenario = self._find_scenario(number)
            if scenario is None:
                continue
            if number in left_out:
                scenario.skip()
            self._recorder.write_missed([scenario], is_left_out=number in left_out)

    def _find_scenario(self, number: int) -> Any:
        """Find a scenario by its number, as its file defines it."""
        for feature, first in zip(self._features, self._firsts, strict=True):
            if first <= number < first + len(feature.tags):
                return self._parsed.find_scenario(feature.file, number, first=first)
        return None

    def _save_durations(self, last: Mapping[str, Sequence[float]], durations: Mapping[int, float]) -> None:
        """Save how long each scenario took, next to the records, for the scheduling of the next run."""
        by_path = dict(last)
        for feature, first in zip(self._features, self._firsts, strict=True):
            numbers = range(first, first + len(feature.tags))
            # A file of which only a part was run keeps the durations of its last complete run.
            if numbers and all(number in durations for number in numbers):
                by_path[feature.path] = [durations[number] for number in numbers]
        with suppress(OSError):
            self._durations_path.write_text(json.dumps(by_path), encoding="utf-8")


def find_files(locations: Sequence[Any]) -> list[Any]:
    """Keep one location of each file, the last one: a file may be named by several of its lines."""
    return list({location.filename: location for location in locations}.values())


def _read_durations(path: Path) -> dict[str, list[float]]:
    """Read the durations of the last run by file; a file that is missing or malformed counts as empty."""
    # Deep nesting exhausts the stack of the parser.
    with suppress(OSError, ValueError, AttributeError, TypeError, RecursionError):
        durations = json.loads(path.read_text(encoding="utf-8"))
        # `NaN` and `Infinity` are valid for Python's parser, and would upset the order.
        return {
            str(name): [value if math.isfinite(value) else 0.0 for value in map(float, values)]
            for name, values in durations.items()
        }
    return {}
