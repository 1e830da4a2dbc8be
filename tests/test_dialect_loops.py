"""The whole loop for the example project of each dialect: generate, implement, verify, break, verify again.

Where a dialect has a place for state, a pass sets the mark and a failure removes it; no other byte of a spec changes.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from small_project import generate, verify
from test_dialect_projects import DIALECTS, NAMES

from spec2bdd.domain.editing.mark_edits import PASSED_COMMENT
from spec2bdd.model import BoxKind, Report, Verdict

# What generated steps do, and what was written in its place.
_BODY = re.compile(r"raise StepNotImplementedError\(.*?\)(?=\n|\Z)|assert (?:True|False) is [^\n]*", re.DOTALL)
_STATUS = re.compile(rb"(?mi)^((?:\W*)status\W*?(?:[ \t]|\n\n)).*$")


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
    """Return specs without what may be marked: boxes, comments and statuses."""
    return {
        path: _STATUS.sub(rb"\1?", re.sub(rb"\[[ xX]\]", b"[ ]", content.replace(PASSED_COMMENT.encode(), b"")))
        for path, content in specs.items()
    }


def list_provable(report: Report) -> list[Verdict]:
    """List the verdicts of all criteria that scenarios prove."""
    verdicts = [found for spec in report.specs for found in spec.verdicts]
    return [found.verdict for found in verdicts if not found.criterion.manual and not found.criterion.waived]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("marks", ["auto", "comments"])
def test_a_pass_marks_and_a_failure_unmarks_and_nothing_else_changes(name: str, marks: str, tmp_path: Path) -> None:
    root = copy_project(name, tmp_path / "project", marks=marks)
    before = read_specs(root)
    generate(root)
    implement(root, passes=True)
    passed = verify(root)
    assert set(list_provable(passed)) == {Verdict.PASSED}
    marked = read_specs(root)
    assert without_marks(marked) == without_marks(before)
    comments = sum(content.count(PASSED_COMMENT.encode()) for content in marked.values())
    places = [found.criterion.box.kind for spec in passed.specs for found in spec.verdicts if found.ticked]
    assert comments == places.count(BoxKind.COMMENT)
    implement(root, passes=False)
    failed = verify(root)
    assert set(list_provable(failed)) == {Verdict.FAILED}
    after = read_specs(root)
    assert without_marks(after) == without_marks(before)
    assert not any(PASSED_COMMENT.encode() in content for content in after.values())
    assert {found.mark for spec in failed.specs for found in spec.verdicts if found.verdict is Verdict.FAILED} == {" "}
