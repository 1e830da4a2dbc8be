"""What the fingerprint of a project covers, and how a file that differs is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tree_repository import clone, commit_all, make_repository, run_git, write_files

from spec2bdd.adapters.results.wire import fingerprint_from_json, fingerprint_to_json
from spec2bdd.adapters.system import git_content, git_index
from spec2bdd.adapters.system.file_stamps import STAMP_LAG, find_touched
from spec2bdd.adapters.system.file_tree import FileTree, TreeScope
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.trees.differences import find_change, find_difference
from spec2bdd.errors import RepositoryError
from spec2bdd.model import Fingerprint

Change = Callable[[Path], object]


def read(root: Path, *, settled: bool = False, sources: tuple[str, ...] = (), loaded: tuple[str, ...] = ()) -> FileTree:
    """Read the tree of a project with its features in `features`."""
    return read_tree(ask_tree(root), features="features", sources=sources, loaded=loaded, settled=settled)


def fingerprint(root: Path) -> Fingerprint:
    """Read the fingerprint of a project."""
    return read(root).fingerprint


def edit(path: str, text: str = "# changed\n") -> Change:
    """Append to a file, or make it."""

    def change(root: Path) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8", newline="") as stream:
            stream.write(text)

    return change


def ask(*arguments: str) -> Change:
    """Run git."""
    return lambda root: run_git(root, *arguments)


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda root: [change(root) for change in changes]


def hide(flag: str) -> Change:
    """Set a flag in the index, and change the file."""
    return both(ask("update-index", flag, "app.py"), edit("app.py"))


def touch_back(root: Path) -> None:
    """Change a file without changing its size or modification time."""
    status = (root / "app.py").stat()
    (root / "app.py").write_text("RATE = 4\n", encoding="utf-8")
    os.utime(root / "app.py", ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_link(target: str) -> Change:
    """Put a symbolic link in the place of a file."""

    def change(root: Path) -> None:
        (root / "app.py").unlink()
        (root / "app.py").symlink_to(target)

    return change


CHANGES: dict[str, tuple[Change, str]] = {
    "a tracked Python file": (edit("app.py"), "app.py"),
    "a tracked data file": (edit("data/rates.json"), "data/rates.json"),
    "a file in a folder": (edit("src/shop/basket.py"), "src/shop/basket.py"),
    "the configuration of git": (edit(".gitignore", "x\n"), ".gitignore"),
    "a staged file": (both(edit("app.py"), ask("add", "app.py")), "app.py"),
    "a staged file that was changed back on disk only": (
        both(edit("app.py"), ask("add", "app.py"), edit("app.py", "again\n")),
        "app.py",
    ),
    "a deleted file": (lambda root: (root / "app.py").unlink(), "app.py"),
    "a file removed from git": (ask("rm", "--quiet", "app.py"), "app.py"),
    "a data file that git does not track any more": (ask("rm", "--quiet", "--cached", "run.sh"), "run.sh"),
    "a new Python file that git does not know": (edit("src/shop/tax.py"), "src/shop/tax.py"),
    "a new Python file that was only announced": (
        both(edit("src/new.py"), ask("add", "--intent-to-add", "src/new.py")),
        "src/new.py",
    ),
    "a new data file that git tracks": (both(edit("data/new.json"), ask("add", "data/new.json")), "data/new.json"),
    "a file with --assume-unchanged": (hide("--assume-unchanged"), "app.py"),
    "a file with --skip-worktree": (hide("--skip-worktree"), "app.py"),
    "a deleted file with --assume-unchanged": (
        both(ask("update-index", "--assume-unchanged", "app.py"), lambda root: (root / "app.py").unlink()),
        "app.py",
    ),
    "a deleted file with --skip-worktree": (
        both(ask("update-index", "--skip-worktree", "app.py"), lambda root: (root / "app.py").unlink()),
        "app.py",
    ),
    "a file of the same size and time": (touch_back, "app.py"),
    "a file of the same size and time, where git trusts times less": (
        both(ask("config", "core.trustctime", "false"), touch_back),
        "app.py",
    ),
    "another commit": (both(edit("app.py"), commit_all), "app.py"),
    "a link in the place of a file": (replace_by_link("src/shop/basket.py"), "app.py"),
    "a folder in the place of a file": (
        both(lambda root: (root / "run.sh").unlink(), edit("run.sh/x.txt")),
        "run.sh",
    ),
    "a renamed file": (ask("mv", "run.sh", "start.sh"), "run.sh"),
    "a name with a line end": (edit("src/a\nb.py"), "src/a\\nb.py"),
    "a name with a quote and a tab": (edit('src/"a"\tb.py'), 'src/"a"\tb.py'),
    "a Python file below a folder of another name": (edit("builder/x.py"), "builder/x.py"),
    "a feature file elsewhere": (both(edit("other/a.feature"), ask("add", "other")), "other/a.feature"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_changes_with(tmp_path: Path, name: str) -> None:
    change, path = CHANGES[name]
    root = make_repository(tmp_path / "shop")
    before = read(root)
    change(root)
    after = read(root)
    assert before.fingerprint.digest != after.fingerprint.digest
    assert find_difference(root, before.fingerprint, after) == path
    assert find_change(root, before, features="features") == path


SAME: dict[str, Change] = {
    "nothing": lambda root: None,
    "a spec": edit("specs/notes.md"),
    "a Markdown document": edit("README.md"),
    "a new Markdown document": both(edit("docs/new.MARKDOWN"), ask("add", "docs")),
    "a feature file of the project": both(edit("features/a.feature"), ask("add", "features")),
    "records": both(edit(".spec2bdd/records.ndjson"), ask("add", "--force", ".spec2bdd")),
    "an ignored file": edit("debug.log"),
    "an ignored Python file": edit("local/settings.py"),
    "an untracked file that is not Python": edit("out/report.xml"),
    "an untracked cache": edit("src/__pycache__/app.cpython-311.pyc"),
    "a committed cache": both(edit("src/__pycache__/app.cpython-311.pyc"), ask("add", "--force", "src")),
    "a virtual environment": edit(".venv/lib/python3.11/site-packages/six.py"),
    "a virtual environment of any name": both(edit("my-env/pyvenv.cfg"), edit("my-env/lib/six.py")),
    "a build": both(edit("build/lib/shop/basket.py"), edit("packages/a/build/lib/a.py")),
    "an installation": both(edit("src/shop.egg-info/PKG-INFO"), edit("src/shop.egg-info/x.py")),
    "the executable bit": lambda root: (root / "run.sh").chmod(0o755),
    "the modification time": lambda root: os.utime(root / "app.py", (1, 1)),
    "another commit of the same content": commit_all,
    "an amended commit": ask("commit", "--quiet", "--amend", "--message", "other"),
    "another branch of the same content": ask("checkout", "--quiet", "-b", "other"),
    "a change and its stash": both(edit("app.py"), ask("stash", "--quiet")),
    "a Python file that git does not track any more": ask("rm", "--quiet", "--cached", "app.py"),
    "a change that is undone": both(edit("app.py"), ask("checkout", "--quiet", "app.py")),
    "a repacked repository": ask("gc", "--quiet"),
}


@pytest.mark.parametrize("name", SAME)
def test_it_does_not_change_with(tmp_path: Path, name: str) -> None:
    root = make_repository(tmp_path / "shop")
    before = read(root)
    SAME[name](root)
    after = read(root)
    assert before.fingerprint.digest == after.fingerprint.digest
    assert find_difference(root, before.fingerprint, after) == ""
    assert find_change(root, before, features="features") == ""


@pytest.mark.parametrize("path", ["app.py", "src/untracked.py"])
def test_a_second_change_of_a_file_is_noticed(tmp_path: Path, path: str) -> None:
    root = make_repository(tmp_path / "shop")
    edit(path)(root)
    before = read(root)
    edit(path)(root)
    assert find_change(root, before, features="features") == path
    assert find_difference(root, before.fingerprint, read(root)) == path


def test_variables_that_git_sets_for_hooks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    edit("src/new.py")(root)
    assert find_difference(root, before, read(root)) == "src/new.py"


def test_it_is_the_same_in_another_working_tree(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    run_git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    assert fingerprint(root).digest == fingerprint(tmp_path / "other").digest


def test_it_is_the_same_through_a_link_to_the_folder(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "all", {"shop/app.py": "1\n", "lib.py": "1\n"}) / "shop"
    (tmp_path / "link").symlink_to(root)
    assert fingerprint(root) == fingerprint(tmp_path / "link")


STAGES: dict[str, Change] = {
    "untracked": lambda root: None,
    "staged": ask("add", "--all"),
    "committed": commit_all,
}


@pytest.mark.parametrize("name", STAGES)
def test_a_new_python_file_is_the_same_whether_it_is(tmp_path: Path, name: str) -> None:
    root = make_repository(tmp_path / "shop")
    edit("src/new.py")(root)
    before = fingerprint(root)
    STAGES[name](root)
    assert before.digest == fingerprint(root).digest


def test_it_is_the_same_in_a_clone(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    copy = clone(root, tmp_path / "copy")
    assert fingerprint(root).digest == fingerprint(copy).digest


@pytest.mark.parametrize("setting", ["true", "input"])
def test_line_ends_that_git_converts_do_not_count(tmp_path: Path, setting: str) -> None:
    root = make_repository(tmp_path / "shop")
    copy = clone(root, tmp_path / "copy", "--config", f"core.autocrlf={setting}")
    # As an editor on Windows leaves a file.
    (copy / "app.py").write_bytes(b"RATE = 3\r\n")
    assert fingerprint(root).digest == fingerprint(copy).digest


def test_line_ends_that_git_does_not_convert_count(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    (root / "app.py").write_bytes(b"RATE = 3\r\n")
    assert find_difference(root, before, read(root)) == "app.py"


def test_a_link_counts_by_its_target(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    (root / "current").symlink_to("data/rates.json")
    commit_all(root)
    before = fingerprint(root)
    (root / "current").unlink()
    (root / "current").symlink_to("data/other.json")
    assert find_difference(root, before, read(root)) == "current"
    commit_all(root)
    after = read(root)
    assert find_difference(root, before, after) == "current"
    # The short form is the same whether the index or the disk has it.
    (root / "current").unlink()
    (root / "current").symlink_to("data/rates.json")
    assert before.digest == fingerprint(root).digest


def test_a_name_that_is_not_text_counts(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    path = os.fsdecode(b"src/\xff.py")
    edit(path)(root)
    after = read(root)
    assert find_difference(root, before, after) == path
    commit_all(root)
    assert after.fingerprint.digest == fingerprint(root).digest


def test_a_project_below_the_top_depends_on_the_whole_repository(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "all", {"shop/app.py": "1\n", "shop/features/a.feature": "", "lib/tax.py": "1\n"})
    root = top / "shop"
    before = fingerprint(root)
    edit("features/a.feature")(root)
    assert find_difference(root, before, read(root)) == ""
    edit("lib/tax.py")(top)
    assert find_difference(root, before, read(root)) == "../lib/tax.py"


def test_two_projects_of_one_repository_are_different(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "all", {"a/app.py": "1\n", "b/app.py": "1\n"})
    assert find_difference(top / "b", fingerprint(top / "a"), read(top / "b")) == "a/"


def make_submodule(tmp_path: Path) -> Path:
    """Make a repository with a submodule in `vendor/tax`."""
    tax = make_repository(tmp_path / "tax", {"tax.py": "1\n", "README.md": "# Tax\n"})
    root = make_repository(tmp_path / "shop")
    run_git(root, "submodule", "--quiet", "add", f"file://{tax}", "vendor/tax")
    commit_all(root)
    return root


SUBMODULE: dict[str, tuple[Change, str]] = {
    "a changed file": (edit("vendor/tax/tax.py"), "vendor/tax"),
    "a new Python file": (edit("vendor/tax/new.py"), "vendor/tax"),
    "another commit": (both(edit("vendor/tax/tax.py"), lambda root: commit_all(root / "vendor/tax")), "vendor/tax"),
    "a document": (edit("vendor/tax/README.md"), ""),
    "nothing": (lambda root: None, ""),
}


@pytest.mark.parametrize("name", SUBMODULE)
def test_a_submodule_counts_by_its_files(tmp_path: Path, name: str) -> None:
    root = make_submodule(tmp_path)
    change, path = SUBMODULE[name]
    before = fingerprint(root)
    change(root)
    assert find_difference(root, before, read(root)) == path


def test_a_submodule_that_is_not_checked_out_counts_by_its_commit(tmp_path: Path) -> None:
    root = make_submodule(tmp_path)
    copy = clone(root, tmp_path / "copy")
    again = clone(root, tmp_path / "again")
    assert fingerprint(copy).digest == fingerprint(again).digest
    assert find_difference(root, fingerprint(copy), read(root)) == "vendor/tax"


def test_a_submodule_whose_files_are_there_without_a_repository_counts_by_them(tmp_path: Path) -> None:
    root = make_submodule(tmp_path)
    (root / "vendor/tax/.git").unlink()
    before = fingerprint(root)
    edit("vendor/tax/tax.py")(root)
    assert find_difference(root, before, read(root)) == "vendor/tax"


def test_the_files_of_the_folder_count_whatever_working_tree_the_repository_names(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    shutil.copytree(root, tmp_path / "other")
    run_git(root, "config", "core.worktree", str(tmp_path / "other"))
    before = fingerprint(root)
    edit("app.py")(root)
    assert find_difference(root, before, read(root)) == "app.py"


def test_a_sparse_checkout_is_the_same_as_a_whole_one(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    run_git(root, "sparse-checkout", "set", "data")
    assert not (root / "src").exists()
    assert before.digest == fingerprint(root).digest
    edit("data/rates.json")(root)
    assert find_difference(root, before, read(root)) == "data/rates.json"


def test_a_file_in_conflict_counts_as_it_is_on_disk(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    run_git(root, "checkout", "--quiet", "-b", "other")
    edit("app.py", "a\n")(root)
    commit_all(root)
    run_git(root, "checkout", "--quiet", "main")
    edit("app.py", "b\n")(root)
    commit_all(root)
    before = fingerprint(root)
    with pytest.raises(Exception, match="merge"):
        run_git(root, "merge", "other")
    assert find_difference(root, before, read(root)) == "app.py"
    (root / "app.py").write_text("RATE = 3\nb\n", encoding="utf-8")
    assert before.digest == fingerprint(root).digest


# --- records of other clones ------------------------------------------------------------------------------------------


def test_a_folder_is_named_where_the_commit_is_unknown(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    other = clone(root, tmp_path / "other")
    edit("src/shop/basket.py")(other)
    commit_all(other)
    assert find_difference(root, fingerprint(other), read(root)) == "src/"


def test_a_file_at_the_top_is_named_where_the_commit_is_unknown(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    other = clone(root, tmp_path / "other")
    edit("app.py")(other)
    commit_all(other)
    assert find_difference(root, fingerprint(other), read(root)) == "app.py"


def test_a_file_that_was_not_committed_is_named_where_the_commit_is_unknown(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    other = clone(root, tmp_path / "other")
    commit_all(other)
    edit("src/shop/basket.py")(other)
    assert find_difference(root, fingerprint(other), read(root)) == "src/shop/basket.py"


def test_the_same_content_in_a_shallow_clone_of_another_commit_is_the_same(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    commit_all(root, "the same again")
    assert find_difference(tmp_path / "copy", before, read(clone(root, tmp_path / "copy", "--depth=1"))) == ""


def test_before_the_first_commit_every_file_is_recorded(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    write_files(tmp_path, {"app.py": "1\n", "rates.json": "{}\n"})
    run_git(tmp_path, "add", "--all")
    before = fingerprint(tmp_path)
    assert (sorted(before.changed), before.commit) == (["app.py", "rates.json"], "")
    edit("rates.json")(tmp_path)
    assert find_difference(tmp_path, before, read(tmp_path)) == "rates.json"


def test_a_clean_tree_records_no_paths(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    assert (before.changed, sorted(before.folders)) == ({}, [".gitignore", "app.py", "data/", "run.sh", "src/"])


def test_a_fingerprint_survives_json(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    edit(os.fsdecode(b"src/\xff.py"))(root)
    before = fingerprint(root)
    assert fingerprint_from_json(fingerprint_to_json(before)) == before


# --- without git ------------------------------------------------------------------------------------------------------

OUTSIDE: dict[str, tuple[Change, str]] = {
    "a Python file": (edit("app.py"), "app.py"),
    "a new Python file": (edit("src/new.py"), "src/new.py"),
    "a deleted Python file": (lambda root: (root / "src/shop/basket.py").unlink(), "src/shop/basket.py"),
    "a file that `sources` names": (edit("data/rates.json"), "data/rates.json"),
    "a new file that `sources` names": (edit("data/new.json"), "data/new.json"),
    "another file": (edit("run.sh"), ""),
    "a document": (edit("README.md"), ""),
    "a build": (edit("build/lib/a.py"), ""),
    "a virtual environment": (both(edit("env/pyvenv.cfg"), edit("env/lib/six.py")), ""),
    "a hidden folder": (edit(".cache/x.py"), ""),
    "line ends": (lambda root: (root / "app.py").write_bytes(b"RATE = 3\r\n"), ""),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_without_git_it_depends_on_python_files_and_sources(tmp_path: Path, name: str) -> None:
    root = make_repository(tmp_path / "shop")
    shutil.rmtree(root / ".git")
    before = read(root, sources=("data",)).fingerprint
    change, path = OUTSIDE[name]
    change(root)
    assert find_difference(root, before, read(root, sources=("data",))) == path


def test_a_record_with_git_is_of_another_tree_where_there_is_none(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    shutil.rmtree(root / ".git")
    assert find_difference(root, before, read(root)) == ".gitignore"


# --- changes within the second in which git last compared a file ------------------------------------------------------


def replace_within_second(root: Path, between: Callable[[], FileTree]) -> FileTree:
    """Replace a file by one of its size and age, in the second in which git adds it to the index, after `between`."""
    app, old = root / "app.py", (1_600_000_000_123_456_789,) * 2
    for number in range(100):
        app.write_text(f"RATE = {number:02}\n", encoding="utf-8")
        os.utime(app, ns=old)
        added = app.stat().st_ctime_ns
        run_git(root, "add", "app.py")
        tree = between()
        app.write_text("RATE = xx\n", encoding="utf-8")
        os.utime(app, ns=old)
        if app.stat().st_ctime_ns // 10**9 == added // 10**9:
            return tree
    raise AssertionError("no two changes in one second")


def test_a_file_that_is_replaced_in_the_second_of_a_commit_counts_by_its_content(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    replace_within_second(root, lambda: FileTree(TreeScope(), {}))
    today = read(root)
    assert run_git(root, "hash-object", "app.py").strip() == today.entries["app.py"]
    assert today.entries["app.py"] == today.fingerprint.changed["app.py"]


def test_a_file_that_is_replaced_during_the_run_in_the_second_of_a_commit_is_noticed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = replace_within_second(root, lambda: read(root, settled=True))
    assert find_change(root, before, features="features") == "app.py"


TIMES: dict[str, tuple[int, int, list[str]]] = {
    "none": (0, 0, []),
    "of the metadata, in one second": (1, 0, ["a"]),
    "of the content, in one second": (0, -1, ["a"]),
    "of both, in another second": (10**9, 10**9, []),
}


@pytest.mark.parametrize("name", TIMES)
def test_a_file_is_read_again_after_a_change_of_its_times(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    os.utime(tmp_path / "a", ns=(5, 1_600_000_000_123_456_789))
    status = (tmp_path / "a").lstat()
    *differences, expected = TIMES[name]
    now = (status.st_ctime_ns, status.st_mtime_ns)
    then = [divmod(time + difference, 10**9) for time, difference in zip(now, differences, strict=True)]
    ctime, mtime = (f"{second}:{part}" for second, part in then)
    assert list(find_touched(str(tmp_path), [("a", ctime, mtime)])) == expected


def test_times_without_a_fraction_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    status = (tmp_path / "a").lstat()
    second = status.st_ctime_ns // 10**9
    assert list(find_touched(str(tmp_path), [("a", f"{second}:0", f"{second}:0"), ("b", "1:1", "1:1")])) == []


# --- changes while it is read -----------------------------------------------------------------------------------------


def test_a_file_that_changed_after_the_question_has_no_known_content(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    query = ask_tree(root)
    edit("app.py")(root)
    before = read_tree(query, features="features", settled=True)
    after = read(root)
    assert "app.py" in (before.find_difference(after), find_difference(root, before.fingerprint, after))


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_not_that_of_the_files_neither_makes_nor_hides_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    root = make_repository(tmp_path / "shop")
    edit("app.py")(root)
    written = (root / "app.py").stat().st_ctime_ns
    clock = time.time_ns
    while clock() <= written + 10 * STAMP_LAG:
        pass
    monkeypatch.setattr(time, "time_ns", lambda: clock() - hours * 3_600 * 10**9)
    tree = read(root, settled=True)
    assert tree.find_difference(read(root)) == ""
    query = ask_tree(root)
    edit("app.py")(root)
    changed = read_tree(query, features="features", settled=True)
    assert changed.find_difference(read(root)) == "app.py"


def test_two_trees_are_compared_file_by_file(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = read(root, settled=True)
    assert before.find_difference(read(root)) == ""
    edit("src/shop/basket.py")(root)
    edit("data/rates.json")(root)
    assert before.find_difference(read(root)) == "data/rates.json"


PATHS = st.from_regex(r"[ab/]{1,6}\.py", fullmatch=True)


@given(st.dictionaries(PATHS, st.sampled_from(["1", "2"])), st.randoms())
def test_the_order_of_files_does_not_matter(entries: dict[str, str], random: object) -> None:
    items = list(entries.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    first, second = FileTree(TreeScope(), entries), FileTree(TreeScope(), dict(items))
    assert first.fingerprint == second.fingerprint


@given(st.dictionaries(PATHS, st.sampled_from(["1", "2"])), st.dictionaries(PATHS, st.sampled_from(["1", "2"])))
def test_trees_have_one_digest_exactly_if_they_are_equal(first: dict[str, str], second: dict[str, str]) -> None:
    digests = [FileTree(TreeScope(), entries).fingerprint.digest for entries in (first, second)]
    assert (first == second) == (digests[0] == digests[1])


def test_a_filter_that_never_ends_is_ended_with_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path, {".gitattributes": "*.json filter=slow\n", "rates.json": "{}\n", "app.py": ""})
    run_git(root, "config", "filter.slow.clean", f"echo $$ >> '{root}/filters.log'; exec sleep 1000")
    (root / "rates.json").write_text('{"rate": 4}\n')
    for module in (git_index, git_content):
        monkeypatch.setattr(module, "TIMEOUT", 1.0)
    # The file is hashed as it is.
    assert read_tree(ask_tree(root)).entries["rates.json"].startswith("raw ")
    pids = (root / "filters.log").read_text().split()
    assert [pid for pid in pids if is_running(pid)] == []


def is_running(pid: str) -> bool:
    """Whether a process exists, and is not dead and only waiting for its parent."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], check=False, capture_output=True, text=True).stdout
    return state.strip()[:1] not in ("", "Z")


