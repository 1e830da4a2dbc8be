"""Challenge scenarios of a loaded project: fork one process for each try, and write what came of it to a log.

The log has one JSON line for each event: `challenges` with the number of scenarios, `challenge` for each try,
`challenged` for each scenario at its end, `challenges_end`. The module is imported in the process that has the project
loaded.
"""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from multiprocessing.connection import wait
from pathlib import Path
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.faults import choose_faults
from spec2bdd.adapters.behave.challenges.functions import collect_functions, find_source
from spec2bdd.adapters.behave.challenges.memory import ChallengeMemory
from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.challenges.probe import RESULT, LoadedProduct, Probe, run_probe
from spec2bdd.adapters.behave.executors.session import find_files
from spec2bdd.adapters.behave.executors.work_units import SERIAL
from spec2bdd.adapters.behave.executors.worker_state import read_clock
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.serialize import describe_scenario, find_relative_path, read_tags
from spec2bdd.adapters.system.process_tree import adopt_orphans, kill_processes, list_descendants
from spec2bdd.model.values import dataclass

# The tag of a scenario whose steps must not run again and again.
OPT_OUT = "no_challenge"
# A try may take this many times as long as the scenario without a fault, and never less than so many seconds.
_TIMES, _LEAST_SECONDS = 10, 5.0


