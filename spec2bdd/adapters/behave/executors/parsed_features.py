"""Feature files as they are parsed outside of the workers, to record what no worker can record.

The module is imported in the processes that have the project loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spec2bdd.adapters.behave.executors.executor import WorkerCrash
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.serialize import find_relative_path


class ParsedFeatures:
    """Parses feature files when something of them has to be recorded, and keeps them."""

    def __init__(self, runner: Any, files: Sequence[Any], recorder: Any) -> None:
        self._runner, self._files, self._recorder = runner, files, recorder
        self._parsed: dict[int, Any] = {}

    def parse(self, file: int, *, first: int) -> Any:
        """Parse a feature once; None if it can no longer be parsed. `first` is the number of its first scenario."""
        if file not in self._parsed:
            features, _ = load_features([self._files[file]], language=self._runner.config.lang)
            # A step may have written another file in its place.
            feature = next(iter(features), None)
            if feature:
                path = find_relative_path(self._files[file].filename, self._runner.root)
                self._recorder.adopt_feature(feature, path, first=first)
            self._parsed[file] = feature
        return self._parsed[file]

    def find_scenario(self, file: int, number: int, *, first: int) -> Any:
        """Find a scenario by its number, as its file defines it.

        A scenario that a hook made is not found, nor is one that its file has lost while the run went on.
        """
        feature = self.parse(file, first=first)
        scenarios = feature.walk_scenarios() if feature else []
        return scenarios[number - first] if 0 <= number - first < len(scenarios) else None

    def record_crash(self, crash: WorkerCrash) -> None:
        """Record where a worker crashed, which it could not record itself."""
        unit = crash.unit
        if crash.scenario >= 0:
            scenario = self.find_scenario(unit.file, crash.scenario, first=unit.first) if unit else None
            seconds = (crash.scenario_seconds, crash.step_seconds)
            self._recorder.write_crash(
                crash.scenario, crash.reason, scenario=scenario, step=crash.step, output=crash.output, seconds=seconds
            )
            return
        feature = self.parse(unit.file, first=unit.first) if unit else None
        where = "in a hook around the feature" if feature else "in a hook around the whole run"
        error = f"{crash.reason}, {where}" if crash.in_hook else crash.reason
        self._recorder.write_failure("worker", error, feature=feature, scenarios=[])
