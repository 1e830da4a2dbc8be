"""What is opened as a file: nothing that would never end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spec2bdd.adapters.system.files import open_file

posix = pytest.mark.skipif(os.name != "posix", reason="the named pipes and devices of POSIX")


def test_a_folder_is_no_file_to_open(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_file(tmp_path)


@posix
def test_a_pipe_and_a_device_are_no_files_to_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="not a regular file"):
            open_file(path)


@posix
def test_what_the_process_has_open_already_is_opened_whatever_it_is() -> None:
    source, target = os.pipe()
    os.write(target, b"text")
    os.close(target)
    with open_file(f"/dev/fd/{source}") as stream:
        assert stream.read() == b"text"
    os.close(source)
