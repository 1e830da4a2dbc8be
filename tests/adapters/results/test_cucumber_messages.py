"""Cucumber Messages as results: documents and pickles are those of the official Gherkin parser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from spec2bdd.adapters.results.external.detect import is_external_report, parse_external_report
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalScenario

FEATURE = """\
@one
Feature: Lamp
  Background:
    Given a lamp
  @two
  Rule: ruled
    @three
    Scenario: shines
      Then it shines
  Scenario Outline: rows
    Then it <does>
    Examples:
      | does   |
      | shines |
      | burns  |
"""
SHINES, FIRST_ROW, SECOND_ROW = range(3)


def build_messages(*attempts: tuple[int, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Build the messages of a run: each attempt is a pickle, and the statuses of its hook and its steps."""
    document: Any = Parser().parse(FEATURE)
    document["uri"] = "features/lamp.feature"
    pickles: list[Any] = Compiler().compile(document)
    # The compiler lists scenarios in the order of the file, and a rule where it is.
    pickles.sort(key=lambda pickle: (pickle["name"] != "shines", pickle["steps"][-1]["text"] != "it shines"))
    messages = [{"meta": {"protocolVersion": "27"}}, {"gherkinDocument": document}]
    messages += [{"pickle": pickle} for pickle in pickles]
    for number, pickle in enumerate(pickles):
        steps = [{"id": f"{number}-hook", "hookId": "h"}]
        steps += [{"id": f"{number}-{step['id']}", "pickleStepId": step["id"]} for step in pickle["steps"]]
        messages.append({"testCase": {"id": f"case {number}", "pickleId": pickle["id"], "testSteps": steps}})
    cases = [message["testCase"] for message in messages if "testCase" in message]
    for attempt, (number, statuses) in enumerate(attempts):
        started = {"id": f"attempt {attempt}", "testCaseId": f"case {number}"}
        messages.append({"testCaseStarted": started})
        for step, status in zip(cases[number]["testSteps"], statuses, strict=False):
            result = {"status": status, "message": "no light" if status == "FAILED" else ""}
            finished = {"testCaseStartedId": started["id"], "testStepId": step["id"], "testStepResult": result}
            messages.append({"testStepFinished": finished})
        messages.append({"testCaseFinished": {"testCaseStartedId": started["id"]}})
    return [*messages, {"testRunFinished": {"success": True}}]


def render(messages: list[dict[str, Any]]) -> bytes:
    """Render messages as a file."""
    return "".join(json.dumps(message) + "\n" for message in messages).encode()


def parse(*attempts: tuple[int, tuple[str, ...]]) -> list[ExternalScenario]:
    """Parse the messages of a run."""
    return list(parse_external_report(render(build_messages(*attempts)), path="m.ndjson").scenarios)


PASSED = ("PASSED", "PASSED", "PASSED")


def test_scenarios_and_rows_have_their_places_tags_and_steps() -> None:
    scenarios = parse((SHINES, PASSED), (FIRST_ROW, PASSED), (SECOND_ROW, PASSED))
    assert [(each.feature, each.line, each.name) for each in scenarios] == [
        ("features/lamp.feature", 8, "shines"),
        ("features/lamp.feature", 14, "rows"),
        ("features/lamp.feature", 15, "rows"),
    ]
    assert scenarios[SHINES].tags == ("one", "two", "three")
    assert [step.text for step in scenarios[SECOND_ROW].steps] == ["a lamp", "it burns"]
    assert {each.status for each in scenarios} == {"passed"}


STATUSES = {
    "a step failed": (("PASSED", "PASSED", "FAILED"), ["passed", "failed"], "passed", ()),
    "a step is undefined": (("PASSED", "UNDEFINED", "SKIPPED"), ["undefined", "skipped"], "passed", ()),
    "a step is pending": (("PASSED", "PASSED", "PENDING"), ["passed", "pending"], "passed", ()),
    "a step is ambiguous": (("PASSED", "AMBIGUOUS", "SKIPPED"), ["undefined", "skipped"], "passed", ()),
    "a hook failed": (("FAILED", "SKIPPED", "SKIPPED"), ["skipped", "skipped"], "passed", ("a hook failed: no light",)),
    "a hook was skipped": (("SKIPPED", "PASSED", "PASSED"), ["passed", "passed"], "skipped", ()),
    "a step has no result": (("PASSED", "PASSED"), ["passed", "untested"], "passed", ()),
}


@pytest.mark.parametrize("name", STATUSES)
def test_statuses_are_those_of_behave_where(name: str) -> None:
    statuses, steps, status, failures = STATUSES[name]
    scenario = parse((SHINES, statuses))[SHINES]
    assert ([step.status for step in scenario.steps], scenario.status, scenario.failures) == (steps, status, failures)


def test_a_scenario_that_no_attempt_reached_is_untested() -> None:
    assert parse((SHINES, PASSED))[FIRST_ROW].status == "untested"


def test_the_last_attempt_counts_and_a_retry_is_a_doubt() -> None:
    scenario = parse((SHINES, ("PASSED", "FAILED", "SKIPPED")), (SHINES, PASSED))[SHINES]
    assert ({step.status for step in scenario.steps}, scenario.doubt) == (
        {"passed"},
        "passed only on retry",
    )


REFUSED = {
    "no end": render(build_messages((SHINES, PASSED))[:-1]),
    "a line cut off": render(build_messages((SHINES, PASSED)))[:-5],
    "no scenario": b'{"meta": {}}\n{"testRunFinished": {}}\n',
    "another encoding": b'{"meta": "\xff"}\n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_that_has(name: str) -> None:
    with pytest.raises(EvidenceError):
        parse_external_report(REFUSED[name], path="m.ndjson")


@pytest.mark.parametrize("content", [b'{"event": "run", "meta": 1}\n', b'{"version": 1}', b"{", b""])
def test_what_is_no_message_is_no_report(content: bytes) -> None:
    assert not is_external_report(content)
