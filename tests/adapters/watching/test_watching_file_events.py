"""Events of files: a save is noticed once, what no run depends on is not, and an error is reported."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from spec2bdd.adapters.watching.file_events import FileEvents, follow_files
from spec2bdd.errors import SystemCallError


def has_event(events: FileEvents, *, seconds: float = 30.0) -> bool:
    """Whether an event comes within some time; it is taken."""
    ready, _, _ = select.select([events], [], [], seconds)
    if ready:
        events.take()
    return bool(ready)


@pytest.fixture
def events(tmp_path: Path) -> Iterator[FileEvents]:
    """Follow a folder whose own path has a name that is ignored below it."""
    root = tmp_path / "venv" / "shop"
    for name in ("specs", ".git", ".spec2bdd", "node_modules"):
        (root / name).mkdir(parents=True)
    with follow_files(root) as events:
        # The first event is that this has begun.
        assert has_event(events)
        yield events


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder that is followed."""
    return tmp_path / "venv" / "shop"


def test_a_file_that_is_written_is_noticed_also_in_a_new_folder(events: FileEvents, root: Path) -> None:
    (root / "specs/a.md").write_text("a")
    assert has_event(events)
    (root / "data/new").mkdir(parents=True)
    assert has_event(events)
    (root / "data/new/a.json").write_text("{}")
    assert has_event(events)
    (root / "specs/a.md").unlink()
    assert has_event(events)


def test_files_written_at_once_are_one_event(events: FileEvents, root: Path) -> None:
    for number in range(50):
        (root / f"specs/{number}.md").write_text("a")
    assert has_event(events)
    assert not has_event(events, seconds=1)


def test_folders_that_no_run_depends_on_are_ignored(events: FileEvents, root: Path) -> None:
    for path in (".git/index", ".spec2bdd/records.ndjson", "node_modules/a.js", "specs/a.md~", "specs/.a.md.swp"):
        (root / path).write_text("a")
    assert not has_event(events, seconds=1)


def test_a_folder_that_cannot_be_watched_is_an_error(tmp_path: Path) -> None:
    with follow_files(tmp_path / "missing") as events, pytest.raises(SystemCallError, match="cannot watch the files"):
        has_event(events)


def test_a_folder_that_may_not_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: str, recursive: bool, **options: Any) -> Any:
        """Do what the library does where a folder may not be read, which root may always."""
        if recursive:
            raise PermissionError("Permission denied")
        return watch(*paths, recursive=recursive, **options)

    watch = watchfiles.watch
    monkeypatch.setattr(watchfiles, "watch", refuse)
    (tmp_path / "specs").mkdir()
    with follow_files(tmp_path) as events:
        assert has_event(events)
        (tmp_path / "specs/a.md").write_text("a")
        assert has_event(events)
        (tmp_path / "data").mkdir()
        assert has_event(events)
        # The new folder is followed from here on.
        assert has_event(events)
        (tmp_path / "data/a.json").write_text("{}")
        assert has_event(events)


def test_no_thread_is_left(tmp_path: Path) -> None:
    before = threading.active_count()
    with follow_files(tmp_path):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
