"""Reports of other tools that are green, and what keeps each from being believed; and those that are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lamp import FEATURE, ONE, PATH, hear, make_behave, make_case, make_cucumber, make_junit
from verdict_values import make_context, make_item, make_record, make_run

from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.domain.verdicts.criteria import judge_criterion_results
from spec2bdd.domain.verdicts.scenarios.external import ExternalResults
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import ExternalReport, TestRun, Verdict

DATA = Path(__file__).parent / "data" / "external"
PASSED, FAILED, PENDING, NOT_RUN = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING, Verdict.NOT_RUN
GREEN = ("passed", "passed")
TWICE = FEATURE.replace("Scenario: It is safe", "Scenario: It shines")
EMPTY = FEATURE.replace("    Then it shines\n", "")
WIP = FEATURE.replace("@must", "@must @wip")


def judge(hearing: ExternalResults, criterion: str = "ac_1", *, run: TestRun | None = None) -> Ruling:
    """Judge a criterion by reports and a run of the current files."""
    item = make_item(id=criterion, files=(PATH,))
    today = {PATH: "f"}
    return judge_criterion_results(item, replace(make_context(run, today=today), external=hearing))


def read(name: str) -> ExternalReport:
    """Read a report from the data folder."""
    return parse_external_report((DATA / name).read_bytes(), path=name)


def make_hook(status: str) -> dict[str, object]:
    """Return a hook of Cucumber's with that result."""
    return {"match": {"location": "h"}, "result": {"status": status, "error_message": "no lamp"}}


STEPS = [{"name": name, "line": 8, "result": {"status": "passed"}} for name in ONE]

# Each is green in the tool's eyes, or says nothing bad of the scenario; each says why it is not passed here.
TRAPS: dict[str, tuple[ExternalResults, Verdict, str]] = {
    "a step under @wip is pending": (hear(make_behave("passed", "pending_warn")), PENDING, "a step is undefined"),
    "JUnit cannot show a pending step under @wip": (
        hear(make_junit(make_case()), feature=WIP),
        NOT_RUN,
        "with `@wip` a pending step passes",
    ),
    "the scenario has no steps": (hear(make_junit(make_case()), feature=EMPTY), PENDING, "the scenario has no steps"),
    "the status lies on another element": (
        hear(make_behave(*GREEN, status=None)),
        NOT_RUN,
        "the report has the status `untested`",
    ),
    "a hook of its feature failed": (
        hear(make_behave(*GREEN, feature="hook_error")),
        NOT_RUN,
        "its feature is reported as `hook_error`",
    ),
    "a step has no result": (
        hear(make_behave("passed", None)),
        NOT_RUN,
        "the report has a step with the status `untested`",
    ),
    "it was left out": (hear(make_behave(None, None, status="skipped")), Verdict.SKIPPED, "skipped in "),
    "a step was skipped": (hear(make_cucumber("passed", "skipped")), Verdict.SKIPPED, "skipped in "),
    "JUnit says skipped": (hear(make_junit(make_case("<skipped/>"))), Verdict.SKIPPED, "skipped in "),
    "JUnit writes pending as an error": (
        hear(make_junit(make_case('<error type="StepNotImplementedError" message="x"/>', status="error"))),
        PENDING,
        "a step is undefined or not implemented",
    ),
    "JUnit writes undefined as an error": (
        hear(make_junit(make_case('<error type="NoneType" message="None"/>', status="error"))),
        PENDING,
        "a step is undefined or not implemented",
    ),
    "it passed when it was tried again": (
        hear(make_junit(make_case('<flakyFailure message="once"/>'))),
        NOT_RUN,
        "passed only on retry",
    ),
    "something failed around its suite": (
        hear(make_junit(make_case(), '<error message="clean-up"/>')),
        NOT_RUN,
        "setup or teardown of the suite",
    ),
    "two tests have its name": (
        hear(make_junit(make_case(), make_case())),
        NOT_RUN,
        "several scenarios have this name",
    ),
    "two scenarios have its name": (
        hear(make_junit(make_case()), feature=TWICE),
        NOT_RUN,
        "several scenarios have this name",
    ),
    "two files may have its name": (
        hear(make_junit(make_case(feature="Lamp")), lamp2=FEATURE.replace("ac_1", "ac_9")),
        NOT_RUN,
        "several scenarios have this name",
    ),
    "its steps are not those of today": (
        hear(make_cucumber(*GREEN), feature=FEATURE.replace("it shines", "it shines brightly")),
        NOT_RUN,
        "its steps differ from those of the current scenario",
    ),
    "its background is not reported": (
        hear(
            make_cucumber(*GREEN, element={"steps": [{"name": "it shines", "line": 8, "result": {"status": "passed"}}]})
        ),
        NOT_RUN,
        "its steps differ",
    ),
    "it has not the tag": (hear(make_cucumber(*GREEN, element={"tags": []})), NOT_RUN, "without the tag `@ac_1`"),
    "it is in another line": (hear(make_cucumber(*GREEN, element={"line": 9})), NOT_RUN, "no result in any report"),
    "its file is another": (hear(make_cucumber(*GREEN, uri="x/a.feature")), NOT_RUN, "no result in any report"),
    "a step is ambiguous": (
        hear(make_cucumber("passed", "ambiguous")),
        NOT_RUN,
        "the report has a step with the status `ambiguous`",
    ),
    "a hook was skipped": (
        hear(make_cucumber(*GREEN, element={"before": [make_hook("skipped")]})),
        Verdict.SKIPPED,
        "skipped in Cucumber report",
    ),
    "a hook is pending": (
        hear(make_cucumber(*GREEN, element={"after": [make_hook("pending")]})),
        PENDING,
        "not implemented",
    ),
    "the report is older than the files": (
        hear(replace(make_cucumber(*GREEN), old="`r.json` is of yesterday")),
        Verdict.STALE,
        "`r.json` is of yesterday",
    ),
    "it is not trusted": (
        hear(make_cucumber(*GREEN), trusted=False),
        NOT_RUN,
        "passed in Cucumber report `r.json` only",
    ),
}


