"""Files found, and files written: whole, in place, and never over the changes of another program."""

from __future__ import annotations

import ctypes
import errno
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from spec2bdd.adapters.system.files import atomic_replace as replacing
from spec2bdd.adapters.system.files import (
    find_files,
    find_matching,
    find_unreadable,
    read_file,
    write_changes,
)
from spec2bdd.errors import FileChangedError, WriteError, WriteInterrupted
from spec2bdd.model import FileChange

PACKAGE_FOLDER = Path(__file__).parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="the permission bits and links of POSIX")

# Starts a process for each line it is sent, and says its number; that one writes two files again and again until it is
# killed. Each content is one letter. Forking saves the start of a hundred Pythons.
REWRITER = """\
import os
import sys
from pathlib import Path
from spec2bdd.adapters.system.files import write_changes
from spec2bdd.model import FileChange

def rewrite(root):
    before = {name: (root / name).read_bytes() for name in ("a.md", "b.md")}
    while True:
        for letter in b"ON":
            for name in before:
                after = bytes([letter]) * 200_000
                write_changes(root, [FileChange(name, before[name], after)])
                before[name] = after

for _ in sys.stdin:
    process = os.fork()
    if not process:
        rewrite(Path(sys.argv[1]))
    print(process, flush=True)
    print(os.waitpid(process, 0)[1], flush=True)
"""


def apply_changes(root: Path, changes: list[FileChange]) -> None:
    """Write the changes, and raise the first error."""
    for error in write_changes(root, changes).errors:
        raise error


def list_names(folder: Path) -> list[str]:
    """List the names of everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def find_dead_process() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


# --- finding and reading --------------------------------------------------------------------------------------------


def test_files_are_found_by_suffix_below_a_folder_and_sorted(tmp_path: Path) -> None:
    for name in ("specs/b.md", "specs/a.md", "specs/deep/er/c.md", "specs/d.txt", "other/e.md", "specs/md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert find_files(tmp_path, "specs", suffix=".md") == ["specs/a.md", "specs/b.md", "specs/deep/er/c.md"]


def touch(root: Path, *paths: str) -> None:
    """Make empty files, with their folders."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def test_h7_the_suffix_counts_in_any_case(tmp_path: Path) -> None:
    touch(tmp_path, "specs/UPPER.MD", "specs/a.Md", "specs/b.txt")
    assert find_matching(tmp_path, ["specs"], suffix=".md") == ["specs/UPPER.MD", "specs/a.Md"]


R8_NO_SPECS = [
    "README.md",
    "readme.md",
    "README.de.md",
    "deep/ReadMe.md",
    "archive/old.md",
    "deep/Archive/old.md",
    ".#1.md",
    "._1.md",
    ".hidden.md",
    ".ipynb_checkpoints/1.md",
    ".obsidian/deep/1.md",
    "node_modules/a/1.md",
]


@pytest.mark.parametrize("path", R8_NO_SPECS)
def test_r8_a_file_of_this_name_is_no_spec(tmp_path: Path, path: str) -> None:
    touch(tmp_path, f"specs/{path}", "specs/a.md")
    assert find_matching(tmp_path, ["specs"], suffix=".md") == ["specs/a.md"]


@pytest.mark.parametrize(
    "path", ["readme-page.txt.md", "archive.md", "archived/a.md", "areadme.md", "_1.md", "readmes.md"]
)
def test_r8_a_file_of_a_similar_name_is_a_spec(tmp_path: Path, path: str) -> None:
    touch(tmp_path, f"specs/{path}")
    expected = [] if path.startswith("readme-") else [f"specs/{path}"]
    assert find_matching(tmp_path, ["specs"], suffix=".md") == expected


@pytest.mark.parametrize("pattern", ["specs/archive", "specs/archive/old.md", "specs/README.md"])
def test_r8_what_a_pattern_names_itself_is_a_spec(tmp_path: Path, pattern: str) -> None:
    touch(tmp_path, "specs/README.md", "specs/archive/old.md")
    assert len(find_matching(tmp_path, [pattern], suffix=".md")) == 1


TREE = ["specs/a.md", "specs/drafts/b.md", "docs/x/spec.md", "docs/x/notes.md", "docs/y/z/spec.md", "old/a.md"]

