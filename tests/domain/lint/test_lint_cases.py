"""Each code on a spec that has what it speaks of, and on one that has not: `cases/CODE/finds.md` and `alone.md`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spec2bdd.commands.lint import LintOptions, lint
from spec2bdd.config import read_config
from spec2bdd.diagnostics.codes import load_code_groups, load_codes
from spec2bdd.model import Diagnostic

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir())

# These are told by other commands, or cannot be brought about by what stands in one spec of a sensible length.
ELSEWHERE = {
    "dependency-circle",
    "evidence",
    "idle-evidence",
    "status-not-editable",
    "edit",
    "path-taken",
    "misplaced-box",
    "too-long",
    "unknown-language",
    "unusable-steps",
}


def lint_case(root: Path, code: str, name: str) -> tuple[Diagnostic, ...]:
    """Lint one file of a case, with the other spec of the case beside it."""
    (root / "specs").mkdir()
    for path in (CASES / code / name, CASES / code / "other.md"):
        if path.exists():
            (root / "specs" / path.name).write_bytes(path.read_bytes())
    return lint(read_config(root), LintOptions((root / "specs" / name,))).problems


def render(problems: tuple[Diagnostic, ...]) -> str:
    """Write problems as the expected files have them."""
    return "".join(f"{one.line}:{one.column} {one.severity} {one.code}: {one.message}\n" for one in problems)


@pytest.mark.parametrize("code", NAMES)
def test_what_a_code_speaks_of_is_found_at_its_place(tmp_path: Path, code: str) -> None:
    found = render(lint_case(tmp_path, code, "finds.md"))
    expected = CASES / code / "expected.txt"
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == found
    assert f" {code}: " in found


@pytest.mark.parametrize("code", NAMES)
def test_what_only_looks_like_it_is_left_alone(tmp_path: Path, code: str) -> None:
    assert "" == render(lint_case(tmp_path, code, "alone.md"))


def test_every_code_of_a_spec_has_a_case() -> None:
    outside = ("In features and steps", "In a run, or with files")
    groups = [codes for title, codes in load_code_groups().items() if title not in outside]
    assert {code.name for codes in groups for code in codes} - ELSEWHERE == set(NAMES)


@pytest.mark.parametrize("code", NAMES)
def test_a_finding_has_the_severity_of_the_table(tmp_path: Path, code: str) -> None:
    for problem in lint_case(tmp_path, code, "finds.md"):
        assert load_codes()[problem.code].severity is problem.severity
