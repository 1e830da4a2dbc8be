"""What the times of files say, and which folders and files they are read of."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from spec2bdd.adapters.system import file_stamps
from spec2bdd.adapters.system.file_stamps import (
    IGNORED,
    SECOND,
    Since,
    find_newest,
    hash_recent,
    is_stable,
    read_file_clock,
    walk_folders,
)
from spec2bdd.adapters.system.file_tree import TreeScope

NOW = 10 * SECOND


def test_all_folders_are_walked_but_those_that_tools_make(tmp_path: Path) -> None:
    for name in ("a/b", "c", *IGNORED, *(f"a/{name}/d" for name in IGNORED)):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    # A link back to the top is walked once.
    (tmp_path / "c" / "again").symlink_to(tmp_path)
    walked = sorted(os.path.relpath(path, tmp_path) for path in walk_folders(str(tmp_path)))
    assert walked == [".", "a", "a/b", "c"]


@pytest.mark.parametrize(
    ("content", "metadata", "stable"),
    [
        # A file system that counts whole seconds has both times whole.
        (9 * SECOND, 9 * SECOND, False),
        (9 * SECOND, 9 * SECOND + 1, True),
        (9 * SECOND + 1, 9 * SECOND, True),
        (7 * SECOND, 7 * SECOND, True),
    ],
)
def test_only_where_both_times_are_whole_seconds_the_file_system_may_be_a_coarse_one(
    content: int, metadata: int, stable: bool
) -> None:
    # The number of its inode is no time.
    for inode in (1, 99 * SECOND):
        assert is_stable([1, content, metadata, inode], NOW) == stable


def test_what_was_written_two_seconds_before_the_start_is_compared_by_its_content(tmp_path: Path) -> None:
    path = str(tmp_path / "a")
    found = [bool(hash_recent({path: [1, time, time, 99 * SECOND]}, NOW)) for time in (8 * SECOND - 1, 8 * SECOND, NOW)]
    assert found == [False, True, True]


def test_the_newest_of_no_files_is_of_no_time(tmp_path: Path) -> None:
    assert find_newest(tmp_path, []) == ("", 0.0)
    assert find_newest(tmp_path, [tmp_path / "gone"]) == ("", 0.0)


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("shop/app.py", True),
        ("shop/.spec2bdd/records.ndjson", False),
        (".spec2bdd/records.ndjson", True),
        ("shop/sub/.spec2bdd/records.ndjson", True),
        ("shop/README.md", False),
        ("shop/README.MARKDOWN", False),
        ("shop/features/a.feature", False),
        ("shop/other/a.feature", True),
        ("shop/features/data.txt", True),
        ("shop/__pycache__/app.pyc", False),
        ("shop/app.pyc", True),
    ],
)
def test_what_a_run_writes_itself_and_what_only_people_read_does_not_count(path: str, counted: bool) -> None:
    assert TreeScope("shop/", "features").is_counted(path) == counted


HOUR = 3_600 * SECOND


def set_back(monkeypatch: pytest.MonkeyPatch, nanoseconds: int) -> None:
    """Set the clock of this process back, and not the one that stamps files."""
    clock = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: clock() - nanoseconds)


def refuse_unnamed_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to open a folder for writing, as most file systems of servers do."""
    opened = os.open

    def refuse(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if os.path.isdir(path) and flags & os.O_WRONLY:  # noqa: PTH112
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)


@pytest.mark.parametrize("has_unnamed_files", [True, False])
@pytest.mark.parametrize("lag", [HOUR, -HOUR])
def test_the_time_is_that_of_the_clock_that_stamps_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lag: int, has_unnamed_files: bool
) -> None:
    if not has_unnamed_files:
        refuse_unnamed_files(monkeypatch)
    (tmp_path / ".spec2bdd").mkdir()
    before = (tmp_path / ".spec2bdd").stat().st_ctime_ns
    set_back(monkeypatch, lag)
    assert before <= read_file_clock(tmp_path) < before + HOUR // 2
    assert [path.name for path in tmp_path.rglob("*")] == [".spec2bdd"]


def test_where_no_file_can_be_stamped_the_time_is_that_of_our_own_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_unnamed_files(monkeypatch)
    monkeypatch.setattr(time, "time_ns", lambda: 5)
    assert read_file_clock(tmp_path) == 5
    # Nothing is written through a link, which may lead out of the project.
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".spec2bdd").symlink_to("elsewhere")
    assert read_file_clock(tmp_path) == 5


@pytest.mark.parametrize("lag", [0, HOUR, -HOUR])
def test_a_file_that_was_written_since_then_may_have_changed_whatever_our_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lag: int
) -> None:
    set_back(monkeypatch, lag)
    since = Since.start(tmp_path)
    (tmp_path / "new").write_text("")
    changed = (tmp_path / "new").stat().st_ctime_ns
    assert (since.covers(changed), since.covers(changed - SECOND)) == (True, False)


def test_a_file_from_before_the_clock_was_set_back_has_not_changed_since_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").write_text("")
    changed = (tmp_path / "old").stat().st_ctime_ns
    # Of both clocks: the files that are written from here on have earlier times.
    set_back(monkeypatch, HOUR)
    monkeypatch.setattr(file_stamps, "read_file_clock", lambda _: time.time_ns())
    since = Since.start(tmp_path)
    assert (since.covers(changed), since.covers(changed - HOUR)) == (False, True)


def test_a_clock_that_was_set_forward_since_then_hides_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = Since.start(tmp_path)
    set_back(monkeypatch, -HOUR)
    assert since.covers(time.time_ns())