# The patterns of the specs, those to exclude, and the places in `TREE` that are found.
MATCHES: dict[str, tuple[list[str], list[str], list[int]]] = {
    "a folder": (["specs"], [], [0, 1]),
    "two folders": (["specs", "old"], [], [0, 1, 5]),
    "a file": (["specs/a.md"], [], [0]),
    "a glob": (["docs/*/spec.md"], [], [2]),
    "a deep glob": (["docs/**/spec.md"], [], [2, 4]),
    "a glob of folders": (["docs/*/z"], [], [4]),
    "a deep glob of folders": (["**/x"], [], [3, 2]),
    "a glob of folders, without one": (["docs/*/z"], ["docs/y"], []),
    "a glob in the root": (["**/spec.md"], [], [2, 4]),
    "a folder and a glob that overlap": (["docs", "docs/**/spec.md"], [], [3, 2, 4]),
    "a question mark": (["spec?/?.md"], [], [0]),
    "an excluded name": (["specs"], ["**/drafts"], [0]),
    "an excluded set": (["docs"], ["docs/[!y]"], [4]),
    "an excluded path": (["specs"], ["specs/drafts"], [0]),
    "an excluded path with a slash": (["specs"], ["specs/drafts/"], [0]),
    "an excluded glob": (["docs"], ["docs/**/notes.md"], [2, 4]),
    "an excluded file name": (["docs", "specs"], ["**/notes.md", "**/b.md"], [2, 4, 0]),
    "a part of a path excludes nothing": (["specs"], ["drafts", "specs/draft", "a.md"], [0, 1]),
}


@pytest.mark.parametrize(("patterns", "exclude", "found"), MATCHES.values(), ids=MATCHES)
def test_r8_specs_are_found_by_patterns(
    tmp_path: Path, patterns: list[str], exclude: list[str], found: list[int]
) -> None:
    touch(tmp_path, *TREE)
    assert find_matching(tmp_path, patterns, exclude=exclude, suffix=".md") == sorted(TREE[place] for place in found)


COMPANIONS = [
    *(
        f"{name}.md"
        for name in ("tasks", "plan", "design", "research", "data-model", "quickstart", "checklist", "Tasks")
    ),
    "checklists/requirements.md",
    "checklists/deep/ux.md",
    "contracts/api.md",
]


@pytest.mark.parametrize("main", ["spec.md", "requirements.md"])
@pytest.mark.parametrize("companion", COMPANIONS)
def test_the_companion_of_a_spec_is_no_spec(tmp_path: Path, main: str, companion: str) -> None:
    touch(tmp_path, f"specs/001-loans/{main}", f"specs/001-loans/{companion}")
    for pattern in ("specs", "specs/**", "specs/*/*.md"):
        assert find_matching(tmp_path, [pattern], suffix=".md") == [f"specs/001-loans/{main}"]


@pytest.mark.parametrize(
    "path", [*COMPANIONS[1:], "001-loans/notes.md", "001-loans/deep/plan.md", "other/contracts/api.md"]
)
def test_a_file_of_such_a_name_elsewhere_is_a_spec(tmp_path: Path, path: str) -> None:
    touch(tmp_path, "specs/001-loans/spec.md", f"specs/{path}")
    assert find_matching(tmp_path, ["specs"], suffix=".md") == sorted(["specs/001-loans/spec.md", f"specs/{path}"])


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("specs/*/tasks.md", "specs/a/tasks.md"),
        ("specs/a/plan.md", "specs/a/plan.md"),
        ("specs/*/checklists/*.md", "specs/a/checklists/ux.md"),
        ("specs/a/contracts", "specs/a/contracts/api.md"),
        ("specs/**/archive/*.md", "specs/a/archive/old.md"),
    ],
)
def test_a_companion_that_a_pattern_spells_out_is_a_spec(tmp_path: Path, pattern: str, path: str) -> None:
    touch(tmp_path, "specs/a/spec.md", path)
    assert find_matching(tmp_path, [pattern], suffix=".md") == [path]


@posix
def test_r8_the_lock_of_an_editor_is_not_reported(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / ".#a.md").symlink_to("user@host.1234")
    assert find_unreadable(tmp_path, "specs", suffix=".md") == []


