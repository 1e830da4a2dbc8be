"""OpenSpec's own tool accepts the files that spec2bdd has marked, and ids survive its `archive`."""

from __future__ import annotations

from pathlib import Path

import pytest
from openspec_project import ACCEPTED, CHANGE, NEW_ACCEPTED, RENAMED, list_ids, open_change, write_project
from small_project import list_verdicts, verify, write_files
from spec_tool import is_installed, run_tool

pytestmark = pytest.mark.skipif(
    not is_installed("openspec"), reason="OpenSpec is not installed: `make node-tools` installs it, given Node.js"
)

VALIDATE = ("validate", "--all", "--strict", "--no-interactive")
COMMENT = "<!-- passed -->"


def test_marked_files_are_valid_and_can_be_archived(tmp_path: Path) -> None:
    write_project(tmp_path)
    open_change(tmp_path, renamed=RENAMED)
    write_files(tmp_path, {"pyproject.toml": '[tool.spec2bdd]\nmarks = "comments"\n'})
    before = list_ids(verify(tmp_path))
    assert (tmp_path / ACCEPTED).read_text().count(COMMENT) == 2
    assert run_tool(tmp_path, "openspec", VALIDATE)[0] == 0
    assert run_tool(tmp_path, "openspec", ["archive", "add-fees", "--yes"])[0] == 0
    assert not (tmp_path / CHANGE).exists()
    report = verify(tmp_path)
    after = list_ids(report)
    assert after["loans/Borrowing: A book on the shelf"] == before["loans/Borrowing: A book on the shelf"]
    assert after["loans/Returning a book: In time"] == before["loans/Returning: In time"]
    assert after["fees/Charging: Two days late"].startswith("ac_add_fees_fees_")
    assert set(list_verdicts(report).values()) == {"passed"}
    assert [(tmp_path / path).read_text().count(COMMENT) for path in (ACCEPTED, NEW_ACCEPTED)] == [3, 2]
    assert run_tool(tmp_path, "openspec", VALIDATE)[0] == 0


def test_the_tool_refuses_a_requirement_that_we_report(tmp_path: Path) -> None:
    write_project(tmp_path)
    spec = tmp_path / ACCEPTED
    spec.write_text(spec.read_text() + "\n### Requirement: Dusting\nThe system SHALL dust the shelves.\n")
    assert [found.code for found in verify(tmp_path).diagnostics] == ["no-scenario"]
    assert run_tool(tmp_path, "openspec", VALIDATE)[0] == 1
