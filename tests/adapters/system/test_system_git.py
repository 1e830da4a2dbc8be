"""What git answers about a project, and that nothing is found where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from tree_repository import commit_all, make_repository, run_git, write_files

from spec2bdd.adapters.system.git import (
    ChangedPath,
    find_branch,
    find_former,
    find_tracked,
    find_untracked,
    find_user_name,
    is_same,
    is_tracked,
    read_blob,
    read_changes,
)
from spec2bdd.adapters.system.git_index import IndexedFile
from spec2bdd.errors import MergeBaseError

FILES = {"a.py": "A = 1\n", "shop/b.py": "B = 1\n", "shop/[c].py": "C = 1\n", ".gitignore": "*.log\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository."""
    return make_repository(tmp_path / "project", FILES)


def test_tracked_files_are_found_and_a_name_is_no_pattern(root: Path) -> None:
    write_files(root, {"new.py": "", "x.log": "", "shop/c.py": ""})
    assert find_tracked(root) == (".gitignore", "a.py", "shop/[c].py", "shop/b.py")
    assert find_tracked(root / "shop") == ("[c].py", "b.py")
    assert [is_tracked(root, path) for path in ("a.py", "shop/[c].py", "shop/c.py", "x.log")] == [
        True,
        True,
        False,
        False,
    ]
    assert find_untracked(root) == ("new.py", "shop/c.py")


def test_nothing_is_found_outside_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    assert find_tracked(tmp_path) is None
    assert find_untracked(tmp_path) == ()
    assert find_branch(tmp_path) == ""
    assert find_former(tmp_path, ".") == frozenset()
    assert not is_same(tmp_path, "HEAD", "a.py")
    with pytest.raises(MergeBaseError):
        read_changes(tmp_path, "HEAD")


def test_the_user_and_the_branch_are_named(root: Path) -> None:
    run_git(root, "config", "user.name", "Ana Lind")
    run_git(root, "switch", "--quiet", "--create", "topic")
    assert (find_user_name(root), find_branch(root)) == ("Ana Lind", "topic")
    run_git(root, "switch", "--quiet", "--detach")
    assert find_branch(root) == ""


def test_files_of_earlier_commits_and_of_the_index_are_known(root: Path) -> None:
    run_git(root, "rm", "--quiet", "shop/b.py")
    commit_all(root)
    write_files(root, {"shop/staged.py": "", "shop/new.py": ""})
    run_git(root, "add", "shop/staged.py")
    assert find_former(root, "shop") == {"shop/b.py", "shop/[c].py", "shop/staged.py"}
    assert find_former(root / "shop", ".") == {"b.py", "[c].py", "staged.py"}


def test_files_are_the_same_until_one_is_changed_added_or_removed(root: Path) -> None:
    commit = run_git(root, "rev-parse", "HEAD").strip()
    write_files(root, {"other.py": ""})
    assert is_same(root, commit, "shop", "a.py")
    assert not is_same(root, "0" * 40, "shop")
    new = root / "shop/new.py"
    new.touch()
    assert not is_same(root, commit, "shop")
    assert is_same(root, commit, "a.py")
    new.unlink()
    (root / "shop/x.log").touch()
    assert is_same(root, commit, "shop")
    (root / "shop/b.py").write_text("B = 2\n")
    assert not is_same(root, commit, "shop")
    (root / "shop/b.py").unlink()
    assert not is_same(root, commit, "shop")


def test_changes_since_a_commit_are_listed_with_what_was_there(root: Path) -> None:
    first = run_git(root, "rev-parse", "HEAD").strip()
    blob = run_git(root, "rev-parse", "HEAD:a.py").strip()
    (root / "a.py").write_text("A = 2\n")
    (root / "shop/[c].py").unlink()
    (root / "link").symlink_to("a.py")
    run_git(root, "add", "link")
    write_files(root, {"shop/new.py": ""})
    changes = read_changes(root, first)
    assert [(change.path, change.kind) for change in changes] == [
        ("a.py", "changed"),
        ("link", "new"),
        ("shop/[c].py", "removed"),
        ("shop/new.py", "new"),
    ]
    assert changes[0] == ChangedPath("a.py", "changed", blob)
    assert [change.path for change in read_changes(root / "shop", first)] == ["../a.py", "../link", "[c].py", "new.py"]
    assert read_blob(root, blob) == b"A = 1\n"
    assert read_blob(root, "0" * 40) is None


def test_a_link_in_the_place_of_a_file_is_special(root: Path) -> None:
    (root / "a.py").unlink()
    (root / "a.py").symlink_to("shop/b.py")
    assert [(change.path, change.kind) for change in read_changes(root, "HEAD")] == [("a.py", "special")]


@pytest.mark.parametrize("flag", ["is_hidden", "is_submodule"])
def test_git_does_not_answer_for_a_hidden_file_nor_for_a_submodule(flag: str) -> None:
    assert IndexedFile(**{flag: True}).is_special  # type: ignore[arg-type]
    assert not IndexedFile(is_edited=True).is_special


def test_what_a_clone_has_left_out_is_not_fetched_to_be_read(root: Path, tmp_path: Path) -> None:
    run_git(root, "config", "uploadpack.allowFilter", "true")
    blob = run_git(root, "rev-parse", "HEAD:a.py").strip()
    run_git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", root.as_uri(), "partial")
    assert read_blob(tmp_path / "partial", blob) is None
    assert read_blob(root, blob) == FILES["a.py"].encode()
