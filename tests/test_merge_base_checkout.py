"""The checkout of the merge base: what is imported from it, what it leaves behind, and what it must not touch."""

from __future__ import annotations

import builtins
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from branch_repository import (
    BRANCH,
    CLAIMED,
    MAIN,
    NEW_PRODUCT,
    NEW_STEPS,
    OLD,
    PRODUCT,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    find_comparisons,
    list_reasons,
    list_worktrees,
    make_branch,
    read_box,
)
from small_project import generate, verify
from tree_repository import make_repository, run_git, write_files

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.plugin.redirection import redirect_imports
from spec2bdd.adapters.git.worktree import copy_files, open_worktree
from spec2bdd.errors import MergeBaseError
from spec2bdd.model import BaseOutcome

RED = {OLD: BaseOutcome.CLAIMED, CLAIMED: BaseOutcome.RED}


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no worktree of another test be counted."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def start_waiting_verify(root: Path, tmp_path: Path) -> subprocess.Popen[bytes]:
    """Start a `verify` whose step waits at the merge base, until it does."""
    mark = tmp_path / "waits"
    wait = "import time\n    if not hasattr(till, 'take_off'):\n"
    wait += f"        open({str(mark)!r}, 'w').close()\n        time.sleep(60)\n"
    steps = STEPS + NEW_STEPS.replace("assert till", f"{wait}    assert till")
    write_files(root, {STEPS_PATH: steps})
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    command = [sys.executable, "-m", "spec2bdd", "verify", "-q"]
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not mark.exists():
        assert process.poll() is None
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_worktree_is_removed_when_a_signal_ends_the_program(tmp_path: Path, number: signal.Signals) -> None:
    root = make_branch(tmp_path / "project")
    process = start_waiting_verify(root, tmp_path)
    assert len(list_worktrees(root)) == 3
    process.send_signal(number)
    assert process.wait(30) != 0
    assert len(list_worktrees(root)) == 1
    assert read_box(root) == " "


@pytest.mark.parametrize("is_new", [True, False])
def test_a_worktree_of_a_killed_program_is_removed_by_the_next_one(tmp_path: Path, is_new: bool) -> None:
    """Also if that one has nothing to compare."""
    root = make_branch(tmp_path / "project")
    if not is_new:
        verify(root)
        memory = (root / ".spec2bdd/merge-base.json").read_bytes()
        (root / SPEC_PATH).write_text(BRANCH[SPEC_PATH], encoding="utf-8")
    process = start_waiting_verify(root, tmp_path)
    process.kill()
    process.wait()
    assert len(list_worktrees(root)) == 3
    write_files(root, {STEPS_PATH: BRANCH[STEPS_PATH]})
    if not is_new:
        (root / ".spec2bdd/merge-base.json").write_bytes(memory)
    assert find_comparisons(verify(root)) == RED
    assert len(list_worktrees(root)) == 1


def test_a_worktree_that_is_in_use_and_those_of_the_user_are_left_alone(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project")
    run_git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "own"))
    run_git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "missing"))
    (tmp_path / "missing").rename(tmp_path / "elsewhere")
    with open_worktree(root, "HEAD") as first, open_worktree(root, "HEAD") as second:
        assert [first.is_dir(), second.is_dir()] == [True, True]
    listed = run_git(root, "worktree", "list")
    assert [name in listed for name in ("own", "missing", "spec2bdd-base-")] == [True, True, False]


