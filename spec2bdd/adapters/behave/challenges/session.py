"""Challenge scenarios of a loaded project: fork one process for each try, and write what came of it to a log.

The log has one JSON line for each event: `challenges` with the number of scenarios, `challenge` for each try,
`challenged` for each scenario at its end, `challenges_end`. The module is imported in the process that has the project
loaded.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.challenges.constants import list_imports
from spec2bdd.adapters.behave.challenges.memory import ChallengeMemory
from spec2bdd.adapters.behave.challenges.order import LineCounts, count_lines
from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.challenges.probe import RESULT, prepare_probes, run_probe
from spec2bdd.adapters.behave.challenges.product import LoadedProduct
from spec2bdd.adapters.behave.challenges.scenario import ChallengedScenario, ChallengeLimits, Probes
from spec2bdd.adapters.behave.executors.session import find_files
from spec2bdd.adapters.behave.executors.work_units import SERIAL
from spec2bdd.adapters.behave.executors.worker_state import read_clock
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.serialize import describe_scenario, find_relative_path, read_tags
from spec2bdd.adapters.system.process_tree import (
    adopt_orphans,
    end_children,
    has_ended,
    kill_processes,
    list_descendants,
)
from spec2bdd.model.values import dataclass

# A try may take this many times as long as the scenario without a fault, and never less than so many seconds.
_TIMES, _LEAST_SECONDS = 10, 5.0


@dataclass(frozen=True, slots=True)
class ChallengeRequest:
    """What is challenged: criteria by their ids; `every` fault or only up to the first that is noticed; the limits.

    Of each criterion, the identities of the faults that are tried also after the first that is noticed; `helpers` as
    `OriginIndex` has it.
    """

    criteria: Mapping[str, Sequence[Sequence[str]]]
    every: bool
    most: int | None
    jobs: int
    budget: float | None
    timeout: float | None
    log: str
    parent: int
    remembered: Mapping[str, Any] = field(default_factory=dict)
    helpers: str = ""


@dataclass(slots=True)
class _Try:
    """A probe that runs: its process and a descriptor that shows its end, its folder, its deadline, and whose it is."""

    pid: int
    handle: int
    folder: Path
    deadline: float
    scenario: ChallengedScenario
    steps: Probes


class ChallengeSession:
    """Challenges the scenarios of one request."""

    def __init__(self, runner: Any, locations: Sequence[Any], request: ChallengeRequest) -> None:
        self._runner, self._request = runner, request
        # As they are before a run: the forked processes run them.
        self._features, _ = load_features(find_files(locations), language=runner.config.lang)
        folders = [Path(runner.base_dir) / runner.config.steps_dir, *map(Path, runner.config.paths)]
        self._origins = OriginIndex(runner.root, steps=folders, helpers=request.helpers)
        self._product = LoadedProduct(self._origins)
        options = (request.every, request.most, request.helpers)
        self._memory = ChallengeMemory(runner, self._origins, request.remembered, options)
        self._log = Path(request.log).open("a", encoding="ascii")  # noqa: SIM115  `run` closes it.
        # Next to the log: if this process is killed, the one that started it removes both.
        self._folder = Path(tempfile.mkdtemp(dir=Path(request.log).parent))
        self._running: list[_Try] = []
        # The scenarios whose mutants are tried when it is known how many scenarios run each line.
        self._left: list[ChallengedScenario] = []
        self._counts: LineCounts | None = None
        self._before = set(list_descendants(os.getpid()))
        adopt_orphans()
        prepare_probes()
        deadline = None if request.budget is None else read_clock() + request.budget
        self._limits = ChallengeLimits(request.every, request.most, deadline)

    def run(self) -> None:
        """Challenge all scenarios that prove one of the criteria."""
        try:
            found = list(self._find_scenarios())
            self._write("challenges", scenarios=len(found))
            new = [scenario for scenario in found if not self._recall(scenario)]
            self._try_all((scenario, scenario.try_answers(self._product, self._limits)) for scenario in new)
            # Only now all of them have shown which lines they run.
            self._counts = count_lines([*self._memory.list_lines(), *map(self._show_lines, new)])
            left, self._left = self._left, []
            self._try_all(
                (scenario, scenario.try_mutants(self._product, self._limits, self._counts)) for scenario in left
            )
            self._write("challenges_end")
        finally:
            kill_processes(set(list_descendants(os.getpid())) - self._before)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._log.close()

    def _try_all(self, tries: Iterable[tuple[ChallengedScenario, Probes]]) -> None:
        """Run the probes of scenarios, several scenarios at a time."""
        waiting = deque(tries)
        while waiting or self._running:
            # Killed before this process could ask for a signal, the one that started it is no longer its parent.
            if self._request.parent != os.getppid():
                sys.exit(1)
            while waiting and self._may_start(waiting[0][0]):
                self._advance(*waiting.popleft(), None)
            self._wait()

    def _find_scenarios(self) -> Iterator[ChallengedScenario]:
        """Find the scenarios with the tags of the criteria."""
        for number, feature in enumerate(self._features):
            path = find_relative_path(feature.filename, self._runner.root)
            for place, scenario in enumerate(feature.walk_scenarios()):
                tags = read_tags(scenario)
                if not self._request.criteria.keys().isdisjoint(tags):
                    self._look_up(scenario)
                    key = self._memory.build_key(scenario, tags)
                    wanted = {tuple(fault) for tag in tags for fault in self._request.criteria.get(tag, ())}
                    facts = describe_scenario(scenario, path, tags)
                    yield ChallengedScenario(number, place, facts, tags, key, wanted)

    def _look_up(self, scenario: Any) -> None:
        """Look up what is remembered of the steps of a scenario, which each of its probes would look up."""
        matches = [self._runner.step_registry.find_match(step) for step in scenario.all_steps]
        for match in filter(None, matches):
            list_imports(str(getattr(match.func, "__globals__", {}).get("__file__", "")))

    def _recall(self, scenario: ChallengedScenario) -> bool:
        """Write what is remembered of a scenario, if nothing has changed that it depends on."""
        events = self._memory.find_events(scenario.key)
        for event in events:
            where = {"scenario_line": scenario.facts["line"]}
            if event["event"] == "challenged":
                where = {**scenario.facts, "remembered": True}
            self._write(**{**event, "feature": scenario.facts["feature"], **where})
        return bool(events)

    def _may_start(self, scenario: ChallengedScenario) -> bool:
        """Whether a scenario can be begun now; a serial one, only alone."""
        if not self._running:
            return True
        alone = SERIAL in scenario.tags or any(SERIAL in running.scenario.tags for running in self._running)
        return not alone and len(self._running) < self._request.jobs

    def _advance(self, scenario: ChallengedScenario, steps: Probes, result: dict[str, Any] | None) -> None:
        """Start the next probe of a scenario, keep it for its mutants, or write that it is done."""
        known = len(scenario.tries)
        try:
            probe = next(steps) if result is None else steps.send(result)
        except StopIteration:
            probe = None
        for facts in scenario.tries[known:]:
            where = {"feature": scenario.facts["feature"], "scenario_line": scenario.facts["line"]}
            self._write("challenge", **where, **facts)
        if probe is None:
            if self._counts is None and scenario.goes_on(self._limits):
                self._left.append(scenario)
            else:
                self._write_end(scenario)
            return
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        # A process of `multiprocessing` would take twice as long to start.
        pid = os.fork()
        if pid == 0:
            run_probe(self._runner, self._features, probe, self._product, folder)
        seconds = max(_TIMES * scenario.seconds, _LEAST_SECONDS)
        if not scenario.seconds:
            # The first run of all: nothing says yet how long it takes.
            seconds = self._request.timeout or 300.0
        handle = -1
        # Linux has it since 5.3.
        with suppress(OSError):
            handle = os.pidfd_open(pid)
        self._running.append(_Try(pid, handle, folder, read_clock() + seconds, scenario, steps))

    def _write_end(self, scenario: ChallengedScenario) -> None:
        """Write what is known of a scenario at its end."""
        facts = {"tries": len(scenario.tries), "noticed": scenario.noticed, "problem": scenario.problem}
        facts["opted_out"] = scenario.opted_out
        lines = self._show_lines(scenario)
        facts |= {"reached": list(scenario.reached), "lines": lines, "key": scenario.key}
        facts |= {"checks": list(scenario.checks), "dropped": list(scenario.dropped)}
        facts |= self._memory.describe_dependencies([*lines, *scenario.data], scenario.reached)
        self._write("challenged", **scenario.facts, **facts)

    def _show_lines(self, scenario: ChallengedScenario) -> dict[str, list[int]]:
        """Show the lines of the product that a scenario runs, by the paths of their files."""
        return {self._origins.show(name): list(numbers) for name, numbers in (scenario.lines or {}).items()}

    def _wait(self) -> None:
        """Wait for a probe to end, kill those that take too long, and go on with their scenarios."""
        handles = [running.handle for running in self._running if running.handle >= 0]
        select.select(handles, [], [], 0.25 if len(handles) == len(self._running) else 0.005)
        for running in list(self._running):
            is_overdue = read_clock() > running.deadline
            if is_overdue:
                kill_processes([*list_descendants(running.pid), running.pid])
            if not has_ended(running.pid, waits=is_overdue):
                continue
            self._running.remove(running)
            if running.handle >= 0:
                os.close(running.handle)
            result = {"crash": "it took too long" if is_overdue else "its process ended"}
            with suppress(OSError, ValueError):
                result = json.loads((running.folder / RESULT).read_text(encoding="ascii"))
            # What its steps have started and left running: that of the others is still below their processes.
            end_children(self._before.union(each.pid for each in self._running))
            shutil.rmtree(running.folder, ignore_errors=True)
            self._advance(running.scenario, running.steps, result)

    def _write(self, event: str, **facts: Any) -> None:
        """Write one event."""
        self._log.write(json.dumps({"event": event, **facts}) + "\n")
        self._log.flush()


def run_challenges(runner: Any, locations: Sequence[Any], *, request: Path) -> bool:
    """Challenge the scenarios of a project that a runner has loaded; the request is a file with its fields as JSON."""
    fields = json.loads(request.read_text(encoding="ascii"))
    # Sent when the process that started this one has ended: what the steps have started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    ChallengeSession(runner, locations, ChallengeRequest(**fields)).run()
    return False
