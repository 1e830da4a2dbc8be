"""Each field of a result in a report of another tool, as it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.model import ExternalScenario, StepResult


def read(content: object) -> tuple[ExternalScenario, ...]:
    """Read a report: XML as text, or JSON as a value."""
    text = content if isinstance(content, str) else json.dumps(content)
    return parse_external_report(text.encode(), path="report").scenarios


def build_behave(around: str, **fields: Any) -> list[dict[str, Any]]:
    """Build a report of Behave with one scenario."""
    step = {"keyword": "Then", "step_type": "then", "name": "it shines"}
    element = {"type": "scenario", "location": "features/lamp.feature:12", "name": "Shines", "steps": [step], **fields}
    return [{"name": "Lamp", "status": around, "tags": ["spec_1"], "elements": [{"type": "background"}, element]}]


def test_each_field_of_behave_is_read() -> None:
    result = {"status": "failed", "error_message": ["first", "second"]}
    steps = [
        {"keyword": "Given", "step_type": "given", "name": "a lamp", "result": {"status": "passed"}},
        {"keyword": "Then", "step_type": "then", "name": "it shines", "result": result},
    ]
    expected = ExternalScenario(
        "features/lamp.feature",
        12,
        "Shines",
        "failed",
        ("spec_1", "ac_1"),
        (
            StepResult("Given", "given", "a lamp", 0, "passed"),
            StepResult("Then", "then", "it shines", 0, "failed", error="first\nsecond"),
        ),
    )
    assert read(build_behave("failed", status="failed", tags=["ac_1"], steps=steps)) == (expected,)


def test_what_behave_does_not_say_was_not_run() -> None:
    expected = ExternalScenario(
        "features/lamp.feature",
        12,
        "Shines",
        "untested",
        ("spec_1",),
        (StepResult("Then", "then", "it shines", 0, "untested"),),
    )
    assert read(build_behave("untested")) == (expected,)


@pytest.mark.parametrize(("line", "expected"), [("12", 12), ("1" * 9, 111111111), ("1" * 10, 0), ("٣", 0), ("x", 0)])
def test_a_line_of_behave_is_a_number_of_few_digits(line: str, expected: int) -> None:
    (scenario,) = read(build_behave("passed", location=f"a.feature:{line}"))
    assert (scenario.feature, scenario.line) == ("a.feature", expected)


@pytest.mark.parametrize("status", ["hook_error", "cleanup_error"])
def test_an_error_around_a_feature_of_behave_makes_its_scenarios_doubtful(status: str) -> None:
    expected = f"its feature is reported as `{status}`, without the scenarios concerned"
    assert [scenario.doubt for scenario in read(build_behave(status, status="passed"))] == [expected]


@pytest.mark.parametrize(
    ("message", "expected"), [("no light", ": no light"), ("no LUX: ", ": no LUX"), ("", ""), (": ", "")]
)
def test_a_hook_of_cucumber_that_failed_has_its_message(message: str, expected: str) -> None:
    hook = {"result": {"status": "failed", "error_message": message}}
    element = {"type": "scenario", "name": "Shines", "line": 3, "before": [hook]}
    (scenario,) = read([{"name": "Lamp", "uri": "a.feature", "elements": [element]}])
    assert scenario.failures == (f"a hook failed{expected}",)


SUITES = """
<testsuites><testsuite name="outer"><error message="no set-up"/><testsuite name="inner"><error/>
<testcase name="a"/><testcase name="b" classname="Lamp"><flakyFailure/></testcase></testsuite></testsuite>
<testsuite name="last"><testcase name="c"><flakyFailure/></testcase></testsuite></testsuites>
"""


def test_an_error_of_the_outer_suite_makes_its_tests_doubtful() -> None:
    doubt = "setup or teardown of the suite `outer` failed"
    assert [(test.feature, test.name, test.doubt) for test in read(SUITES)] == [
        ("inner", "a", doubt),
        ("Lamp", "b", doubt),
        ("last", "c", "passed only on retry"),
    ]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("", "passed"),
        ("<skipped/>", "skipped"),
        ("<failure/>", "failed"),
        ("<error/>", "failed"),
        ('<error type="behave.StepNotImplementedError"/>', "pending"),
        ('<error type="NoneType"/>', "pending"),
        ('<error type="NoneType"/><failure type="NoneType"/>', "failed"),
    ],
)
def test_the_status_of_a_junit_test_follows_its_elements(case: str, expected: str) -> None:
    suite = f'<testsuite><testcase name="a" status="Passed">{case}</testcase></testsuite>'
    assert [test.status for test in read(suite)] == [expected]


@pytest.mark.parametrize("result", ["SKIPPED", "suppressed"])
def test_a_junit_test_with_the_result_of_a_test_that_was_not_run_is_skipped(result: str) -> None:
    assert [test.status for test in read(f'<testsuite><testcase name="a" result="{result}"/></testsuite>')] == [
        "skipped"
    ]
