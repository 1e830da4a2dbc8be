"""Faults of real systems: full disks, closed folders, mounts in the way: done, or refused with the reason."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spec2bdd.adapters.system.files import atomic_replace as replacing
from spec2bdd.adapters.system.files import remove_stale_temp_files, write_changes
from spec2bdd.errors import Spec2bddError
from spec2bdd.model import FileChange

PACKAGE_FOLDER = Path(__file__).parents[3]
OTHER_DISK = Path("/dev/shm")
MINE = 200_000

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the limits, mounts and users of POSIX")

# Limits or users that only a process of its own can have: each is set after all is loaded, then files are written.
LIMITED = """\
import concurrent.futures.thread, os, resource, sys
from pathlib import Path
from spec2bdd.adapters.system.files import write_changes
from spec2bdd.model import FileChange
root, limit = Path(sys.argv[1]), sys.argv[2]
write_changes(root, [])
if limit == "size":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
elif limit == "user" and os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
changes = [FileChange(name, b"old", size * b"N") for name, size in (("a.md", 10), ("b.md", 200_000), ("c.md", 10))]
written = write_changes(root, changes)
for error in written.errors:
    print(error.path, error.message, error.hint, sep="; ")
"""


def write_limited(root: Path, limit: str) -> list[str]:
    """FileChange three files of a folder under a limit, the second of them to something big, and return the errors."""
    for name in ("a.md", "b.md", "c.md"):
        (root / name).write_bytes(b"old")
    command = [sys.executable, "-c", LIMITED, str(root), limit]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, text=True, capture_output=True, check=True).stdout.splitlines()


def write_one(root: Path, change: FileChange) -> Spec2bddError | None:
    """Write one change and return the error, if there is one."""
    return next(iter(write_changes(root, [change]).errors), None)


def list_names(folder: Path) -> list[str]:
    """List the names of everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def mount(*arguments: str | Path) -> Path:
    """Mount something, or skip the test where that is not allowed; the last argument is where."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("nothing may be mounted here")
    return Path(arguments[-1])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", place)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_file_that_does_not_fit_is_refused_and_the_others_are_written(tmp_path: Path) -> None:
    errors = write_limited(tmp_path, "size")
    assert len(errors) == 1
    assert errors[0].startswith("b.md; cannot write: File too large")
    assert list_names(tmp_path) == ["a.md", "b.md", "c.md"]
    assert [(tmp_path / name).read_bytes() for name in list_names(tmp_path)] == [b"N" * 10, b"old", b"N" * 10]


def test_a_folder_in_which_nothing_may_be_made_is_refused_even_where_the_files_may_be_written(tmp_path: Path) -> None:
    place = tmp_path / "closed"
    place.mkdir()
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)
    for name in ("a.md", "b.md", "c.md"):
        (place / name).touch()
        (place / name).chmod(0o666)
    place.chmod(0o555)
    errors = write_limited(place, "user")
    assert [error.split(";")[0] for error in errors] == ["a.md", "b.md", "c.md"]
    assert all("Permission denied" in error and "its folder" in error for error in errors)
    assert {(place / name).read_bytes() for name in list_names(place)} == {b"old"}
    assert list_names(place) == ["a.md", "b.md", "c.md"]


def test_a_full_disk_is_reported_and_changes_nothing(small_disk: Path) -> None:
    (small_disk / "a.md").write_bytes(b"old")
    (small_disk / "filler").write_bytes(b"x" * 900_000)
    error = write_one(small_disk, FileChange("a.md", b"old", b"N" * MINE))
    assert error is not None
    assert error.message == "cannot write: No space left on device"
    assert error.hint == "free some disk space, then rerun the command"
    assert (small_disk / "a.md").read_bytes() == b"old"
    assert list_names(small_disk) == ["a.md", "filler"]


def test_a_disk_with_room_for_one_more_file_is_room_enough_for_many(small_disk: Path) -> None:
    changes = [FileChange(f"{n}.md", b"o" * 80_000, b"n" * 80_000) for n in range(10)]
    for change in changes:
        (small_disk / change.path).write_bytes(change.before or b"")
    written = write_changes(small_disk, changes)
    assert (tuple(changes), ()) == (written.changes, written.errors)
    assert sorted(change.path for change in changes) == list_names(small_disk)
    assert {(small_disk / change.path).read_bytes() for change in changes} == {b"n" * 80_000}


def test_a_file_that_is_mounted_by_itself_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "a.md").write_bytes(b"")
    place = mount("--bind", tmp_path / "real.md", tmp_path / "a.md")
    try:
        error = write_one(tmp_path, FileChange("a.md", b"old", b"new"))
    finally:
        subprocess.run(["umount", str(place)], check=True)
    assert error is not None
    assert error.message == "cannot write: Device or resource busy"
    assert "mount its folder instead" in error.hint
    assert (tmp_path / "real.md").read_bytes() == b"old"
    assert list_names(tmp_path) == ["a.md", "real.md"]


def test_a_file_that_another_program_keeps_open_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As Windows does.
    def deny(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied")

    (tmp_path / "a.md").write_bytes(b"old")
    monkeypatch.setattr(ctypes, "CDLL", deny)
    monkeypatch.setattr(Path, "replace", deny)
    replacing.find_exchange.cache_clear()
    error = write_one(tmp_path, FileChange("a.md", b"old", b"new"))
    replacing.find_exchange.cache_clear()
    assert error is not None
    assert error.message == "cannot write: Access is denied"
    assert "no other program has the file open" in error.hint
    assert list_names(tmp_path) == ["a.md"]


def test_files_of_killed_processes_are_removed_below_the_folders_and_next_to_linked_files(tmp_path: Path) -> None:
    leftover = f".spec2bdd-{os.getpid()}-0123abcd-abc.tmp"
    for folder in ("specs/deep", "elsewhere", "other"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / leftover).touch()
    (tmp_path / "elsewhere" / "a.md").touch()
    (tmp_path / "specs" / "a.md").symlink_to("../elsewhere/a.md")
    remove_stale_temp_files(tmp_path, ["specs", "gone"])
    assert [list_names(tmp_path / name) for name in ("specs/deep", "elsewhere", "other")] == [[], ["a.md"], [leftover]]
