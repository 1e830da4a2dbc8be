"""OpenSpec in the whole loop: its files are read where it keeps them, and ids survive what it does with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openspec_project import (
    ACCEPTED,
    CHANGE,
    DELTA,
    NEW_DELTA,
    RENAMED,
    archive_change,
    list_ids,
    open_change,
    write_project,
)
from small_project import generate, list_verdicts, verify, write_files

from spec2bdd.model import Report, Verdict

CHANGE_FEATURES = {"features/add_fees_fees.feature", "features/add_fees_loans.feature"}


def list_features(root: Path) -> set[str]:
    """List the paths of all feature files."""
    return {path.relative_to(root).as_posix() for path in (root / "features").glob("*.feature")}


def list_all(report: Report) -> list[tuple[str, str, Verdict]]:
    """List the spec, the text and the verdict of each criterion."""
    return [(spec.spec.path, found.criterion.text, found.verdict) for spec in report.specs for found in spec.verdicts]


def read_specs(root: Path) -> dict[str, bytes]:
    """Read all files of OpenSpec."""
    files = (path for path in (root / "openspec").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_accepted_scenarios_and_those_of_an_open_change_are_proved_apart(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    before = read_specs(tmp_path)
    report = verify(tmp_path)
    assert list_all(report) == [
        (NEW_DELTA, "Charging: Two days late", Verdict.PASSED),
        (NEW_DELTA, "Charging: In time", Verdict.PASSED),
        (DELTA, "Borrowing: A book on the shelf", Verdict.PASSED),
        (DELTA, "Borrowing: A member with fees", Verdict.PASSED),
        (ACCEPTED, "Borrowing: A book on the shelf", Verdict.PASSED),
        (ACCEPTED, "Returning: In time", Verdict.PASSED),
    ]
    assert [spec.spec.title for spec in report.specs] == ["fees (change add-fees)", "loans (change add-fees)", "loans"]
    assert (report.exit_code, read_specs(tmp_path)) == (0, before)


def test_a_failing_scenario_fails_the_verification_and_changes_no_spec(tmp_path: Path) -> None:
    write_project(tmp_path)
    verify(tmp_path)
    steps = tmp_path / "steps/library_steps.py"
    steps.write_text(steps.read_text().replace('context.loans = ["a book"]', "context.loans = []"))
    before = read_specs(tmp_path)
    report = verify(tmp_path)
    assert (report.exit_code, list_verdicts(report)["Borrowing: A book on the shelf"]) == (1, "failed")
    assert read_specs(tmp_path) == before


def test_an_open_change_does_not_change_the_accepted_spec(tmp_path: Path) -> None:
    write_project(tmp_path)
    ids = list_ids(verify(tmp_path))
    feature = (tmp_path / "features/loans.feature").read_bytes()
    open_change(tmp_path)
    assert list_ids(verify(tmp_path)) == ids
    assert (tmp_path / "features/loans.feature").read_bytes() == feature


def test_archived_scenarios_keep_the_ids_of_the_change(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    first = verify(tmp_path)
    in_change = {found.criterion.text: found.id for spec in first.specs[:2] for found in spec.verdicts}
    archive_change(tmp_path)
    report = verify(tmp_path)
    assert list_ids(report) == {
        **list_ids(first),
        "loans/Borrowing: A member with fees": in_change["Borrowing: A member with fees"],
        "fees/Charging: Two days late": in_change["Charging: Two days late"],
        "fees/Charging: In time": in_change["Charging: In time"],
    }
    assert {verdict for _, _, verdict in list_all(report)} == {Verdict.PASSED}
    assert (report.exit_code, report.diagnostics) == (0, ())


def test_the_feature_files_of_an_archived_change_are_removed_once_their_ids_are_recorded(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    generate(tmp_path)
    assert list_features(tmp_path) == {"features/loans.feature", *CHANGE_FEATURES}
    archive_change(tmp_path)
    report = generate(tmp_path)
    assert {change.path for change in report.changes[-2:]} == CHANGE_FEATURES
    assert list_features(tmp_path) == {"features/fees.feature", "features/loans.feature"}
    assert generate(tmp_path).changes == ()


def test_an_archived_change_asks_for_no_new_steps(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    generate(tmp_path)
    steps = (tmp_path / "steps/library_steps.py").read_bytes()
    archive_change(tmp_path)
    generate(tmp_path)
    assert [path.name for path in (tmp_path / "steps").glob("*.py")] == ["library_steps.py"]
    assert (tmp_path / "steps/library_steps.py").read_bytes() == steps


def test_the_features_of_a_dropped_change_wait_for_prune(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    generate(tmp_path)
    shutil.rmtree(tmp_path / CHANGE)
    report = generate(tmp_path)
    assert {found.path for found in report.diagnostics if found.code == "orphan"} == CHANGE_FEATURES
    generate(tmp_path, prune=True)
    assert list_features(tmp_path) == {"features/loans.feature"}


def test_a_feature_of_an_archived_change_that_was_edited_by_hand_stays(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    generate(tmp_path)
    feature = tmp_path / "features/add_fees_fees.feature"
    feature.write_text(feature.read_text().replace("40 cents", "41 cents"))
    archive_change(tmp_path)
    generate(tmp_path)
    assert list_features(tmp_path) == {
        "features/add_fees_fees.feature",
        "features/fees.feature",
        "features/loans.feature",
    }


def test_scenarios_of_a_renamed_requirement_keep_their_ids_and_are_not_stale(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path, renamed=RENAMED)
    before = list_ids(verify(tmp_path))
    archive_change(tmp_path)
    for _ in range(2):
        report = verify(tmp_path)
        assert list_ids(report)["loans/Returning a book: In time"] == before["loans/Returning: In time"]
        assert list_verdicts(report)["Returning a book: In time"] == "passed"
        assert report.diagnostics == ()
    assert "reworded" not in (tmp_path / "features/loans.feature").read_text()


def test_without_a_record_a_renamed_requirement_is_a_rewording(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    spec = tmp_path / ACCEPTED
    spec.write_text(spec.read_text().replace("Requirement: Returning", "Requirement: Returning of books"))
    report = verify(tmp_path)
    assert list_ids(report)["loans/Returning of books: In time"] == before["loans/Returning: In time"]
    assert list_verdicts(report)["Returning of books: In time"] == "stale"


def test_a_reworded_scenario_keeps_its_id_and_is_stale(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    spec = tmp_path / ACCEPTED
    spec.write_text(spec.read_text().replace("Scenario: A book on the shelf", "Scenario: A book on a shelf"))
    report = verify(tmp_path)
    assert list_ids(report)["loans/Borrowing: A book on a shelf"] == before["loans/Borrowing: A book on the shelf"]
    assert list_verdicts(report)["Borrowing: A book on a shelf"] == "stale"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_mark_what_passed_and_go_when_it_fails(tmp_path: Path, newline: str) -> None:
    write_project(tmp_path)
    open_change(tmp_path)
    write_files(tmp_path, {"pyproject.toml": '[tool.spec2bdd]\nmarks = "comments"\n'})
    for path in (ACCEPTED, DELTA, NEW_DELTA):
        text = (tmp_path / path).read_text()
        (tmp_path / path).write_bytes(text.replace("\n", newline).encode())
    before = read_specs(tmp_path)
    verify(tmp_path)
    marked = (tmp_path / ACCEPTED).read_bytes().decode()
    assert marked.count(f"the member has a loan <!-- passed -->{newline}") == 1
    assert marked.replace(" <!-- passed -->", "").encode() == before[ACCEPTED]
    assert verify(tmp_path).changes == ()
    steps = tmp_path / "steps/library_steps.py"
    steps.write_text(STEPS_THAT_FAIL)
    verify(tmp_path)
    assert read_specs(tmp_path) == before


STEPS_THAT_FAIL = """\
from behave import step


@step("{anything}")
def fail(context, anything):
    assert anything == ""
"""
