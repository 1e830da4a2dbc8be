"""The whole loop for the example project of each dialect: generate, implement, verify, break, verify again.

Where a dialect has a place for state, a pass sets the mark and a failure removes it; no other byte of a spec changes.
Ids and proofs survive a rewording, and what the tool of the dialect does to its files.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from small_project import generate, verify
from test_dialect_projects import DIALECTS, NAMES

from spec2bdd.commands.decisions.accept import accept
from spec2bdd.config import read_config
from spec2bdd.domain.editing.mark_edits import PASSED_COMMENT
from spec2bdd.model import BoxKind, Report, Verdict

# What generated steps do, and what was written in its place.
_BODY = re.compile(r"raise StepNotImplementedError\(.*?\)(?=\n|\Z)|assert (?:True|False) is [^\n]*", re.DOTALL)
_STATUS = re.compile(rb"(?mi)^((?:\W*)(?:status|updated)\W*?(?:[ \t]|\n\n)).*$")
# A cell with a state.
_CELL = re.compile(rb"\|[ *]*(?:(?:\xe2\x9d\x8c|\xe2\x9c\x85|\xe2\x98[\x90\x91]|[A-Za-z]+)[ *]*){0,2}(?=\|)")


def copy_project(name: str, root: Path, *, marks: str) -> Path:
    """Copy the example project of a dialect, with the kind of marks in its configuration."""
    shutil.copytree(DIALECTS / name / "project", root)
    config = root / "spec2bdd.toml"
    text = config.read_text() if config.exists() else ""
    config.write_text(f'marks = "{marks}"\n{text}')
    return root


def implement(root: Path, *, passes: bool) -> None:
    """Write the same check into each step."""
    for path in (root / "steps").glob("*.py"):
        path.write_text(_BODY.sub(f"assert {passes} is (context.scenario.name != '')", path.read_text()))


def read_specs(root: Path) -> dict[str, bytes]:
    """Read the bytes of all Markdown files of a project."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.md")}


def without_marks(specs: dict[str, bytes]) -> dict[str, bytes]:
    """Return specs without what may be marked: boxes, comments, states in cells and statuses."""
    return {
        path: _CELL.sub(b"|", re.sub(rb"\[[ xX]\]", b"[ ]", content.replace(PASSED_COMMENT.encode(), b"")))
        for path, content in without_status(specs).items()
    }


def without_status(specs: dict[str, bytes]) -> dict[str, bytes]:
    """Return specs without their statuses and times."""
    return {path: _STATUS.sub(rb"\1?", content) for path, content in specs.items()}


def list_provable(report: Report) -> list[Verdict]:
    """List the verdicts of all criteria that scenarios prove."""
    verdicts = [found for spec in report.specs for found in spec.verdicts]
    return [found.verdict for found in verdicts if not found.criterion.manual and not found.criterion.waived]


# Every kind of marks in every project; only tables have cells.
MARKS = [*((name, marks) for name in NAMES for marks in ("auto", "comments")), ("tables", "cells")]


@pytest.mark.parametrize(("name", "marks"), MARKS)
def test_every_mark_is_undone_by_the_opposite_verdict_and_nothing_else_changes(
    name: str, marks: str, tmp_path: Path
) -> None:
    root = copy_project(name, tmp_path / "project", marks=marks)
    before = read_specs(root)
    generate(root)
    assert read_specs(root) == before
    implement(root, passes=True)
    passed = verify(root)
    assert set(list_provable(passed)) == {Verdict.PASSED}
    marked = read_specs(root)
    assert without_marks(marked) == without_marks(before)
    comments = sum(content.count(PASSED_COMMENT.encode()) for content in marked.values())
    places = [found.criterion.box.kind for spec in passed.specs for found in spec.verdicts if found.ticked]
    assert places.count(BoxKind.COMMENT) == comments
    implement(root, passes=False)
    failed = verify(root)
    assert set(list_provable(failed)) == {Verdict.FAILED}
    unmarked = read_specs(root)
    assert without_marks(unmarked) == without_marks(before)
    assert not any(PASSED_COMMENT.encode() in content for content in unmarked.values())
    assert {found.mark for spec in failed.specs for found in spec.verdicts if found.verdict is Verdict.FAILED} == {" "}
    # What was not ticked from the start is as it was, but for the status.
    ticked = {found.criterion.line for spec in passed.specs for found in spec.verdicts if found.criterion.box.ticked}
    assert ticked or without_status(unmarked) == without_status(before)
    implement(root, passes=True)
    generate(root)
    assert read_specs(root) == unmarked
    verify(root)
    # A status that its author wrote is not always restored: a task without done items is done when its author says so.
    assert without_status(read_specs(root)) == without_status(marked)


class Change(NamedTuple):
    """What happens to the example project: a text of a criterion is reworded; then the tool does `move`."""

    path: str
    old: str
    new: str
    move: Callable[[Path], None]
    # Ids that there are no criteria for afterwards.
    lost: int = 0


def rewrite(path: str, pattern: str, change: Callable[[re.Match[str]], str]) -> Callable[[Path], None]:
    """Return what rewrites all matches of a pattern in a file."""

    def move(root: Path) -> None:
        text = (root / path).read_text()
        changed = re.sub(pattern, change, text, flags=re.MULTILINE)
        assert changed != text
        (root / path).write_text(changed)

    return move


def renumber(path: str, pattern: str) -> Callable[[Path], None]:
    """Return what adds 1 to the number after each match of a pattern in a file."""
    return rewrite(path, rf"({pattern})(\d+)", lambda match: f"{match[1]}{int(match[2]) + 1}")


