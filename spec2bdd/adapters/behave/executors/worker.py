"""The work of one worker: units of work in, from whoever watches it, their scenarios run by Behave's own runner out.

The module is imported in the processes that run the features.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.executors.feature_feed import FeatureFeed
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkUnit
from spec2bdd.adapters.behave.executors.worker_state import WorkerState
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.serialize import count_expected, derive_path
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.adapters.system.digests import has_changed
from spec2bdd.model import Diagnostic

# PR_SET_PDEATHSIG of Linux, from its `prctl.h`.
_TELL_OF_PARENT = 1


class Worker:
    """One worker at work."""

    def __init__(self, runner: Any, connection: Connection, *, files: Sequence[Any]) -> None:
        self._runner = runner
        self._connection = connection
        self._files = files
        self._parsed: dict[int, Any] = {}
        self._stopped = False

    def serve(self, slot: WorkerState, number: int, *, alone: bool) -> None:
        """Look at the files that are asked for, then run units until there are no more; tell whoever watches."""
        order = self._connection.recv()
        while isinstance(order, list):
            self._connection.send(("parsed", [self._sketch_file(file) for file in order]))
            order = self._connection.recv()
        if order is None:
            return
        recorder = self._runner.make_recorder(alone=alone)
        recorder.enter_worker(number, slot)
        failed = self._runner.run_pulled(self._run_units(order))
        self._connection.send(("over", recorder.take_durations(), failed, bool(self._runner.aborted)))

    def _sketch_file(self, file: int) -> CollectedFeature:
        """Parse one file, and return what there is to be known before anything runs."""
        features, problems = self._parse_file(file)
        path = derive_path(self._files[file].filename, self._runner.root)
        if not features:
            return CollectedFeature(file, path, problem=next(iter(problems), None))
        self._parsed[file] = features[0]
        tags = tuple(tuple(sorted(map(str, one.effective_tags))) for one in features[0].walk_scenarios())
        return CollectedFeature(file, path, tags, count_expected(features))

    def _parse_file(self, file: int) -> tuple[list[Any], list[Diagnostic]]:
        """Parse one file, if it is still the one whose digest was taken before anything ran."""
        filename = self._files[file].filename
        features, problems = load_features([self._files[file]], language=self._runner.config.lang)
        path = derive_path(filename, self._runner.root)
        if has_changed(Path(filename), self._runner.digests.get(path)):
            message = "the file was changed while the run went on, so nothing more of it was run"
            return [], [build_file_diagnostic(path, 0, code="feature-changed", message=message)]
        return features, problems

    def _find_feature(self, file: int) -> Any:
        """Return the feature of a file as it was parsed, or nothing, and say why, where it cannot be parsed again."""
        # What was run once is not as it was parsed.
        if file in self._parsed:
            return self._parsed.pop(file)
        features, problems = self._parse_file(file)
        for problem in problems:
            self._runner.recorder.write_problem(problem)
        return features[0] if features else None

    def _run_units(self, unit: WorkUnit | None) -> Iterator[Any]:
        """Yield the features to be run, each with nothing to run but its units."""
        runner, recorder = self._runner, self._runner.recorder
        while unit is not None:
            feature = self._find_feature(unit.file)
            if feature is None:
                unit = self._ask(-1)
                continue
            course = FeatureFeed(feature, pull=partial(self._ask, unit.file), retries=runner.plan.retries)
            recorder.adopt_feature(feature, derive_path(feature.filename, runner.root), first=unit.first)
            course.take_unit(unit)
            yield feature
            there = set(feature.walk_scenarios())
            recorder.write_missed(scenario for scenario in course.taken if scenario in there)
            self._stopped = bool(runner.aborted or (runner.config.stop and feature.status.has_failed()))
            unit = self._ask(-1)

    def _ask(self, file: int) -> WorkUnit | None:
        """Ask for the next unit: one of the same file, or of any where that is -1; nothing ends the file or all."""
        try:
            if self._runner.aborted and file >= 0:
                return None
            slot = self._runner.recorder.slot
            slot.rest()
            self._connection.send(("next", self._runner.recorder.take_durations(), file, self._stopped))
            unit: WorkUnit | None = self._connection.recv()
            if file >= 0:
                slot.resume(time.monotonic())
        except KeyboardInterrupt:
            self._runner.abort(reason="KeyboardInterrupt")
            return None
        return unit


def set_up_worker_process(handlers: Mapping[signal.Signals, Any]) -> None:
    """Make this process one that can be stopped together with all that it starts, and say where it crashes."""
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(0, 0)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    exit_with_parent(getattr(signal, "SIGKILL", signal.SIGTERM))
    if not faulthandler.is_enabled():
        with suppress(OSError, ValueError, AttributeError):
            faulthandler.enable(sys.__stderr__ or sys.stderr)


def exit_with_parent(number: signal.Signals) -> None:
    """Ask the system to send this process a signal when its parent has ended."""
    if sys.platform != "linux":
        return
    # Only a process that runs features needs it.
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_TELL_OF_PARENT, int(number), 0, 0, 0)
