"""A loaded project in, its run by workers that are watched, and one record file of all of them, out.

The module is imported in the process that has the project loaded.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.executors.process_pool import WorkerCrash, WorkerHandle, WorkerPool, kill_worker
from spec2bdd.adapters.behave.executors.work_units import (
    CollectedFeature,
    number_first_scenarios,
    select_scenarios,
    split_into_work_units,
)
from spec2bdd.adapters.behave.executors.worker import Worker, set_up_worker_process
from spec2bdd.adapters.behave.executors.worker_state import FIELDS, WorkerState
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.plugin.spawn import spawn_worker
from spec2bdd.adapters.results.wire import run_options_to_json

DURATIONS = "durations.json"


def run_in_workers(runner: Any, locations: Sequence[Any]) -> bool:
    """Run the features at these locations, and tell whether anything failed."""
    return _RunSession(runner, locations).run()


class _RunSession:
    """One run: what is to be run, who runs it, and what is written of it by nobody else."""

    def __init__(self, runner: Any, locations: Sequence[Any]) -> None:
        self._runner = runner
        self._files = find_files(locations)
        self._handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self._recorder = runner.make_recorder(alone=False)
        # Before there are workers: they write into this very file.
        self._recorder.file.start_anew()
        self._crew = WorkerPool(self._start, jobs=runner.plan.jobs, timeout=runner.plan.timeout, bury=self._bury)
        self._sketches: list[CollectedFeature] = []
        self._firsts: list[int] = []
        self._features: dict[int, Any] = {}

    def run(self) -> bool:
        """Run everything that the plan asks for."""
        signal.signal(signal.SIGINT, lambda number, _: self._crew.interrupt(number))
        signal.signal(signal.SIGTERM, lambda number, _: self._give_up(number))
        # What is loaded is not looked at by the workers' collectors: they would copy it all.
        gc.collect()
        gc.freeze()
        crew, plan = self._crew, self._runner.plan
        self._sketches = crew.sketch_files([_read_size(location.filename) for location in self._files])
        self._firsts = number_first_scenarios(self._sketches)
        chosen = select_scenarios(self._sketches, plan)
        self._write_start(sum(map(len, chosen)))
        known, whole = _read_durations(self._durations_path), bool(self._runner.config.junit)
        units = split_into_work_units(self._sketches, chosen, jobs=plan.jobs, durations=known, whole=whole)
        if self._runner.broken:
            crew.lost, units = units, []
        crew.run_units(units)
        self._write_rest(chosen)
        failed = crew.failed or crew.interrupted or self._runner.broken
        self._recorder.write_end(failed=failed, aborted=crew.aborted or crew.interrupted)
        self._keep_durations(known)
        return failed

    @property
    def _durations_path(self) -> Path:
        """Return the file beside the records that tells how long each scenario took."""
        return Path(self._recorder.file.path).parent / DURATIONS

    def _start(self, number: int, crew: WorkerPool) -> WorkerHandle:
        """Start a worker: a fork of this process, or one that loads the project for itself."""
        context: Any = multiprocessing.get_context(_find_way())
        ours, theirs = context.Pipe()
        fields = context.RawArray("d", FIELDS)
        process = context.Process(target=self._work, args=(number, theirs, WorkerState(fields), [*crew.hands], ours))
        if context.get_start_method() != "fork":
            plan = run_options_to_json(self._runner.plan)
            process = context.Process(
                target=spawn_worker, args=(type(self._runner), sys.argv[1:], plan, number, theirs, fields)
            )
        process.start()
        theirs.close()
        if hasattr(os, "setpgid"):
            with suppress(OSError):
                os.setpgid(process.pid or 0, process.pid or 0)
        return WorkerHandle(number, process, ours, WorkerState(fields))

    def _work(self, number: int, connection: Any, slot: WorkerState, others: Sequence[WorkerHandle], ours: Any) -> None:
        """Be a worker, in the process that was started for it."""
        set_up_worker_process(self._handlers)
        for each in (ours, *(other.connection for other in others)):
            each.close()
        alone = number if self._runner.plan.jobs == 1 else number + 1
        with suppress(EOFError):
            Worker(self._runner, connection, files=self._files).serve(slot, number, alone=alone == 1)

    def _give_up(self, number: int) -> None:
        """End everything at once: somebody does not want to wait any longer."""
        for hand in self._crew.hands:
            kill_worker(hand)
        os._exit(128 + number)

    def _write_start(self, chosen: int) -> None:
        """Write what is known before anything is run."""
        sketches, recorder = self._sketches, self._recorder
        read = [sketch for sketch in sketches if sketch.problem is None]
        expected: dict[str, int] = {}
        for sketch in read:
            for tag, count in (sketch.expected or {}).items():
                expected[tag] = expected.get(tag, 0) + count
        count = sum(len(sketch.tags) for sketch in read)
        paths = [sketch.path for sketch in read if sketch.expected is not None]
        recorder.write_run(self._runner.describe_run(), features=paths, scenarios=(count, chosen), expected=expected)
        for problem in [*self._runner.definitions.problems, *(one.problem for one in sketches if one.problem)]:
            recorder.write_problem(problem)

    def _bury(self, death: WorkerCrash) -> None:
        """Write what a worker was at that died."""
        if death.scenario >= 0:
            scenario = self._find_scenario(death.scenario)
            self._recorder.write_crash(death.scenario, death.reason, scenario=scenario, step=death.step)
            return
        feature = self._find_feature(death.unit.file) if death.unit else None
        where = "in a hook around the feature" if feature else "in a hook around the whole run"
        self._recorder.write_failure("worker", f"{death.reason}, {where}", feature=feature, scenarios=[])

    def _write_rest(self, chosen: Sequence[Sequence[int]]) -> None:
        """Write the scenarios that nobody has come to, and those that the plan leaves out."""
        lost = {unit.first + place for unit in self._crew.lost for place in unit.scenarios}
        left_out: set[int] = set()
        for sketch, first, places in zip(self._sketches, self._firsts, chosen, strict=True):
            left_out |= {first + place for place in range(len(sketch.tags))} - {first + place for place in places}
        if not lost | left_out:
            return
        told = self._recorder.file.read_statuses()[1] if lost else {}
        for number in sorted((lost | left_out) - told.keys()):
            scenario = self._find_scenario(number)
            if number in left_out:
                scenario.skip(require_not_executed=True)
            self._recorder.write_missed([scenario])

    def _find_scenario(self, number: int) -> Any:
        """Return a scenario by its number, as its file says it; one that a hook made is not found."""
        for sketch, first in zip(self._sketches, self._firsts, strict=True):
            if first <= number < first + len(sketch.tags):
                return self._find_feature(sketch.file).walk_scenarios()[number - first]
        return None

    def _find_feature(self, file: int) -> Any:
        """Return a feature as its file says it."""
        if file not in self._features:
            (feature,), _ = load_features([self._files[file]], language=self._runner.config.lang)
            self._recorder.adopt_feature(feature, self._sketches[file].path, first=self._firsts[file])
            self._features[file] = feature
        return self._features[file]

    def _keep_durations(self, known: Mapping[str, Sequence[float]]) -> None:
        """Write how long each scenario took, for the next run to begin with the longest."""
        kept = dict(known)
        for sketch, first in zip(self._sketches, self._firsts, strict=True):
            took = [self._crew.durations.get(first + place) for place in range(len(sketch.tags))]
            if took and None not in took:
                kept[sketch.path] = [value for value in took if value is not None]
        with suppress(OSError):
            self._durations_path.write_text(json.dumps(kept), encoding="utf-8")


def find_files(locations: Sequence[Any]) -> list[Any]:
    """Return the place of each file once: it may be named by several of its lines."""
    return list({location.filename: location for location in locations}.values())


def _find_way() -> str:
    """Return how workers are started here."""
    return os.environ.get("SPEC2BDD_START") or ("fork" if hasattr(os, "fork") else "spawn")


def _read_durations(path: Path) -> dict[str, list[float]]:
    """Return how long the scenarios of each file took the last time; whatever is amiss, nothing is known."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        facts = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): [float(value) for value in values] for name, values in facts.items()}
    return {}


def _read_size(filename: str) -> int:
    """Return how large a file is."""
    with suppress(OSError):
        return Path(filename).stat().st_size
    return 0
