"""Criteria that pass in the first run that has seen them are counted: no run has shown that their steps can fail."""

from __future__ import annotations

from pathlib import Path

from small_project import SPEC, SPEC_PATH, STEPS, STEPS_PATH, generate, verify, write_basket, write_files

NOTE = "passed at first sight: 1"
DETAIL = "passed at first sight, never observed failing: An item can be added"


def test_a_criterion_that_passes_in_its_first_run_is_counted_and_listed_with_details(tmp_path: Path) -> None:
    report = verify(write_basket(tmp_path))
    assert (NOTE in report.notes, DETAIL in report.details) == (True, True)


def test_it_is_counted_once(tmp_path: Path) -> None:
    verify(write_basket(tmp_path))
    assert [note for note in verify(tmp_path).notes if "first sight" in note] == []


def test_a_criterion_that_was_pending_before_is_not_counted(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    generate(tmp_path)
    verify(tmp_path)
    stubs = (tmp_path / STEPS_PATH).read_text(encoding="utf-8")
    write_files(tmp_path, {STEPS_PATH: stubs.replace("raise StepNotImplementedError", "assert context.config or str")})
    report = verify(tmp_path)
    assert [note for note in report.notes if "first sight" in note] == []
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")


def test_a_criterion_that_failed_before_is_not_counted(tmp_path: Path) -> None:
    verify(write_basket(tmp_path, steps=STEPS.replace('== ["apple"]', '== ["pear"]')))
    report = verify(write_basket(tmp_path, spec=(tmp_path / SPEC_PATH).read_bytes()))
    assert [note for note in report.notes if "first sight" in note] == []


def test_a_box_that_is_ticked_already_is_not_counted(tmp_path: Path) -> None:
    report = verify(write_basket(tmp_path, spec=SPEC.replace("- [ ] An item", "- [x] An item")))
    assert [note for note in report.notes if "first sight" in note] == []


def test_a_criterion_whose_scenario_was_generated_before_is_not_counted(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    assert [note for note in verify(tmp_path).notes if "first sight" in note] == []
