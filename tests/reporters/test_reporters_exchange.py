"""The formats of other tools: JUnit, CSV and badges, made of the same verdicts for `verify` and `report`."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from page_documentation import make_criterion, make_document, make_documentation, with_hostile_texts

from spec2bdd.model import (
    Box,
    Diagnostic,
    Documentation,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    FailureKind,
    FailureReason,
    Report,
    ScenarioResult,
    Severity,
    StepResult,
    TestRun,
    Tier,
    UnlinkedScenario,
    Verdict,
)
from spec2bdd.reporters.registry import REPORTERS, Answer, AnswerKind, RenderOptions
from spec2bdd.reporters.terminal.escape import UNSAFE, render_visible

MakeReport = Callable[[str], Report]
HOSTILE: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile_texts.json").read_text(encoding="utf-8"))
# Every character that XML cannot hold, and a few that it normalises.
CONTROLS = "".join(map(chr, (*range(32), 127, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)))
TEXTS = {**HOSTILE, "controls": f"a{CONTROLS}b", "xml": "]]><a b='c'>&amp;<!-- -->", "formula": "=1+1", "tab": "\t=1"}


def render(
    name: str, value: Report | Documentation, kind: AnswerKind = "judgement", *, pending_fails: bool = False
) -> str:
    """Render a value in a format."""
    kind = "documentation" if isinstance(value, Documentation) else kind
    return REPORTERS[name].render(Answer(kind, value, value.diagnostics), RenderOptions(pending_fails=pending_fails))


def parse_junit(value: Report | Documentation, name: str = "junit", *, pending_fails: bool = False) -> Element:
    """Render and parse a JUnit file."""
    return fromstring(render(name, value, pending_fails=pending_fails))


def find_results(root: Element) -> dict[str, str]:
    """Find what each test case has instead of a pass, by its name."""
    return {
        case.attrib["name"]: next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "")
        for case in root.iter("testcase")
    }


def make_verdicts() -> Report:
    """Build a report of a spec with a criterion for each verdict."""
    verdicts = [make_criterion(number, verdict, str(verdict)) for number, verdict in enumerate(Verdict)]
    wont = make_criterion(50, Verdict.MANUAL, "never", tier=Tier.WONT)
    return Report("verify", specs=(make_document("1_1", [*verdicts, wont], done="").explanation.spec,))


# --- JUnit ------------------------------------------------------------------------------------------------------------


def test_each_criterion_is_a_test_case_and_only_what_is_proved_passes() -> None:
    expected = dict.fromkeys(map(str, Verdict), "skipped") | {"passed": "", "failed": "failure"}
    assert find_results(parse_junit(make_verdicts())) == expected


def test_pending_criteria_are_failures_where_that_is_asked_for() -> None:
    usual, strict = (find_results(parse_junit(make_verdicts(), pending_fails=flag)) for flag in (False, True))
    assert strict == {**usual, "pending": "failure"}


def test_a_criterion_because_of_which_the_check_fails_is_a_failure() -> None:
    report = make_verdicts()
    (spec,) = report.specs
    line = next(verdict.criterion.line for verdict in spec.verdicts if verdict.verdict is Verdict.NOT_RUN)
    reason = FailureReason(FailureKind.UNPROVED, line, "status is `Review`, but 1 must criterion has not been run")
    root = parse_junit(replace(report, specs=(replace(spec, passed=False, reasons=(reason,)),)))
    assert find_results(root)["not run"] == "failure"
    assert [element.attrib["message"] for element in root.iter("failure")] == ["failed", reason.text]


def test_a_test_case_has_its_criterion_in_properties_and_the_numbers_of_its_suite_add_up(
    make_report: MakeReport,
) -> None:
    root = parse_junit(make_report("mixed"))
    case = next(case for case in root.iter("testcase") if case.attrib["name"] == "Reservations are honoured in order")
    values = {element.attrib["name"]: element.attrib["value"] for element in case.iter("property")}
    assert values == {
        "id": "ac_1_30",
        "file": "specs/2.4-book-returns.md",
        "line": "30",
        "tier": "must",
        "verdict": "failed",
    }
    assert {key: case.attrib[key] for key in ("classname", "file", "line", "time")} == {
        "classname": "2.4 Book returns",
        "file": "specs/2.4-book-returns.md",
        "line": "30",
        "time": "0.050",
    }
    (failure,) = case.iter("failure")
    assert failure.attrib["message"] == "failed: expected the book to be kept for 'Ana'"
    assert "  Then it is kept for Ana ... failed\n" in (failure.text or "")
    assert "\\x1b[31mBen\\x1b[0m    is asked first" in (failure.text or "")
    for suite in (root, *root.iter("testsuite")):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(suite.attrib[attribute]) == len([*suite.iter(tag)])
    assert [suite.attrib["name"] for suite in root] == [
        "2.4 Book returns",
        "2.5 Fines",
        "2.5 Fines: definition of done",
        "10.12 Search",
        "scenarios without a criterion",
    ]


def make_done_item(line: int, verdict: Verdict, *, reason: str = "", mark: str = " ") -> DoneItemVerdict:
    """Build a done item that is judged by the coverage of tests, or by nothing if its verdict is manual."""
    kinds = () if verdict is Verdict.MANUAL else (EvidenceKind.COVERAGE,)
    return DoneItemVerdict(DoneItem(f"Item {line}", Box("x", line), line, 3), verdict, reason, kinds, mark)


def test_a_done_item_passes_by_its_evidence_and_fails_where_the_check_fails_because_of_it() -> None:
    done = (
        make_done_item(40, Verdict.PASSED, reason="91 % covered", mark="x"),
        make_done_item(41, Verdict.FAILED, reason="60 % covered"),
        make_done_item(42, Verdict.FAILED, reason="50 % covered"),
        make_done_item(43, Verdict.NOT_RUN, reason="no report"),
        make_done_item(44, Verdict.MANUAL, mark="x"),
    )
    reasons = (FailureReason(FailureKind.DONE, 41, "ticked definition-of-done item fails", "60 % covered"),)
    spec = replace(make_document("1_1", [], name="Rooms").explanation.spec, done=done, passed=False, reasons=reasons)
    root = parse_junit(Report("verify", specs=(spec,)))
    assert [suite.attrib["name"] for suite in root] == ["1.1 Rooms: definition of done"]
    assert find_results(root) == {
        "Item 40": "",
        "Item 41": "failure",
        "Item 42": "skipped",
        "Item 43": "skipped",
        "Item 44": "skipped",
    }
    messages = [
        element.attrib["message"] for case in root.iter("testcase") for element in case if "message" in element.attrib
    ]
    assert messages == [
        "ticked definition-of-done item fails: 60 % covered",
        "failed: 50 % covered",
        "not run: no report",
        "manual",
    ]
    values = [(element.attrib["name"], element.attrib["value"]) for element in next(root.iter("properties"))]
    assert values == [("file", "specs/1_1.md"), ("line", "40"), ("verdict", "passed"), ("evidence", "coverage")]


def test_what_could_not_be_read_is_an_error_so_that_no_reader_sees_only_passes(make_report: MakeReport) -> None:
    root = parse_junit(make_report("refused"))
    (case,) = root.iter("testcase")
    assert case.attrib["name"] == "specs/2.4-returns.md:6: front-matter"
    assert [(error.attrib["message"], error.text) for error in root.iter("error")] == [
        ("YAML does not load", "YAML does not load\nhint: quote the value")
    ]


def test_test_cases_of_a_suite_have_different_names() -> None:
    verdicts = [make_criterion(number, Verdict.PASSED, "It works" if number < 3 else "") for number in (1, 2, 3)]
    names = list(find_results(parse_junit(make_documentation(make_document("1_1", verdicts, done="")))))
    assert names == ["It works (ac_1_1_1)", "It works (ac_1_1_2)", "(ac_1_1_3)"]


def test_earlier_tries_of_a_test_that_passed_are_flaky_failures() -> None:
    verdict = make_criterion(1, Verdict.PASSED, "It works")
    attempt = ScenarioResult("features/1_1.feature", 7, "It works", (), "failed", failures=("boom",))
    record = replace(verdict.record or attempt, tags=(verdict.id,), tries=(attempt,))
    spec = make_document("1_1", [replace(verdict, record=record)]).explanation.spec
    report = Report("verify", specs=(spec,), run=TestRun("r", complete=True, results=(record,)))
    (flaky,) = parse_junit(report).iter("flakyFailure")
    assert (flaky.attrib["type"], "boom" in (flaky.text or "")) == ("failed", True)
    assert [element.tag for element in parse_junit(report).iter("rerunFailure")] == []


def test_the_time_of_a_criterion_is_that_of_the_newest_result_of_each_of_its_scenarios() -> None:
    def record(line: int, seconds: float, status: str = "passed") -> ScenarioResult:
        """Build the result of one row of its outline."""
        step = StepResult("Then", "then", "it works", line + 1, status, seconds)
        return ScenarioResult("features/1_1.feature", line, "It works", ("ac_1_1_1",), status, steps=(step,))

    older = TestRun("a", complete=True, results=(record(7, 4.0), record(9, 8.0)))
    newer = TestRun("b", complete=True, results=(record(7, 1.0), record(9, 0.0, "skipped")))
    spec = make_document("1_1", [make_criterion(1, Verdict.PASSED, "It works")], done="").explanation.spec
    root = parse_junit(Report("verify", specs=(spec,), run=newer, older=(older,)))
    assert [case.attrib["time"] for case in root.iter("testcase")] == ["9.000"]


# What Jenkins' xUnit plugin allows: the attributes of each element, and the elements in it.
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "file"},
        {"properties", "testcase", "system-out"},
    ),
    "testcase": (
        {"name", "time", "classname"},
        {"skipped", "error", "failure", "flakyFailure", "rerunFailure", "system-out"},
    ),
    **dict.fromkeys(("skipped", "error", "failure", "flakyFailure", "rerunFailure"), ({"message", "type"}, set())),
    "system-out": (set(), set()),
}


@pytest.mark.parametrize("case", ["mixed", "died", "refused", "hostile", "empty"])
def test_junit_strict_has_only_what_the_schema_of_jenkins_allows(case: str, make_report: MakeReport) -> None:
    root = parse_junit(make_report(case), "junit-strict")
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert (element.attrib.keys() - attributes, {child.tag for child in element} - children) == (set(), set())
        assert re.fullmatch(r"\d+\.\d{3}", element.attrib.get("time", "0.000"))
    loose = parse_junit(make_report(case))
    assert find_results(root) == find_results(loose)


def test_junit_strict_has_the_properties_in_the_output(make_report: MakeReport) -> None:
    output = next(parse_junit(make_report("mixed"), "junit-strict").iter("system-out")).text
    assert (output or "").splitlines() == [
        "[[PROPERTY|id=ac_1_27]]",
        "[[PROPERTY|file=specs/2.4-book-returns.md]]",
        "[[PROPERTY|line=27]]",
        "[[PROPERTY|tier=must]]",
        "[[PROPERTY|verdict=passed]]",
    ]


# --- CSV --------------------------------------------------------------------------------------------------------------


def parse_csv(text: str) -> list[dict[str, str]]:
    """Parse a table as its readers do."""
    return list(csv.DictReader(text.splitlines(keepends=True), strict=True))


def test_the_table_has_a_row_for_each_criterion_and_done_item(make_report: MakeReport) -> None:
    text = render("csv", make_report("mixed"))
    rows = parse_csv(text)
    assert text.startswith('"feature_id",')
    kinds = Counter(row["kind"] for row in rows)
    specs = make_report("mixed").specs
    assert kinds == {
        "criterion": sum(len(spec.verdicts) for spec in specs),
        "done item": sum(len(spec.done) for spec in specs),
    }
    row = next(row for row in rows if row["kind"] == "done item" and row["verdict"] == "failed")
    assert {key: value for key, value in row.items() if value} == {
        "feature_id": "2.5",
        "spec": "specs/2.5-fines.md",
        "spec_name": "Fines",
        "spec_status": "In Progress",
        "line": "51",
        "text": "All tests passing",
        "verdict": "failed",
        "reason": "2 failed",
        "ticked": "no",
        "kind": "done item",
    }
    row = next(row for row in rows if row["text"] == "Reservations are honoured in order")
    assert row == {
        "feature_id": "2.4",
        "spec": "specs/2.4-book-returns.md",
        "spec_name": "Book returns",
        "spec_status": "In Progress",
        "criterion": "ac_1_30",
        "line": "30",
        "tier": "must",
        "text": "Reservations are honoured in order",
        "verdict": "failed",
        "reason": "expected the book to be kept for 'Ana'",
        "ticked": "no",
        "flaky": "no",
        "seconds": "0.000",
        "scenario": "features/2_4_book_returns.feature:26",
        "scenario_name": "Reservations are honoured in order",
        "step": "Then it is kept for Ana",
        "step_definition": "steps/returns_steps.py:52",
        "kind": "criterion",
    }


@pytest.mark.parametrize(("fails_check", "result"), [(True, "failure"), (False, "skipped")])
def test_a_pending_scenario_without_a_criterion_is_a_failure_where_it_fails_the_check(
    fails_check: bool, result: str
) -> None:
    scenario = UnlinkedScenario(SMOKE, Verdict.PENDING, "a step has no definition", is_failing=True)
    suites = parse_junit(make_badge(Verdict.PASSED, unlinked=(scenario,), failed=fails_check))
    case = next(case for case in suites.iter("testcase") if case.get("name") == "The page loads")
    assert [child.tag for child in case if child.tag in ("failure", "skipped")] == [result]


# --- badges -----------------------------------------------------------------------------------------------------------


def make_badge(*verdicts: Verdict, **facts: object) -> Documentation:
    """Build documentation with one must for each verdict."""
    criteria = [make_criterion(number, verdict, "It works") for number, verdict in enumerate(verdicts)]
    return replace(make_documentation(make_document("1_1", criteria)), **facts)  # type: ignore[arg-type]


ERROR = Diagnostic("specs/2.md", 1, 1, Severity.ERROR, "front-matter", "YAML does not load")
SMOKE = ScenarioResult("features/smoke.feature", 2, "The page loads", (), "failed", finished=True)
UNLINKED = UnlinkedScenario(SMOKE, Verdict.FAILED, is_failing=True)
BADGES = {
    "all are proved": (make_badge(Verdict.PASSED, Verdict.PASSED), "2 of 2 proved", "brightgreen"),
    "some are open": (make_badge(Verdict.PASSED, Verdict.PENDING), "1 of 2 proved", "yellow"),
    "one failed": (make_badge(Verdict.PASSED, Verdict.FAILED), "1 of 2 proved, 1 failed", "red"),
    "waived ones do not count": (make_badge(Verdict.PASSED, Verdict.WAIVED), "1 of 1 proved", "brightgreen"),
    "there is none": (make_badge(), "no criteria", "lightgrey"),
    "another scenario failed": (
        make_badge(Verdict.PASSED, unlinked=(UNLINKED,), failed=True),
        "1 of 1 proved, 1 other scenario failed",
        "red",
    ),
    "there is only another scenario, which failed": (
        make_badge(unlinked=(UNLINKED,), failed=True),
        "1 other scenario failed",
        "red",
    ),
    "another scenario failed, which is only reported": (
        make_badge(Verdict.PASSED, Verdict.PENDING, unlinked=(UNLINKED,), unlinked_fails=False, failed=True),
        "1 of 2 proved",
        "yellow",
    ),
    "a spec is unread": (make_badge(Verdict.PASSED, exit_code=2, diagnostics=(ERROR,)), "1 error", "red"),
}


@pytest.mark.parametrize(("documentation", "message", "color"), BADGES.values(), ids=BADGES)
def test_the_badge_says_how_many_criteria_are_proved(documentation: Documentation, message: str, color: str) -> None:
    badge = {"schemaVersion": 1, "label": "acceptance", "message": message, "color": color}
    assert json.loads(render("badge-json", documentation)) == badge
    svg = fromstring(render("badge-svg", documentation))
    name = f"acceptance: {message}"
    assert (svg.attrib["role"], svg.attrib["aria-label"]) == ("img", name)
    texts = [element.text for element in svg.iter() if element.tag.endswith(("}title", "}text"))]
    assert texts == [name, "acceptance", message]


# --- text is data -----------------------------------------------------------------------------------------------------

EXCHANGED = ["junit", "junit-strict", "csv", "badge-svg", "badge-json", "sarif", "gitlab"]


@pytest.mark.parametrize("name", EXCHANGED)
def test_hostile_texts_are_data(name: str) -> None:
    texts = {title: render(name, with_hostile_texts(text)) for title, text in TEXTS.items()}
    assert [title for title, text in texts.items() if [char for char in UNSAFE.findall(text) if char != "\n"]] == []
    plain = render(name, with_hostile_texts("plain"))
    for title, text in texts.items():
        match name:
            case "csv":
                row, _ = parse_csv(text)
                assert row["text"].removeprefix("'") == render_visible(TEXTS[title]), title
                starts = {cell[0] for cell in row.values() if cell.strip()}
                assert (row.keys() == parse_csv(plain)[0].keys(), starts & set("=+-@\t\r|%")) == (True, set()), title
            case "sarif" | "gitlab" | "badge-json":
                assert json.loads(text), title
            case _:
                # No text opens or closes an element.
                outline = [(element.tag, sorted(element.attrib)) for element in fromstring(text).iter()]
                assert outline == [(element.tag, sorted(element.attrib)) for element in fromstring(plain).iter()], title