def test_folders_of_tools_are_not_walked(tmp_path: Path) -> None:
    for folder in (".git", ".spec2bdd", ".venv", "venv", "node_modules", "__pycache__"):
        (tmp_path / "specs" / folder).mkdir(parents=True)
        (tmp_path / "specs" / folder / "a.md").touch()
    assert find_files(tmp_path, "specs", suffix=".md") == []


def test_a_folder_is_no_file_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "specs" / "a.md").mkdir(parents=True)
    assert find_files(tmp_path, "specs", suffix=".md") == []


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert find_files(tmp_path, "specs", suffix=".md") == []


@posix
def test_links_to_files_are_found_and_links_to_folders_are_not_walked(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "real.md").touch()
    (tmp_path / "specs" / "link.md").symlink_to("../real.md")
    (tmp_path / "specs" / "dangling.md").symlink_to("../gone.md")
    (tmp_path / "specs" / "loop").symlink_to(".")
    assert find_files(tmp_path, "specs", suffix=".md") == ["specs/link.md"]


@posix
def test_links_that_lead_nowhere_or_in_a_circle_are_reported(tmp_path: Path) -> None:
    (tmp_path / "specs" / "deep").mkdir(parents=True)
    (tmp_path / "specs" / "real.md").touch()
    (tmp_path / "specs" / "link.md").symlink_to("real.md")
    (tmp_path / "specs" / "deep" / "dangling.md").symlink_to("../gone.md")
    (tmp_path / "specs" / "circle.md").symlink_to("circle.md")
    (tmp_path / "specs" / "other.txt").symlink_to("gone.txt")
    expected = [("specs/circle.md", "the link leads nowhere"), ("specs/deep/dangling.md", "the link leads nowhere")]
    assert find_unreadable(tmp_path, "specs", suffix=".md") == expected


@posix
def test_h4_a_pipe_and_a_link_to_one_are_reported_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    os.mkfifo(tmp_path / "specs" / "pipe.md")
    (tmp_path / "specs" / "link.md").symlink_to("pipe.md")
    (tmp_path / "specs" / "folder.md").mkdir()
    expected = [("specs/link.md", "not a regular file"), ("specs/pipe.md", "not a regular file")]
    assert find_unreadable(tmp_path, "specs", suffix=".md") == expected
    assert find_files(tmp_path, "specs", suffix=".md") == []


def test_a_folder_that_cannot_be_listed_is_reported_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "specs").touch()
    assert [path for path, _ in find_unreadable(tmp_path, "specs", suffix=".md")] == ["specs"]


@pytest.mark.parametrize("folder", ["specs", "gone"])
def test_folders_that_are_empty_or_not_there_hide_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / "specs").mkdir()
    assert find_unreadable(tmp_path, folder, suffix=".md") == []


def test_a_file_is_read_as_bytes_and_a_missing_one_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfa\r\n\xff")
    assert read_file(tmp_path, "a.md") == b"\xef\xbb\xbfa\r\n\xff"
    assert read_file(tmp_path, "b.md") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(OSError, match="not a regular file"):
        read_file(tmp_path, "a.md")


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_change_replaces_a_file_and_leaves_nothing_next_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old\r\n")
    apply_changes(tmp_path, [FileChange("a.md", b"old\r\n", b"new\n")])
    assert (tmp_path / "a.md").read_bytes() == b"new\n"
    assert list_names(tmp_path) == ["a.md"]


def test_a_new_file_gets_its_folders(tmp_path: Path) -> None:
    apply_changes(tmp_path, [FileChange("features/deep/a.feature", None, b"new")])
    assert (tmp_path / "features/deep/a.feature").read_bytes() == b"new"


def test_changes_are_made_in_their_order_and_one_that_cannot_be_made_keeps_back_no_other(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"another program's")
    changes = [
        FileChange("a", None, b"1"),
        FileChange("a", b"1", b"2"),
        FileChange("b", b"mine", b"x"),
        FileChange("c", None, b"3"),
    ]
    written = write_changes(tmp_path, changes)
    assert written.changes == (*changes[:2], changes[3])
    assert [error.path for error in written.errors] == ["b"]
    assert list_names(tmp_path) == ["a", "b", "c"]
    assert (tmp_path / "a").read_bytes() == b"2"


