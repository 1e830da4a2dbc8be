"""The text of a record file in, the run that it records out; anything that is not a whole record is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from spec2bdd.adapters.formats.json import JsonObject, require_list, require_mapping, require_value
from spec2bdd.adapters.results.wire import diagnostic_from_json
from spec2bdd.errors import RecordError
from spec2bdd.model import Diagnostic, ScenarioResult, StepResult, TestRun

VERSION = 3


def parse_run(text: str, *, path: str, run_id: str = "") -> TestRun:
    """Return the run of a record file; a torn last line is how a run looks that was killed, and makes it incomplete.

    Raises:
        RecordError: it is no record file, of another version or another run (`run_id`, if given), or damaged.
    """
    events = list(_parse_events(text, path))
    if not events or events[0][1].get("event") != "run":
        hint = "run `spec2bdd run` again"
        raise RecordError("the records do not begin with a run", path=path, line=1, hint=hint)
    book = _RunBuilder()
    for line, event in events:
        try:
            _refuse_foreign(event, run_id)
            book.read_event(event, line)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"this is not an event of a run: {error}", path=path, line=line) from error
    return replace(book.derive_run(), path=path)


@dataclass(slots=True)
class _RunBuilder:
    """What the events up to now say; scenarios are named by their number."""

    header: JsonObject = field(default_factory=dict)
    scenarios: dict[int, ScenarioResult] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    scenario_failures: dict[int, list[str]] = field(default_factory=dict)
    complete: bool = False

    def read_event(self, event: JsonObject, line: int) -> None:
        """Take one event in; `line` counts the events.

        Raises:
            ValueError: it cannot stand there, or is of no known kind.
        """
        name = require_value(event, "event", str)
        if self.complete or (name == "run") != (line == 1):
            raise ValueError(f"`{name}` cannot stand here")
        if name == "end":
            self._read_last(event, line)
        elif name in _READERS:
            _READERS[name](self, event)
        else:
            raise ValueError(f"`{name}` is unknown")

    def derive_run(self) -> TestRun:
        """Return the run, its scenarios in the order of their files."""
        failed = self.scenario_failures
        records = [
            replace(record, failures=tuple(failed[number])) if number in failed else record
            for number, record in sorted(self.scenarios.items())
        ]
        return TestRun(
            id=require_value(self.header, "id", str),
            complete=self.complete,
            expected=require_mapping(self.header, "expected", int),
            features=tuple(require_list(self.header, "features", str)),
            digests=require_mapping(self.header, "digests", str),
            records=tuple(records),
            failures=tuple(self.failures),
            problems=tuple(self.problems),
            started=_parse_time(require_value(self.header, "started", str)),
            commit=_find_commit(self.header),
        )

    def _read_header(self, event: JsonObject) -> None:
        """Keep the first event, once it is seen to be whole."""
        self.header = event
        self.derive_run()

    def _read_start(self, event: JsonObject) -> None:
        """Begin a scenario; where it is tried again, the tries before are kept beside it."""
        number = require_value(event, "scenario", int)
        record = _parse_scenario(event)
        if number in self.scenarios:
            failures = tuple(self.scenario_failures.pop(number, ()))
            earlier = replace(self.scenarios[number], failures=failures)
            record = replace(record, tries=(*earlier.tries, replace(earlier, tries=())))
        self.scenarios[number] = record

    def _read_step(self, event: JsonObject) -> None:
        """Add the result of a step to a scenario that has begun."""
        record = self.scenarios[require_value(event, "scenario", int)]
        self.scenarios[event["scenario"]] = replace(record, steps=(*record.steps, _parse_step(event)))

    def _read_end(self, event: JsonObject) -> None:
        """End a scenario that has begun."""
        record = self.scenarios[require_value(event, "scenario", int)]
        self.scenarios[event["scenario"]] = _finish(record, event)

    def _read_missed(self, event: JsonObject) -> None:
        """Take in a scenario that never began."""
        self.scenarios[require_value(event, "scenario", int)] = _finish(_parse_scenario(event), event)

    def _read_hook(self, event: JsonObject) -> None:
        """Give the failure of a hook or clean-up to the scenarios it concerns, or else to its feature or the run."""
        message = f"{require_value(event, 'name', str)}: {require_value(event, 'error', str)}"
        numbers = require_list(event, "scenarios", int)
        for number in numbers:
            self.scenario_failures.setdefault(number, []).append(message)
        if not numbers:
            self.failures.append((require_value(event, "feature", str), message))

    def _read_problem(self, event: JsonObject) -> None:
        """Keep what is wrong with a file of the project."""
        self.problems.append(diagnostic_from_json(event))

    def _read_last(self, event: JsonObject, line: int) -> None:
        """End the run, if no line was lost on the way."""
        if require_value(event, "events", int) != line:
            raise ValueError(f"there should be {event['events']} lines up to here")
        self.complete = True


_READERS: dict[str, Callable[[_RunBuilder, JsonObject], None]] = {
    "run": _RunBuilder._read_header,
    "scenario_start": _RunBuilder._read_start,
    "step": _RunBuilder._read_step,
    "scenario_end": _RunBuilder._read_end,
    "scenario_missed": _RunBuilder._read_missed,
    "hook": _RunBuilder._read_hook,
    "problem": _RunBuilder._read_problem,
}


def _parse_events(text: str, path: str) -> Iterator[tuple[int, JsonObject]]:
    """Yield each line's number and event; a last line that was cut off is left out."""
    lines = text.rstrip("\n").split("\n")
    for number, line in enumerate(lines, 1):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == len(lines):
                return
            raise RecordError("this line of the records is damaged", path=path, line=number) from error
        if not isinstance(event, dict):
            raise RecordError("this line of the records is not an event", path=path, line=number)
        yield number, event


