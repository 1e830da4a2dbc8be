"""Append events to the event log of a run: whole lines, which several processes may write at the same time.

The module is imported by Behave itself, in the processes that run the features.
"""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TextIO

from spec2bdd.adapters.behave.executors.channel import duplicate_high
from spec2bdd.adapters.behave.executors.pending_lines import PendingLines
from spec2bdd.adapters.behave.plugin.event_lines import render_event

# A scenario may replace them in the module.
_getpid, _write, _fstat, _sleep = os.getpid, os.write, os.fstat, time.sleep
# How often to look whether another process has written the rest of its line, and after how many seconds, at first and
# at most: some two seconds in all, since a machine that is busy may stop the other one in between.
_MOST_LOOKS, _FIRST_INTERVAL, _LAST_INTERVAL, _GROWTH = 33, 0.0005, 0.1, 1.5
# Read from the text and not by `json`, which would take longer than the run of tiny scenarios. It relies on the order
# of the fields that the formatter writes.
_STATUS = re.compile(
    rb"""
    (start|end|missed)"
    ,\ "scenario":\ (\d+)
    (?:,\ "status":\ "(\w+)")?    # a start has none
    """,
    re.VERBOSE,
)
# What is before that, in a line of its own.
_SCENARIO_EVENT = b'\n{"event": "scenario_'

_EVENT_START = b'{"event": '
_CHUNK = 1_000_000

# A line that is an event, and not the text of a step that writes to every descriptor.
_EVENT = re.compile(rb'^\{"event": ".*\}$', re.MULTILINE)


