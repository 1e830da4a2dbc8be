"""Backlog.md's own tool reads the tasks that spec2bdd has marked, and ids and proofs survive its editor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_project import list_verdicts, verify, write_files
from spec_tool import is_installed, run_tool

from spec2bdd.model import Report

pytestmark = pytest.mark.skipif(
    not is_installed("backlog"), reason="Backlog.md is not installed: `make node-tools` installs it, given Node.js"
)

LIT, DARK, DIM = "The button lights a dark lamp", "The button darkens a lit lamp", "The lamp is dim at night"
STEPS = """\
from behave import then


@then("the button lights a dark lamp")
def lights(context):
    assert context.scenario.name


@then("the button darkens a lit lamp")
def darkens(context):
    assert context.scenario.name


@then("the lamp is dim at night")
def is_dim(context):
    assert not context.scenario.name
"""


def backlog(root: Path, *arguments: str) -> str:
    """Run a command of the tool, which succeeds; return what it printed."""
    code, output = run_tool(root, "backlog", arguments)
    assert code == 0, output
    return output


def write_project(root: Path) -> Path:
    """Create a project and a task with the tool, and the steps of the task; return the file of the task."""
    backlog(root, "init", "lamps", "--defaults", "--no-git", "--integration-mode", "none")
    criteria = [argument for text in (LIT, DARK) for argument in ("--ac", text)]
    backlog(root, "task", "create", "Switch a lamp", *criteria, "--dod", "The lamp is clean", "--plain")
    write_files(root, {"steps/lamp_steps.py": STEPS})
    (task,) = (root / "backlog/tasks").glob("*.md")
    return task


def view(root: Path) -> tuple[str, list[str]]:
    """Return the status of the task, and its acceptance criteria, as the tool reads them."""
    shown = backlog(root, "task", "view", "1", "--plain")
    criteria = shown.partition("Acceptance Criteria:")[2].partition("Definition of Done:")[0]
    (status,) = re.findall(r"^Status: \W*(.+)$", shown, re.MULTILINE)
    return status, re.findall(r"^- (\[.\] #\d .+)$", criteria, re.MULTILINE)


def list_ids(report: Report) -> dict[str, str]:
    """List the ids of all criteria by their texts."""
    return {found.criterion.text: found.id for spec in report.specs for found in spec.verdicts}


def test_the_tool_shows_the_boxes_and_the_status_that_were_marked(tmp_path: Path) -> None:
    task = write_project(tmp_path)
    backlog(tmp_path, "task", "edit", "1", "--ac", DIM)
    assert view(tmp_path) == ("To Do", [f"[ ] #1 {LIT}", f"[ ] #2 {DARK}", f"[ ] #3 {DIM}"])
    assert list(list_verdicts(verify(tmp_path)).values()) == ["passed", "passed", "failed"]
    marked = task.read_bytes()
    assert view(tmp_path) == ("In Progress", [f"[x] #1 {LIT}", f"[x] #2 {DARK}", f"[ ] #3 {DIM}"])
    listed = backlog(tmp_path, "task", "list", "--plain").splitlines()
    assert listed[:2] == ["In Progress:", "  TASK-1 - Switch a lamp (ac: 2/3)"]
    assert task.read_bytes() == marked


def test_a_task_is_done_for_the_tool_once_its_definition_of_done_is_checked_too(tmp_path: Path) -> None:
    write_project(tmp_path)
    verify(tmp_path)
    assert view(tmp_path)[0] == "In Progress"
    backlog(tmp_path, "task", "edit", "1", "--check-dod", "1")
    verify(tmp_path)
    assert view(tmp_path) == ("Done", [f"[x] #1 {LIT}", f"[x] #2 {DARK}"])
    assert backlog(tmp_path, "task", "list", "--plain", "--status", "Done").splitlines()[0] == "Done:"


def test_criteria_that_the_editor_renumbers_keep_ids_and_proofs(tmp_path: Path) -> None:
    write_project(tmp_path)
    backlog(tmp_path, "task", "edit", "1", "--ac", DIM)
    before = list_ids(verify(tmp_path))
    backlog(tmp_path, "task", "edit", "1", "--remove-ac", "1", "--ac", "The lamp is red")
    assert view(tmp_path)[1] == [f"[x] #1 {DARK}", f"[ ] #2 {DIM}", "[ ] #3 The lamp is red"]
    report = verify(tmp_path)
    verdicts = {DARK: "passed", DIM: "failed", "The lamp is red": "pending"}
    assert list_verdicts(report) == verdicts
    after = list_ids(report)
    assert {text: after[text] for text in (DARK, DIM)} == {text: before[text] for text in (DARK, DIM)}
    assert after["The lamp is red"] not in before.values()
    assert [found.criterion.number for spec in report.specs for found in spec.verdicts] == ["1", "2", "3"]


def test_a_box_that_the_editor_checks_without_a_proof_is_unchecked(tmp_path: Path) -> None:
    write_project(tmp_path)
    backlog(tmp_path, "task", "edit", "1", "--ac", DIM)
    verify(tmp_path)
    backlog(tmp_path, "task", "edit", "1", "--check-ac", "3", "--uncheck-ac", "1")
    assert view(tmp_path)[1] == [f"[ ] #1 {LIT}", f"[x] #2 {DARK}", f"[x] #3 {DIM}"]
    verify(tmp_path)
    assert view(tmp_path)[1] == [f"[x] #1 {LIT}", f"[x] #2 {DARK}", f"[ ] #3 {DIM}"]


def test_a_task_that_depends_on_another_is_shown_as_waiting_for_it(tmp_path: Path) -> None:
    write_project(tmp_path)
    backlog(tmp_path, "task", "create", "Dim a lamp", "--ac", DIM, "--dep", "TASK-1", "--plain")
    report = verify(tmp_path)
    waiting = {spec.spec.find_value("id"): [found.label for found in spec.blocking] for spec in report.specs}
    assert waiting == {"TASK-1": [], "TASK-2": ["TASK-1 (In Progress)"]}
