"""Marking by what other tools report: real reports of Behave, with and without trust, of today and of yesterday."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import program
import pytest
from small_project import (
    FEATURE_PATH,
    NOW,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    list_verdicts,
    read_all,
    run,
    to_keywords,
    write_basket,
    write_files,
)

from spec2bdd.commands.history import rebuild_history
from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.config import read_config
from spec2bdd.errors import RecordError
from spec2bdd.model import Report
from spec2bdd.reporters.text.report import render_text

REPORT, JUNIT = "report.json", "reports/TESTS-3_10_shop_basket.xml"
OLD = (1_000_000_000, 1_000_000_000)
TICKED = "- [x] Removing"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a project that plain Behave ran, with both of its reports."""
    root = write_basket(tmp_path_factory.mktemp("reported"))
    generate(root)
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", REPORT, "--junit", "features"]
    subprocess.run(command, cwd=root, capture_output=True, check=False)
    return {**read_all(root), **{name: (root / name).read_bytes() for name in (REPORT, JUNIT)}}


@pytest.fixture
def project(reported: dict[str, bytes], tmp_path: Path) -> Path:
    """Return a copy of that project, its reports the newest files."""
    return write_files(tmp_path, reported)


def mark(root: Path, *names: str, **wishes: Any) -> Report:
    """Mark by files, named as from the root."""
    return mark_command(read_config(root), now=NOW, **to_keywords(wishes), records=[str(root / name) for name in names])


def list_all(report: Report) -> list[str]:
    """Return the verdicts in the order of the spec."""
    return list(list_verdicts(report).values())


@pytest.mark.parametrize("name", [REPORT, JUNIT])
def test_a_report_gives_no_tick(project: Path, name: str) -> None:
    report = mark(project, name)
    assert list_all(report) == ["not run", "failed", "pending", "pending"]
    assert (project / SPEC_PATH).read_text().count("- [x]") == 0


@pytest.mark.parametrize("name", [REPORT, JUNIT])
def test_a_report_takes_a_tick_away(project: Path, name: str) -> None:
    text = (project / SPEC_PATH).read_text().replace("- [ ] Removing", TICKED)
    write_files(project, {SPEC_PATH: text})
    mark(project, name)
    assert TICKED not in (project / SPEC_PATH).read_text()


@pytest.mark.parametrize("name", [REPORT, JUNIT])
def test_a_report_that_is_trusted_gives_a_tick(project: Path, name: str) -> None:
    report = mark(project, name, trust_external=True)
    assert list_all(report) == ["passed", "failed", "pending", "pending"]
    assert "- [x] An item can be added" in (project / SPEC_PATH).read_text()


def test_the_summary_says_what_stands_on_a_reports_word(project: Path) -> None:
    shown = render_text(mark(project, REPORT, trust_external=True), width=120, color=False)
    assert " · 1 passed in an external report only" in shown


def test_without_trust_a_note_says_what_is_only_told(project: Path) -> None:
    (note,) = mark(project, REPORT).notes
    assert note.startswith("1 criterion passed in external reports only")


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("newer", [FEATURE_PATH, STEPS_PATH, "features/steps/deep/lamp.js", "src/a.py"])
def test_a_report_that_is_older_than_a_file_says_nothing(project: Path, newer: str, *, trusted: bool) -> None:
    if not (project / newer).exists():
        write_files(project, {newer: "x = 1\n", "spec2bdd.toml": 'sources = ["src/*.py"]\n'})
    os.utime(project / REPORT, OLD)
    for path in project.rglob("*.*"):
        if path.is_file() and path.name not in (REPORT, Path(newer).name):
            os.utime(path, (0, 0))
    before = (project / SPEC_PATH).read_bytes()
    report = mark(project, REPORT, trust_external=trusted)
    assert list_all(report) == ["stale"] * 4
    assert f"is older than `{newer}`" in report.specs[0].verdicts[0].reason
    assert (project / SPEC_PATH).read_bytes() == before


def test_our_own_records_speak_before_a_report(project: Path) -> None:
    run(project)
    report = mark(project, ".spec2bdd", REPORT)
    assert list_all(report) == ["passed", "failed", "pending", "pending"]
    assert not report.specs[0].verdicts[0].external_only


