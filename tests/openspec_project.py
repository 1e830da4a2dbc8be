"""A project with specs of OpenSpec for tests of the whole loop: an accepted spec, an open change, and its archive."""

from __future__ import annotations

import shutil
from pathlib import Path

from small_project import write_files

from spec2bdd.model import Report

ACCEPTED = "openspec/specs/loans/spec.md"
CHANGE = "openspec/changes/add-fees"
DELTA = f"{CHANGE}/specs/loans/spec.md"
NEW_DELTA = f"{CHANGE}/specs/fees/spec.md"
NEW_ACCEPTED = "openspec/specs/fees/spec.md"
ARCHIVE = "openspec/changes/archive/2026-11-20-add-fees"

SPEC = """\
# loans Specification

## Purpose
Lets members borrow books and bring them back, so that the shelves match the records.

## Requirements

### Requirement: Borrowing
The system SHALL lend books.

#### Scenario: A book on the shelf
- **WHEN** a member borrows a book
- **THEN** the member has a loan

### Requirement: Returning
The system SHALL take books back.

#### Scenario: In time
- **WHEN** a member returns a book
- **THEN** the loan ends
"""

# It modifies one scenario and adds one.
BORROWING = """\
### Requirement: Borrowing
The system SHALL lend books to members without fees.

#### Scenario: A book on the shelf
- **WHEN** a member without fees borrows a book
- **THEN** the member has a loan

#### Scenario: A member with fees
- **WHEN** a member with fees borrows a book
- **THEN** the member has no loan
"""

FEES = """\
### Requirement: Charging
The system SHALL charge fees.

#### Scenario: Two days late
- **WHEN** a book is 2 days late
- **THEN** the fee is 40 cents

#### Scenario: In time
- **WHEN** a book is 0 days late
- **THEN** the fee is 0 cents
"""

RENAMED = """\
## RENAMED Requirements

- FROM: `### Requirement: Returning`
- TO: `### Requirement: Returning a book`
"""

PROPOSAL = """\
# Add fees

## Why
Books come back late, and other members wait for them much longer than they were promised.

## What Changes
- Members pay for books that are late.
"""

PURPOSE = "## Purpose\nCharges members for books that they return late, so that the books come back sooner.\n"

STEPS = """\
from behave import then, when


@when("a member borrows a book")
@when("a member without fees borrows a book")
def borrow(context):
    context.loans = ["a book"]


@when("a member with fees borrows a book")
def borrow_with_fees(context):
    context.loans = []


@when("a member returns a book")
def return_book(context):
    context.loans = []


@then("the member has a loan")
def has_loan(context):
    assert context.loans == ["a book"]


@then("the member has no loan")
@then("the loan ends")
def has_no_loan(context):
    assert context.loans == []


@when("a book is {days:d} days late")
def be_late(context, days):
    context.fee = 20 * days


@then("the fee is {cents:d} cents")
def cost(context, cents):
    assert context.fee == cents
"""


def write_project(root: Path) -> Path:
    """Write the accepted spec and the steps of all scenarios."""
    config = "schema: spec-driven\n"
    return write_files(root, {ACCEPTED: SPEC, "openspec/config.yaml": config, "steps/library_steps.py": STEPS})


def open_change(root: Path, *, renamed: str = "") -> None:
    """Write a change that modifies the accepted spec and adds a new one."""
    delta = f"## MODIFIED Requirements\n\n{BORROWING}\n{renamed}"
    new_delta = f"{PURPOSE}\n## ADDED Requirements\n\n{FEES}"
    tasks = "## 1. Fees\n\n- [x] 1.1 Charge fees\n"
    proposal = {f"{CHANGE}/proposal.md": PROPOSAL, f"{CHANGE}/tasks.md": tasks}
    write_files(root, {**proposal, DELTA: delta, NEW_DELTA: new_delta})


def archive_change(root: Path) -> None:
    """Merge the change into the accepted specs and archive it, as OpenSpec does."""
    path = root / ACCEPTED
    before = SPEC[SPEC.index("### Requirement: Borrowing") : SPEC.index("### Requirement: Returning")]
    text = path.read_text().replace(before, f"{BORROWING}\n")
    if "## RENAMED" in (root / DELTA).read_text():
        text = text.replace("### Requirement: Returning\n", "### Requirement: Returning a book\n")
    path.write_text(text)
    write_files(root, {NEW_ACCEPTED: f"# fees Specification\n\n{PURPOSE}\n## Requirements\n\n{FEES}"})
    (root / ARCHIVE).parent.mkdir(exist_ok=True)
    shutil.move(root / CHANGE, root / ARCHIVE)


def list_ids(report: Report) -> dict[str, str]:
    """List the ids of all criteria of accepted specs, by spec and text."""
    return {
        f"{spec.spec.path.split('/')[-2]}/{found.criterion.text}": found.id
        for spec in report.specs
        for found in spec.verdicts
        if "/specs/" in spec.spec.path and "/changes/" not in spec.spec.path
    }