def _refuse_foreign(event: JsonObject, run_id: str) -> None:
    """Refuse a first line that is of another version or run, or of one that proves nothing.

    Raises:
        ValueError: it is.
    """
    if event.get("event") == "run":
        if require_value(event, "version", int) != VERSION:
            raise ValueError(f"version {event['version']} of the records is not known, only version {VERSION}")
        if run_id and require_value(event, "id", str) != run_id:
            raise ValueError(f"the records are of run `{event['id']}`, not of `{run_id}`")
        if require_value(event, "optimize", int):
            raise ValueError("Python had left out every `assert`")


def _parse_time(text: str) -> str:
    """Return a point in time in the one form that sorts.

    Raises:
        ValueError: it is none, or one without an offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"`{text}` has no offset")
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _find_commit(header: JsonObject) -> str:
    """Return the commit that the project stood at, or nothing where something differed from it."""
    git = header.get("git")
    return "" if git is None or require_value(git, "dirty", bool) else require_value(git, "commit", str)


def _parse_scenario(event: JsonObject) -> ScenarioResult:
    """Return the scenario that an event introduces, as it is before its end."""
    return ScenarioResult(
        feature=require_value(event, "feature", str),
        line=require_value(event, "line", int),
        name=require_value(event, "name", str),
        tags=tuple(require_list(event, "tags", str)),
        # What is added to a report of another tool's does not say it.
        bare=not require_value({"steps": 1, **event}, "steps", int),
    )


def _finish(record: ScenarioResult, event: JsonObject) -> ScenarioResult:
    """Return the scenario with what its end says, and with the steps that had no result in their places."""
    steps = list(record.steps)
    for facts in require_list(event, "rest", dict):
        steps.insert(require_value(facts, "index", int), _parse_step(facts))
    # What is added to a report of another tool's has no output.
    output = require_value({"output": "", **event}, "output", str)
    status = require_value(event, "status", str)
    return replace(record, status=status, finished=True, steps=tuple(steps), output=output)


def _parse_step(facts: JsonObject) -> StepResult:
    """Return one step."""
    return StepResult(
        keyword=require_value(facts, "keyword", str),
        kind=require_value(facts, "kind", str),
        text=require_value(facts, "text", str),
        line=require_value(facts, "line", int),
        status=require_value(facts, "status", str),
        seconds=float(facts["seconds"]),
        location=require_value(facts, "location", str),
        error=require_value(facts, "error", str),
        vacuous=require_value(facts, "vacuous", bool),
    )
