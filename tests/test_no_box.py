"""Criteria of a file without checkboxes: what `explain` and `lint` say about them."""

from __future__ import annotations

import json
from pathlib import Path

import program
from small_project import write_files

KIRO = """\
# Requirements Document

## Requirements

### Requirement 1: Switch

#### Acceptance Criteria

1. WHEN the button is pressed THE LAMP SHALL light up
"""
TASK = """\
---
id: task-1
title: Lamp
status: To Do
---

## Acceptance Criteria
<!-- AC:BEGIN -->
- [ ] #1 The lamp lights up
<!-- AC:END -->
"""


def call(root: Path, *arguments: str) -> str:
    """Run a command in `root`, and return its output."""
    return program.call(root, *arguments).stdout


def test_explain_says_that_there_is_no_place_for_a_mark(tmp_path: Path) -> None:
    write_files(tmp_path, {".kiro/specs/lamp/requirements.md": KIRO})
    facts = [line.split(maxsplit=1) for line in call(tmp_path, "explain", "light up").splitlines()]
    assert [fact[1] for fact in facts if fact[:1] == ["box"]] == ["none: this file has no place for a mark"]


def test_no_box_is_shown_before_its_text(tmp_path: Path) -> None:
    write_files(tmp_path, {".kiro/specs/lamp/requirements.md": KIRO})
    for command in ("explain", "status"):
        rows = [line.split(" WHEN")[0] for line in call(tmp_path, command, "lamp").splitlines() if " WHEN" in line]
        assert rows == ["  #1 ?"]
        reasons = [line for line in call(tmp_path, command, "lamp").splitlines() if "not run" in line]
        assert reasons[0].startswith("       not run")


def test_the_box_in_json_is_null(tmp_path: Path) -> None:
    write_files(tmp_path, {".kiro/specs/lamp/requirements.md": KIRO})
    explained = json.loads(call(tmp_path, "explain", "light up", "--format", "json"))
    assert [criterion["box"] for criterion in explained["criteria"]] == [None]


def test_the_fields_of_the_template_are_not_expected_in_another_dialect(tmp_path: Path) -> None:
    write_files(tmp_path, {"backlog/tasks/task-1 - Lamp.md": TASK})
    assert "missing-detail" not in call(tmp_path, "lint", "--format", "json")