class EventLog:
    """The event log of a run: a file, or a stream, for which `path` is empty."""

    __slots__ = ("_descriptor", "_identity", "_is_regular", "_process", "_size", "_stream", "path", "pending")

    def __init__(self, path: str, stream: TextIO | None = None) -> None:
        self.path = path
        self._stream = stream
        self._descriptor = -1
        # Device and inode of the file, and its size after the last event of this process.
        self._identity = (0, 0)
        self._size = 0
        self._is_regular = False
        self._process = _getpid()
        # Set in a worker: lines that may wait for the next one that is written.
        self.pending: PendingLines | None = None

    def create(self) -> None:
        """Create a new file, and its folder if there is none; a second call keeps the file.

        An earlier run that still goes on may have the same path. Its file is unlinked and not truncated, so that it
        goes on writing into a file of its own: the events of two runs never get into one file.
        """
        if not self.path or self._descriptor >= 0:
            return
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Another run may create or unlink the file between two calls here: then try again.
        while self._descriptor < 0:
            # A link or a device, such as `/dev/stdout`, is opened as it is.
            plain = not path.is_symlink() and (path.is_file() or not path.exists())
            with suppress(FileNotFoundError):
                if plain:
                    path.unlink()
            with suppress(FileExistsError):
                flag = os.O_EXCL if plain else os.O_TRUNC
                self._open(flag)

    def enter_process(self, pending: PendingLines | None = None) -> None:
        """Allow this process to write, which was forked from one that may; `pending` is what its parent reads, too."""
        self._process, self.pending = _getpid(), pending

    def write_event(self, event: str, **facts: Any) -> None:
        """Append one event; in a process that a step has forked, do nothing."""
        self.write_line(render_event(event, facts))

    def write_line(self, line: str) -> None:
        """Append one event that is rendered already, as `write_event` does."""
        if _getpid() != self._process:
            return
        if not self.path and self._stream:
            self._stream.write(line)
            self._stream.flush()
            return
        rest = line.encode("ascii")
        if self.pending:
            rest = self.pending.read() + rest
        size = self._check_file()
        if size not in (0, self._size) and not self._is_line_end(size):
            # A step has written to this descriptor: its text gets a line of its own, which readers pass over.
            rest = b"\n" + rest
        self._size = size + len(rest)
        # With O_APPEND the system puts each write at the end of the file; nearly always one write takes the whole line.
        while rest:
            rest = rest[_write(self._descriptor, rest) :]
        if self.pending:
            self.pending.clear()

    def defer_line(self, line: str) -> None:
        """Append one event that is rendered already together with the next one that is written."""
        if _getpid() == self._process and not (self.pending and self.pending.add(line.encode("ascii"))):
            self.write_line(line)

    def append_pending(self, pending: PendingLines) -> None:
        """Append what a worker that has ended did not write any more."""
        lines = pending.read()
        size = self._check_file()
        # It may have ended between writing and forgetting them.
        if lines and lines not in os.pread(self._descriptor, _CHUNK, max(size - _CHUNK, 0)):
            self.append_lines(BytesIO(lines))
        pending.clear()

    def append_lines(self, lines: IO[bytes]) -> None:
        """Append the events of another log, as whole lines."""
        self._check_file()
        # Whole lines at a time: the handler of a signal may write an event in between.
        while rest := lines.read(_CHUNK) + lines.readline():
            while rest:
                rest = rest[_write(self._descriptor, rest) :]

    def _is_line_end(self, size: int) -> bool:
        """Whether the file, which has that size, ends with a whole line.

        The system writes a long line page by page, so the beginning of one that another process is writing can be
        seen. Its rest follows soon, unless the process has died.
        """
        for look in range(_MOST_LOOKS):
            if os.pread(self._descriptor, 1, size - 1) == b"\n":
                return True
            last = os.pread(self._descriptor, _CHUNK, max(size - _CHUNK, 0)).rpartition(b"\n")[2]
            is_event = last.startswith(_EVENT_START) or _EVENT_START.startswith(last)
            if not is_event and not size > _CHUNK == len(last):
                return False
            _sleep(min(_FIRST_INTERVAL * _GROWTH**look, _LAST_INTERVAL))
            size = self._check_file()
        return False

    def _open(self, flag: int = 0) -> None:
        """Open the file at a descriptor that no loop of a step over the usual ones reaches."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | flag, 0o666)
        self._descriptor = duplicate_high(descriptor)
        if self._descriptor >= 0:
            os.close(descriptor)
        else:
            self._descriptor = descriptor
        status = _fstat(self._descriptor)
        self._identity = status.st_dev, status.st_ino
        self._is_regular = stat.S_ISREG(status.st_mode)

    def _check_file(self) -> int:
        """Check that the descriptor is still that of the file, or open the file again; return the size of the file.

        A step may close all descriptors, and its own files get their numbers.
        """
        expected = self._identity
        if self._descriptor >= 0:
            # This is called with every event, and `suppress` would take longer than the check itself.
            try:
                status = _fstat(self._descriptor)
                if (status.st_dev, status.st_ino) == expected:
                    return status.st_size if self._is_regular else 0
            except OSError:
                pass
        # Not closed: it is another file's by now.
        self._open()
        if expected not in ((0, 0), self._identity):
            raise OSError(f"the records of this run are no longer at `{self.path}`")
        return _fstat(self._descriptor).st_size if self._is_regular else 0

    def read_statuses(self) -> tuple[int, dict[int, str]]:
        """Count the events, and read the last status of each scenario; it is empty for one that has not ended."""
        statuses: dict[int, str] = {}
        events, rest = 0, b""
        # A device cannot be read back.
        with suppress(OSError), os.fdopen(os.dup(self._descriptor), "rb") as stream:
            stream.seek(0)
            while chunk := stream.read(_CHUNK):
                # The file may be larger than the memory.
                whole, newline, rest = (rest + chunk).rpartition(b"\n")
                content = whole + newline
                events += len(_EVENT.findall(content))
                # `split` finds the lines in a third of the time that the pattern would take.
                for found in filter(None, map(_STATUS.match, (b"\n" + content).split(_SCENARIO_EVENT)[1:])):
                    statuses[int(found[2])] = "" if found[1] == b"start" else (found[3] or b"").decode("ascii")
        return events + len(_EVENT.findall(rest)), statuses

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
