"""What `--since` reports where git cannot compare: git's own reason, and what to type."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from spec2bdd.errors import UsageError
from spec2bdd.project.since.base import read_changes_since


def run_git(root: Path, *arguments: str) -> None:
    """Run git in a folder, as an author without any configuration of the user's."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path, name: str) -> None:
    """Commit a new file."""
    (root / name).write_text(name)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-q", "-m", name)


def refuse(root: Path, revision: str = "main") -> UsageError:
    """Ask for the files that changed since a revision, and return the error."""
    with pytest.raises(UsageError) as caught:
        read_changes_since(root, revision)
    return caught.value


def test_without_git_the_error_says_that_it_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (refuse(tmp_path).message, refuse(tmp_path).hint) == (
        "cannot compare with `main`: git is not installed",
        "install git",
    )


def test_outside_of_a_repository_git_gives_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    error = refuse(tmp_path)
    assert error.message == "cannot compare with `main`: no git repository"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("gitdir: nowhere\n", "not a git repository: "),
        ("", "invalid gitfile format: "),
        ("x\n", "invalid gitfile format"),
    ],
)
def test_a_file_of_git_that_leads_nowhere_is_a_repository_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, reason: str
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    (tmp_path / ".git").write_text(content)
    (tmp_path / "project").mkdir()
    for folder in (tmp_path, tmp_path / "project"):
        error = refuse(folder)
        assert error.message.startswith(f"cannot compare with `main`: git cannot read the repository: {reason}")
        assert error.hint == "make `git status` work in this folder"


def test_a_folder_of_another_owner_is_named_with_what_git_suggests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_git(tmp_path, "init", "-q")
    # Git's own tests pretend with this variable that the folder belongs to someone else.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("LC_ALL", "C")
    error = refuse(tmp_path)
    assert "dubious ownership" in error.message
    assert "safe.directory" in error.hint


def test_a_repository_without_commits_is_named_as_such(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    assert refuse(tmp_path, "HEAD").message == "cannot compare with `HEAD`: the repository has no commit"


def test_the_hint_suggests_no_name_that_was_refused(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "one")
    run_git(tmp_path, "branch", "other")
    run_git(tmp_path, "checkout", "-q", "--orphan", "lone")
    commit(tmp_path, "two")
    assert refuse(tmp_path).message == "cannot compare with `main`: this branch has no commit in common with `main`"
    assert refuse(tmp_path).hint == "use a branch, a tag or a commit that this branch comes from"
    assert refuse(tmp_path, "other").hint.endswith("such as `--since main`")


def test_a_shallow_clone_is_named_as_the_reason_for_a_missing_revision(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    run_git(origin, "init", "-q", "-b", "main")
    commit(origin, "one")
    run_git(origin, "tag", "old")
    commit(origin, "two")
    run_git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "clone")
    error = refuse(tmp_path / "clone", "old")
    assert error.message == "cannot compare with `old`: there is no branch, tag or commit `old`"
    assert error.hint.startswith("this clone is shallow: run `git fetch --unshallow`")


def test_in_a_whole_clone_an_unknown_revision_has_another_hint(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "one")
    assert refuse(tmp_path, "old").hint == "check the name, or fetch it with `git fetch origin old`"
    assert refuse(tmp_path, "HEAD~9").hint == "check the name"


def test_of_a_branch_and_that_of_the_remote_the_nearest_counts(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    run_git(origin, "init", "-q", "-b", "main")
    commit(origin, "one")
    run_git(tmp_path, "clone", "-q", origin.as_uri(), "clone")
    commit(origin, "two")
    clone = tmp_path / "clone"
    run_git(clone, "fetch", "-q")
    run_git(clone, "switch", "-q", "-c", "topic", "origin/main")
    (clone / "three").write_text("three")
    assert [change.path for change in read_changes_since(clone, "main")] == ["three"]