def test_many_changes_are_all_made_in_many_folders(tmp_path: Path) -> None:
    changes = [FileChange(f"specs/{n % 7}/{n}.md", None, f"{n}".encode()) for n in range(600)]
    assert tuple(changes) == write_changes(tmp_path, changes).changes
    assert {change.path: change.after for change in changes} == {
        path: (tmp_path / path).read_bytes() for path in find_files(tmp_path, "specs", suffix="")
    }


@posix
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664])
def test_the_permission_bits_of_a_file_are_kept(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(mode)
    apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


@posix
@posix
def test_a_file_system_without_permission_bits_gets_new_files_and_keeps_the_bits_of_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    for name, mode in (("same.md", 0o600), ("other.md", 0o644)):
        (tmp_path / name).write_bytes(b"old")
        (tmp_path / name).chmod(mode)
    monkeypatch.setattr(Path, "chmod", refuse)
    changes = [FileChange(name, before, b"new") for name, before in (("new.md", None), ("same.md", b"old"))]
    assert write_changes(tmp_path, changes).errors == ()
    with pytest.raises(WriteError, match="Operation not permitted"):
        apply_changes(tmp_path, [FileChange("other.md", b"old", b"new")])
    assert (tmp_path / "other.md").read_bytes() == b"old"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permission_bits_that_the_umask_leaves(tmp_path: Path, mask: int, mode: int) -> None:
    earlier = os.umask(mask)
    try:
        apply_changes(tmp_path, [FileChange("a", None, b"new")])
        assert os.umask(mask) == mask
    finally:
        os.umask(earlier)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


@posix
def test_the_owner_of_a_file_is_kept_as_far_as_the_system_lets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    owner = (tmp_path / "a").stat()
    asked: list[tuple[int, int]] = []

    def refuse(path: Path, user: int, group: int) -> None:
        asked.append((user, group))
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    apply_changes(tmp_path, [FileChange("a", b"old", b"new"), FileChange("b", None, b"new")])
    # Who is not root may still give the group that the file had.
    assert asked == [(owner.st_uid, owner.st_gid), (-1, owner.st_gid)]
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@posix
@pytest.mark.parametrize("link", ["../store/a.md", "chain.md"])
def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path, link: str) -> None:
    for folder in ("store", "specs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "store" / "a.md").write_bytes(b"old")
    (tmp_path / "specs" / "chain.md").symlink_to("../store/a.md")
    (tmp_path / "specs" / "a.md").symlink_to(link)
    apply_changes(tmp_path, [FileChange("specs/a.md", b"old", b"new")])
    assert Path(link) == (tmp_path / "specs" / "a.md").readlink()
    assert (tmp_path / "store" / "a.md").read_bytes() == b"new"
    assert (list_names(tmp_path / "store"), list_names(tmp_path / "specs")) == (["a.md"], ["a.md", "chain.md"])


def test_a_change_after_which_nothing_is_to_stand_removes_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert list_names(tmp_path) == []


def test_a_file_that_is_gone_already_need_not_be_removed(tmp_path: Path) -> None:
    apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert list_names(tmp_path) == []


@posix
def test_of_a_link_the_link_is_removed_and_not_its_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "a").symlink_to("real")
    apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert list_names(tmp_path) == ["real"]


# --- refusing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [None, b"", b"OLD", b"old\n"])
def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path, before: bytes | None) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileChangedError, match="file changed on disk") as caught:
        apply_changes(tmp_path, [FileChange("a", before, b"new")])
    assert caught.value.path == "a"
    assert (tmp_path / "a").read_bytes() == b"old"
    assert list_names(tmp_path) == ["a"]


def test_a_file_that_was_removed_since_it_was_read_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FileChangedError):
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert list_names(tmp_path) == []


def test_a_change_is_not_made_without_one_that_it_needs(tmp_path: Path) -> None:
    changes = [
        FileChange("a.py", b"old", b"new"),
        FileChange("b.md", None, b"new", needs=frozenset({"a.py"})),
        FileChange("c.md", None, b"new", needs=frozenset({"b.md", "z.md"})),
        FileChange("d.md", None, b"new"),
    ]
    errors = write_changes(tmp_path, changes).errors
    assert [(error.path, error.message) for error in errors] == [
        ("a.py", "file changed on disk; not overwritten"),
        ("b.md", "not written, because `a.py` was not"),
        ("c.md", "not written, because `b.md` was not"),
    ]
    assert list_names(tmp_path) == ["d.md"]
    (tmp_path / "a.py").write_bytes(b"old")
    assert write_changes(tmp_path, changes[:3]).errors == ()
    assert list_names(tmp_path) == ["a.py", "b.md", "c.md", "d.md"]


