"""Run the challenges of a project in a Behave process of their own, and read its log."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.launcher import LogFollower, build_arguments, refuse_optimization
from spec2bdd.adapters.behave.protocol import CHALLENGES, RUN_ID, RUN_RECORDS, SOURCES
from spec2bdd.adapters.behave.standby import start_behave
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.adapters.system.process_tree import adopt_orphans, kill_processes, list_descendants, release_orphans
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, read_output
from spec2bdd.adapters.system.work_folder import open_work_folder
from spec2bdd.errors import RunError
from spec2bdd.model import DEFAULT_RUN, Challenge, ChallengedScenario, ChallengeOutcome, Fault
from spec2bdd.model.values import dataclass

OnEvent = Callable[[Mapping[str, object]], None]
# The faults of a scenario of which none is noticed.
MOST_FAULTS = 60


@dataclass(frozen=True, slots=True)
class ChallengeOptions:
    """How criteria are challenged.

    `every` tries all faults and not only those up to the first that is noticed. At most `most` of them are tried for
    each scenario; by default 60, or with `every` any number. `budget` is a number of seconds for all, and `timeout` one
    for a scenario without a fault. With `forget`, what the checks noticed before does not count.
    """

    every: bool = False
    most: int | None = None
    jobs: int = 1
    budget: float | None = None
    timeout: float | None = None
    forget: bool = False


@dataclass(frozen=True, slots=True)
class ChallengeResults:
    """The scenarios that were challenged, and what to remember of them: by key, the events and what they depend on."""

    scenarios: tuple[ChallengedScenario, ...]
    remembered: Mapping[str, Any]


def challenge_scenarios(
    root: Path,
    *,
    features: str,
    criteria: Mapping[str, Collection[tuple[str, ...]]],
    options: ChallengeOptions,
    on_event: OnEvent,
    remembered: Mapping[str, Any],
    sources: Sequence[str] = (),
    helpers: str = "",
    found: dict[str, Any] | None = None,
) -> ChallengeResults:
    """Challenge the scenarios that have the tags of these criteria; the values are faults that are tried in any case.

    `remembered` is that of earlier results; what has not changed since is taken from there. `on_event` is called with
    each event of the log while it is written. `helpers` is the regular expression of the paths of code that only checks
    the product, apart from the steps. What to remember is added to `found` while it is known, also if an error follows.

    Raises:
        RunError: this system cannot fork, Behave cannot be started, or it ended before all were challenged.
    """
    refuse_optimization()
    if not (hasattr(os, "fork") and sys.platform == "linux"):
        raise RunError(
            "faults can only be tried on Linux, which can fork a process that has the project loaded",
            hint='set `challenge = "off"`, or challenge in CI on Linux',
        )
    before = set(list_descendants(os.getpid()))
    adopt_orphans()
    with open_work_folder("spec2bdd-challenge-") as folder, open_scratch() as output:
        log, request = folder / "log", folder / "request"
        fields = {
            "criteria": {id_: sorted(faults) for id_, faults in criteria.items()},
            "every": options.every,
            "jobs": options.jobs,
        }
        fields["most"] = options.most or (None if options.every else MOST_FAULTS)
        fields |= {"budget": options.budget, "timeout": options.timeout, "log": str(log), "parent": os.getpid()}
        fields |= {"remembered": dict(remembered), "helpers": helpers}
        request.write_text(json.dumps(fields), encoding="ascii")
        variables = {RUN_ID: "challenge", RUN_RECORDS: str(folder), SOURCES: json.dumps(list(sources))}
        variables[CHALLENGES] = str(request)
        arguments = build_arguments(DEFAULT_RUN, features=features, record_path=folder / "records")
        asked = json.dumps(run_options_to_json(DEFAULT_RUN)).encode("ascii")
        try:
            behave = start_behave(root, arguments=arguments, variables=variables, output=output, source=asked)
        except OSError as error:
            raise RunError(f"Behave could not be started: {error}") from error
        reader = _LogReader(on_event, {} if found is None else found)
        try:
            code = follow_process(behave.process, LogFollower(log, reader.add_event).read_on)
        finally:
            release_orphans()
        if not reader.is_complete:
            # What the steps had started when Behave was killed.
            kill_processes(set(list_descendants(os.getpid())) - before)
            last = read_output(behave.output).strip().rsplit("\n", 1)[-1]
            message = f"Behave exited with code {code} before all criteria were challenged"
            raise RunError(message, hint=f"last output: {last}" if last else "")
        return ChallengeResults(tuple(reader.scenarios), reader.remembered)


class _LogReader:
    """Reads the events of a log, and passes them on."""

    def __init__(self, on_event: OnEvent, remembered: dict[str, Any]) -> None:
        self.scenarios: list[ChallengedScenario] = []
        self.remembered = remembered
        self.is_complete = False
        self._on_event = on_event
        self._events: dict[tuple[str, int], list[Mapping[str, Any]]] = {}

    def add_event(self, event: Mapping[str, Any]) -> None:
        """Add one event, in the order of the log."""
        if event["event"] == "challenge":
            self._events.setdefault((event["feature"], event["scenario_line"]), []).append(event)
        elif event["event"] == "challenged":
            events = self._events.get((event["feature"], event["line"]), [])
            self.scenarios.append(read_scenario([*events, event]))
            if not event["problem"]:
                depends = {"files": event["files"], "tree": event["tree"]}
                self.remembered[event["key"]] = {**depends, "events": [*events, event]}
        self.is_complete = event["event"] == "challenges_end"
        self._on_event(event)


def read_scenario(events: Sequence[Mapping[str, Any]]) -> ChallengedScenario:
    """Read a scenario from its events in the log: one for each challenge, and one at its end."""
    *challenges, facts = events
    return ChallengedScenario(
        facts["feature"],
        facts["line"],
        facts["name"],
        tuple(facts["tags"]),
        tuple(map(_read_challenge, challenges)),
        tuple(facts["reached"]),
        {path: tuple(lines) for path, lines in facts["lines"].items()},
        facts["problem"],
        facts["opted_out"],
        tuple(facts["checks"]),
        tuple(map(tuple, facts["dropped"])),
    )


def _read_challenge(facts: Mapping[str, Any]) -> Challenge:
    """Read one challenge from an event of the log."""
    fault = Fault(facts["kind"], facts["path"], facts["code_line"], tuple(facts["change"]))
    end = {name: facts[name] or "" for name in ("step", "location", "error")}
    return Challenge(fault, ChallengeOutcome(facts["outcome"]), line=facts["line"] or 0, **end)
