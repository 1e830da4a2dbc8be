"""Two branches that edit one spec: where git can merge the spec, it can merge what is generated from it."""

from __future__ import annotations

import subprocess
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from small_project import generate, read_all, write_files

NAMES = ["apples", "bread", "cheese", "dates", "eggs", "flour", "grapes"]
SPEC_PATH, FEATURE_PATH = "specs/1.md", "features/1_shop.feature"
SPEC = """---
feature_id: 1
name: Shop
status: Draft
---

# Shop

## Acceptance Criteria

### Must Have
""" + "".join(f"- [ ] The shop sells fresh {name} every morning\n" for name in NAMES)


def git(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run git in a project."""
    settings = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *settings, *args], cwd=root, capture_output=True, text=True, check=False)


def commit(root: Path, text: str) -> None:
    """Write the spec, generate, and commit all of it."""
    write_files(root, {SPEC_PATH: text})
    assert generate(root).exit_code == 0
    git(root, "add", "-A")
    assert git(root, "commit", "-q", "-m", "x").returncode == 0


def edit(kind: str, name: str) -> str:
    """Return the spec after one edit at the criterion that names this."""
    line = f"- [ ] The shop sells fresh {name} every morning\n"
    edited = {
        "add": f"{line}- [ ] Nobody ever pays twice for {name} or waits\n",
        "add ticked": f"{line}- [x] Nobody ever pays twice for {name} or waits\n",
        "reword": line.replace("every morning", "every single morning"),
        "tick": line.replace("[ ]", "[x]"),
        "typography": line.replace("The shop", "The SHOP"),
        "manual": line.replace("\n", " (manual)\n"),
        "waive": line.replace("\n", " (waived: next year)\n"),
        "delete": "",
    }
    return SPEC.replace(line, edited[kind])


KINDS = ["add", "add ticked", "reword", "tick", "typography", "manual", "waive", "delete"]
PAIRS = list(combinations_with_replacement(KINDS, 2))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_two_branches_do_to_two_criteria_merges(tmp_path: Path, one: str, other: str) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, SPEC)
    git(tmp_path, "checkout", "-q", "-b", "other")
    commit(tmp_path, edit(other, "eggs"))
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, edit(one, "bread"))
    git(tmp_path, "merge", "-q", "-m", "both", "other")
    # Both may have put stubs at the end of one step file, which git cannot merge: one side of those is enough.
    conflicts = git(tmp_path, "diff", "--name-only", "--diff-filter=U").stdout.split()
    assert set() == set(conflicts) - {"steps/shop_steps.py"}
    if conflicts:
        git(tmp_path, "checkout", "--ours", "steps/shop_steps.py")
    before = read_all(tmp_path)[FEATURE_PATH]
    assert generate(tmp_path).exit_code == 0
    assert read_all(tmp_path)[FEATURE_PATH] == before
