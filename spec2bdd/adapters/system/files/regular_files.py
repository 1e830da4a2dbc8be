"""Open files that end: not a named pipe, which may never be written, nor a device such as `/dev/zero`."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
# What the process has open already, such as the pipe of `<(command)`.
_OPENED = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


def open_file(path: Path | str) -> BinaryIO:
    """Open a regular file for reading, or what the process has open already, such as `/dev/stdin`.

    Raises:
        OSError: it cannot be opened, or is none: a folder, a device, a socket, a named pipe.
    """
    name = os.fspath(path)
    if name.startswith(_OPENED):
        return open(name, "rb")  # noqa: PTH123
    # A socket cannot be opened at all.
    _refuse_special(os.stat(name).st_mode, name)  # noqa: PTH116
    # Without `O_NONBLOCK`, opening what has become a pipe meanwhile would wait for what writes to it.
    stream = open(name, "rb", opener=lambda name, flags: os.open(name, flags | _NONBLOCK))  # noqa: SIM115
    try:
        _refuse_special(os.fstat(stream.fileno()).st_mode, name)
    except OSError:
        stream.close()
        raise
    return stream


def _refuse_special(mode: int, name: str) -> None:
    """Refuse what is no regular file.

    Raises:
        OSError: it is none.
    """
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file", name)