def test_a_file_that_changes_while_it_is_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda handle: (tmp_path / "a").write_bytes(b"another program's"))
    with pytest.raises(FileChangedError):
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert (tmp_path / "a").read_bytes() == b"another program's"
    assert list_names(tmp_path) == ["a"]


def test_a_file_that_changed_since_it_was_read_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    with pytest.raises(FileChangedError):
        apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert (tmp_path / "a").read_bytes() == b"new"


@posix
def test_a_read_only_file_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(WriteError, match="read-only"):
        apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert list_names(tmp_path) == ["a"]


@posix
def test_a_file_with_other_names_is_refused_since_they_would_keep_the_old_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    with pytest.raises(WriteError, match="the file has 2 hard links") as caught:
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert "break the hard link" in caught.value.hint
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"old", b"old")
    assert list_names(tmp_path) == ["a", "b"]


@posix
def test_one_of_several_names_may_be_removed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    apply_changes(tmp_path, [FileChange("a", b"old", None)])
    assert list_names(tmp_path) == ["b"]


@posix
@pytest.mark.parametrize("mode", [0o444, 0o555])
def test_a_read_only_file_is_refused_even_to_root(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(mode)
    with pytest.raises(WriteError, match="read-only"):
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert (tmp_path / "a").read_bytes() == b"old"
    assert list_names(tmp_path) == ["a"]


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    # Permission bits do not stop root, who runs the tests in many a container.
    monkeypatch.setattr(tempfile, "mkstemp", fail_denied)
    with pytest.raises(WriteError, match="cannot write: Permission denied") as caught:
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert "check that the file and its folder are writable" in caught.value.hint
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.parametrize("path", ["/a", "../a", "specs/../../a", "", "."])
def test_a_path_out_of_the_project_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(WriteError, match="is outside the project"):
        apply_changes(root, [FileChange(path, None, b"new")])
    assert list_names(tmp_path) == ["root"]
    assert list_names(root) == []


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(WriteError):
        apply_changes(tmp_path, [FileChange("a", None, b"new")])
    assert list_names(tmp_path / "a") == []
    assert list_names(tmp_path) == ["a"]


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"old")
    with pytest.raises(WriteError):
        apply_changes(tmp_path, [FileChange("features/a.feature", None, b"new")])
    assert (tmp_path / "features").read_bytes() == b"old"


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(WriteError):
        apply_changes(tmp_path, [FileChange("a", None, b"new")])
    assert list_names(tmp_path) == ["a", "b"]


def fail_full(*args: object, **kwargs: object) -> None:
    """Be a disk without room."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_denied(*args: object, **kwargs: object) -> None:
    """Refuse to make a file, as in a folder of another user."""
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def fail_unnamed(*args: object, **kwargs: object) -> None:
    """Be a system that does not say what is wrong."""
    raise OSError("out of order")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be a system that cannot exchange two names, as most are."""
    monkeypatch.setattr(ctypes, "CDLL", fail_unnamed)
    replacing.find_exchange.cache_clear()
    yield
    replacing.find_exchange.cache_clear()


def interrupt(*args: object, **kwargs: object) -> None:
    """Interrupt, as Ctrl-C does."""
    raise KeyboardInterrupt


FAULTS = [(os, "fsync"), (Path, "replace"), (Path, "chmod")]


@pytest.mark.parametrize(("owner", "name"), FAULTS, ids=[name for _, name in FAULTS])
@pytest.mark.parametrize("before", [b"old", None])
def test_a_full_disk_leaves_the_old_file_whole_and_nothing_next_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: None, owner: object, name: str, before: bytes | None
) -> None:
    if before is not None:
        (tmp_path / "a").write_bytes(before)
    monkeypatch.setattr(owner, name, fail_full)
    with pytest.raises(WriteError, match="cannot write: No space left"):
        apply_changes(tmp_path, [FileChange("a", before, b"new")])
    assert list_names(tmp_path) == ["a"] * (before is not None)
    assert read_file(tmp_path, "a") == before