def test_a_worktree_is_removed_after_an_error(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project")
    with pytest.raises(ZeroDivisionError), open_worktree(root, "HEAD"):
        _ = 1 / 0
    assert len(list_worktrees(root)) == 1


def test_a_commit_that_cannot_be_checked_out_is_an_error(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project")
    with pytest.raises(MergeBaseError, match="git cannot check out `0123456`"), open_worktree(root, "0123456789"):
        pass
    assert len(list_worktrees(root)) == 1


def test_a_checkout_that_fails_ticks_nothing(tmp_path: Path) -> None:
    """A filter for large files that is not installed, for example, keeps git from checking anything out."""
    root = make_branch(tmp_path / "project", main={".gitattributes": "*.bin filter=large\n", "a.bin": "content\n"})
    run_git(root, "config", "filter.large.clean", "cat")
    run_git(root, "config", "filter.large.smudge", "false")
    run_git(root, "config", "filter.large.required", "true")
    report = verify(root)
    assert list_reasons(report)[CLAIMED].startswith(
        "pending: passed, but could not be run at `main`: git cannot check out"
    )
    assert ([found.code for found in report.diagnostics], read_box(root)) == (["no-base"], " ")
    assert len(list_worktrees(root)) == 1


def test_a_submodule_is_not_taken_for_red(tmp_path: Path) -> None:
    library = make_repository(tmp_path / "library", {"prices.py": "PRICES = [1, 2]\n"})
    steps = f"from library import prices\n{STEPS}" + NEW_STEPS.replace("== 8", "== 8 < sum(prices.PRICES) + 6")
    root = make_branch(tmp_path / "project", {STEPS_PATH: steps})
    run_git(root, "submodule", "--quiet", "add", f"file://{library}", "library")
    report = verify(root)
    assert "it does not pass in a new checkout of today's files either" in list_reasons(report)[CLAIMED]
    assert read_box(root) == " "


def test_a_project_in_a_folder_of_a_repository_is_compared_with_all_of_it(tmp_path: Path) -> None:
    """The product that changes is beside the project, and so is a test helper of the branch."""
    path = "import sys\nfrom pathlib import Path\n\nsys.path.append(str(Path(__file__).parents[2] / 'library'))\n"
    helper = "from tests.helper import EIGHT\n"
    main = {f"shop/{name}": text for name, text in MAIN.items() if name != "till.py"}
    main |= {"library/till.py": PRODUCT, f"shop/{STEPS_PATH}": path + STEPS, "shop/tests/__init__.py": ""}
    write_files(tmp_path / "all", main)
    generate(tmp_path / "all/shop")
    top = make_repository(tmp_path / "all", {})
    run_git(top, "switch", "--quiet", "--create", "discount")
    steps = path + helper + STEPS + NEW_STEPS.replace("== 8", "== EIGHT")
    write_files(top, {f"shop/{SPEC_PATH}": BRANCH[SPEC_PATH], f"shop/{STEPS_PATH}": steps})
    write_files(top, {"library/till.py": NEW_PRODUCT, "shop/tests/helper.py": "EIGHT = 8\n"})
    report = verify(top / "shop")
    assert find_comparisons(report) == RED
    judged = report.specs[0].verdicts[1]
    assert judged.comparison
    assert "take_off" in judged.comparison.reason


def test_what_the_branch_removed_from_the_checks_is_not_at_the_base_either(tmp_path: Path) -> None:
    """Two definitions of one step would keep it from running."""
    root = make_branch(tmp_path / "project", {STEPS_PATH: "# moved\n", "steps/new_steps.py": STEPS + NEW_STEPS})
    (root / STEPS_PATH).unlink()
    assert find_comparisons(verify(root)) == RED


@pytest.mark.parametrize("install", ["pth", "finder", "variable"])
def test_an_editable_install_does_not_bring_the_product_of_the_branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: str
) -> None:
    """The steps find the package by an entry of `sys.path`, or by a finder, that leads to the user's folder."""
    top, tree = tmp_path / "top", tmp_path / "tree"
    src = str(top / "src")
    monkeypatch.setattr(sys, "path", ["", "/usr/lib/x", src] if install == "pth" else ["", "/usr/lib/x"])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([src, "/elsewhere"]) if install == "variable" else "")
    module = type(sys)("__editable___till_finder")
    finder: Any = type("Finder", (), {"__module__": module.__name__})
    module.MAPPING = {"till": f"{src}/till"}  # type: ignore[attr-defined]
    if install == "finder":
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", builtins.__import__)
        redirect_imports(top, tree, origins=OriginIndex(tree, steps=[]))
    mapped = str(tree / "src")
    assert sys.path == (["", "/usr/lib/x"] if install == "variable" else ["", "/usr/lib/x", mapped])
    assert os.environ["PYTHONPATH"].split(os.pathsep) == ([mapped, "/elsewhere"] if install == "variable" else [mapped])
    assert finder not in sys.meta_path


def test_a_package_that_is_found_by_the_python_path_is_that_of_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second criterion looks at the product in another process."""
    other = "import subprocess, sys\n    code = 'import till; assert till.take_off(10, 2) == 8'\n"
    other += "    subprocess.run([sys.executable, '-c', code], check=True)\n"
    steps = STEPS + NEW_STEPS.replace("assert till.take_off(10, 2) == 8\n", other)
    root = tmp_path / "project"
    write_files(root, {**{path: text for path, text in MAIN.items() if path != "till.py"}, "src/till.py": PRODUCT})
    generate(root)
    make_repository(root, {})
    run_git(root, "switch", "--quiet", "--create", "discount")
    write_files(root, {SPEC_PATH: BRANCH[SPEC_PATH], STEPS_PATH: steps, "src/till.py": NEW_PRODUCT})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")]))
    assert find_comparisons(verify(root)) == RED


def make_trees(tmp_path: Path, source: Mapping[str, str], target: Mapping[str, str]) -> tuple[Path, Path]:
    """Make two folders with files."""
    for name, files in (("source", source), ("target", target)):
        (tmp_path / name).mkdir()
        write_files(tmp_path / name, dict(files))
    return tmp_path / "source", tmp_path / "target"


def test_files_become_folders_and_folders_files(tmp_path: Path) -> None:
    source, target = make_trees(tmp_path, {"a/b": "1", "c": "2"}, {"a": "3", "c/d": "4", "e": "5"})
    copy_files(source, target, ["a", "a/b", "c", "c/d", "e"])
    assert {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} == {"a/b", "c"}


def test_links_are_copied_and_not_followed(tmp_path: Path) -> None:
    source, target = make_trees(tmp_path, {"a": "1"}, {"link": "2"})
    (source / "link").symlink_to("a")
    copy_files(source, target, ["link"])
    assert (target / "link").readlink() == Path("a")


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    source, target = make_trees(tmp_path, {"steps/a.py": "1"}, {})
    own = write_files(tmp_path / "own", {"a.py": "of the user"})
    (target / "steps").symlink_to(own)
    with pytest.raises(MergeBaseError, match=r"`steps/a.py` is below a link that leads out"):
        copy_files(source, target, ["steps/a.py"])
    assert (own / "a.py").read_text() == "of the user"