@pytest.mark.parametrize(("hearing", "verdict", "reason"), TRAPS.values(), ids=TRAPS.keys())
def test_the_report_is_green_but_not_passed_because(hearing: ExternalResults, verdict: Verdict, reason: str) -> None:
    found = judge(hearing)
    assert found.verdict == verdict
    assert reason in found.reason


def test_a_row_that_is_in_no_report_keeps_the_outline_from_passing() -> None:
    row = {"type": "scenario", "name": "It has colours", "line": 15, "tags": [{"name": "@ac_2"}]}
    steps = [{"name": name, "line": 4, "result": {"status": "passed"}} for name in ("a lamp", "it is red")]
    found = judge(hear(make_cucumber(*GREEN, more=[{**row, "steps": steps}])), "ac_2")
    assert (found.verdict, found.reason) == (NOT_RUN, f"no result for `{PATH}:16` in any report")


def test_an_outline_without_rows_keeps_a_criterion_from_passing() -> None:
    more = "\n  @ac_1\n  Scenario Outline: none\n    Then it is <x>\n    Examples:\n      | x |\n"
    found = judge(hear(make_cucumber(*GREEN), feature=FEATURE.replace("\n  Rule", f"{more}\n  Rule")))
    assert (found.verdict, "without rows" in found.reason) == (NOT_RUN, True)


def test_a_file_that_cannot_be_read_keeps_a_criterion_from_passing() -> None:
    hearing = hear(make_cucumber(*GREEN))
    item = make_item(id="ac_1", files=(PATH, "features/bad.feature"))
    assert judge_criterion_results(item, replace(make_context(None), external=hearing)).verdict == NOT_RUN


BELIEVED: dict[str, ExternalResults] = {
    "Cucumber for Java": hear(read("cucumber_jvm.json")),
    "Cucumber for JavaScript": hear(read("cucumber_js.json")),
    "behavex": hear(read("behavex.xml")),
    "Behave in JSON": hear(make_behave(*GREEN)),
    "JUnit": hear(make_junit(make_case())),
    "JUnit with the feature's name only": hear(make_junit(make_case(feature="Lamp"))),
    "an absolute path": hear(make_cucumber(*GREEN, uri=f"/somewhere/else/{PATH}")),
    "a path of Windows": hear(make_cucumber(*GREEN, uri="features\\lamp.feature")),
    "a path from another folder": hear(make_cucumber(*GREEN, uri="lamp.feature")),
    "next to a shard that left it out": hear(make_behave(None, None, status="skipped"), make_behave(*GREEN)),
}


