"""Reports of other tools as they are written, read; and what is no whole report, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.adapters.results.external.detect import is_external_report, parse_external_report
from spec2bdd.adapters.results.external.readers import READERS
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport, ExternalScenario

DATA = Path(__file__).parent / "data" / "external"


def read(name: str) -> list[ExternalScenario]:
    """Return what a report says."""
    return list(parse_external_report((DATA / name).read_bytes(), path=name).scenarios)


def list_statuses(scenario: ExternalScenario) -> list[str]:
    """Return the statuses of the steps."""
    return [step.status for step in scenario.steps]


def test_backgrounds_before_each_scenario_belong_to_it() -> None:
    assert [step.text for step in read("cucumber_jvm.json")[0].steps] == ["a lamp", "it shines"]


def test_hooks_among_the_steps_are_no_steps() -> None:
    assert [step.text for step in read("cucumber_js.json")[0].steps] == ["a lamp", "it shines"]


@pytest.mark.parametrize("name", ["cucumber_jvm.json", "cucumber_js.json"])
def test_tags_are_read_without_the_sign(name: str) -> None:
    assert set(read(name)[0].tags) == {"spec_1", "must", "ac_1"}


def test_rows_of_an_outline_have_their_own_lines() -> None:
    assert [scenario.line for scenario in read("cucumber_jvm.json")] == [7, 15, 16, 20]


def test_statuses_of_steps_are_taken_over() -> None:
    found = [list_statuses(scenario) for scenario in read("cucumber_jvm.json")]
    assert found == [["passed", "passed"], ["passed", "passed"], ["passed", "failed"], ["passed", "undefined"]]


def test_a_failure_has_its_message() -> None:
    assert read("cucumber_jvm.json")[2].steps[1].error == "it is not blue\n\tat lamp.LampSteps"


def test_junit_has_names_and_statuses() -> None:
    found = [(scenario.feature, scenario.name, scenario.status) for scenario in read("behavex.xml")]
    assert found[0] == ("Lamp", "It_Shines", "passed")
    assert found[2][2] == "failed"


def test_a_byte_order_mark_changes_nothing() -> None:
    content = b"\xef\xbb\xbf" + (DATA / "cucumber_js.json").read_bytes()
    assert read("cucumber_js.json") == list(parse_external_report(content, path="r.json").scenarios)


ENTITY = b'<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite name="&a;"/>'
REFUSED = {
    "an empty list": (b"[]", "no features in the report"),
    "JSON that is cut off": (b'[{"name": "a", "elements": [', "invalid or truncated JSON"),
    "Behave's file after a crash": (b"[\n", "invalid or truncated JSON"),
    "JSON without features": (b"[1, 2]", "neither a record file nor a report"),
    "features without scenarios": (b'[{"name": "a"}]', "neither a record file nor a report"),
    "JSON in another encoding": ('[{"name": "\u00fc"}]'.encode("latin-1"), "not UTF-8"),
    "JSON that is nested endlessly": (b"[" * 1_000_000, "nested too deeply"),
    "XML that is nested endlessly": (b"<a>" * 1_000_000, "nested too deeply"),
    "XML that is cut off": (b'<testsuite><testcase name="a"/>', "invalid or truncated XML"),
    "XML of another kind": (b"<html/>", "not a JUnit report"),
    "XML with entities": (ENTITY, "entities are not allowed"),
    "suites without tests": (b"<testsuites><testsuite/></testsuites>", "no tests in the report"),
    "a suite that lost tests": (
        b'<testsuite tests="2"><testcase name="a"/></testsuite>',
        "declares 2 tests but contains 1",
    ),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_whole_report_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        parse_external_report(content, path="r")


@pytest.mark.parametrize("content", [b"[]", b"<testsuite/>", b"\xef\xbb\xbf \n<testsuites/>"])
def test_reports_are_detected_by_their_first_bytes(content: bytes) -> None:
    assert is_external_report(content)


@pytest.mark.parametrize("content", [b"", b'{"event": "run"}', b"text", b"\xff\xfe"])
def test_what_may_be_records_is_left_to_them(content: bytes) -> None:
    assert not is_external_report(content)


def test_a_file_that_no_reader_detects_is_refused() -> None:
    with pytest.raises(EvidenceError, match="neither a record file nor a report"):
        parse_external_report(b'{"event": "run"}', path="r")


def test_a_uri_in_the_text_of_a_step_does_not_make_a_report_one_of_cucumber() -> None:
    step = r'{"name": "the \"uri\": is shown", "keyword": "Then"}'
    content = b'[{"name": "a", "elements": [{"type": "scenario", "location": "a.feature:3", "steps": [%b]}]}]'
    assert parse_external_report(content % step.encode(), path="r").whose == "Behave JSON report"


class TapReader:
    """A format that is not built in: one line for each test."""

    def detects(self, content: bytes) -> bool:
        return content.startswith(b"ok ")

    def parse(self, content: bytes, path: str) -> ExternalReport:
        names = [line.removeprefix("ok ") for line in content.decode().splitlines()]
        scenarios = tuple(ExternalScenario("", 0, name, "passed") for name in names)
        return ExternalReport(path, "TAP report", placed=False, scenarios=scenarios)


def test_another_format_docks_as_a_reader() -> None:
    readers = (*READERS, TapReader())
    content = b"ok It shines\nok It is red\n"
    assert is_external_report(content, readers=readers)
    report = parse_external_report(content, path="r.tap", readers=readers)
    assert [scenario.name for scenario in report.scenarios] == ["It shines", "It is red"]
    assert not is_external_report(b'{"event": "run"}', readers=readers)
