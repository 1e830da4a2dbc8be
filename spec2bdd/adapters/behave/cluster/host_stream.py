"""Collect what one host records: whole scenarios go into the event log of the run, and nothing of a lost one.

However long a line or a scenario is, little of it is in memory: what is not finished is in a temporary file.
"""

from __future__ import annotations

import json
import re
import tempfile
from typing import Any, cast

from spec2bdd.adapters.behave.plugin.event_log import EventLog

_SPOOL_BYTES = 1_000_000
# How much of each line is looked at; a line of the host itself is read whole, up to the other limit.
_HEAD_BYTES = 500
_HOST_BYTES = 16_000_000
_HOST_LINE = b'{"event": "host"'
_EVENT_LINE = b'{"event": '
# It relies on the order of the fields that the formatter writes.
_SCENARIO = re.compile(
    rb"""
    ^\{"event":\ "scenario_(start|end|missed)"
    ,\ "scenario":\ (\d+)
    (?:,\ "status":\ "(\w+)")?
    (?:,\ "seconds":\ ([\d.e+-]+))?
    """,
    re.VERBOSE,
)
# The statuses after which a scenario is not retried.
_GOOD = (b"passed", b"skipped", b"untested")


class HostStream:
    """Takes the bytes of a host's log.

    `current` is the scenario that has begun and not ended; `settled` are those that are not run again: they have
    passed, have no retry left, or the host has gone on. All tries of a scenario are passed on together, because the
    worker that gets it from a lost one begins with the first.
    """

    def __init__(self, log: EventLog, *, retries: int) -> None:
        self._log, self._tries = log, retries + 1
        self._spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  Closed with the host.
        self._head = bytearray()
        self._line_start = 0
        self._last: int | None = None
        self._counts: dict[int, int] = {}
        self.current: int | None = None
        self.settled: set[int] = set()
        self.durations: dict[int, float] = {}

    def feed(self, content: bytes) -> list[dict[str, Any]]:
        """Take bytes, pass whole scenarios on, and return the lines of the host itself."""
        messages = []
        while content:
            part, newline, content = content.partition(b"\n")
            limit = _HOST_BYTES if self._head.startswith(_HOST_LINE) or part.startswith(_HOST_LINE) else _HEAD_BYTES
            self._head += part[: max(limit - len(self._head), 0)]
            self._spool.write(part + newline)
            if newline:
                if message := self._end_line():
                    messages.append(message)
                self._head.clear()
                self._line_start = self._spool.tell()
        return messages

    def drop(self) -> None:
        """Drop what is not finished: the scenario will be run elsewhere."""
        self._spool.seek(0)
        self._spool.truncate()
        self._head.clear()
        self._line_start = 0
        self.current = None

    def flush(self) -> None:
        """Pass on what there is of a scenario, except for half a line."""
        self._drop_line()
        self._spool.seek(0)
        self._log.append_lines(cast("Any", self._spool))
        self.drop()

    def close(self) -> None:
        """Close the temporary file."""
        self._spool.close()

    def _end_line(self) -> dict[str, Any] | None:
        """Handle a line that has ended; return what the host itself says."""
        head = bytes(self._head)
        if not head.startswith(_EVENT_LINE) or head.startswith(_HOST_LINE):
            # Also what a step has written to a descriptor of the log.
            self._drop_line()
            if not head.startswith(_HOST_LINE):
                return None
            if self.current is None:
                # What a host asks for or says at its end, it says after the last try.
                self._settle_last()
            return cast("dict[str, Any]", json.loads(head))
        if match := _SCENARIO.match(head):
            kind, number, status = match[1], int(match[2]), match[3]
            if kind == b"start":
                if self._last != number:
                    self._spool.seek(self._line_start)
                    line = self._spool.read()
                    self._settle_last()
                    self._spool.write(line)
                self.current = self._last = number
                self._counts[number] = self._counts.get(number, 0) + 1
                return None
            self.current = None
            if match[4]:
                self.durations[number] = float(match[4])
            if kind == b"missed" or status in _GOOD or self._counts.get(number, 0) >= self._tries:
                self.settled.add(number)
        if self.current is None and (self._last is None or self._last in self.settled):
            self._line_start = self._spool.tell()
            self.flush()
        return None

    def _drop_line(self) -> None:
        """Drop the line that has ended."""
        self._spool.seek(self._line_start)
        self._spool.truncate()

    def _settle_last(self) -> None:
        """Pass on what is before this line: the last scenario is not tried again, although it might have been."""
        if self._last is not None:
            self.settled.add(self._last)
        self.flush()
