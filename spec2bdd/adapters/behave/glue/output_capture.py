"""Capture what a scenario writes to the descriptors of its standard output: Behave sees only what goes through Python.

So the output of child processes and of extension modules is shown under the failure. One file for each worker is cheap:
it is emptied for each scenario, and read only where one fails. The module is imported in the processes that run the
features.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.behave.executors.channel import duplicate_high

_STANDARD = (1, 2)
# The beginning of more output than this is left out.
_MOST_BYTES = 200_000


class OutputCapture:
    """The file of one worker; `descriptor` was inherited from the process that started it."""

    __slots__ = ("_descriptor", "_identity", "_saved")

    def __init__(self, descriptor: int) -> None:
        high = duplicate_high(descriptor)
        self._descriptor = high if high >= 0 else descriptor
        status = os.fstat(self._descriptor)
        self._identity = status.st_dev, status.st_ino
        self._saved = [duplicate_high(standard) for standard in _STANDARD]

    def start(self) -> None:
        """Empty the file, and direct the standard output and standard error of this process into it."""
        with suppress(OSError):
            status = os.fstat(self._descriptor)
            # A step may have closed all descriptors, and a file of its own may have the number.
            if (status.st_dev, status.st_ino) == self._identity:
                if status.st_size:
                    os.ftruncate(self._descriptor, 0)
                for standard in _STANDARD:
                    os.dup2(self._descriptor, standard)

    def stop(self) -> None:
        """Direct the standard output and standard error where they went before."""
        for stream in (sys.__stdout__, sys.__stderr__):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()  # type: ignore[union-attr]  # It may be None.
        for saved, standard in zip(self._saved, _STANDARD, strict=True):
            with suppress(OSError):
                os.dup2(saved, standard)

    def read(self) -> str:
        """Read what has been captured since the last start."""
        with suppress(OSError):
            status = os.fstat(self._descriptor)
            if (status.st_dev, status.st_ino) == self._identity:
                return read_captured(self._descriptor)
        return ""


def create_captured() -> tuple[int, str]:
    """Create a file for the output of a worker; return its descriptor and its path, or -1 where that cannot be done."""
    with suppress(OSError):
        descriptor, path = tempfile.mkstemp()
        os.close(descriptor)
        return open_captured(path), path
    return -1, ""


def open_captured(path: str) -> int:
    """Open the file of a worker by its path."""
    # Child processes append: after the file is emptied, nothing is written past its end.
    return os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))


def remove_captured(path: str) -> None:
    """Remove the name of the file, where the system can do that while the file is open."""
    with suppress(OSError):
        Path(path).unlink()


def read_captured(descriptor: int) -> str:
    """Read the end of what was captured."""
    size = os.fstat(descriptor).st_size
    # Writing appends wherever this is.
    os.lseek(descriptor, max(size - _MOST_BYTES, 0), os.SEEK_SET)
    return os.read(descriptor, _MOST_BYTES).decode("utf-8", "replace")
