"""Features with results, as the formats of Cucumber's show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from page_documentation import make_criterion, make_document

from spec2bdd.adapters.formats.gherkin import parse_features
from spec2bdd.model import Report, ScenarioResult, StepResult, TestRun, Verdict
from spec2bdd.model.feature import GherkinSources, ParsedFeature
from spec2bdd.reporters.registry import Answer

PATH = "features/rooms.feature"
ROOMS = """@spec_1_1
Feature: Rooms
  A room has members.

  Background: a room
    Given a room

  @ac_1_1_1
  Scenario: It opens
    When it is opened
      | who |
      | Ana |
    Then it is open
      \"\"\"
      Welcome
      \"\"\"

  @ac_1_1_2
  Scenario Outline: It holds <n>
    Then <n> fit
    Examples: small
      | n |
      | 1 |
      | 2 |
    @big
    Examples: big
      | n |
      | 9 |

  Rule: Doors
    Background:
      Given a door

    @ac_1_1_3
    Scenario: It is locked
      Then it is locked

    Scenario: It squeaks
      Then it squeaks

    Scenario: It is painted
      Then it is painted
"""
# The statuses of the steps of each scenario, those of the backgrounds included.
STATUSES: Mapping[int, Sequence[str]] = {
    9: ("passed", "passed", "passed"),
    23: ("passed", "passed"),
    24: ("passed", "failed"),
    28: ("passed", "passed"),
    35: ("passed", "passed", "pending"),
    38: ("passed", "passed", "undefined"),
    41: ("skipped", "skipped", "skipped"),
}


def parse(text: str = ROOMS, path: str = PATH) -> ParsedFeature:
    """Parse the text of a feature."""
    return parse_features({path: text.encode()})[0]


def find_line(feature: ParsedFeature, pickle: Mapping[str, Any]) -> int:
    """Find the line of a scenario or row in its file."""
    line: int = pickle["location"]["line"]
    return line


def make_record(
    feature: ParsedFeature, pickle: Mapping[str, Any], statuses: Sequence[str], **facts: Any
) -> ScenarioResult:
    """Build the result of a scenario; a step that did not pass has an error, and a second is what each takes."""
    line = find_line(feature, pickle)
    steps = tuple(
        StepResult(
            "Then",
            "then",
            step["text"],
            line + number,
            status,
            1.5,
            "" if status == "undefined" else "steps/rooms_steps.py:3",
            "" if status in ("passed", "skipped") else facts.get("output", "boom"),
        )
        for number, (step, status) in enumerate(zip(pickle["steps"], statuses, strict=True), 1)
    )
    worst = next((status for status in statuses if status != "passed"), "passed")
    tags = tuple(tag["name"].removeprefix("@") for tag in pickle["tags"])
    return ScenarioResult(
        feature.path, line, pickle["name"], tags, **{"status": worst, "finished": True, "steps": steps, **facts}
    )


def make_report(feature: ParsedFeature, *records: ScenarioResult, verdicts: Sequence[Verdict] = ()) -> Report:
    """Build the report of a run; `verdicts` are those of the criteria of the feature, in order."""
    criteria = [
        replace(make_criterion(number, verdict, "It works"), record=None, step=None, reason="for a reason")
        for number, verdict in enumerate(verdicts, 1)
    ]
    run = TestRun(
        "r",
        complete=True,
        features=(feature.path,),
        digests={feature.path: feature.digest},
        results=records,
        started="2026-11-23T18:30:15+00:00",
    )
    return Report("verify", specs=(make_document("1_1", criteria).explanation.spec,), run=run)


def make_answer(
    report: Report, *features: ParsedFeature, patterns: Mapping[str, tuple[str, str]] | None = None
) -> Answer:
    """Build the answer of `verify`, with the features."""
    return Answer("judgement", report, sources=GherkinSources(features, patterns or {}))


def play_rooms(**facts: Any) -> Answer:
    """Build an answer with the results of all scenarios of the rooms; `facts` are those of the one that opens them."""
    feature = parse()
    records = [
        make_record(feature, pickle, STATUSES[line], **(facts if line == 9 else {}))
        for pickle in feature.pickles
        for line in [find_line(feature, pickle)]
    ]
    patterns = {"steps/rooms_steps.py:3": ("re", "(.*)")}
    return make_answer(make_report(feature, *records), feature, patterns=patterns)
