"""`run NAME` reports what it ran: its exit code and its next step are about that alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, run, verify, write_files

from spec2bdd.model import Selection
from spec2bdd.reporters.next_step.after_command import find_next

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added
- [ ] The total is right
"""
STEPS = """\
from behave import then


@then("an item can be added")
def an_item_can_be_added(context):
    assert context.config


@then("the total is right")
def the_total_is_right(context):
    assert not context, "it is wrong"


@then("it fails")
def it_fails(context):
    assert not context
"""
FIX = "make the step in features/1_1_basket.feature:14 pass, then `spec2bdd verify`"
CASES = {
    "1.1#1": (0, "run `spec2bdd mark`"),
    "1.1#2": (1, FIX),
    "1.1": (1, FIX),
    "features/smoke.feature": (1, "make features/smoke.feature:3 pass, then `spec2bdd verify`"),
}


def write_project(root: Path) -> None:
    """Write a project with a criterion that passes, one that fails, and a scenario without one that fails."""
    smoke = "Feature: Smoke\n  Scenario: smoke\n    Then it fails\n"
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS, "features/smoke.feature": smoke})


@pytest.mark.parametrize(("name", "expected"), CASES.items(), ids=CASES)
@pytest.mark.parametrize("after_whole_run", [False, True])
def test_exit_code_and_next_step_are_those_of_what_was_named(
    tmp_path: Path, name: str, expected: tuple[int, str], *, after_whole_run: bool
) -> None:
    write_project(tmp_path)
    generate(tmp_path)
    if after_whole_run:
        assert run(tmp_path).exit_code == 1
    report = run(tmp_path, selection=Selection(names=(name,)))
    assert (report.exit_code, find_next(report)) == expected


def test_a_named_run_of_what_is_marked_already_has_nothing_left_to_do(tmp_path: Path) -> None:
    write_project(tmp_path)
    verify(tmp_path)
    report = run(tmp_path, selection=Selection(names=("1.1#1",)))
    assert (report.exit_code, find_next(report)) == (0, "")
