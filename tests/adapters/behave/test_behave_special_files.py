"""What is no regular file is recognized by its path."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from spec2bdd.adapters.behave.glue.special_files import build_special_file_diagnostic, is_special_file

# What makes the file, and the message of its diagnostic if it is special.
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file": (lambda path: path.write_text("text"), ""),
    "a link to a file": (lambda path: path.symlink_to(__file__), ""),
    "nothing": (lambda _: None, ""),
    "a folder": (lambda path: path.mkdir(), "not a regular file; skipped"),
    "a pipe": (os.mkfifo, "not a regular file; skipped"),
    "a device": (lambda path: path.symlink_to(os.devnull), "not a regular file; skipped"),
    "a link to a folder": (lambda path: path.symlink_to(path.parent), "not a regular file; skipped"),
    "a broken link": (lambda path: path.symlink_to("gone"), "the link leads nowhere; skipped"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_special_file_is_recognized(tmp_path: Path, name: str) -> None:
    make, message = FILES[name]
    path = tmp_path / "a.feature"
    make(path)
    assert is_special_file(path) is bool(message)
    if message:
        assert build_special_file_diagnostic(str(path)).message == message
