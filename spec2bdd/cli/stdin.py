"""Read a file that the command line names, which may be stdin."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from spec2bdd.errors import UsageError

STDIN = "-"
# No text that a person wrote is longer.
_MOST_BYTES = 16_000_000
# What the process has open already.
_OPENED = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
_HINT_SIZE = "pass the part of it that has the text"


def read_input(file: str) -> bytes:
    """Read the bytes of a file, or of stdin if it is `-`.

    Raises:
        UsageError: there is no such file, it is none with a content of its own (a folder, a device, a pipe), it is
            larger than 16 MB, or it cannot be read.
    """
    if file == STDIN:
        # Python has none where it was closed when the process began.
        if sys.stdin is None:
            raise UsageError("stdin is closed", hint="name a file")
        return _check_size(sys.stdin.buffer.read(_MOST_BYTES + 1), "stdin")
    try:
        # A named pipe is not even opened, since that may wait for ever. That of `<(command)` is open already.
        if file.startswith(_OPENED) or stat.S_ISREG(Path(file).stat().st_mode) or Path(file).is_dir():
            with Path(file).open("rb") as stream:
                return _check_size(stream.read(_MOST_BYTES + 1), f"`{file}`")
        message = f"`{file}` is not a regular file"
        raise UsageError(message, hint="write its text into a file, or pass it on stdin as `-`")
    except FileNotFoundError as error:
        raise UsageError(f"file not found: `{file}`", hint="name a file, or `-` for stdin") from error
    except OSError as error:
        raise UsageError(
            f"cannot read `{file}`: {(error.strerror or str(error)).lower()}", hint="name a file"
        ) from error


def _check_size(content: bytes, name: str) -> bytes:
    """Return what was read, unless there is too much of it."""
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{name} is larger than {_MOST_BYTES // 1_000_000} MB", hint=_HINT_SIZE)
    return content
