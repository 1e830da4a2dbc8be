"""A repository with a small product, whose branch claims more of it than `main`: for tests of the merge base."""

from __future__ import annotations

import tempfile
from pathlib import Path

from small_project import generate
from tree_repository import make_repository, run_git, write_files

from spec2bdd.model import BaseOutcome, CriterionVerdict, Report

SPEC = """\
---
feature_id: 1.1
name: Till
status: In Progress
---

# Till

## Acceptance Criteria

### Must Have
- [x] A till adds up prices
"""
NEW = "- [ ] A till takes a discount off\n"
STEPS = """\
from behave import then

import till


@then("a till adds up prices")
def adds_up(context):
    assert till.add_up([1, 2]) == 3
"""
NEW_STEPS = """

@then("a till takes a discount off")
def takes_off(context):
    assert till.take_off(10, 2) == 8
"""
PRODUCT = "def add_up(prices):\n    return sum(prices)\n"
NEW_PRODUCT = PRODUCT + "\n\ndef take_off(price, discount):\n    return price - discount\n"
CONFIG = 'require-red = "base"\n'
SPEC_PATH = "specs/1.1-till.md"
STEPS_PATH = "steps/till_steps.py"
MAIN = {
    "spec2bdd.toml": CONFIG,
    SPEC_PATH: SPEC,
    STEPS_PATH: STEPS,
    "till.py": PRODUCT,
    ".gitignore": "__pycache__/\n",
}
BRANCH = {SPEC_PATH: SPEC + NEW, STEPS_PATH: STEPS + NEW_STEPS, "till.py": NEW_PRODUCT}
OLD, CLAIMED = "A till adds up prices", "A till takes a discount off"


def make_main(root: Path, files: dict[str, str] | None = None) -> Path:
    """Make the repository as it is on `main`, with what `generate` writes."""
    write_files(root, {**MAIN, **(files or {})})
    generate(root)
    return make_repository(root, {})


def make_branch(root: Path, files: dict[str, str] | None = None, *, main: dict[str, str] | None = None) -> Path:
    """Make the repository, check a branch out, and write what it changes, without a commit."""
    make_main(root, main)
    run_git(root, "switch", "--quiet", "--create", "discount")
    return write_files(root, {**BRANCH, **(files or {})})


def list_reasons(report: Report) -> dict[str, str]:
    """List the verdict of each criterion, with its reason if it has one, by its text."""
    return {
        judged.criterion.text: ": ".join(filter(None, (judged.verdict.value, judged.reason)))
        for spec in report.specs
        for judged in spec.verdicts
    }


def find_comparisons(report: Report) -> dict[str, BaseOutcome | None]:
    """Find what the comparison of each criterion says, by its text."""
    verdicts: list[CriterionVerdict] = [judged for spec in report.specs for judged in spec.verdicts]
    return {judged.criterion.text: judged.comparison.outcome if judged.comparison else None for judged in verdicts}


def read_box(root: Path, text: str = CLAIMED) -> str:
    """Read the character in the box of a criterion."""
    lines = (root / SPEC_PATH).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if text in line)[3]


def list_worktrees(root: Path) -> list[str]:
    """List the worktrees of a repository, and the temporary folders of ours."""
    listed = run_git(root, "worktree", "list", "--porcelain").splitlines()
    folders = [str(path) for path in Path(tempfile.gettempdir()).glob("spec2bdd-base-*")]
    return [line for line in listed if line.startswith("worktree ")] + folders
