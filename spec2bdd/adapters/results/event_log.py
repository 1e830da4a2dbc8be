"""Parse the event log of a run into a `TestRun`; anything but a whole log is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from spec2bdd.adapters.formats.json import JsonObject, require_list, require_mapping, require_value
from spec2bdd.adapters.results.kept_texts import TextBudget
from spec2bdd.adapters.results.passed_lines import PassedLine, parse_passed_line
from spec2bdd.adapters.results.wire import diagnostic_from_json, fingerprint_from_json
from spec2bdd.errors import RecordError
from spec2bdd.model import Diagnostic, RunFailure, ScenarioResult, StepResult, TestRun

# Raised with every change that an older reader would misread.
VERSION = 4
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# The beginning of an event of a scenario; the tags are in the first one of each.
_SCENARIO_EVENT = re.compile(
    r'\{"event": "(?:(?P<first>scenario_start|scenario_missed)|step|scenario_end)", "scenario": (?P<number>\d+),'
)

_DECODER = json.JSONDecoder()
_TEXT_NAMES = ("keyword", "kind", "text", "status", "location", "error")
_STEP_TEXTS = itemgetter(*_TEXT_NAMES)


def parse_run(text: str, *, path: str, run_id: str = "", tags: frozenset[str] = frozenset()) -> TestRun:
    """Parse the text of a record file; see `parse_run_lines`."""
    return parse_run_lines((match[0] for match in _LINE.finditer(text)), path=path, run_id=run_id, tags=tags)


def parse_run_lines(
    lines: Iterable[str], *, path: str, run_id: str = "", tags: frozenset[str] = frozenset()
) -> TestRun:
    """Parse the lines of a record file, one at a time.

    With `tags`, only the scenarios that have one of these are among the results: of a file that was parsed before, the
    lines of the others need not be parsed again.

    Without its last event, or with half of it, it is of a run that was killed: incomplete.

    Of a file in an older format, only the header is read: its results are `outdated`.

    Raises:
        RecordError: it is no record file, of a newer version or another run (`run_id`, if given), or damaged.
    """
    numbered = enumerate(lines, 1)
    # A run that was killed at once has left an empty file.
    head = next((line for line in numbered if line[1].strip()), None)
    if head is None:
        raise RecordError("the run was interrupted before its first result", path=path, hint="run `spec2bdd run`")
    events = _parse_events(chain([head], numbered), path, is_wanted=_choose_lines(tags) if tags else None)
    first = next(events, None)
    if first is None or isinstance(first[1], PassedLine) or first[1].get("event") != "run":
        hint = "use a record file that `spec2bdd run` wrote, or a report: JSON of Cucumber or Behave, or JUnit XML"
        if path.startswith(".spec2bdd/"):
            hint = f"delete `{path}`, and run `spec2bdd verify`"
        raise RecordError("not a spec2bdd record file", path=path, line=1, hint=hint)
    if not run_id and (outdated := _parse_outdated(first[1], path)):
        return outdated
    builder = _RunBuilder()
    for line, event in chain([first], events):
        try:
            if isinstance(event, PassedLine):
                builder.add_passed(event)
                continue
            if event.get("event") == "run":
                _check_header(event)
                if run_id and require_value(event, "id", str) != run_id:
                    hint = "run again when the other run has ended"
                    raise RecordError("another run has replaced these results", path=path, hint=hint)
            builder.add_event(event, line)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"invalid event: {error}", path=path, line=line) from error
    return replace(builder.build_run(), path=path)


@dataclass(slots=True)
class _RunBuilder:
    """Builds a run from its events, which name scenarios by their number."""

    header: JsonObject = field(default_factory=dict)
    scenarios: dict[int, ScenarioResult] = field(default_factory=dict)
    # Of the scenarios that have not ended; the others have theirs.
    steps: dict[int, list[StepResult]] = field(default_factory=dict)
    failures: list[RunFailure] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    scenario_failures: dict[int, list[RunFailure]] = field(default_factory=dict)
    interrupted: set[int] = field(default_factory=set)
    changed: tuple[str, ...] = ()
    untracked: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    texts: TextBudget = field(default_factory=TextBudget)

    def add_event(self, event: JsonObject, line: int) -> None:
        """Add one event; `line` counts the events.

        Raises:
            ValueError: it is not allowed at this place, or of no known kind.
        """
        name = require_value(event, "event", str)
        # The first event is the header, and nothing follows the last one.
        if self.complete or (name == "run") != (line == 1):
            raise ValueError(f"event `{name}` is not allowed here")
        if name == "end":
            # A line may have been lost between two others.
            if require_value(event, "events", int) != line:
                raise ValueError(f"expected {event['events']} lines up to here, so some are missing")
            self.changed = tuple(require_list(event, "changed", str))
            # Early records of this version do not have it.
            self.untracked = require_mapping({"untracked": {}, **event}, "untracked", str)
            self.complete = True
        elif name in _HANDLERS:
            _HANDLERS[name](self, self.texts.bound_texts(event))
        else:
            raise ValueError(f"unknown event `{name}`")

    def add_passed(self, event: PassedLine) -> None:
        """Add a step that passed to a scenario that has begun, or its end.

        Raises:
            KeyError: it has not begun.
            ValueError: the run has ended.
        """
        if self.complete:
            raise ValueError("a step or a scenario is not allowed here")
        steps = self._reopen(event.scenario)
        if event.step is not None:
            steps.append(event.step)
            return
        record = self.scenarios[event.scenario]
        self.scenarios[event.scenario] = replace(record, status="passed", finished=True, steps=tuple(steps))
        del self.steps[event.scenario]

    def build_run(self) -> TestRun:
        """Build the run, with its scenarios in the order of their files."""
        records = [self._complete(number) for number in sorted(self.scenarios)]
        git = self.header.get("git")
        # Missing in records of a version before 0.5, without shards, and where an external report was converted.
        partition = self.header.get("partition") or {"digest": "", "estimated": 0}
        # With uncommitted changes, the commit does not say what was run.
        commit = "" if git is None or require_value(git, "dirty", bool) else require_value(git, "commit", str)
        return TestRun(
            id=require_value(self.header, "id", str),
            complete=self.complete,
            expected=require_mapping(self.header, "expected", int),
            features=tuple(require_list(self.header, "features", str)),
            digests=require_mapping(self.header, "digests", str),
            fingerprint=fingerprint_from_json(require_value(self.header, "fingerprint", dict)),
            changed=self.changed,
            untracked=self.untracked,
            results=tuple(records),
            failures=tuple(self.failures),
            diagnostics=tuple(self.diagnostics),
            started=_parse_time(require_value(self.header, "started", str)),
            commit=commit,
            shard=_parse_shard(self.header),
            partition=require_value(partition, "digest", str),
            estimated=require_value(partition, "estimated", int),
            kept=_parse_kept(self.header),
        )

    def read_header(self, event: JsonObject) -> None:
        """Set the header, and check that it has all values."""
        self.header = event
        self.build_run()

    def start_scenario(self, event: JsonObject) -> None:
        """Begin a scenario; where it is tried again, its earlier tries become part of it."""
        number = require_value(event, "scenario", int)
        record = _parse_scenario(event)
        if number in self.scenarios:
            earlier = self._complete(number)
            self.scenario_failures.pop(number, None)
            record = replace(record, tries=(*earlier.tries, replace(earlier, tries=())))
        self.scenarios[number], self.steps[number] = record, []

    def add_step(self, event: JsonObject) -> None:
        """Add the result of a step to a scenario that has begun."""
        self._reopen(require_value(event, "scenario", int)).append(_parse_step(event))

    def end_scenario(self, event: JsonObject) -> None:
        """End a scenario that has begun."""
        number = require_value(event, "scenario", int)
        ending = _parse_ending(event, self._reopen(number))
        self.scenarios[number] = replace(self.scenarios[number], **ending)
        del self.steps[number]

    def add_missed(self, event: JsonObject) -> None:
        """Add a scenario that never began."""
        # Most events of a run of a few scenarios are these, so that each is made in one piece.
        self.scenarios[require_value(event, "scenario", int)] = _parse_scenario(event, **_parse_ending(event))

    def add_failure(self, event: JsonObject) -> None:
        """Add the failure of a hook or clean-up to the scenarios it concerns, or else to its feature or the run."""
        name, message = require_value(event, "name", str), require_value(event, "error", str)
        # What ended a scenario itself, outside of its steps, is said in the words of a step.
        message = message if name == "scenario" else f"{name}: {message}"
        numbers = require_list(event, "scenarios", int)
        # Missing where an external report was converted.
        facts = {"location": "", "traceback": "", **event}
        raised = {name: require_value(facts, name, str) for name in ("location", "traceback")}
        failure = RunFailure(require_value(event, "feature", str), message, **raised)
        for number in numbers:
            self.scenario_failures.setdefault(number, []).append(failure)
        # Without scenarios it is the failure of the feature, or without a feature of the run; workers may repeat it.
        if not numbers and failure not in self.failures:
            self.failures.append(failure)

    def _reopen(self, number: int) -> list[StepResult]:
        """Find the steps of a scenario that has begun; a worker may crash after it has ended."""
        if number not in self.steps:
            self.steps[number] = list(self.scenarios[number].steps)
        return self.steps[number]

    def _complete(self, number: int) -> ScenarioResult:
        """Complete a scenario with the steps of one that has not ended, failures of hooks and clean-ups, and Ctrl-C."""
        record, failures = self.scenarios[number], self.scenario_failures.get(number)
        if steps := self.steps.get(number):
            record = replace(record, steps=tuple(steps))
        if number in self.interrupted:
            record = replace(record, interrupted=True)
        if not failures:
            return record
        return replace(
            record,
            failures=tuple(failure.message for failure in failures),
            failed_at=failures[0].location,
            failure_traceback=failures[0].traceback,
        )

    def add_interrupted(self, event: JsonObject) -> None:
        """Add the scenarios that ran when Ctrl-C came; one of them may not have written its first event."""
        self.interrupted.update(require_list(event, "scenarios", int))

    def add_diagnostic(self, event: JsonObject) -> None:
        """Add a diagnostic of a file of the project, once: several workers may report the same."""
        if (diagnostic := diagnostic_from_json(event)) not in self.diagnostics:
            self.diagnostics.append(diagnostic)


# Every kind of event but `end`, which has to know its line.
_HANDLERS: dict[str, Callable[[_RunBuilder, JsonObject], None]] = {
    "run": _RunBuilder.read_header,
    "scenario_start": _RunBuilder.start_scenario,
    "step": _RunBuilder.add_step,
    "scenario_end": _RunBuilder.end_scenario,
    "scenario_missed": _RunBuilder.add_missed,
    "hook": _RunBuilder.add_failure,
    "interrupted": _RunBuilder.add_interrupted,
    "diagnostic": _RunBuilder.add_diagnostic,
}


def _choose_lines(tags: frozenset[str]) -> Callable[[str], bool]:
    """Build a function that says of each line in turn whether it may be about a scenario with one of the tags."""
    names = re.compile("|".join(re.escape(json.dumps(tag)) for tag in sorted(tags)))
    unwanted: set[str] = set()

    def is_wanted(line: str) -> bool:
        event = _SCENARIO_EVENT.match(line)
        if event is None:
            return True
        if event["first"] and not names.search(line):
            unwanted.add(event["number"])
            return False
        return event["number"] not in unwanted

    return is_wanted


def _parse_events(
    lines: Iterator[tuple[int, str]], path: str, *, is_wanted: Callable[[str], bool] | None = None
) -> Iterator[tuple[int, JsonObject | PassedLine]]:
    """Parse each event with its number, apart from a last line that was cut off, and from those that are not wanted.

    What is no event is passed over: a step may write to every file descriptor. The last event counts them all, so that
    none can be lost.
    """
    number = 0
    for index, line in lines:
        if not line.startswith("{"):
            continue
        number += 1
        if is_wanted and not is_wanted(line):
            continue
        if passed := parse_passed_line(line):
            yield number, passed
            continue
        try:
            # Faster than `json.loads`, which allows any space around the value.
            event, end = _DECODER.raw_decode(line)
            if line[end:].strip():
                raise ValueError("text after the event")
        except (ValueError, RecursionError) as error:
            # The run was killed while it wrote this line; or it is other JSON, such as a report, if there is no event.
            if number == 1 or not any(rest.strip("\n") for _, rest in lines):
                return
            raise RecordError("damaged record line", path=path, line=index) from error
        if not isinstance(event, dict):
            raise RecordError("the record line is not a JSON object", path=path, line=index)
        yield number, event


def _parse_outdated(header: JsonObject, path: str) -> TestRun | None:
    """Parse the header of an older format, of which nothing counts any more; nothing for one of today."""
    version, name, started = header.get("version"), header.get("id"), header.get("started")
    if type(version) is not int or not 0 < version < VERSION or not isinstance(name, str):
        return None
    try:
        time = _parse_time(started) if isinstance(started, str) else ""
    except ValueError:
        time = ""
    return TestRun(id=name, complete=True, started=time, path=path, outdated=True)


def _check_header(event: JsonObject) -> None:
    """Check that a run is of our version and can prove anything.

    Raises:
        ValueError: it is not.
    """
    if require_value(event, "version", int) != VERSION:
        raise ValueError(f"unsupported record version {event['version']}, expected {VERSION}")
    # With `python -O`, no `assert` of a step can fail.
    if require_value(event, "optimize", int):
        raise ValueError("the run used `python -O`, which disables every `assert`")


def _parse_shard(header: JsonObject) -> tuple[int, int] | None:
    """Parse which shard was asked for; nothing if all of them were.

    Raises:
        ValueError: it is not a pair of numbers.
    """
    # Missing where an external report was converted.
    asked = require_mapping({"asked": {}, **header}, "asked", object)
    if asked.get("shard") is None:
        return None
    part, parts = require_list(asked, "shard", int)
    return part, parts


def _parse_kept(header: JsonObject) -> dict[str, tuple[str, ...]]:
    """Parse whose results in earlier runs are those of the project that this run ran from."""
    # Missing in records of a version before 0.5, and where an external report was converted.
    kept = require_mapping({"kept": {}, **require_mapping({"asked": {}, **header}, "asked", object)}, "kept", list)
    return {run: tuple(require_list(kept, run, str)) for run in kept}


def _parse_time(text: str) -> str:
    """Convert a time to UTC in the one form that sorts as text.

    Raises:
        ValueError: it is no time, or has no offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"`{text}` has no offset")
    try:
        return time.astimezone(UTC).isoformat(timespec="microseconds")
    except OverflowError as error:
        # In UTC, the first and the last day that Python knows may be outside of what it knows.
        raise ValueError(f"`{text}` is out of range") from error


