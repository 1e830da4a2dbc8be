"""The `allure` format: a folder with a result for each criterion and try."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from page_documentation import make_criterion, make_document, make_documentation, with_hostile_texts
from planned_project import HOSTILE

from spec2bdd.model import Documentation, Report, ScenarioResult, TestRun, Tier, Verdict
from spec2bdd.reporters.exchange.allure import render_files
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.terminal.escape import UNSAFE, render_visible

MakeReport = Callable[[str], Report]


def render(value: Report | Documentation) -> dict[str, str]:
    """Render the files of a value."""
    return render_files(Answer("judgement", value), RenderOptions())


def list_results(value: Report | Documentation) -> list[dict[str, Any]]:
    """List the results in the order of the criteria."""
    return [json.loads(text) for name, text in render(value).items() if name.endswith("-result.json")]


def find_labels(result: dict[str, Any], name: str) -> list[str]:
    """Find the values of a label."""
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_each_criterion_is_a_result_with_the_status_that_allure_has_for_its_verdict() -> None:
    verdicts = [make_criterion(number, verdict, str(verdict)) for number, verdict in enumerate(Verdict)]
    statuses = {
        result["name"]: result["status"]
        for result in list_results(make_documentation(make_document("1_1", verdicts, done="")))
    }
    assert statuses == dict.fromkeys(map(str, Verdict), "skipped") | {"passed": "passed", "failed": "failed"}


def test_labels_are_those_of_the_spec_and_the_criterion() -> None:
    tiers = (Tier.MUST, Tier.SHOULD, Tier.COULD)
    verdicts = [make_criterion(number, Verdict.PASSED, f"{tier}", tier=tier) for number, tier in enumerate(tiers)]
    first = verdicts[0]
    verdicts[0] = replace(first, criterion=replace(first.criterion, group="Opening", tags=("smoke",)))
    results = list_results(make_documentation(make_document("1_1", verdicts, done="")))
    assert [find_labels(result, "severity") for result in results] == [["critical"], ["normal"], ["minor"]]
    names = ("epic", "feature", "story", "owner", "tag", "suite", "framework")
    assert {name: find_labels(results[0], name) for name in names} == {
        "epic": ["2.1"],
        "feature": ["1.1 Rooms"],
        "story": ["Opening"],
        "owner": ["ana"],
        "tag": ["ac_1_1_0", "must", "smoke"],
        "suite": ["1.1 Rooms"],
        "framework": ["spec2bdd"],
    }
    assert find_labels(results[1], "story") == ["should"]


def test_a_done_item_is_a_result_that_is_known_again_when_its_line_has_moved(make_report: MakeReport) -> None:
    spec = next(spec for spec in make_report("mixed").specs if spec.done)
    moved = tuple(replace(item, item=replace(item.item, line=item.item.line + 1)) for item in spec.done)
    before, after = (
        [
            (result["historyId"], result["status"], find_labels(result, "feature"), find_labels(result, "suite"))
            for result in list_results(Report("verify", specs=(report,)))[len(spec.verdicts) :]
        ]
        for report in (spec, replace(spec, done=moved, reasons=()))
    )
    assert [kept for kept, *_ in before] == [kept for kept, *_ in after]
    assert {tuple(feature) for _, _, feature, _ in before} == {("2.5 Fines",)}
    assert {tuple(suite) for *_, suite in before} == {("2.5 Fines: definition of done",)}
    assert [status for _, status, *_ in before].count("failed") == 1


def test_the_id_of_the_history_follows_from_the_criterion_alone() -> None:
    before, after = (
        make_documentation(make_document(key, [replace(make_criterion(1, verdict, text), id="ac_1_1_5f3a9c")], done=""))
        for key, verdict, text in (("1_1", Verdict.PASSED, "It opens"), ("1_2", Verdict.FAILED, "It opens at once"))
    )
    (old,), (new,) = list_results(before), list_results(after)
    assert (old["historyId"], old["uuid"], old["testCaseId"]) == (new["historyId"], new["uuid"], new["testCaseId"])
    assert (
        old["historyId"]
        != list_results(make_documentation(make_document("1_1", [make_criterion(1, Verdict.PASSED, "It opens")])))[0][
            "historyId"
        ]
    )


def test_a_failure_has_its_steps_its_message_its_trace_and_its_output(make_report: MakeReport) -> None:
    report = make_report("mixed")
    files = render(replace(report, specs=report.specs[:1]))
    results = [json.loads(text) for name, text in files.items() if name.endswith("-result.json")]
    result = next(result for result in results if result["name"] == "Reservations are honoured in order")
    steps = [(step["name"], step["status"]) for step in result["steps"]]
    assert steps[2:] == [("Then it is kept for Ana", "failed"), ("And Ben is next", "skipped")]
    assert result["statusDetails"]["message"] == "failed: expected the book to be kept for 'Ana'"
    assert result["statusDetails"]["trace"].startswith("Scenario: Reservations are honoured in order (features/")
    (attachment,) = result["attachments"]
    assert "\\x1b[31mBen" in files[attachment["source"]]
    assert (result["stop"] - result["start"], result["stage"]) == (50, "finished")


def test_a_criterion_whose_hook_failed_is_broken(make_report: MakeReport) -> None:
    (result,) = (result for result in list_results(make_report("mixed")) if result["name"] == "Fines grow by the day")
    assert result["status"] == "broken"


def test_several_scenarios_of_a_criterion_are_steps_with_steps() -> None:
    verdict = make_criterion(1, Verdict.PASSED, "It opens")
    assert verdict.record is not None
    records = tuple(replace(verdict.record, line=line, tags=(verdict.id,)) for line in (7, 9))
    spec = make_document("1_1", [verdict], done="").explanation.spec
    report = Report("verify", specs=(spec,), run=TestRun("r", complete=True, results=records))
    (result,) = list_results(report)
    assert [(step["name"], len(step["steps"])) for step in result["steps"]] == [
        ("Scenario: It opens (features/1_1.feature:7)", 1),
        ("Scenario: It opens (features/1_1.feature:9)", 1),
    ]


def test_earlier_tries_are_results_of_the_same_history() -> None:
    verdict = make_criterion(1, Verdict.PASSED, "It opens")
    attempt = ScenarioResult("features/1_1.feature", 7, "It opens", (), "failed")
    record = replace(verdict.record or attempt, tags=(verdict.id,), tries=(attempt,))
    spec = make_document("1_1", [replace(verdict, record=record, flaky=True)], done="").explanation.spec
    results = list_results(Report("verify", specs=(spec,), run=TestRun("r", complete=True, results=(record,))))
    assert [result["status"] for result in results] == ["failed", "passed"]
    assert len({result["historyId"] for result in results}) == 1
    assert len({result["uuid"] for result in results}) == 2
    assert results[1]["statusDetails"] == {"flaky": True}


def test_hostile_texts_are_data() -> None:
    for text in HOSTILE.values():
        files = render(with_hostile_texts(text))
        results = [json.loads(content) for name, content in files.items() if name.endswith("-result.json")]
        assert [result["name"] for result in results] == [render_visible(text)] * 2
        assert all(name.isascii() and "/" not in name for name in files)
        assert [char for content in files.values() for char in UNSAFE.findall(content) if char != "\n"] == []
