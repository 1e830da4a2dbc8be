"""Criteria that pass in the first run that has seen them are counted: no run has shown that their steps can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import (
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    run,
    verify,
    write_basket,
    write_files,
)
from tree_repository import make_repository

from spec2bdd.commands.options import WriteMode
from spec2bdd.model import Report

NOTE = "1 criterion passed on its first run: never seen failing"
DETAIL = "passed on its first run: An item can be added"


def write_stub_bodies(root: Path) -> None:
    """Write a check into each stub of a project."""
    stubs = (root / STEPS_PATH).read_text(encoding="utf-8")
    write_files(root, {STEPS_PATH: stubs.replace("raise StepNotImplementedError", "assert context.config and str")})


def test_a_criterion_that_passes_in_its_first_run_is_counted_and_listed_with_details(tmp_path: Path) -> None:
    report = verify(write_basket(tmp_path))
    assert (NOTE in report.notes, DETAIL in report.details) == (True, True)


def test_it_is_counted_once(tmp_path: Path) -> None:
    verify(write_basket(tmp_path))
    assert [note for note in verify(tmp_path).notes if "first run" in note] == []


def test_a_criterion_that_was_pending_before_is_not_counted(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    generate(tmp_path)
    verify(tmp_path)
    write_stub_bodies(tmp_path)
    report = verify(tmp_path)
    assert [note for note in report.notes if "first run" in note] == []
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")


def test_a_criterion_that_failed_before_is_not_counted(tmp_path: Path) -> None:
    verify(write_basket(tmp_path, steps=STEPS.replace('== ["apple"]', '== ["pear"]')))
    report = verify(write_basket(tmp_path, spec=(tmp_path / SPEC_PATH).read_bytes()))
    assert [note for note in report.notes if "first run" in note] == []


def test_a_box_that_is_ticked_already_is_not_counted(tmp_path: Path) -> None:
    report = verify(write_basket(tmp_path, spec=SPEC.replace("- [ ] An item", "- [x] An item")))
    assert [note for note in report.notes if "first run" in note] == []


def list_notes(report: Report) -> list[str]:
    """Return what a report counts as passed on the first run."""
    return [note for note in report.notes if "first run" in note]


def test_a_criterion_whose_scenario_was_generated_before_is_counted_when_it_first_passes(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    generate(tmp_path)
    assert list_notes(verify(tmp_path)) == [NOTE]
    assert list_notes(verify(tmp_path)) == []


def test_run_counts_it_and_verify_does_not_repeat_that(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    assert [list_notes(run(tmp_path)), list_notes(verify(tmp_path))] == [[NOTE], []]


def test_a_check_counts_it_and_forgets_nothing(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    assert [list_notes(verify(tmp_path, mode=mode)) for mode in (WriteMode.CHECK, WriteMode.WRITE)] == [[NOTE], [NOTE]]


def test_a_criterion_whose_step_was_written_before_the_first_run_is_not_counted(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    generate(tmp_path)
    write_stub_bodies(tmp_path)
    assert list_notes(verify(tmp_path)) == []
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")


def test_a_criterion_that_shared_a_stub_which_was_written_later_is_not_counted(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    generate(tmp_path)
    item = "- [ ] An item can be added\n"
    write_files(tmp_path, {SPEC_PATH: SPEC.replace(item, f"{item}- [ ] **Guests**: an item can be added\n")})
    generate(tmp_path)
    write_stub_bodies(tmp_path)
    assert list_notes(verify(tmp_path)) == []
    assert "- [x] **Guests**" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, "5"])
def test_a_damaged_memory_counts_as_empty(content: str, tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    write_files(tmp_path, {".spec2bdd/first_sight.json": content})
    assert list_notes(verify(tmp_path)) == []


def test_a_pass_is_counted_if_an_earlier_run_of_the_commit_has_failed(tmp_path: Path) -> None:
    # It fails once, and then finds what it has left.
    flaky = STEPS.replace(
        "assert ",
        "import os\n    there = os.path.exists('left')\n    open('left', 'w').close()\n    assert there and ",
        1,
    )
    write_files(write_basket(tmp_path, steps=flaky), {".gitignore": "left\n.spec2bdd/\n__pycache__/\n"})
    generate(tmp_path)
    make_repository(tmp_path, {})
    assert "failed" in list_verdicts(verify(tmp_path)).values()
    report = verify(tmp_path)
    assert [note for note in report.notes if "flaky" in note] == [
        "1 criterion passes that failed in an earlier run of this commit: flaky? (`-v` lists it)"
    ]
    assert "failed before at this commit: An item can be added" in report.details
    assert [note for note in verify(tmp_path).notes if "flaky" in note] == []


def test_a_repaired_project_that_git_ignores_is_not_called_flaky(tmp_path: Path) -> None:
    make_repository(tmp_path, {".gitignore": "build/\n"})
    root = write_basket(tmp_path / "build/demo", steps=STEPS.replace("assert ", "assert not ", 1))
    generate(root)
    assert list_verdicts(verify(root))["An item can be added"] == "failed"
    write_files(root, {STEPS_PATH: STEPS})
    report = verify(root)
    assert list_verdicts(report)["An item can be added"] == "passed"
    assert [note for note in report.notes if "flaky" in note] == []
