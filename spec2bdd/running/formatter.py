"""Behave's callbacks in, one JSON line per event out, each on disk before anything else can happen.

    run                what is run: id, versions, digests, features, and how many scenarios each criterion should have
    scenario_start     a scenario begins; its hooks and steps have not run yet
    step               a step of the scenario that began last has its result
    scenario_end       a scenario is over, its hooks and clean-ups too
    scenario_missed    a scenario never began; this is its status
    hook               a hook, fixture or clean-up failed
    problem            a file of the project cannot be used; these events come first
    end                the whole run is over, its last hooks and clean-ups too

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from behave.formatter.base import Formatter
from behave.model_type import Status

from spec2bdd.model import Problem, RunPlan
from spec2bdd.running.definitions import Definitions, Doubt
from spec2bdd.running.facts import Facts, clean_text, count_expected, describe_scenario, describe_step
from spec2bdd.running.faults import describe_fault
from spec2bdd.running.selecting import find_left_out

_UNDEFINED = frozenset({Status.undefined, Status.untested_undefined})
_NOT_WELL = _UNDEFINED | {Status.failed, Status.error}


class RecordFormatter(Formatter):  # type: ignore[misc]  # Behave has no types.
    """Write the record file of a run; `RecordingRunner` must run it, which knows how a run begins and ends."""

    name = "spec2bdd"
    description = "records of spec2bdd, one JSON object per line"

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        self._file: TextIO | None = None
        self._process = os.getpid()
        self._events = 0
        self._paths: dict[Any, str] = {}
        # Behave's scenarios hash by identity, which is what is needed: names may repeat.
        self._numbers: dict[Any, int] = {}
        self._seen: set[int] = set()
        self._left_out: set[Any] = set()
        self._feature: Any = None
        self._current: Any = None
        self._location = ""
        self._vacuous = False
        self._told: set[int] = set()
        self._definitions: Definitions | None = None

    def write_run(self, features: list[Any], *, root: Path, header: Facts, definitions: Definitions) -> None:
        """Write the first line, and number the scenarios of all features in the order of their files."""
        self._definitions = definitions
        for feature in features:
            self._paths[feature] = Path(os.path.relpath(Path(feature.filename).absolute(), root)).as_posix()
            for scenario in feature.walk_scenarios():
                self._find_number(scenario)
        counts = {"expected_scenarios": len(self._numbers), "expected": count_expected(features)}
        self._write("run", **header, features=list(self._paths.values()), **counts)

    def leave_out(self, plan: RunPlan) -> set[Any]:
        """Skip what the plan leaves out, without a word until its feature ends; return the features that remain."""
        if not plan.is_partial:
            return set(self._paths)
        known = [(self._paths[scenario.feature], scenario) for scenario in self._numbers]
        self._left_out = set(find_left_out(known, plan))
        for scenario in self._left_out:
            scenario.skip(require_not_executed=True)
        for rule in (rule for feature in self._paths for rule in feature.iter_rules()):
            # The hooks of a rule are not run for nothing.
            rule.should_skip = self._left_out.issuperset(rule.walk_scenarios())
        return {scenario.feature for scenario in self._numbers if scenario not in self._left_out}

    def write_problem(self, problem: Problem) -> None:
        """Write that a file of the project cannot be used."""
        self._write("problem", **describe_fault(problem))

    def write_failure(self, name: str, error: str, *, feature: Any, scenarios: Sequence[Any]) -> None:
        """Write that a hook or clean-up failed, and what it concerns: scenarios, or else a feature or the run."""
        path = self._paths.get(feature, "")
        numbers = [self._find_number(scenario) for scenario in scenarios]
        self._write("hook", name=name, error=error, feature=path, scenarios=numbers)

    def write_end(self, features: list[Any], **facts: Any) -> None:
        """Write what was never announced, then the last line, and close the file."""
        for feature in features:
            self._write_missed(feature)
        self._write("end", **facts, events=self._events + 1)
        if self._file:
            self._file.close()

    def scenario(self, scenario: Any) -> None:
        """Note that a scenario begins, before anything of it has run."""
        self.end_scenario()
        if scenario in self._left_out:
            return
        self._current = scenario
        self._told = set()
        self._take_doubt()
        number = self._find_number(scenario)
        self._seen.add(number)
        self._write("scenario_start", scenario=number, **self._describe(scenario))

    def match(self, match: Any) -> None:
        """Remember where the definition of the next step stands, and whether it proves anything."""
        self._location = Path(str(match.location)).as_posix() if match.location else ""
        self._vacuous = bool(self._definitions and self._definitions.is_vacuous(match.func))

    def result(self, step: Any) -> None:
        """Note the result of a step."""
        self._told.add(id(step))
        number = self._find_number(self._current)
        facts = describe_step(step, self._location, vacuous=self._vacuous)
        doubt = self._take_doubt()
        # A step that went well without the steps it asked for did not need them.
        self._write("step", scenario=number, **(_cast_doubt(facts, doubt) if step.status in _NOT_WELL else facts))

    def end_scenario(self) -> None:
        """Note that the current scenario, if there is one, is over for good."""
        if self._current is not None:
            scenario, self._current = self._current, None
            facts = {"scenario": self._find_number(scenario), "status": scenario.status.name}
            self._write("scenario_end", **facts, rest=self._describe_rest(scenario))

    def rule(self, rule: Any) -> None:  # noqa: ARG002  Behave hands it over.
        """Note that the scenario before the rule is over."""
        self.end_scenario()

    def feature(self, feature: Any) -> None:
        """Remember which feature is running."""
        self._feature = feature

    def eof(self) -> None:
        """Note that the feature is over, and what of it never began."""
        self.end_scenario()
        self._write_missed(self._feature)

    def close(self) -> None:
        """Leave the file open: Behave calls this before the run is really over."""

    def _write_missed(self, feature: Any) -> None:
        """Write the scenarios that were never announced."""
        for scenario in feature.walk_scenarios():
            number = self._find_number(scenario)
            if number not in self._seen:
                self._told = set()
                self._seen.add(number)
                # A scenario without steps would call itself passed, even if nobody ran it.
                status = "skipped" if scenario.status.name == "skipped" else "untested"
                facts = {"status": status, "rest": self._describe_rest(scenario)}
                self._write("scenario_missed", scenario=number, **self._describe(scenario), **facts)

    def _describe(self, scenario: Any) -> Facts:
        """Return the facts that tell which scenario this is."""
        return describe_scenario(scenario, self._paths.get(scenario.feature, ""))

    def _describe_rest(self, scenario: Any) -> list[Facts]:
        """Return the facts of the steps that had no result of their own, and their places among all steps."""
        rest = [(index, step) for index, step in enumerate(scenario.all_steps) if id(step) not in self._told]
        unknown = self._definitions.describe_unknown() if self._definitions and self._definitions.broken else None
        return [
            {"index": index, **_cast_doubt(describe_step(step, ""), unknown if step.status in _UNDEFINED else None)}
            for index, step in rest
        ]

    def _take_doubt(self) -> Doubt | None:
        """Return the doubt against the step that has just run, if there is one."""
        return self._definitions.take_doubt() if self._definitions else None

    def _find_number(self, scenario: Any) -> int:
        """Return the number by which the events name a scenario; hooks may add scenarios while the run is on."""
        return self._numbers.setdefault(scenario, len(self._numbers))

    def _write(self, event: str, **facts: Any) -> None:
        """Write one event; a process that a step forked must not write into its parent's records."""
        if os.getpid() == self._process:
            self._file = self._file or self._open_file()
            self._events += 1
            # Only ASCII: a line cut anywhere is still text, and any path survives.
            self._file.write(json.dumps({"event": event, **facts}) + "\n")
            self._file.flush()

    def _open_file(self) -> TextIO:
        """Open the record file; Behave would choose the encoding of the terminal."""
        if self.stdout_mode:
            stream: TextIO = self.stream_opener.open()
            return stream
        path = Path(self.stream_opener.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", newline="\n")


def _cast_doubt(facts: Facts, doubt: Doubt | None) -> Facts:
    """Return the facts of a step with the status and the reason of a doubt, if there is one."""
    return {**facts, "status": doubt.status, "error": clean_text(doubt.reason)} if doubt else facts
