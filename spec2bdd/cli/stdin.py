"""Read a file that the command line names, which may be stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from spec2bdd.errors import UsageError

STDIN = "-"


def read_input(file: str) -> bytes:
    """Read the bytes of a file, or of stdin if it is `-`.

    Raises:
        UsageError: there is no such file, it is a folder, or it cannot be read.
    """
    if file == STDIN:
        # Python has none where it was closed when the process began.
        if sys.stdin is None:
            raise UsageError("stdin is closed", hint="name a file")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"file not found: `{file}`", hint="name a file, or `-` for stdin") from error
    except OSError as error:
        raise UsageError(
            f"cannot read `{file}`: {(error.strerror or str(error)).lower()}", hint="name a file"
        ) from error