@pytest.mark.parametrize("is_repository", [True, False])
def test_a_file_that_may_not_be_read_is_the_same_until_it_may(tmp_path: Path, is_repository: bool) -> None:
    root = make_repository(tmp_path / "shop")
    edit("app.py")(root)
    if not is_repository:
        shutil.rmtree(root / ".git")
    # Root may read any file, except with fewer of its powers.
    script = "import sys; from spec2bdd.adapters.system.fingerprint import *; from pathlib import Path\n"
    script += "print(read_tree(ask_tree(Path('.'))).fingerprint.digest)"
    command = [sys.executable, "-c", script]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    digests = []
    for mode in (0o644, 0, 0, 0o644):
        (root / "app.py").chmod(mode)
        digests.append(subprocess.run(command, cwd=root, check=True, capture_output=True).stdout)
    assert digests == [digests[0], digests[1], digests[1], digests[0]]
    assert digests[0] != digests[1]


# --- a repository that git cannot read --------------------------------------------------------------------------------


def write_link(root: Path) -> None:
    """Put a file in the place of git's folder that names another one, which is not there."""
    (root / ".git").rename(root.parent / "elsewhere")
    (root / ".git").write_text("gitdir: ../nowhere\n")


UNREADABLE: dict[str, tuple[Change, str]] = {
    "an unknown extension": (
        both(ask("config", "core.repositoryFormatVersion", "1"), ask("config", "extensions.unheardOf", "true")),
        "unknown repository extension found:",
    ),
    "a version of the future": (ask("config", "core.repositoryFormatVersion", "99"), "Expected git repo version"),
    "a link to nowhere": (write_link, "not a git repository:"),
    "a lost HEAD": (lambda root: (root / ".git/HEAD").unlink(), "not a git repository"),
    "a damaged index": (lambda root: (root / ".git/index").write_bytes(b"x" * 100), "index file corrupt"),
    "a damaged configuration": (lambda root: (root / ".git/config").write_text("["), "bad config line"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_repository_that_git_cannot_read_is_an_error_with_its_reason(tmp_path: Path, name: str) -> None:
    root = make_repository(tmp_path / "shop")
    change, reason = UNREADABLE[name]
    change(root)
    with pytest.raises(RepositoryError) as caught:
        read(root)
    error = caught.value
    assert error.message.startswith(f"git cannot read the repository: {reason}")
    assert (error.path, error.hint) == (".git", "make `git status` work in this folder")


def test_a_repository_of_another_owner_is_an_error_with_the_command_of_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(tmp_path / "shop")
    # Git's own tests pretend with this variable that the folder belongs to another user.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(RepositoryError) as caught:
        read(root)
    assert caught.value.hint == f"if you trust the folder, run `git config --global --add safe.directory {root}`"


def test_a_repository_without_an_installed_git_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "shop", {"web/app.py": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError) as caught:
        read(root / "web")
    assert (caught.value.path, caught.value.hint) == ("../.git", "install git")


def test_a_submodule_that_git_cannot_read_is_named(tmp_path: Path) -> None:
    root = make_submodule(tmp_path)
    (root / "vendor/tax/.git").write_text("gitdir: ../nowhere\n")
    with pytest.raises(RepositoryError) as caught:
        read(root)
    assert caught.value.path == "vendor/tax/.git"


def test_a_git_that_does_not_answer_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "shop")
    write_files(tmp_path, {"bin/git": "#!/bin/sh\nexec sleep 1000\n"})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git_index, "TIMEOUT", 0.2)
    with pytest.raises(RepositoryError) as caught:
        read(root)
    assert caught.value.message == "git cannot read the repository: it took more than 0.2 s"