DAMAGED: Sequence[tuple[bytes, str]] = [
    (b"[]", "no features in the report"),
    (b'[{"name": "a", "elements": [', "invalid or truncated JSON"),
    (b"<testsuite>", "invalid or truncated XML"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', "XML entities are not allowed"),
]


@pytest.mark.parametrize(("content", "message"), DAMAGED)
def test_a_report_that_is_not_whole_is_told_and_marks_nothing(project: Path, content: bytes, message: str) -> None:
    write_files(project, {"bad.json": content})
    before = read_all(project)
    with pytest.raises(RecordError, match=message) as caught:
        mark(project, "bad.json", trust_external=True)
    assert caught.value.path == str(project / "bad.json")
    assert read_all(project) == before


@pytest.mark.parametrize("form", ["junit", "junit-strict"])
@pytest.mark.parametrize("trust", [False, True])
def test_a_junit_report_of_our_own_holds_no_results(project: Path, form: str, *, trust: bool) -> None:
    run(project)
    program.call(project, "report", "--format", f"{form}:j.xml")
    before = read_all(project)
    with pytest.raises(RecordError) as caught:
        mark(project, "j.xml", trust_external=trust)
    assert (caught.value.message, caught.value.hint) == (
        "spec2bdd wrote this report: it holds verdicts, and no results of scenarios",
        "run `spec2bdd mark` for the results of the last run, or name the record files of the run",
    )
    assert read_all(project) == before
    assert mark(project, "j.xml", JUNIT, trust_external=trust).exit_code == 2


def test_a_damaged_report_does_not_hide_another(project: Path) -> None:
    write_files(project, {"bad.json": b"["})
    report = mark(project, "bad.json", REPORT, trust_external=True)
    assert list_all(report) == ["passed", "failed", "pending", "pending"]
    assert report.exit_code == 2


def test_a_report_is_not_remembered(project: Path) -> None:
    report = rebuild_history(read_config(project), [str(project / REPORT)])
    (diagnostic,) = report.diagnostics
    assert "cannot be added to the history" in diagnostic.message
    assert report.exit_code == 2


def test_a_report_of_behave_without_any_test_is_a_note(project: Path) -> None:
    write_files(project, {"features/empty.feature": "Feature: Empty\n  Only words.\n"})
    command = [sys.executable, "-m", "behave", "--junit", "features"]
    subprocess.run(command, cwd=project, capture_output=True, check=False)
    (name,) = [path.relative_to(project).as_posix() for path in project.glob("reports/*empty.xml")]
    report = mark(project, name, JUNIT)
    assert [note for note in report.notes if "contains no tests" in note] == [f"`{project / name}` contains no tests"]
    assert report.diagnostics == ()


def test_a_failure_below_a_rule_with_the_tag_takes_a_tick_away(tmp_path: Path) -> None:
    spec = (
        "---\nfeature_id: 1.1\nname: Ruled\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n- [x] It works {#works}\n"
    )
    own = "Feature: Own\n  @ac_1_1_works\n  Rule: ruled\n    Scenario: own\n      Then it fails\n"
    steps = "from behave import then\n\n\n@then('it fails')\ndef f(context):\n    assert not context\n"
    write_files(tmp_path, {"specs/1.md": spec, "features/own.feature": own, "steps/own_steps.py": steps})
    generate(tmp_path)
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", REPORT, "features"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert list_all(mark(tmp_path, REPORT)) == ["failed"]
    assert "- [ ] It works" in (tmp_path / "specs/1.md").read_text()


CASE = '<testcase classname="tests.test_lamp" name="test_{}" time="0.1"/>'
UNMATCHED = [
    (1, "its test case does not belong to a criterion"),
    (3, "none of its 3 test cases belongs to a criterion"),
]


@pytest.mark.parametrize(("count", "message"), UNMATCHED)
def test_a_report_without_a_scenario_of_ours_is_a_warning(project: Path, count: int, message: str) -> None:
    cases = "".join(CASE.format(number) for number in range(count))
    text = f'<testsuite name="pytest" tests="{count}" errors="0" failures="0" skipped="0">{cases}</testsuite>'
    write_files(project, {"j.xml": text})
    diagnostics = mark(project, "j.xml", JUNIT).diagnostics
    assert [(item.path, item.code, item.message) for item in diagnostics] == [
        (str(project / "j.xml"), "unmatched-report", message)
    ]
