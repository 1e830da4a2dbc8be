"""Scenarios without a criterion's tag count for the answer of a run, as they do for plain Behave."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import generate, mark, run, verify, write_files

from spec2bdd.commands.status import status
from spec2bdd.config import read_config
from spec2bdd.model import Report, RunOptions, Selection, Verdict
from spec2bdd.reporters.markdown.overview import render_overview_markdown
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.next_step.of_overview import find_next_of_project
from spec2bdd.reporters.registry import REPORTERS, Answer, RenderOptions
from spec2bdd.reporters.text.overview import render_overview
from spec2bdd.reporters.text.report import render_text

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added {#add}
"""
STEPS = """\
from behave import step
from behave.api.pending_step import StepNotImplementedError


@step("an item can be added")
def an_item_can_be_added(context):
    assert ["apple"] == [context.scenario.name and "apple"]


@step("it fails")
def it_fails(context):
    assert not context, "it really fails"


@step("it is pending")
def it_is_pending(context):
    raise StepNotImplementedError("later")


@step("it cannot fail")
def it_cannot_fail(context):
    pass


@step("it exits")
def it_exits(context):
    import os

    os._exit(0)
"""
FAILING = "  Scenario: smoke\n    Then it fails\n"


def write_project(root: Path, unlinked: str, **files: str) -> Path:
    """Write a project with one criterion that passes, and scenarios without a criterion."""
    contents = {
        "specs/1.md": SPEC,
        "steps/own_steps.py": STEPS,
        "features/smoke.feature": f"Feature: Smoke\n{unlinked}",
    }
    write_files(root, {**contents, **files})
    generate(root)
    return root


def list_unlinked(report: Report) -> list[tuple[str, Verdict]]:
    """List the scenarios without a criterion with their verdicts."""
    return [(scenario.record.name, scenario.verdict) for scenario in report.unlinked]


def call_behave(root: Path) -> int:
    """Return the exit code of plain Behave."""
    return subprocess.run([sys.executable, "-m", "behave", "features"], cwd=root, capture_output=True).returncode


CASES = {
    "it passes": ("  Scenario: smoke\n    Then an item can be added\n", Verdict.PASSED, 0),
    "it fails": (FAILING, Verdict.FAILED, 1),
    "a step is undefined": ("  Scenario: smoke\n    Then the sea is blue\n", Verdict.PENDING, 1),
    "a step is pending": ("  Scenario: smoke\n    Then it is pending\n", Verdict.PENDING, 1),
    "a step is pending under `@wip`": ("  @wip\n  Scenario: smoke\n    Then it is pending\n", Verdict.PENDING, 0),
    "a step cannot fail": ("  Scenario: smoke\n    Then it cannot fail\n", Verdict.PASSED, 0),
    "it has no steps": ("  Scenario: smoke\n", Verdict.PENDING, 0),
    "its tag is no criterion's": (f"  @ac_1_1_typo\n{FAILING}", Verdict.FAILED, 1),
}


@pytest.mark.parametrize("name", CASES)
def test_the_exit_code_is_that_of_behave_where(name: str, tmp_path: Path) -> None:
    text, verdict, code = CASES[name]
    write_project(tmp_path, text)
    report = verify(tmp_path)
    assert (list_unlinked(report), report.exit_code) == ([("smoke", verdict)], code)
    assert call_behave(tmp_path) == code


def test_a_scenario_that_ends_the_process_has_failed(tmp_path: Path) -> None:
    report = verify(write_project(tmp_path, "  Scenario: smoke\n    Then it exits\n"))
    assert (list_unlinked(report), report.exit_code) == ([("smoke", Verdict.FAILED)], 1)


def test_a_failure_ticks_and_unticks_nothing(tmp_path: Path) -> None:
    verify(write_project(tmp_path, FAILING))
    assert "- [x] An item can be added" in (tmp_path / "specs/1.md").read_text()


def test_run_and_mark_fail_as_well(tmp_path: Path) -> None:
    write_project(tmp_path, FAILING)
    assert (run(tmp_path).exit_code, mark(tmp_path).exit_code) == (1, 1)


def test_a_result_of_another_feature_file_does_not_count(tmp_path: Path) -> None:
    run(write_project(tmp_path, FAILING))
    write_files(tmp_path, {"features/smoke.feature": "Feature: Smoke\n  Scenario: smoke\n    Then it works\n"})
    assert list_unlinked(mark(tmp_path)) == []


