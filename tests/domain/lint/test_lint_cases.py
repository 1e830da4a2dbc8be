"""Each code on a spec that it is reported for and on one that it is not: `cases/CODE/finds.md` and `alone.md`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spec2bdd.commands.lint import lint
from spec2bdd.config import read_config
from spec2bdd.diagnostics.codes import load_code_groups, load_codes
from spec2bdd.model import Diagnostic

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir())

# Reported by other commands, or not caused by the text of one spec of a sensible length.
ELSEWHERE = {
    "hook-failed",
    # Of processes.
    "worker-stopped",
    # Of documents that the configuration names.
    "missing-document",
    "missing-specs",
    "unknown-section",
    # Of other dialects.
    "needs-clarification",
    "no-scenario",
    "no-steps",
    "scenario-heading",
    "unread-criterion",
    "circular-dependency",
    "missing-evidence",
    "unused-evidence",
    "status-not-editable",
    "edit-refused",
    "path-conflict",
    "misplaced-box",
    "too-long",
    "unknown-language",
    "unusable-steps",
}


def lint_case(root: Path, code: str, name: str) -> tuple[Diagnostic, ...]:
    """Lint one file of a case, in a project that also has the other spec of the case."""
    (root / "specs").mkdir()
    for path in (CASES / code / name, CASES / code / "other.md"):
        if path.exists():
            (root / "specs" / path.name).write_bytes(path.read_bytes())
    return lint(read_config(root), paths=(root / "specs" / name,)).diagnostics


def render(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Render diagnostics as in the expected files."""
    return "".join(
        f"{diagnostic.line}:{diagnostic.column} {diagnostic.severity} {diagnostic.code}: {diagnostic.message}\n"
        for diagnostic in diagnostics
    )


@pytest.mark.parametrize("code", NAMES)
def test_a_code_is_reported_at_its_position(tmp_path: Path, code: str) -> None:
    rendered = render(lint_case(tmp_path, code, "finds.md"))
    expected = CASES / code / "expected.txt"
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        expected.write_text(rendered, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == rendered
    assert f" {code}: " in rendered


@pytest.mark.parametrize("code", NAMES)
def test_a_similar_spec_without_the_fault_has_no_diagnostics(tmp_path: Path, code: str) -> None:
    assert render(lint_case(tmp_path, code, "alone.md")) == ""


def test_every_code_of_a_spec_has_a_case() -> None:
    outside = ("In features and steps", "In runs and files")
    groups = [codes for title, codes in load_code_groups().items() if title not in outside]
    assert set(NAMES) == {code.name for codes in groups for code in codes} - ELSEWHERE


@pytest.mark.parametrize("code", NAMES)
def test_a_diagnostic_has_the_severity_of_its_code(tmp_path: Path, code: str) -> None:
    for diagnostic in lint_case(tmp_path, code, "finds.md"):
        assert load_codes()[diagnostic.code].severity is diagnostic.severity
