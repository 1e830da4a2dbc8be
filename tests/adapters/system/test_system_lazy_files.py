"""Files are read when they are first asked for, and stay as they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.adapters.system.files import LazyFiles


def test_a_file_is_read_when_it_is_first_asked_for_and_stays_the_same(tmp_path: Path) -> None:
    files = LazyFiles(tmp_path, ["a.py"])
    (tmp_path / "a.py").write_bytes(b"first")
    assert files["a.py"] == b"first"
    (tmp_path / "a.py").write_bytes(b"second")
    assert files["a.py"] == b"first"


def test_a_file_that_is_gone_is_empty_and_one_that_was_not_named_is_none(tmp_path: Path) -> None:
    (tmp_path / "b.py").touch()
    files = LazyFiles(tmp_path, ["a.py"])
    assert (files["a.py"], files.get("b.py"), list(files), len(files)) == (b"", None, ["a.py"], 1)
    with pytest.raises(KeyError):
        files["b.py"]


def test_nothing_is_read_to_find_out_which_files_there_are(tmp_path: Path) -> None:
    # A folder cannot be read.
    (tmp_path / "a.py").mkdir()
    files = LazyFiles(tmp_path, ["a.py"])
    assert "a.py" in files
    assert dict.fromkeys(files) == {"a.py": None}