def test_the_configuration_can_have_it_only_reported(tmp_path: Path) -> None:
    report = verify(write_project(tmp_path, FAILING, **{"spec2bdd.toml": 'unlinked = "report"\n'}))
    assert (list_unlinked(report), report.exit_code) == ([("smoke", Verdict.FAILED)], 0)


def test_a_run_of_a_part_without_them_does_not_fail(tmp_path: Path) -> None:
    report = run(write_project(tmp_path, FAILING), choice=Selection(names=("add",)))
    assert (list_unlinked(report), report.exit_code) == ([("smoke", Verdict.SKIPPED)], 0)


def test_the_tag_of_a_spec_that_cannot_be_read_is_a_criterions(tmp_path: Path) -> None:
    write_project(tmp_path, FAILING.replace("  Scenario", "  @ac_1_1_add\n  Scenario"))
    write_files(tmp_path, {"specs/1.md": b"\xff", "specs/2.md": SPEC.replace("1.1", "1.2")})
    assert list_unlinked(verify(tmp_path)) == []


def test_the_summary_counts_them_and_shows_what_failed(tmp_path: Path) -> None:
    text = f"{FAILING}  Scenario: fine\n    Then an item can be added\n"
    shown = render_text(verify(write_project(tmp_path, text)), width=100, color=False)
    assert "scenarios without a criterion: 1 passed, 1 failed" in " ".join(shown.split())
    assert "features/smoke.feature:2" in shown
    assert "it really fails" in shown


def render(report: Report, name: str) -> str:
    """Render a report of `run` in a format."""
    return REPORTERS[name].render(Answer("run", report, report.diagnostics), RenderOptions())


@pytest.mark.parametrize(("setting", "level"), [("fail", "error"), ("report", "warning")])
def test_the_formats_of_ci_list_a_failing_scenario_without_a_criterion(
    tmp_path: Path, setting: str, level: str
) -> None:
    configuration = f'[tool.spec2bdd]\nunlinked = "{setting}"\n'
    write_project(tmp_path, FAILING, **{"pyproject.toml": configuration})
    report = run(tmp_path)
    message = "the scenario `smoke` failed: it really fails"
    place = "file=features/smoke.feature,line=3,col=1,title=unlinked-failed"
    assert [line for line in render(report, "github").splitlines() if "unlinked-failed" in line] == [
        f"::{level} {place}::{message}"
    ]
    (result,) = [
        result
        for result in json.loads(render(report, "sarif"))["runs"][0]["results"]
        if result["ruleId"] == "unlinked-failed"
    ]
    assert (result["level"], result["message"]["text"]) == (level, message)


def test_the_formats_of_ci_call_a_scenario_pending_as_the_report_does(tmp_path: Path) -> None:
    report = run(write_project(tmp_path, "  Scenario: smoke\n    Then it is purple\n"))
    assert "title=unlinked-failed::the scenario `smoke` is pending: undefined step `it is purple`" in render(
        report, "github"
    )


LABELS = {
    "it passes": "passed",
    "it fails": "failed",
    "a step is undefined": "undefined",
    "a step is pending": "pending",
    "a step is pending under `@wip`": "pending under @wip",
    "a step cannot fail": "passed",
    "it has no steps": "without steps",
}


@pytest.mark.parametrize("name", LABELS)
def test_what_fails_a_run_is_counted_in_another_word_than_what_does_not(name: str, tmp_path: Path) -> None:
    (folder := tmp_path / ".spec2bdd").mkdir()
    report = verify(write_project(tmp_path, CASES[name][0]))
    expected = f"scenarios without a criterion: 1 {LABELS[name]}"
    for quiet in (True, False):
        assert f" {expected} " in f"{' '.join(render_text(report, width=100, color=False, quiet=quiet).split())} "
    # The second answer is that of the cache.
    for _ in range(2):
        overview = status(read_config(tmp_path))
        for text in (render_overview(overview, width=100, color=False), render_overview_markdown(overview)):
            assert f"{expected}\n" in text
    assert (folder / "status.json").is_file()