@dataclass(frozen=True, slots=True)
class ChallengeRequest:
    """What is challenged: criteria by their ids; `every` fault or only up to the first that is noticed; the limits.

    Of each criterion, the identities of the faults that are tried also after the first that is noticed.
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


@dataclass(slots=True)
class _Scenario:
    """A scenario to challenge, and what is known of it so far."""

    file: int
    place: int
    facts: Mapping[str, Any]
    tags: Sequence[str]
    key: str
    tries: int = 0
    noticed: int = 0
    problem: str = ""
    opted_out: bool = False
    reached: Sequence[str] = ()
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    data: Sequence[str] = ()
    checks: Sequence[str] = ()
    dropped: Sequence[tuple[str, ...]] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class _Try:
    """A probe that runs: its process, its folder, when it has to end, and whose it is."""

    process: Any
    folder: Path
    deadline: float
    scenario: _Scenario
    steps: Generator[Probe, dict[str, Any], None]


class ChallengeSession:
    """Challenges the scenarios of one request."""

    def __init__(self, runner: Any, locations: Sequence[Any], request: ChallengeRequest) -> None:
        self._runner, self._request = runner, request
        self._files = find_files(locations)
        folders = [Path(runner.base_dir) / runner.config.steps_dir, *map(Path, runner.config.paths)]
        self._origins = OriginIndex(runner.root, steps=folders)
        self._product = self._load_product()
        self._memory = ChallengeMemory(runner, self._origins, request.remembered, (request.every, request.most))
        self._log = Path(request.log).open("a", encoding="ascii")  # noqa: SIM115  `run` closes it.
        # Next to the log: if this process is killed, the one that started it removes both.
        self._folder = Path(tempfile.mkdtemp(dir=Path(request.log).parent))
        self._running: list[_Try] = []
        self._before = set(list_descendants(os.getpid()))
        adopt_orphans()
        self._deadline = None if request.budget is None else read_clock() + request.budget

    def run(self) -> None:
        """Challenge all scenarios that prove one of the criteria."""
        try:
            found = list(self._find_scenarios())
            self._write("challenges", scenarios=len(found))
            waiting = deque(scenario for scenario in found if not self._recall(scenario))
            while waiting or self._running:
                # Killed before this process could ask for a signal, the one that started it is no longer its parent.
                if self._request.parent != os.getppid():
                    sys.exit(1)
                while waiting and self._may_start(waiting[0]):
                    scenario = waiting.popleft()
                    self._advance(scenario, self._challenge(scenario), None)
                self._wait()
            self._write("challenges_end")
        finally:
            kill_processes(set(list_descendants(os.getpid())) - self._before)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._log.close()

    def _find_scenarios(self) -> Iterator[_Scenario]:
        """Find the scenarios with the tags of the criteria."""
        for file, location in enumerate(self._files):
            features, _ = load_features([location], language=self._runner.config.lang)
            for feature in features:
                path = find_relative_path(feature.filename, self._runner.root)
                for place, scenario in enumerate(feature.walk_scenarios()):
                    tags = read_tags(scenario)
                    if not self._request.criteria.keys().isdisjoint(tags):
                        key = self._memory.build_key(scenario, tags)
                        yield _Scenario(file, place, describe_scenario(scenario, path, tags), tags, key)

    def _recall(self, scenario: _Scenario) -> bool:
        """Write what is remembered of a scenario, if nothing has changed that it depends on."""
        events = self._memory.find_events(scenario.key)
        for event in events:
            where = {"scenario_line": scenario.facts["line"]}
            if event["event"] == "challenged":
                where = {**scenario.facts, "remembered": True}
            self._write(**{**event, "feature": scenario.facts["feature"], **where})
        return bool(events)

    def _may_start(self, scenario: _Scenario) -> bool:
        """Whether a scenario can be begun now; a serial one, only alone."""
        if not self._running:
            return True
        alone = SERIAL in scenario.tags or any(SERIAL in running.scenario.tags for running in self._running)
        return not alone and len(self._running) < self._request.jobs

    def _challenge(self, scenario: _Scenario) -> Generator[Probe, dict[str, Any], None]:
        """Yield the probes of one scenario, and take their results."""
        if OPT_OUT in scenario.tags:
            scenario.problem, scenario.opted_out = f"it has the tag `@{OPT_OUT}`", True
            return
        observed = yield from self._observe(scenario)
        if scenario.problem:
            return
        wanted = {tuple(fault) for tag in scenario.tags for fault in self._request.criteria.get(tag, ())}
        scenario.dropped = self._find_dropped(observed["answers"], wanted)
        wanted.difference_update(scenario.dropped)
        for fault in choose_faults(observed, self._product.sources):
            if self._is_done(scenario, wanted):
                return
            if wanted:
                identity = fault.identify(self._origins)
                if scenario.noticed and not self._request.every and identity not in wanted:
                    continue
                wanted.discard(identity)
            probe = Probe(scenario.file, scenario.place, answer=fault.answer, mutant=fault.mutant)
            result = yield probe
            outcome = _judge(result)
            if outcome == "noticed" and not scenario.noticed:
                # Once more with and without it: a scenario that fails now and then has noticed nothing.
                again, plain = (yield probe), (yield Probe(scenario.file, scenario.place))
                if _judge(again) != "noticed" or plain.get("status") != "passed":
                    scenario.problem = "its result changes from run to run"
                    return
            if outcome:
                scenario.tries += 1
                scenario.noticed += outcome == "noticed"
                end = {name: result.get(name) for name in ("step", "line", "location", "error")}
                where = {"feature": scenario.facts["feature"], "scenario_line": scenario.facts["line"]}
                self._write("challenge", **where, **fault.describe(self._origins), outcome=outcome, **end)

    def _observe(self, scenario: _Scenario) -> Generator[Probe, dict[str, Any], dict[str, Any]]:
        """Yield the probes without a fault; it has to pass in each of them."""
        observed = yield Probe(scenario.file, scenario.place, observes=True)
        if observed.get("modules"):
            # Its steps import a part of the product when they run; then there is more to intercept.
            for name in observed["modules"]:
                # Whatever the product's code raises, the steps import it again.
                with suppress(Exception):
                    importlib.import_module(name)
            self._product = self._load_product()
            observed = yield Probe(scenario.file, scenario.place, observes=True)
        plain = yield Probe(scenario.file, scenario.place, traces=True)
        for result in (observed, plain):
            if result.get("status") != "passed":
                why = str(result.get("crash") or result.get("error") or result.get("status"))
                # Of a traceback, the last line.
                scenario.problem = f"it does not pass again without a fault: {why.strip().splitlines()[-1]}"
                return observed
        scenario.seconds, scenario.reached, scenario.lines = plain["seconds"], observed["reached"], plain["lines"]
        scenario.data, scenario.checks = observed["data"], observed["checks"]
        # Files that only other processes have loaded.
        others = self._read_sources(filename for filename in scenario.lines if filename not in self._product.sources)
        self._product = replace(self._product, sources={**self._product.sources, **others})
        if scenario.lines and "product" not in scenario.reached:
            # Such as the making of an object.
            scenario.reached = sorted({*scenario.reached, "product"})
        return {**observed, "lines": scenario.lines}

    def _find_dropped(
        self, answers: Sequence[Mapping[str, Any]], wanted: Collection[tuple[str, ...]]
    ) -> list[tuple[str, ...]]:
        """Find the wanted faults in answers of functions that still exist, but that the steps no longer call."""
        places = (answer["faults"][0]["place"] for answer in answers)
        called = {(place["path"], place["function"]) for place in places}
        loaded = (function for group in self._product.functions.values() for function in group)
        exist = {(self._origins.show(find_source(each)), each.__code__.co_qualname) for each in loaded}
        named = {fault: (fault[1], fault[2].partition(": ")[0]) for fault in wanted if fault[0] != "mutant"}
        return sorted(fault for fault, name in named.items() if name in exist and name not in called)

    def _is_done(self, scenario: _Scenario, wanted: Collection[tuple[str, ...]]) -> bool:
        """Whether no further fault has to be tried, of those that are wanted in any case either."""
        if self._deadline is not None and read_clock() > self._deadline:
            scenario.problem = "the time of `--budget` is over"
            return True
        if self._request.most is not None and scenario.tries >= self._request.most:
            return True
        return not self._request.every and scenario.noticed > 0 and not wanted

    def _advance(
        self, scenario: _Scenario, steps: Generator[Probe, dict[str, Any], None], result: dict[str, Any] | None
    ) -> None:
        """Start the next probe of a scenario, or write that it is done."""
        try:
            probe = next(steps) if result is None else steps.send(result)
        except StopIteration:
            facts = {"tries": scenario.tries, "noticed": scenario.noticed, "problem": scenario.problem}
            facts["opted_out"] = scenario.opted_out
            lines = {self._origins.show(name): list(numbers) for name, numbers in scenario.lines.items()}
            facts |= {"reached": list(scenario.reached), "lines": lines, "key": scenario.key}
            facts |= {"checks": list(scenario.checks), "dropped": list(scenario.dropped)}
            facts |= self._memory.describe_dependencies([*lines, *scenario.data], scenario.reached)
            self._write("challenged", **scenario.facts, **facts)
            return
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        context: Any = multiprocessing.get_context("fork")
        arguments = (self._runner, self._files, probe, self._product, folder)
        process = context.Process(target=run_probe, args=arguments)
        process.start()
        seconds = max(_TIMES * scenario.seconds, _LEAST_SECONDS)
        if not scenario.seconds:
            # The first run of all: nothing says yet how long it takes.
            seconds = self._request.timeout or 300.0
        self._running.append(_Try(process, folder, read_clock() + seconds, scenario, steps))

    def _wait(self) -> None:
        """Wait for a probe to end, kill those that take too long, and go on with their scenarios."""
        wait([running.process.sentinel for running in self._running], 0.25)
        for running in list(self._running):
            is_overdue = read_clock() > running.deadline
            if is_overdue:
                pid = running.process.pid
                kill_processes([*list_descendants(pid), pid])
                running.process.join()
            if running.process.exitcode is None:
                continue
            self._running.remove(running)
            result = {"crash": "it took too long" if is_overdue else "its process ended"}
            with suppress(OSError, ValueError):
                result = json.loads((running.folder / RESULT).read_text(encoding="ascii"))
            # What its steps have started and left running.
            probes = [running.process.pid for running in self._running]
            known = self._before.union(probes, *(list_descendants(probe) for probe in probes))
            kill_processes(set(list_descendants(os.getpid())) - known)
            shutil.rmtree(running.folder, ignore_errors=True)
            self._advance(running.scenario, running.steps, result)

    def _load_product(self) -> LoadedProduct:
        """Load what is to be known of the product: its functions in this process, and their sources."""
        functions: dict[str, list[FunctionType]] = {}
        gc.unfreeze()
        for function in collect_functions(self._origins):
            functions.setdefault(find_source(function), []).append(function)
        sources = self._read_sources(functions)
        # The forked processes then share the memory of what is loaded.
        gc.freeze()
        return LoadedProduct(self._origins, functions, sources)

    def _read_sources(self, filenames: Iterable[str]) -> dict[str, str]:
        """Read the files with these names that can be read."""
        sources: dict[str, str] = {}
        for filename in filenames:
            with suppress(OSError, UnicodeDecodeError):
                sources[filename] = (self._runner.root / filename).read_text(encoding="utf-8")
        return sources

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


def _judge(result: Mapping[str, Any]) -> str:
    """Judge a try: `noticed`, `unnoticed` or `tripped`; empty if the fault was never reached, which is no try."""
    if result.get("crash"):
        return "tripped"
    if not result["is_put_in"]:
        return ""
    if result["status"] == "passed":
        return "unnoticed"
    return "noticed" if result["is_noticed"] else "tripped"
