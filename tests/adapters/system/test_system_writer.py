"""Changes that need each other, where one of them is refused only when it is written."""

from __future__ import annotations

from pathlib import Path

from spec2bdd.adapters.system.files import write_changes
from spec2bdd.model import FileChange


def test_changes_that_need_each_other_are_taken_back_where_one_is_refused_at_last(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_bytes(b"old")
    # The first one is a file where the second one needs a folder.
    changes = [
        FileChange("docs", None, b"new", needs=frozenset({"docs/a.md"})),
        FileChange("docs/a.md", None, b"new", needs=frozenset({"docs"})),
        FileChange("other.txt", b"old", b"new"),
    ]
    written = write_changes(tmp_path, changes)
    assert [change.path for change in written.changes] == ["other.txt"]
    assert sorted(error.path for error in written.errors) == ["docs", "docs/a.md"]
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


def test_what_needs_a_change_that_was_refused_is_not_even_written_for_a_moment(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    before = (tmp_path / "b.txt").stat()
    changes = [
        FileChange("docs", None, b"new"),
        FileChange("docs/a.md", None, b"new"),
        FileChange("b.txt", b"old", b"new", needs=frozenset({"docs/a.md"})),
    ]
    written = write_changes(tmp_path, changes)
    assert [error.path for error in written.errors] == ["docs/a.md", "b.txt"]
    after = (tmp_path / "b.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
