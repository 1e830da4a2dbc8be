"""The standard streams of the process, which may be closed, full, or a pipe without a reader."""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STDOUT, _STDERR = 1, 2

# What is written in place of a sign that the encoding of the stream does not have.
_PLAIN_SIGNS = {
    "✓": "+",
    "✗": "x",
    "○": "o",
    "◇": "m",
    "◐": "u",
    "≠": "!",
    "»": ">",
    "·": "-",
    "→": "->",
    "…": "...",
    "─": "-",
    "│": "|",
    "┊": "|",
    "█": "#",
    "▓": "=",
    "▒": "=",
    "░": ".",
}


class StandardStream(io.FileIO):
    """One of the standard streams of the process; after its first error, what is written to it is dropped.

    Only stdout raises that error: the output would be incomplete. A pipe without a reader is no error: `| head`
    has read what it wanted, and the exit code is that of the answer.
    """

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes.

        Raises:
            OSError: they cannot be written to stdout; its file name is `stdout`.
        """
        try:
            return super().write(data)
        except OSError as error:
            # What is written from here on goes to the null device, also what Python writes when the process ends.
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self.fileno())
            os.close(null)
            if self.fileno() != _STDOUT or isinstance(error, BrokenPipeError):
                return memoryview(data).nbytes
            raise OSError(error.errno, error.strerror, "stdout") from error


def open_standard_streams() -> bool:
    """Make the standard streams safe to write to; return whether stdout was open.

    A closed one is opened on the null device: the next file that is opened would get its number, and with it what child
    processes print.
    """
    is_open = [_is_open(number) for number in (0, _STDOUT, _STDERR)]
    for number, known in enumerate(is_open):
        if not known:
            # The system gives a new file the lowest number that is free.
            os.open(os.devnull, os.O_RDWR if number else os.O_RDONLY)
    sys.stdout = _wrap(sys.stdout, sys.__stdout__, _STDOUT)
    sys.stderr = _wrap(sys.stderr, sys.__stderr__, _STDERR)
    return is_open[_STDOUT]


def _wrap(stream: TextIO | None, original: TextIO | None, number: int) -> Any:
    """Replace a standard stream; one that is not that of the process, as in a test, stays.

    Where the locale is not UTF-8, an answer has plain signs or escapes, and no UnicodeEncodeError.
    """
    codecs.register_error(_replace_sign.__name__, _replace_sign)
    if stream is not original:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_replace_sign.__name__)
        return stream
    encoding = stream.encoding if stream else "utf-8"
    buffer = io.BufferedWriter(StandardStream(number, "wb", closefd=False))
    is_by_line = number == _STDERR or buffer.isatty()
    return io.TextIOWrapper(buffer, encoding=encoding, errors=_replace_sign.__name__, line_buffering=is_by_line)


def _replace_sign(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write a sign of ours as one of ASCII, and anything else as an escape: an error handler of `codecs`."""
    if isinstance(error, UnicodeEncodeError) and (plain := _PLAIN_SIGNS.get(error.object[error.start])):
        return plain, error.start + 1
    return codecs.backslashreplace_errors(error)


def _is_open(number: int) -> bool:
    """Whether a file descriptor is open."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