def _parse_scenario(event: JsonObject, **ending: Any) -> ScenarioResult:
    """Parse the scenario that an event introduces, without steps; `ending` is what is known of its end."""
    # Missing where an external report was converted.
    own_steps = require_value(event, "steps", int) if "steps" in event else None
    return ScenarioResult(
        feature=require_value(event, "feature", str),
        line=require_value(event, "line", int),
        name=require_value(event, "name", str),
        tags=tuple(require_list(event, "tags", str)),
        bare=own_steps == 0,
        own_steps=own_steps,
        **ending,
    )


def _parse_ending(event: JsonObject, begun: Sequence[StepResult] = ()) -> dict[str, Any]:
    """Parse what the last event of a scenario adds: the steps that had no result come into their places."""
    steps = list(begun)
    # What steps stored and nothing has read is known only at the end.
    for facts in require_list({"unread": [], **event}, "unread", dict):
        index, reason = require_value(facts, "step", int), require_value(facts, "vacuity", str)
        if not 0 <= index < len(steps):
            raise ValueError(f"the scenario has no step {index}")
        steps[index] = replace(steps[index], vacuous=True, vacuity=reason)
    for facts in require_list(event, "rest", dict):
        # In ascending order, so that each index is right when it is used.
        steps.insert(require_value(facts, "index", int), _parse_step(facts))
    # Missing where an external report was converted.
    output = require_value(event, "output", str) if "output" in event else ""
    status = require_value(event, "status", str)
    skip_reason = require_value(event, "skip_reason", str) if "skip_reason" in event else None
    return {"status": status, "finished": True, "steps": tuple(steps), "output": output, "skip_reason": skip_reason}


def _parse_step(facts: JsonObject) -> StepResult:
    """Parse one step."""
    texts = keyword, kind, text, status, location, error = _STEP_TEXTS(facts)
    if set(map(type, texts)) != {str}:
        for name in _TEXT_NAMES:
            require_value(facts, name, str)
    return StepResult(
        keyword=keyword,
        kind=kind,
        text=text,
        line=require_value(facts, "line", int),
        status=status,
        seconds=float(facts["seconds"]),
        location=location,
        error=error,
        vacuous=require_value(facts, "vacuous", bool),
        vacuity=require_value(facts, "vacuity", str) if "vacuity" in facts else "",
    )
