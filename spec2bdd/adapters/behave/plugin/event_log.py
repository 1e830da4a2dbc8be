"""Append events to the event log of a run: whole lines, which several processes may write at the same time.

The module is imported by Behave itself, in the processes that run the features.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

# Read from the text and not by `json`, which would take longer than the run of tiny scenarios. It relies on the order
# of the fields that the formatter writes.
_STATUS = re.compile(
    rb"""
    ^\{"event":\ "scenario_(start|end|missed)"
    ,\ "scenario":\ (\d+)
    (?:,\ "status":\ "(\w+)")?    # a start has none
    """,
    re.MULTILINE | re.VERBOSE,
)


class EventLog:
    """The event log of a run: a file, or a stream, for which `path` is empty."""

    __slots__ = ("_descriptor", "_process", "_stream", "path")

    def __init__(self, path: str, stream: TextIO | None = None) -> None:
        self.path = path
        self._stream = stream
        self._descriptor = -1
        self._process = os.getpid()

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
                self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | flag, 0o666)

    def enter_process(self) -> None:
        """Allow this process to write, which was forked from one that may."""
        self._process = os.getpid()

    def write_event(self, event: str, **facts: Any) -> None:
        """Append one event; in a process that a step has forked, do nothing."""
        if os.getpid() != self._process:
            return
        # Only ASCII: a line cut anywhere is still text, and any path survives.
        line = json.dumps({"event": event, **facts}) + "\n"
        if not self.path and self._stream:
            self._stream.write(line)
            self._stream.flush()
            return
        if self._descriptor < 0:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        rest = line.encode("ascii")
        # With O_APPEND the system puts each write at the end of the file; nearly always one write takes the whole line.
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def read_statuses(self) -> tuple[int, dict[int, str]]:
        """Count the lines, and read the last status of each scenario; it is empty for one that has not ended."""
        content = b""
        # A device cannot be read back.
        with suppress(OSError), os.fdopen(os.dup(self._descriptor), "rb") as stream:
            stream.seek(0)
            content = stream.read()
        statuses: dict[int, str] = {}
        for kind, number, status in _STATUS.findall(content):
            statuses[int(number)] = "" if kind == b"start" else status.decode("ascii")
        return content.count(b"\n"), statuses

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