def test_an_error_without_a_reason_is_reported_with_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: None
) -> None:
    monkeypatch.setattr(Path, "replace", fail_unnamed)
    with pytest.raises(WriteError, match="cannot write: out of order"):
        apply_changes(tmp_path, [FileChange("a", None, b"new")])


@pytest.mark.parametrize(("owner", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_an_interruption_leaves_the_old_file_whole_and_nothing_next_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: None, owner: object, name: str
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(owner, name, interrupt)
    with pytest.raises(KeyboardInterrupt):
        apply_changes(tmp_path, [FileChange("a", b"old", b"new")])
    assert list_names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_the_content_is_on_the_disk_before_the_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: None
) -> None:
    seen: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(handle: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file of {os.fstat(handle).st_size}")
        sync(handle)

    def note_replace(path: Path, target: Path) -> Path:
        seen.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    apply_changes(tmp_path, [FileChange("a", None, b"12345")])
    assert seen == ["file of 5", "name", "folder"]


# --- what killed processes leave ------------------------------------------------------------------------------------


@posix
def test_the_leftovers_of_dead_processes_are_swept_and_all_else_is_kept(tmp_path: Path) -> None:
    # In a container, every process may have the number of the one before it.
    for number in (find_dead_process(), os.getpid()):
        (tmp_path / f".spec2bdd-{number}-0123abcd-ab_c1.tmp").touch()
    kept = [
        ".spec2bdd-1-0123abcd-abc.tmp",
        ".spec2bdd-0-0123abcd-abc.tmp",
        ".spec2bdd-99999999999999999999999-0123abcd-abc.tmp",
        ".spec2bdd-x-0123abcd-abc.tmp",
        ".spec2bdd-999999999-abc.tmp",
        ".spec2bdd-999999999.tmp",
        "a.tmp",
    ]
    for name in kept:
        (tmp_path / name).touch()
    apply_changes(tmp_path, [FileChange("a", None, b"new")])
    assert sorted([*kept, "a"]) == list_names(tmp_path)


def kill_rewriters(root: Path, *, times: int, seed: int, most: float = 0.02) -> Iterator[int]:
    """Start a process that rewrites files, kill it after up to `most` seconds, and yield how it ended, that often."""
    chance = random.Random(seed)
    command = [sys.executable, "-c", REWRITER, str(root)]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_FOLDER)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, text=True, bufsize=1, stdin=pipe, stdout=pipe) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        for _ in range(times):
            starter.stdin.write("next\n")
            process = int(starter.stdout.readline())
            # The moment is what is tried; nothing is waited for.
            time.sleep(chance.random() * most)
            os.kill(process, signal.SIGKILL)
            yield int(starter.stdout.readline())


@posix
def test_a_killed_process_leaves_every_file_whole(tmp_path: Path) -> None:
    whole = {b"O" * 200_000, b"N" * 200_000}
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(b"O" * 200_000)
    seen: set[bytes] = set()
    # Before the late ones, a slow machine has written something, too.
    late = kill_rewriters(tmp_path, times=5, seed=20261129, most=1)
    for end in chain(kill_rewriters(tmp_path, times=120, seed=20261123), late):
        assert end == signal.SIGKILL
        found = {(tmp_path / name).read_bytes() for name in ("a.md", "b.md")}
        assert found <= whole
        seen |= found
        # Only the last one can have left something: each sweeps up after those before it.
        assert len(list_names(tmp_path)) <= 3
    assert whole == seen
    apply_changes(tmp_path, [FileChange("c.md", None, b"")])
    assert list_names(tmp_path) == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("count", [2, 40])
def test_ctrl_c_while_files_are_written_leaves_each_whole_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    names = [f"{number:02}.md" for number in range(count)]
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    rename = replacing._try_to_rename

    def interrupt(source: Path, target: Path, flags: int) -> bool:
        """Replace the first file, and be interrupted at the second."""
        if b"new" in {path.read_bytes() for path in tmp_path.glob("*.md")}:
            raise KeyboardInterrupt
        return rename(source, target, flags)

    monkeypatch.setattr(replacing, "_try_to_rename", interrupt)
    with pytest.raises(WriteInterrupted):
        write_changes(tmp_path, [FileChange(name, b"old", b"new") for name in names])
    assert list_names(tmp_path) == names
    assert {(tmp_path / name).read_bytes() for name in names} == {b"old", b"new"}