@pytest.mark.parametrize("hearing", BELIEVED.values(), ids=BELIEVED.keys())
def test_what_is_trusted_passes_and_says_on_whose_word(hearing: ExternalResults) -> None:
    found = judge(hearing)
    assert (found.verdict, found.external_only) == (PASSED, True)
    assert found.reason.startswith("accepted from ")


REDS: dict[str, tuple[ExternalReport, str]] = {
    "a step": (make_cucumber("passed", "failed"), "the report has the status `failed` (Cucumber report"),
    "a hook": (
        make_cucumber(*GREEN, element={"after": [make_hook("failed")]}),
        "a hook failed: no lamp (Cucumber report",
    ),
    "a hook of a step": (
        make_cucumber(*GREEN, element={"steps": [*STEPS[:1], {**STEPS[1], "after": [make_hook("failed")]}]}),
        "a hook failed: no lamp (Cucumber report",
    ),
    "Behave": (make_behave("passed", "error", status="error"), "the report has the status `error` (Behave JSON report"),
    "a clean-up": (
        make_behave(*GREEN, status="cleanup_error"),
        "the report has the status `cleanup_error` (Behave JSON report",
    ),
    "JUnit": (make_junit(make_case('<failure message="dark"/>', status="failed")), "dark (JUnit report"),
    "JUnit, an error": (make_junit(make_case('<error type="KeyError" message="k"/>')), "k (JUnit report"),
    "one of two tries": (
        make_cucumber(
            *GREEN,
            more=[
                {
                    "type": "scenario",
                    "name": "It shines",
                    "line": 7,
                    "tags": [{"name": "@ac_1"}],
                    "steps": [{"name": "it shines", "line": 8, "result": {"status": "failed", "error_message": "no"}}],
                }
            ],
        ),
        "no (Cucumber report",
    ),
}


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(("report", "reason"), REDS.values(), ids=REDS.keys())
def test_a_failure_counts_with_and_without_trust(report: ExternalReport, reason: str, *, trusted: bool) -> None:
    found = judge(hear(report, trusted=trusted))
    assert found.verdict == FAILED
    assert found.reason.startswith(reason)


def make_own(*statuses: str, **changes: str) -> TestRun:
    """Return a run of today's files with the first scenario in it."""
    record = make_record(*statuses, feature=PATH, line=7, name="It shines", tags=("ac_1",), **changes)
    return make_run(record, expected={"ac_1": 1}, features=(PATH,), digests={PATH: "f"})


OWN = {
    "a pass": (make_own("passed"), make_cucumber(*GREEN), PASSED, False),
    "a failure": (make_own("failed"), make_cucumber(*GREEN), FAILED, False),
    "a pending step": (make_own("pending"), make_cucumber(*GREEN), PENDING, False),
    "a scenario it died in": (make_own("passed", status="untested"), make_cucumber(*GREEN), NOT_RUN, False),
    "a pass, and the report fails": (make_own("passed"), make_cucumber("failed", "skipped"), FAILED, False),
    "it left it out": (make_own("skipped", status="skipped"), make_cucumber(*GREEN), PASSED, True),
}


@pytest.mark.parametrize(("run", "report", "verdict", "external_only"), OWN.values(), ids=OWN.keys())
def test_a_run_of_our_own_comes_before_a_report_unless_that_one_fails(
    run: TestRun, report: ExternalReport, verdict: Verdict, *, external_only: bool
) -> None:
    found = judge(hear(report), run=run)
    assert (found.verdict, found.external_only) == (verdict, external_only)


def test_a_run_of_other_files_does_not_silence_a_report() -> None:
    run = replace(make_own("failed"), digests={PATH: "older"})
    assert judge(hear(make_cucumber(*GREEN)), run=run).verdict == PASSED


def test_without_reports_nothing_changes() -> None:
    assert (judge(hear()).verdict, judge(hear()).reason) == (NOT_RUN, "no results yet")
