"""What the times of files say, and which folders and files they are read of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spec2bdd.adapters.system.file_stamps import IGNORED, SECOND, find_newest, hash_recent, is_stable, walk_folders
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
