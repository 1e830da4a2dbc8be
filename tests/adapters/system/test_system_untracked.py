"""A file that git did not track at a run, and tracks now, is no change as long as it has the content of then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tree_repository import clone, commit_all, make_repository, run_git, write_files

from spec2bdd.adapters.system import untracked
from spec2bdd.adapters.system.file_stamps import Since
from spec2bdd.adapters.system.file_tree import FileTree
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.trees.differences import find_change, find_difference, find_differences

Change = Callable[[Path], object]

NEW = {"settings.toml": "a = 1\n", "data/new.json": "{}\n", "data/näw\n.txt": "1\n", ".editorconfig": "root = true\n"}


def read(root: Path, *, settled: bool = False) -> FileTree:
    """Read the tree of a project."""
    return read_tree(ask_tree(root), features="features", settled=settled)


def write_new(root: Path, files: dict[str, str] = NEW) -> Path:
    """Write files that git does not track, some time before a run."""
    write_files(root, files)
    (root / "link").symlink_to("settings.toml")
    return root


def take_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> FileTree:
    """Read the tree as a run does; what was written just before it counts as older."""
    monkeypatch.setattr("spec2bdd.adapters.system.file_stamps.STAMP_LAG", -1_000_000_000)
    return read(root, settled=True)


def list_kept(tree: FileTree) -> dict[str, str]:
    """List the files that a run remembers at its end."""
    return tree.untracked.find_unchanged() if tree.untracked else {}


def write(path: str, text: str) -> Change:
    """Write a file."""
    return lambda root: write_files(root, {path: text})


def commit(*changes: Change) -> Change:
    """Make changes, and commit everything."""
    return lambda root: [*(change(root) for change in changes), commit_all(root)]


def replace_link(root: Path) -> None:
    """Let the link lead to another file."""
    (root / "link").unlink()
    (root / "link").symlink_to("app.py")


LATER: dict[str, tuple[Change, str]] = {
    "they are committed": (commit(), ""),
    "they are staged": (lambda root: run_git(root, "add", "--all"), ""),
    "one is only announced": (lambda root: run_git(root, "add", "--intent-to-add", "settings.toml"), ""),
    "one is changed and committed": (commit(write("settings.toml", "a = 2\n")), "settings.toml"),
    "a link is changed and committed": (commit(replace_link), "link"),
    "one is committed and changed": (
        lambda root: [commit_all(root), write("data/new.json", "")(root)],
        "data/new.json",
    ),
    "one that was not there is committed": (commit(write("data/later.json", "{}\n")), "data/later.json"),
    "a tracked one is changed, too": (commit(write("data/rates.json", "{}\n")), "data/rates.json"),
    "one is removed, and the others are committed": (commit(lambda root: (root / "settings.toml").unlink()), ""),
    "an ignored one is tracked": (lambda root: run_git(root, "add", "--force", "debug.log"), "debug.log"),
}


@pytest.mark.parametrize("name", LATER)
def test_a_newly_tracked_file_counts_by_its_content_of_then_if(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = write_new(make_repository(tmp_path / "shop"))
    write_files(root, {"debug.log": "1\n"})
    before = take_run(root, monkeypatch)
    kept = list_kept(before)
    change, path = LATER[name]
    change(root)
    today = read(root)
    assert sorted([*NEW, "link"]) == sorted(kept)
    assert find_difference(root, before.fingerprint, today, untracked=kept) == path
    assert find_change(root, before, features="features") == path
    assert ([path] if path else []) == list(find_differences(root, before.fingerprint, today, untracked=kept) or {})


@pytest.mark.parametrize("options", [(), ("--depth=1",), ("--config=core.autocrlf=true",)])
def test_records_of_before_the_commit_count_in_a_clone_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    root = write_new(make_repository(tmp_path / "shop"))
    before = take_run(root, monkeypatch)
    kept = list_kept(before)
    commit_all(root)
    commit_all(root, "another one")
    today = read(clone(root, tmp_path / "clone", *options))
    assert find_difference(tmp_path / "clone", before.fingerprint, today, untracked=kept) == ""
    write("app.py", "RATE = 4\n")(tmp_path / "clone")
    changed = read(tmp_path / "clone")
    assert find_difference(tmp_path / "clone", before.fingerprint, changed, untracked=kept) == "app.py"


def test_files_of_before_the_first_commit_may_be_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_git(tmp_path, "init", "--quiet")
    write_new(tmp_path, NEW | {"app.py": "1\n", ".venv/x.txt": "1\n", "build/y.txt": "1\n"})
    before = take_run(tmp_path, monkeypatch)
    kept = list_kept(before)
    run_git(tmp_path, "add", *NEW, "app.py", "link")
    run_git(tmp_path, "commit", "--quiet", "--message", "all")
    assert sorted([*NEW, "link"]) == sorted(kept)
    assert find_difference(tmp_path, before.fingerprint, read(tmp_path), untracked=kept) == ""


def test_records_of_before_the_repository_count_as_long_as_all_files_have_the_content_of_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = {".github/a.yml": "a\n", ".venv/x.py": "1\n", ".mypy_cache/y": "1\n", "NOTES.md": "1\n"}
    write_new(tmp_path, NEW | hidden | {"app.py": "1\n", "src/lib.py": "1\n"})
    (tmp_path / "folder").symlink_to("data")
    before = take_run(tmp_path, monkeypatch)
    kept = list_kept(before)
    run_git(tmp_path, "init", "--quiet")
    write_files(tmp_path, {".git/info/exclude": ".venv\n.mypy_cache\n"})
    commit_all(tmp_path)

    def find() -> tuple[str, list[str]]:
        """Find the first path that differs, and all."""
        today = read(tmp_path)
        pairs = find_differences(tmp_path, before.fingerprint, today, untracked=kept)
        return find_difference(tmp_path, before.fingerprint, today, untracked=kept), list(pairs or {})

    assert sorted([*NEW, "link", "folder", ".github/a.yml"]) == sorted(kept)
    assert find() == ("", [])
    write("data/new.json", "{ }\n")(tmp_path)
    write("later.txt", "1\n")(tmp_path)
    run_git(tmp_path, "add", "--all")
    (tmp_path / "src/lib.py").unlink()
    assert find() == ("data/new.json", ["data/new.json", "later.txt", "src/lib.py"])


def test_a_file_that_is_written_during_the_run_is_remembered_only_with_the_content_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_new(make_repository(tmp_path / "shop"))
    before = take_run(root, monkeypatch)
    write("settings.toml", "a = 2\n")(root)
    write("data/new.json", "{}\n")(root)
    (root / ".editorconfig").unlink()
    assert sorted(["data/new.json", "data/näw\n.txt", "link"]) == sorted(list_kept(before))


def test_a_file_that_is_written_while_the_project_is_loaded_is_not_remembered(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    query = ask_tree(root)
    write_new(root)
    assert list_kept(read_tree(query, features="features", settled=True)) == {}


@pytest.mark.parametrize(("files", "size", "expected"), [(4, 1_000, 0), (5, 24, 0), (5, 25, 5)])
def test_of_too_many_files_none_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, size: int, expected: int
) -> None:
    root = write_files(tmp_path, {f"{number}.txt": "1234\n" for number in range(5)})
    monkeypatch.setattr(untracked, "_MOST_FILES", files)
    monkeypatch.setattr(untracked, "_MOST_BYTES", size)
    names = os.listdir(root)  # noqa: PTH208
    found = untracked.read_untracked(root, names, commit=None, since=Since(2**63, 0))
    assert len(found.ids if found else ()) == expected


def test_a_tree_that_is_only_compared_reads_no_untracked_file(tmp_path: Path) -> None:
    assert read(write_new(make_repository(tmp_path / "shop"))).untracked is None