def test_those_that_did_not_pass_are_shown_under_the_words_of_the_summary_the_failing_ones_first(
    tmp_path: Path,
) -> None:
    names = ("it has no steps", "a step is pending under `@wip`", "a step is undefined", "it fails")
    report = verify(write_project(tmp_path, "".join(CASES[name][0] for name in names)))
    shown = render_text(report, width=100, color=False)
    expected = ["1 failure", *(f"1 scenario without a criterion: {LABELS[name]}" for name in (names[2], *names[:2]))]
    assert [line.partition(" ─")[0] for line in shown.splitlines() if line.endswith("──")] == expected
    counts = "1 failed, 1 undefined, 1 without steps, 1 pending under @wip"
    assert f"scenarios without a criterion: {counts}" in " ".join(shown.split())


def test_without_such_scenarios_nothing_is_said_of_them(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS})
    generate(tmp_path)
    shown = render_text(verify(tmp_path), width=100, color=False)
    assert "without a criterion" not in shown + render_overview(status(read_config(tmp_path)), width=100, color=False)


STATED = ("it fails", "a step is undefined", "a step is pending", "its tag is no criterion's", "it passes")


@pytest.mark.parametrize("name", STATED)
def test_status_suggests_the_next_step_that_the_run_suggested(name: str, tmp_path: Path) -> None:
    report = verify(write_project(tmp_path, CASES[name][0]))
    # The second answer is that of the cache.
    steps = [find_next_of_project(status(read_config(tmp_path))) for _ in range(2)]
    assert steps == [find_next(report).replace("commit the 3 files", "")] * 2


BROKEN = {"steps/own_steps.py": f"{STEPS}def x(:\n", "features/own.feature": "Fature: a\n"}


@pytest.mark.parametrize("path", BROKEN)
def test_status_suggests_to_fix_the_file_that_the_run_could_not_read_until_it_changes(
    path: str, tmp_path: Path
) -> None:
    root = write_project(tmp_path, FAILING)
    write_files(root, {path: BROKEN[path]})
    report = verify(root)
    assert find_next(report).startswith(f"fix the error in {path}:")
    assert find_next_of_project(status(read_config(root))) == find_next(report)
    write_files(root, {path: STEPS if path.endswith(".py") else "Feature: a\n"})
    assert path not in find_next_of_project(status(read_config(root)))


def test_status_suggests_a_criterion_where_a_scenario_without_one_is_only_reported(tmp_path: Path) -> None:
    verify(write_project(tmp_path, FAILING, **{"spec2bdd.toml": 'unlinked = "report"\n'}))
    assert "smoke" not in find_next_of_project(status(read_config(tmp_path)))


def test_status_suggests_to_repair_a_criterion_that_fails_first(tmp_path: Path) -> None:
    root = write_project(tmp_path, FAILING)
    write_files(root, {"specs/1.md": f"{SPEC}- [ ] It fails\n"})
    report = verify(root)
    assert "1_1_basket.feature" in find_next(report)
    assert find_next_of_project(status(read_config(root))) == find_next(report)


def test_the_formats_of_ci_list_no_scenario_that_passed(tmp_path: Path) -> None:
    report = run(write_project(tmp_path, "  Scenario: smoke\n    Then an item can be added\n"))
    assert "unlinked-failed" not in render(report, "github") + render(report, "sarif")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scenario_without_a_criterion_that_failed_is_run_again_by_name(tmp_path: Path, jobs: int) -> None:
    both = FAILING + "  Scenario: other\n    Then an item can be added\n"
    project = write_project(tmp_path, both)
    assert verify(project).exit_code == 1
    # Its result is of other files now, and has to be asked for again.
    write_files(project, {"steps/own_steps.py": STEPS + "# changed\n"})
    report = verify(project, choice=Selection(failed=True), plan=RunOptions(jobs=jobs))
    assert list_unlinked(report) == [("smoke", Verdict.FAILED), ("other", Verdict.SKIPPED)]
    assert report.exit_code == 1
    write_files(project, {"steps/own_steps.py": STEPS.replace("assert not context", "assert context.config")})
    report = verify(project, choice=Selection(failed=True), plan=RunOptions(jobs=jobs))
    assert list_unlinked(report)[0] == ("smoke", Verdict.PASSED)


def test_where_a_criterion_is_named_no_other_scenario_is_run_again(tmp_path: Path) -> None:
    project = write_project(tmp_path, FAILING)
    verify(project)
    report = run(project, choice=Selection(("1.1#1",), failed=True))
    assert (report.nothing_run, report.unlinked) == (True, ())
