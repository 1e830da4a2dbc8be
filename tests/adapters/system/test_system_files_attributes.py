"""Extended attributes and access control lists of a file stay, or the file is not written."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from spec2bdd.adapters.system.files.writer import write_changes
from spec2bdd.errors import WriteError
from spec2bdd.model import FileChange

pytestmark = pytest.mark.skipif(not hasattr(os, "setxattr"), reason="only Linux has extended attributes in Python")
CHANGE = FileChange("specs/a.md", b"old\n", b"new\n")
# Version 2 of the binary form in linux/posix_acl_xattr.h: tag, permissions and id of each entry. User 1 may read.
ANYONE = 0xFFFFFFFF
ACL = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", tag, permissions, who)
    for tag, permissions, who in ((1, 6, ANYONE), (2, 4, 1), (4, 4, ANYONE), (16, 4, ANYONE), (32, 0, ANYONE))
)


def write_old(root: Path) -> Path:
    """Write the file that is to change."""
    path = root / CHANGE.path
    path.parent.mkdir()
    path.write_bytes(b"old\n")
    return path


def try_to_set(path: Path, name: str, value: bytes) -> None:
    """Set an attribute, where the file system of the tests has any."""
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip(f"no `{name}` on the file system of the tests")


@pytest.mark.parametrize(
    ("name", "value"), [("user.author", b"Ana"), ("user.empty", b""), ("system.posix_acl_access", ACL)], ids=str
)
def test_w16_an_attribute_of_a_file_stays(tmp_path: Path, name: str, value: bytes) -> None:
    path = write_old(tmp_path)
    try_to_set(path, name, value)
    mode = path.stat().st_mode
    assert write_changes(tmp_path, [CHANGE]).errors == ()
    assert (path.read_bytes(), os.getxattr(path, name), path.stat().st_mode) == (b"new\n", value, mode)


def test_w16_a_file_whose_attribute_cannot_be_kept_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_old(tmp_path)
    try_to_set(path, "user.author", b"Ana")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setxattr", refuse)
    result = write_changes(tmp_path, [CHANGE])
    (error,) = result.errors
    assert isinstance(error, WriteError)
    message = "cannot write: cannot keep its extended attribute `user.author` (Operation not permitted)"
    assert (error.path, error.message) == ("specs/a.md", message)
    assert (path.read_bytes(), os.getxattr(path, "user.author")) == (b"old\n", b"Ana")
    assert list(path.parent.iterdir()) == [path]
