"""Behave's callbacks in, one JSON line per event out, each on disk before anything else can happen.

    run                what is run: id, versions, digests, features, and how many scenarios each criterion should have
    scenario_start     a scenario begins; its hooks and steps have not run yet
    step               a step of a scenario has its result
    scenario_end       a scenario is over, its hooks and clean-ups too
    scenario_missed    a scenario never began; this is its status
    hook               a hook, fixture or clean-up failed
    problem            a file of the project cannot be used; these events come first
    end                the whole run is over, its last hooks and clean-ups too

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from behave.formatter.base import Formatter
from behave.model_type import Status

from spec2bdd.adapters.behave.executors.worker_state import WorkerState
from spec2bdd.adapters.behave.glue.exceptions import describe_swallowed_error
from spec2bdd.adapters.behave.glue.serialize import (
    derive_path,
    describe_output,
    describe_scenario,
    describe_step,
    show_location,
)
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry, UnusableReason, with_unusable_reason
from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.adapters.behave.plugin.snapshots import ScenarioSnapshots
from spec2bdd.adapters.results.wire import JsonObject, diagnostic_to_json
from spec2bdd.model import Diagnostic

_UNDEFINED = frozenset({Status.undefined, Status.untested_undefined})
_NOT_WELL = _UNDEFINED | {Status.failed, Status.error}
_NUMBERS_PER_WORKER = 1_000_000


class RecordFormatter(Formatter):  # type: ignore[misc]  # Behave has no types.
    """Write the record file of a run; `RecordingRunner` must run it, which knows how a run begins and ends."""

    name = "spec2bdd"
    description = "records of spec2bdd, one JSON object per line"

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        # Behave would choose the encoding of the terminal.
        path = "" if self.stdout_mode else stream_opener.name
        self.file = EventLog(path, stream_opener.open() if self.stdout_mode else None)
        self.slot = WorkerState()
        self._worker = 1
        self._events = 0
        self._paths: dict[Any, str] = {}
        # Behave's scenarios hash by identity, which is what is needed: names may repeat.
        self._numbers: dict[Any, int] = {}
        self._originals = ScenarioSnapshots()
        self._seen: set[int] = set()
        self._tries: dict[int, int] = {}
        self._current: Any = None
        self._began = 0.0
        self._durations: dict[int, float] = {}
        self._match: Any = None
        self._told: set[int] = set()
        self._definitions: LenientStepRegistry | None = None

    def enter_worker(self, worker: int, slot: WorkerState) -> None:
        """Write from here on for a worker of that number, which says in its slot where it stands."""
        self._worker, self.slot = worker, slot
        self.file.enter_process()

    def adopt_features(self, features: Iterable[Any], *, root: Path) -> None:
        """Give the scenarios of features their numbers, in the order of their files."""
        for feature in features:
            self.adopt_feature(feature, derive_path(feature.filename, root), first=len(self._numbers))

    def adopt_feature(self, feature: Any, path: str, *, first: int) -> None:
        """Give the scenarios of one feature their numbers, and remember what they say."""
        self._paths[feature] = path
        for number, scenario in enumerate(feature.walk_scenarios(), first):
            self._numbers[scenario] = number
            self._originals.keep(scenario)

    def write_run(
        self, header: JsonObject, *, features: list[str], scenarios: tuple[int, int], expected: dict[str, int]
    ) -> None:
        """Write the first line; `scenarios` are how many there are, and how many of them are to be run."""
        self.file.start_anew()
        there, chosen = scenarios
        counts = {"expected_scenarios": there, "chosen_scenarios": chosen}
        self._write("run", **header, features=features, **counts, expected=expected)

    def use_definitions(self, definitions: LenientStepRegistry) -> None:
        """Ask these definitions what is to be known of a step."""
        self._definitions = definitions

    def write_problem(self, problem: Diagnostic) -> None:
        """Write that a file of the project cannot be used."""
        self._write("problem", **diagnostic_to_json(problem))

    def write_failure(self, name: str, error: str, *, feature: Any, scenarios: Sequence[Any]) -> None:
        """Write that a hook or clean-up failed, and what it concerns: scenarios, or else a feature or the run."""
        path = self._paths.get(feature, "")
        numbers = [self.find_number(scenario) for scenario in scenarios]
        self._write("hook", name=name, error=error, feature=path, scenarios=numbers)

    def write_end(self, *, failed: bool, aborted: bool) -> None:
        """Write the last line, which counts all lines and the scenarios by their statuses, and close the file."""
        lines, statuses = self.file.read_statuses() if self.file.path else (self._events, {})
        counts = Counter(status or "untested" for _, status in sorted(statuses.items()))
        self._write("end", failed=failed, aborted=aborted, scenarios=dict(sorted(counts.items())), events=lines + 1)
        self.file.close()

    def take_durations(self) -> dict[int, float]:
        """Return how long the scenarios took that ended since this was asked last, by their numbers."""
        durations, self._durations = self._durations, {}
        return durations

    def scenario(self, scenario: Any) -> None:
        """Note that a scenario begins, before anything of it has run."""
        self.end_scenario()
        self._current = scenario
        self._told = set()
        self._take_doubt()
        number = self.find_number(scenario)
        self._seen.add(number)
        self._tries[number] = self._tries.get(number, 0) + 1
        self._began = time.monotonic()
        self.slot.begin(number, self._began)
        facts = {"worker": self._worker, "try": self._tries[number]}
        self._write("scenario_start", scenario=number, **self._describe(scenario), **facts)

    def step(self, step: Any) -> None:
        """Wait for the step's result."""

    def match(self, match: Any) -> None:
        """Remember the definition of the next step."""
        self._match = match
        self.slot.enter_step(len(self._told))

    def result(self, step: Any) -> None:
        """Note the result of a step."""
        self._told.add(id(step))
        self.slot.leave_step()
        number = self.find_number(self._current)
        facts = self._describe_result(step)
        doubt = self._take_doubt()
        # A step that went well without the steps it asked for did not need them.
        self._write(
            "step", scenario=number, **(with_unusable_reason(facts, doubt) if step.status in _NOT_WELL else facts)
        )

    def end_scenario(self) -> None:
        """Note that the current scenario, if there is one, is over for good."""
        if self._current is not None:
            scenario, self._current = self._current, None
            self._write_changed(scenario)
            number, status, now = self.find_number(scenario), scenario.status, time.monotonic()
            seconds = self._durations[number] = round(now - self._began, 6)
            output = describe_output(scenario) if status.has_failed() else ""
            facts = {"seconds": seconds, "output": output, "rest": self._describe_rest(scenario)}
            self._write("scenario_end", scenario=number, status=status.name, **facts)
            self.slot.end(now)

    def feature(self, feature: Any) -> None:  # noqa: ARG002  Behave hands it over.
        """Note that a feature begins."""
        self.slot.open_feature(time.monotonic())

    def rule(self, rule: Any) -> None:  # noqa: ARG002  Behave hands it over.
        """Note that the scenario before the rule is over."""
        self.end_scenario()

    def eof(self) -> None:
        """Note that the feature is over."""
        self.end_scenario()

    def close(self) -> None:
        """Leave the file open: Behave calls this before the run is really over."""

    def write_missed(self, scenarios: Iterable[Any]) -> None:
        """Write those of the scenarios that were never announced."""
        for scenario in scenarios:
            number = self.find_number(scenario)
            if number not in self._seen:
                self._told = set()
                self._seen.add(number)
                # A scenario without steps would call itself passed, even if nobody ran it.
                status = "skipped" if scenario.status.name == "skipped" else "untested"
                facts = {"status": status, **self._describe(scenario), "rest": self._describe_rest(scenario)}
                self._write("scenario_missed", scenario=number, **facts)

    def write_crash(self, number: int, reason: str, *, scenario: Any, step: int) -> None:
        """Write the end of a scenario that its worker did not survive, in the step with that index if in one.

        A scenario that a hook made is nowhere to be found.
        """
        steps = list(scenario.all_steps) if scenario else []
        rest: list[JsonObject] = []
        if 0 <= step < len(steps):
            self._told = {id(one) for one in steps[: step + 1]}
            match = self._definitions and self._definitions.find_step_definition(steps[step])
            location = show_location(str(match.location)) if match else ""
            facts = {**describe_step(steps[step], location), "status": "error", "error": reason}
            self._write("step", scenario=number, **facts)
            rest = self._describe_rest(scenario)
        else:
            self._write("hook", name="scenario", error=reason, feature="", scenarios=[number])
        self._write("scenario_end", scenario=number, status="error", seconds=0.0, output="", rest=rest)

    def find_number(self, scenario: Any) -> int:
        """Return the number by which the events name a scenario; hooks may add scenarios while the run is on."""
        # Far away from the numbers that other workers give.
        return self._numbers.setdefault(scenario, self._worker * _NUMBERS_PER_WORKER + len(self._numbers))

    def _write_changed(self, scenario: Any) -> None:
        """Write a failure if a hook has changed what the steps of a scenario say: they prove something else."""
        error = self._originals.describe_change(scenario)
        if error:
            self.write_failure("hooks", error, feature=scenario.feature, scenarios=[scenario])

    def _describe(self, scenario: Any) -> JsonObject:
        """Return the facts that tell which scenario this is."""
        return describe_scenario(scenario, self._paths.get(scenario.feature, ""), self._originals.find_tags(scenario))

    def _describe_result(self, step: Any) -> JsonObject:
        """Return the facts of a step that was run, also those that a hook has taken away from it."""
        match, definitions = self._match, self._definitions
        location = show_location(str(match.location)) if match.location else ""
        facts = describe_step(step, location, vacuous=bool(definitions and definitions.is_vacuous(match.func)))
        return facts | describe_swallowed_error(match) if definitions and step.status is Status.passed else facts

    def _describe_rest(self, scenario: Any) -> list[JsonObject]:
        """Return the facts of the steps that had no result of their own, and their places among all steps."""
        rest = [(index, step) for index, step in enumerate(scenario.all_steps) if id(step) not in self._told]
        unknown = self._definitions.describe_unknown() if self._definitions and self._definitions.broken else None
        return [
            {
                "index": index,
                **with_unusable_reason(describe_step(step, ""), unknown if step.status in _UNDEFINED else None),
            }
            for index, step in rest
        ]

    def _take_doubt(self) -> UnusableReason | None:
        """Return the doubt against the step that has just run, if there is one."""
        return self._definitions.take_doubt() if self._definitions else None

    def _write(self, event: str, **facts: Any) -> None:
        """Write one event."""
        self._events += 1
        self.file.write_event(event, **facts)
