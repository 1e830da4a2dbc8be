"""The formats of Cucumber's: messages and the older JSON, made of the features and the records of a run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from planned_project import HOSTILE, World
from planned_project import make_spec as plan_spec
from played_features import PATH, ROOMS, STATUSES, find_line, make_answer, make_record, make_report, parse, play_rooms

from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.model import RunFailure, Verdict
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.terminal.escape import UNSAFE

BOTH = ("cucumber-messages", "cucumber-json")
SHOWN = {"failed": "FAILED", "undefined": "UNDEFINED", "pending": "PENDING", "passed": "PASSED", "skipped": "SKIPPED"}


def render(name: str, answer: Answer) -> str:
    """Render an answer in a format."""
    return REPORTERS[name].render(answer, RenderOptions())


def list_messages(answer: Answer) -> list[tuple[str, dict[str, Any]]]:
    """List the messages with their kinds."""
    messages = [json.loads(line) for line in render("cucumber-messages", answer).splitlines()]
    return [(kind, content) for message in messages for kind, content in message.items()]


def find_messages(answer: Answer, kind: str) -> list[dict[str, Any]]:
    """List the messages of one kind."""
    return [content for name, content in list_messages(answer) if name == kind]


def list_elements(answer: Answer) -> list[dict[str, Any]]:
    """List the scenarios of the older report."""
    return [element for feature in json.loads(render("cucumber-json", answer)) for element in feature["elements"]]


def read_back(name: str, answer: Answer) -> Mapping[int, tuple[str, ...]]:
    """Read a report with our own reader of such reports: the statuses of the steps by the line of the scenario."""
    report = parse_external_report(render(name, answer).encode(), path="report")
    return {scenario.line: tuple(step.status for step in scenario.steps) for scenario in report.scenarios}


# --- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOTH)
def test_a_reader_finds_the_status_of_every_step_again(name: str) -> None:
    assert read_back(name, play_rooms()) == STATUSES


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.PASSED, "passed"),
        (Verdict.PENDING, "pending"),
        (Verdict.UNVERIFIED, "pending"),
        (Verdict.STALE, "skipped"),
        (Verdict.FAILED, "failed"),
        (Verdict.MANUAL, "passed"),
    ],
)
def test_a_scenario_that_does_not_prove_its_criterion_is_not_shown_as_passed(
    name: str, verdict: Verdict, status: str
) -> None:
    feature = parse()
    record = make_record(feature, feature.pickles[0], STATUSES[9])
    answer = make_answer(make_report(feature, record, verdicts=[verdict]), feature)
    assert read_back(name, answer)[9] == ("passed", "passed", status)
    assert ("for a reason" in render(name, answer)) == (status != "passed")


def test_the_step_that_decides_is_the_one_that_is_shown() -> None:
    feature = parse()
    record = make_record(feature, feature.pickles[0], STATUSES[9])
    report = make_report(feature, record, verdicts=[Verdict.PENDING])
    (spec,) = report.specs
    verdict = replace(spec.verdicts[0], record=record, step=record.steps[1])
    answer = make_answer(replace(report, specs=(replace(spec, verdicts=(verdict,)),)), feature)
    assert read_back("cucumber-json", answer)[9] == ("passed", "pending", "passed")


def test_the_scenario_that_decides_is_the_one_that_is_shown() -> None:
    feature = parse()
    rows = [make_record(feature, pickle, STATUSES[23]) for pickle in feature.pickles[1:3]]
    report = make_report(feature, *rows, verdicts=[Verdict.PASSED, Verdict.PENDING])
    (spec,) = report.specs
    verdicts = (spec.verdicts[0], replace(spec.verdicts[1], record=rows[1]))
    answer = make_answer(replace(report, specs=(replace(spec, verdicts=verdicts),)), feature)
    assert read_back("cucumber-json", answer) == {23: ("passed", "passed"), 24: ("passed", "pending")}


@pytest.mark.parametrize("name", BOTH)
def test_results_of_an_older_text_of_the_feature_do_not_count(name: str) -> None:
    feature = parse()
    record = make_record(feature, feature.pickles[0], STATUSES[9])
    later = parse(ROOMS.replace("A room has members", "A room has one member"))
    rendered = render(name, make_answer(make_report(feature, record), later))
    assert ("testCaseStarted" in rendered, '"elements"' in rendered) == (False, False)


def test_what_a_run_left_out_has_the_result_before() -> None:
    feature = parse()
    old = make_record(feature, feature.pickles[0], STATUSES[9])
    report = make_report(feature, replace(old, status="skipped", steps=()))
    assert report.run is not None
    answer = make_answer(replace(report, older=(replace(report.run, results=(old,)),)), feature)
    assert read_back("cucumber-json", answer) == {9: STATUSES[9]}


# --- messages ---------------------------------------------------------------------------------------------------------


def test_the_messages_come_in_the_order_of_the_protocol_and_refer_to_each_other() -> None:
    messages = list_messages(play_rooms())
    counts = Counter(kind for kind, _ in messages)
    assert counts == {
        "meta": 1,
        "source": 1,
        "gherkinDocument": 1,
        "pickle": 7,
        "stepDefinition": 1,
        "testRunStarted": 1,
        "testCase": 7,
        "testCaseStarted": 7,
        "testStepStarted": 18,
        "testStepFinished": 18,
        "testCaseFinished": 7,
        "testRunFinished": 1,
    }
    known: set[str] = set()
    for _, content in messages:
        steps = [*content.get("testSteps", []), *content.get("steps", [])]
        known |= {item["id"] for item in (content, *steps) if "id" in item}
        references = ("pickleId", "testCaseId", "testCaseStartedId", "testStepId", "testRunStartedId")
        named = {content[key] for key in references if key in content}
        named |= {step["pickleStepId"] for step in content.get("testSteps", [])}
        named |= {id_ for step in content.get("testSteps", []) for id_ in step["stepDefinitionIds"]}
        assert named <= known


def test_times_follow_the_start_of_the_run_and_the_durations_of_steps() -> None:
    answer = play_rooms()
    (started,), (ended,) = (find_messages(answer, kind) for kind in ("testRunStarted", "testRunFinished"))
    assert started["timestamp"] == {"seconds": 1795458615, "nanos": 0}
    assert ended["timestamp"] == {"seconds": 1795458615 + 27, "nanos": 0}
    finished = find_messages(answer, "testStepFinished")
    assert finished[0]["testStepResult"] == {"duration": {"seconds": 1, "nanos": 500_000_000}, "status": "PASSED"}


def test_a_failed_step_has_its_error_and_its_output() -> None:
    feature = parse()
    record = make_record(feature, feature.pickles[2], STATUSES[24], output="Traceback\n\x1b[31mboom")
    answer = make_answer(make_report(feature, record), feature)
    result = find_messages(answer, "testStepFinished")[-1]["testStepResult"]
    assert (result["status"], result["message"]) == ("FAILED", "Traceback\n\\x1b[31mboom")
    (attachment,) = find_messages(answer, "attachment")
    assert (attachment["body"], attachment["contentEncoding"]) == ("Traceback\n\\x1b[31mboom", "IDENTITY")


def test_the_pattern_of_a_definition_is_that_of_its_decorator() -> None:
    assert find_messages(play_rooms(), "stepDefinition") == [
        {
            "id": "definition steps/rooms_steps.py:3",
            "pattern": {"type": "REGULAR_EXPRESSION", "source": "(.*)"},
            "sourceReference": {"uri": "steps/rooms_steps.py", "location": {"line": 3}},
        }
    ]


def test_each_try_is_an_attempt_and_all_but_the_last_will_be_retried() -> None:
    feature = parse()
    first = make_record(feature, feature.pickles[0], ("passed", "failed", "skipped"))
    record = make_record(feature, feature.pickles[0], STATUSES[9], tries=(first,))
    answer = make_answer(make_report(feature, record), feature)
    assert [message["attempt"] for message in find_messages(answer, "testCaseStarted")] == [0, 1]
    assert [message["willBeRetried"] for message in find_messages(answer, "testCaseFinished")] == [True, False]
    statuses = [message["testStepResult"]["status"] for message in find_messages(answer, "testStepFinished")]
    assert statuses == ["PASSED", "FAILED", "SKIPPED", "PASSED", "PASSED", "PASSED"]


@pytest.mark.parametrize("failure", ["before_scenario: RuntimeError: no key", "clean-up of `door`: OSError: stuck"])
def test_the_error_of_a_hook_is_the_result_of_a_hook(failure: str) -> None:
    answer = play_rooms(status="hook_error", failures=(failure,))
    kind = "before" if failure.startswith("before") else "after"
    (hook,) = find_messages(answer, "hook")
    assert hook["type"] == f"{kind.upper()}_TEST_CASE"
    case = find_messages(answer, "testCase")[0]
    place = 0 if kind == "before" else -1
    assert case["testSteps"][place] == {"id": f"{kind} {case['id']}", "hookId": kind}
    result = find_messages(answer, "testStepFinished")[0 if kind == "before" else 3]["testStepResult"]
    assert (result["status"], result["message"]) == ("FAILED", failure)
    step = list_elements(answer)[0]["steps"][0 if kind == "before" else -1]
    assert (step["keyword"], step["hidden"], step["result"]["error_message"]) == (kind.capitalize(), True, failure)
    report = parse_external_report(render("cucumber-json", answer).encode(), path="report")
    assert report.scenarios[0].failures == (f"a hook failed: {failure}",)


def test_an_error_of_the_whole_run_is_its_message() -> None:
    answer = play_rooms()
    run = replace(answer.value.run, failures=(RunFailure("", "before_all: no house"),))
    (ended,) = find_messages(replace(answer, value=replace(answer.value, run=run, exit_code=2)), "testRunFinished")
    assert (ended["success"], ended["message"]) == (False, "before_all: no house")


def test_a_feature_that_the_official_parser_refuses_is_a_parse_error() -> None:
    feature = parse("Feature: A\n\nScenario: B\n  Given a\n  Than it works\n")
    (error,) = find_messages(make_answer(make_report(feature), feature), "parseError")
    assert error["source"] == {"uri": PATH, "location": {"line": 5}}
    assert error["message"].endswith("got 'Than it works'")


# --- the older JSON ---------------------------------------------------------------------------------------------------


def test_the_older_report_has_features_elements_and_steps() -> None:
    (feature,) = json.loads(render("cucumber-json", play_rooms()))
    elements = feature.pop("elements")
    assert feature == {
        "uri": PATH,
        "id": "rooms",
        "keyword": "Feature",
        "name": "Rooms",
        "description": "  A room has members.",
        "line": 2,
        "tags": [{"name": "@spec_1_1", "line": 1}],
    }
    assert [(element["id"], element["keyword"]) for element in elements[:2]] == [
        ("rooms;it-opens", "Scenario"),
        ("rooms;it-holds-1;;23", "Scenario Outline"),
    ]
    assert [(element["line"], [tag["name"] for tag in element["tags"]]) for element in elements[2:4]] == [
        (24, ["@spec_1_1", "@ac_1_1_2"]),
        (28, ["@spec_1_1", "@ac_1_1_2", "@big"]),
    ]
    given, when, then = elements[0]["steps"]
    assert given == {
        "keyword": "Given ",
        "name": "a room",
        "line": 6,
        "match": {"location": "steps/rooms_steps.py:3"},
        "result": {"status": "passed", "duration": 1_500_000_000},
    }
    assert when["rows"] == [{"cells": ["who"]}, {"cells": ["Ana"]}]
    assert then["doc_string"] == {"value": "Welcome", "content_type": "", "line": 14}
    undefined = elements[5]["steps"][-1]
    assert (undefined["match"], undefined["result"]["status"]) == ({}, "undefined")


# --- text is data -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOTH)
def test_hostile_texts_are_data(name: str) -> None:
    (path, text), *_ = World().generate(plan_spec(*HOSTILE.values())).features.items()
    feature = parse(text, path)
    errors = [*HOSTILE.values()]
    records = [
        make_record(feature, pickle, ["failed"] * len(pickle["steps"]), output=errors[number % len(errors)])
        for number, pickle in enumerate(feature.pickles)
    ]
    answer = make_answer(make_report(feature, *records), feature)
    rendered = render(name, answer)
    assert [char for char in UNSAFE.findall(rendered) if char != "\n"] == []
    assert rendered.isascii()
    report = parse_external_report(rendered.encode(), path="report")
    assert [scenario.name for scenario in report.scenarios] == [pickle["name"] for pickle in feature.pickles]
    assert {scenario.line for scenario in report.scenarios} == {find_line(feature, item) for item in feature.pickles}
