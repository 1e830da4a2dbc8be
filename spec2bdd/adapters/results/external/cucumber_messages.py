"""Parse Cucumber Messages: one JSON object per line, as Cucumber's `message` formatter writes them.

A message has one key, its kind. Pickles are the scenarios and rows, test cases are pickles with their hooks, and each
attempt of a test case has a result for each of its steps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.json import JsonObject, find_count, find_object, find_objects, find_text
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport, ExternalScenario, StepResult

# Our own event logs begin with `{"event"`.
_FIRST = re.compile(rb'\s*\{\s*"(?:meta|source|gherkinDocument|pickle|testRunStarted)"\s*:')
# From the words of Cucumber to those of Behave.
_STATUSES = {"ambiguous": "undefined", "unknown": "untested"}


class CucumberMessagesReader:
    """The reader of Cucumber Messages, of the JVM, JavaScript and Ruby."""

    def detects(self, content: bytes) -> bool:
        """Whether a file begins with a message."""
        return starts_with(content, (b"{",)) and _FIRST.match(content.removeprefix(b"\xef\xbb\xbf")) is not None

    def parse(self, content: bytes, path: str) -> ExternalReport:
        """Parse a report; a scenario is as good as the worst of its steps and hooks in its last attempt.

        Raises:
            EvidenceError: it is no such report, is not whole, or holds no scenario.
        """
        messages = _Messages()
        for kind, message in _parse_messages(content):
            messages.add(kind, message)
        if not messages.is_whole:
            raise EvidenceError("the report is truncated", hint="rerun the tool that writes the report")
        scenarios = tuple(messages.list_scenarios())
        if not scenarios:
            raise EvidenceError("no scenarios in the report", hint="check why nothing was run")
        return ExternalReport(path, "a report of Cucumber's", placed=True, scenarios=scenarios)


@dataclass(slots=True)
class _Messages:
    """What the messages of a run say, by the ids that they refer to."""

    lines: dict[str, int] = field(default_factory=dict)
    pickles: dict[str, JsonObject] = field(default_factory=dict)
    cases: dict[str, JsonObject] = field(default_factory=dict)
    # The attempts by the case: the newest is the last one.
    attempts: dict[str, list[str]] = field(default_factory=dict)
    results: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    is_whole: bool = False

    def add(self, kind: str, message: JsonObject) -> None:
        """Add one message; those of other kinds say nothing about results."""
        if kind == "gherkinDocument":
            self.lines |= dict(_find_lines(find_object(message, "feature")))
        elif kind == "pickle":
            self.pickles[find_text(message, "id")] = message
        elif kind == "testCase":
            self.cases[find_text(message, "id")] = message
        elif kind == "testCaseStarted":
            self.attempts.setdefault(find_text(message, "testCaseId"), []).append(find_text(message, "id"))
        elif kind == "testStepFinished":
            attempt = self.results.setdefault(find_text(message, "testCaseStartedId"), {})
            attempt[find_text(message, "testStepId")] = find_object(message, "testStepResult")
        elif kind == "testCaseFinished":
            self.finished.add(find_text(message, "testCaseStartedId"))
        elif kind == "testRunFinished":
            self.is_whole = True

    def list_scenarios(self) -> Iterator[ExternalScenario]:
        """List the scenarios and rows; one that no test case has begun was not run."""
        cases = {find_text(case, "pickleId"): case for case in self.cases.values()}
        for identifier, pickle in self.pickles.items():
            yield self._build_scenario(pickle, cases.get(identifier, {}))

    def _build_scenario(self, pickle: JsonObject, case: JsonObject) -> ExternalScenario:
        """Build one scenario with the results of its last attempt."""
        attempts = self.attempts.get(find_text(case, "id"), [])
        attempt = attempts[-1] if attempts else ""
        results = self.results.get(attempt, {})
        steps = {find_text(step, "id"): step for step in find_objects(pickle, "steps")}
        built: list[StepResult] = []
        failures: list[str] = []
        status = "passed" if attempt in self.finished else "untested"
        for step in find_objects(case, "testSteps"):
            result = results.get(find_text(step, "id"), {})
            name = find_text(result, "status").lower() or "untested"
            name = _STATUSES.get(name, name)
            error = find_text(result, "message")
            pickle_step = steps.get(find_text(step, "pickleStepId"))
            if pickle_step:
                text = find_text(pickle_step, "text")
                built.append(StepResult("", "", text, 0, name, error=error if name == "failed" else ""))
            elif name == "failed":
                failures.append(f"a hook failed: {error}".rstrip(": "))
            elif name != "passed" and status == "passed":
                status = name
        nodes = pickle.get("astNodeIds")
        last = nodes[-1] if isinstance(nodes, list) and nodes and isinstance(nodes[-1], str) else ""
        return ExternalScenario(
            find_text(pickle, "uri"),
            self.lines.get(last, 0),
            find_text(pickle, "name"),
            status,
            tags=tuple(find_text(tag, "name").removeprefix("@") for tag in find_objects(pickle, "tags")),
            steps=tuple(built),
            failures=tuple(failures),
            doubt="passed only on retry" if len(attempts) > 1 else "",
        )


def _parse_messages(content: bytes) -> Iterator[tuple[str, JsonObject]]:
    """Yield kind and content of each message.

    Raises:
        EvidenceError: a line is not a message.
    """
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise EvidenceError("the report is not UTF-8") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            hint = "rerun the tool that writes the report"
            raise EvidenceError(f"line {number} is not a Cucumber message", hint=hint) from error
        if isinstance(message, dict):
            yield from ((kind, value) for kind, value in message.items() if isinstance(value, dict))


def _find_lines(node: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the id and line of each scenario, and of each row of examples, under a node of a document."""
    for child in find_objects(node, "children"):
        for part in (find_object(child, "rule"), find_object(child, "scenario")):
            if line := find_count(find_object(part, "location"), "line"):
                yield find_text(part, "id"), line
            yield from _find_lines(part)
        for examples in find_objects(find_object(child, "scenario"), "examples"):
            for row in find_objects(examples, "tableBody"):
                if line := find_count(find_object(row, "location"), "line"):
                    yield find_text(row, "id"), line
