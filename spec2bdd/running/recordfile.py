"""Events in, lines of one record file out, which several processes write: each line whole, at once, behind all others.

The module is imported by Behave itself, in the processes that run the features.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, TextIO

_END = re.compile(
    rb'^\{"event": "scenario_(start|end|missed)", "scenario": (\d+)(?:, "status": "(\w+)")?', re.MULTILINE
)


class RecordFile:
    """The record file, or a stream in its place; `path` is empty for a stream."""

    __slots__ = ("_descriptor", "_process", "_stream", "path")

    def __init__(self, path: str, stream: TextIO | None = None) -> None:
        self.path = path
        self._stream = stream
        self._descriptor = -1
        self._process = os.getpid()

    def start_anew(self) -> None:
        """Make the file empty, and its folder if there is none."""
        if self.path:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            Path(self.path).write_bytes(b"")

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
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        rest = line.encode("ascii")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def read_statuses(path: str) -> tuple[int, dict[int, str]]:
    """Return how many lines a record file has, and the last status of each scenario; one that has no end has none."""
    content = Path(path).read_bytes()
    statuses: dict[int, str] = {}
    for kind, number, status in _END.findall(content):
        statuses[int(number)] = "" if kind == b"start" else status.decode("ascii")
    return content.count(b"\n"), statuses