ANSWERS = {
    "nothing at all": ("exit 0", "`git status` did not print its answer"),
    "no files": ('case "$*" in *ls-files*) exit 0;; esac; exec {git} "$@"', "`git ls-files` did not print its answer"),
    "files without their facts": (
        'case "$*" in *ls-files*) exec {git} ls-files -z;; esac; exec {git} "$@"',
        "`git ls-files` printed what is no list of files",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_is_an_error_if_git_prints(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "shop")
    script, reason = ANSWERS[name]
    write_files(tmp_path, {"bin/git": f"#!/bin/sh\n{script.format(git=shutil.which('git'))}\n"})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(RepositoryError) as caught:
        read(root)
    assert caught.value.message == f"git cannot read the repository: {reason}"


def test_a_commit_without_files_and_an_emptied_index_are_no_errors(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {})
    assert read(root).entries == {}
    edit("run.sh")(root)
    commit_all(root)
    run_git(root, "rm", "--quiet", "--cached", "run.sh")
    assert read(root).entries == {}


def test_a_folder_with_the_name_of_git_that_was_never_a_repository_is_none(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    shutil.rmtree(root / ".git")
    write_files(root, {".git/hooks/pre-commit": "exit 0\n"})
    assert set(read(root).entries) == {"app.py", "src/shop/basket.py", "src/shop/__init__.py"}


@pytest.mark.parametrize("pattern", ["build/", "*"])
@pytest.mark.parametrize("path", ["app.py", "data/rates.json"])
def test_a_project_that_its_repository_ignores_depends_on_its_own_files(
    tmp_path: Path, pattern: str, path: str
) -> None:
    top = make_repository(tmp_path / "home", {".gitignore": f"{pattern}\n!.gitignore\n"})
    root = write_files(top / "build/shop", {"app.py": "RATE = 3\n", "data/rates.json": "{}\n"})
    before = read(root, sources=("data",))
    assert (before.find_difference(before), find_change(root, before, features="features", sources=("data",))) == (
        "",
        "",
    )
    edit(path)(root)
    today = read(root, sources=("data",))
    assert (before.find_difference(today), find_difference(root, before.fingerprint, today)) == (path, path)
    assert find_change(root, before, features="features", sources=("data",)) == path


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("path", ["lib/lamp.py", "lib/new.py"])
def test_a_repository_that_was_cloned_into_the_project_counts_by_its_python_files(
    tmp_path: Path, path: str, is_committed: bool
) -> None:
    root = make_repository(tmp_path / "shop")
    inner = write_files(root / "lib", {"lamp.py": "ON = True\n", ".hidden/x.py": "", "build/lib/lamp.py": ""})
    ask("init", "--quiet")(inner)
    if is_committed:
        commit_all(inner)
    before = read(root)
    assert {name for name in before.entries if name.startswith("lib/")} == {"lib/lamp.py"}
    assert find_change(root, before) == ""
    edit(path)(root)
    today = read(root)
    assert (before.find_difference(today), find_difference(root, before.fingerprint, today)) == (path, path)
    assert find_change(root, before) == path


def test_a_working_tree_in_a_hidden_folder_of_the_project_does_not_count(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    before = fingerprint(root)
    ask("worktree", "add", "--quiet", "--detach", ".trees/other")(root)
    assert fingerprint(root).digest == before.digest


# --- what git takes for the same, and what it ignores -----------------------------------------------------------------

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 2\n"


def test_a_pointer_is_not_the_content_that_it_stands_for(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {".gitattributes": "*.bin filter=lfs\n", "app.py": "RATE = 3\n"})
    run_git(root, "config", "filter.lfs.clean", f"printf '{POINTER}'".replace("\n", "\\n"))
    write_files(root, {"data.bin": "12"})
    commit_all(root)
    before = read(root, settled=True)
    write_files(root, {"data.bin": POINTER})
    run_git(root, "add", "--all")
    assert run_git(root, "status", "--porcelain") == ""
    pointers = read(root)
    assert find_change(root, before, features="features") == "data.bin"
    assert find_difference(root, before.fingerprint, pointers) == "data.bin"
    write_files(root, {"data.bin": "12"})
    assert find_difference(root, before.fingerprint, read(root)) == ""
    assert find_difference(root, pointers.fingerprint, read(root)) == "data.bin"


@pytest.mark.parametrize("is_repository", [True, False])
def test_a_python_file_that_the_run_has_loaded_counts_although_git_ignores_it(
    tmp_path: Path, is_repository: bool
) -> None:
    files = {"app.py": "RATE = 3\n", "build/gen.py": "A = 1\n", ".gitignore": "build/\n"}
    root = make_repository(tmp_path / "shop", files) if is_repository else write_files(tmp_path / "shop", files)
    before = read(root, loaded=("build/gen.py",), settled=False)
    assert before.loaded == ("build/gen.py",)
    recorded = fingerprint_from_json(fingerprint_to_json(before.fingerprint))
    assert find_change(root, before, features="features") == find_difference(root, recorded, read(root)) == ""
    edit("build/gen.py")(root)
    assert find_change(root, before, features="features") == "build/gen.py"
    assert find_difference(root, recorded, read(root)) == "build/gen.py"
    (root / "build/gen.py").unlink()
    assert find_difference(root, recorded, read(root)) == "build/gen.py"


def test_a_python_file_that_git_ignores_since_the_run_is_the_same_while_it_has_its_content(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    edit("tax.py")(root)
    before = read(root)
    write_files(root, {".git/info/exclude": "tax.py\n"})
    assert find_change(root, before, features="features") == ""
    assert find_difference(root, before.fingerprint, read(root)) == ""
    edit("tax.py")(root)
    assert find_difference(root, before.fingerprint, read(root)) == "tax.py"


def test_a_repository_with_sha256_is_compared_in_the_same_way(tmp_path: Path) -> None:
    root = write_files(tmp_path / "shop", {"app.py": "RATE = 3\n", "src/a.py": ""})
    (root / "link.py").symlink_to("app.py")
    run_git(root, "init", "--quiet", "--object-format=sha256")
    commit_all(root)
    edit("tax.py")(root)
    before = read(root)
    assert find_difference(root, before.fingerprint, read(root)) == ""
    run_git(root, "commit", "--quiet", "--allow-empty", "--message", "again")
    assert find_difference(root, before.fingerprint, read(root)) == ""
    (root / "link.py").unlink()
    (root / "link.py").symlink_to("tax.py")
    assert find_difference(root, before.fingerprint, read(root)) == "link.py"
    assert {len(id_.removeprefix("link ")) for id_ in read(root).entries.values()} == {64}
