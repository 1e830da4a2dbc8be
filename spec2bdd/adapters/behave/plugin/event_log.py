"""Events in, lines of one record file out, which several processes write: each line whole, at once, behind all others.

The module is imported by Behave itself, in the processes that run the features.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

_END = re.compile(
    rb'^\{"event": "scenario_(start|end|missed)", "scenario": (\d+)(?:, "status": "(\w+)")?', re.MULTILINE
)


class EventLog:
    """The record file, or a stream in its place; `path` is empty for a stream."""

    __slots__ = ("_descriptor", "_process", "_stream", "path")

    def __init__(self, path: str, stream: TextIO | None = None) -> None:
        self.path = path
        self._stream = stream
        self._descriptor = -1
        self._process = os.getpid()

    def start_anew(self) -> None:
        """Make a file of this run's own, and its folder if there is none; once begun, it is kept.

        Another run that is still going on has the same path. It goes on writing into the file that it made, whose name
        is taken here: the records of two runs never get into one.
        """
        if not self.path or self._descriptor >= 0:
            return
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        while self._descriptor < 0:
            # What is no plain file, such as `/dev/stdout`, is written to as it is.
            plain = not path.is_symlink() and (path.is_file() or not path.exists())
            with suppress(FileNotFoundError):
                if plain:
                    path.unlink()
            with suppress(FileExistsError):
                how = os.O_EXCL if plain else os.O_TRUNC
                self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | how, 0o666)

    def enter_process(self) -> None:
        """Let this process write as well, which was forked from one that does."""
        self._process = os.getpid()

    def write_event(self, event: str, **facts: Any) -> None:
        """Write one event; a process that a step forked must not write into its parent's records."""
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
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def read_statuses(self) -> tuple[int, dict[int, str]]:
        """Return how many lines there are, and the last status of each scenario; one that has no end has none."""
        content = b""
        with suppress(OSError):
            # What is no plain file cannot be read back.
            content = _read_all(self._descriptor)
        statuses: dict[int, str] = {}
        for kind, number, status in _END.findall(content):
            statuses[int(number)] = "" if kind == b"start" else status.decode("ascii")
        return content.count(b"\n"), statuses

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _read_all(descriptor: int) -> bytes:
    """Return all that stands in a file."""
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        stream.seek(0)
        return stream.read()