def rename(old: str, new: str) -> Callable[[Path], None]:
    """Return what renames a file or a folder."""

    def move(root: Path) -> None:
        shutil.move(root / old, root / new)

    return move


def swap(path: str, first: str, second: str) -> Callable[[Path], None]:
    """Return what swaps two texts of a file."""
    texts = {first: second, second: first}
    return rewrite(path, f"{re.escape(first)}|{re.escape(second)}", lambda match: texts[match[0]])


def archive_change(root: Path) -> None:
    """Archive the open change as OpenSpec does: merge its deltas, and move its folder."""
    change, specs = root / "openspec/changes/add-reservations", root / "openspec/specs"
    loans = (specs / "loans/spec.md").read_text()
    delta = (change / "specs/loans/spec.md").read_text()
    added, modified = (
        re.search(rf"## {kind} Requirements\n\n(### .*?)\n*(?=\n## |\Z)", delta, re.DOTALL)[1]  # type: ignore[index]
        for kind in ("ADDED", "MODIFIED")
    )
    borrowing = re.search(r"### Requirement: Borrowing a book\n.*?(?=\n### )", loans, re.DOTALL)
    reading = re.search(r"### Requirement: Reading list\n.*?(?=\n### |\Z)", loans, re.DOTALL)
    assert borrowing
    assert reading
    loans = loans.replace(reading[0], added).replace(borrowing[0], f"{modified}\n")
    (specs / "loans/spec.md").write_text(loans.replace("Requirement: Reminders", "Requirement: Reminders of due books"))
    reservations = (change / "specs/reservations/spec.md").read_text()
    (specs / "reservations").mkdir()
    (specs / "reservations/spec.md").write_text(reservations.replace("## ADDED Requirements", "## Requirements"))
    shutil.move(change, root / "openspec/changes/archive/2026-11-20-add-reservations")


CHANGES = {
    "backlog": Change(
        "backlog/tasks/task-7 - Sign-in.md",
        "A known name and password sign in",
        "A known name and its password sign in",
        renumber("backlog/tasks/task-7 - Sign-in.md", r"\[.\] #"),
    ),
    "bmad": Change(
        "docs/stories/1.1.lend-a-book.md",
        "a loan ends after 28 days",
        "a loan ends after exactly 28 days",
        renumber("docs/stories/1.1.lend-a-book.md", r"^(?=\d\.)|\*\*AC"),
    ),
    "gherkin-markdown": Change(
        "specs/returns.feature.md",
        "Scenario: A book is returned",
        "Scenario: A book is returned in the rain",
        swap("specs/fences.md", "When a shelf is built\n    Then", "When a shelf is built\n\n    Then"),
    ),
    "headings": Change(
        "context/spec/001-lending/functional-spec.md",
        "A sixth book is refused",
        "A sixth book is always refused",
        rename("context/spec/001-lending", "context/spec/002-lending"),
    ),
    "kiro": Change(
        ".kiro/specs/sign-in/requirements.md",
        "lock the form after 5 failures",
        "lock the form after 5 failures in a row",
        renumber(".kiro/specs/sign-in/requirements.md", r"^### Requirement |^#### |^(?=\d\. )"),
    ),
    "lists": Change(
        "specs/messages.md",
        "A message has a receiver",
        "A message has one receiver",
        renumber("specs/messages.md", "^"),
    ),
    "openspec": Change(
        "openspec/specs/loans/spec.md", "Scenario: In time", "Scenario: In good time", archive_change, lost=3
    ),
    "spec-kit": Change(
        "specs/001-lend-books/spec.md",
        "then the desk refuses it",
        "then the desk refuses that one",
        rename("specs/001-lend-books", "specs/008-lend-books"),
    ),
    "spec-kit-requirements": Change(
        "specs/001-boxes/spec.md",
        "System MUST count boxes",
        "System MUST count all boxes",
        rename("specs/001-boxes", "specs/009-boxes"),
    ),
    "tables": Change(
        "specs/states.md",
        "The state is kept for a year",
        "The state is kept for a whole year",
        swap("specs/states.md", "shown at the desk", "shown in the catalogue"),
    ),
    "template": Change(
        "specs/1.1-desk.md",
        "A reader is greeted",
        "A reader is greeted by name",
        rename("specs/1.1-desk.md", "specs/1.1-front-desk.md"),
    ),
}


def list_ids(report: Report) -> set[str]:
    """List the ids of all criteria."""
    return {found.id for spec in report.specs for found in spec.verdicts}


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_proofs_survive_a_rewording_and_what_the_tool_does(name: str, tmp_path: Path) -> None:
    root = copy_project(name, tmp_path / "project", marks="auto")
    generate(root)
    implement(root, passes=True)
    before = list_ids(verify(root))
    change = CHANGES[name]
    rewrite(change.path, re.escape(change.old), lambda _: change.new)(root)
    generate(root)
    implement(root, passes=True)
    reworded = verify(root)
    assert list_ids(reworded) == before
    stale = [found.id for spec in reworded.specs for found in spec.verdicts if found.verdict is Verdict.STALE]
    assert len(stale) == 1
    accept(read_config(root), *stale)
    assert set(list_provable(verify(root))) == {Verdict.PASSED}
    change.move(root)
    generate(root)
    moved = verify(root)
    assert set(list_provable(moved)) == {Verdict.PASSED}
    assert (len(before - list_ids(moved)), list_ids(moved) - before) == (change.lost, set())
