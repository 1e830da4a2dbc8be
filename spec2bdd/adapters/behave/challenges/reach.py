"""Watch what a scenario reaches apart from the product's own code: processes, sockets, databases and files."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.challenges.origins import CODE_SUFFIXES, OriginIndex

# By audit event of Python (https://docs.python.org/3/library/audit_events.html), what it shows.
_REACHED = {
    "subprocess.Popen": "process",
    "os.system": "process",
    "os.posix_spawn": "process",
    "os.exec": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "socket.connect": "socket",
    "sqlite3.connect": "database",
    "open": "file",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Seconds by which the clock that stamps files may be late.
_CLOCK_TICK = 0.05


class Reach:
    """What steps reach in this process from the moment that this is started; `kinds` are the words for it."""

    def __init__(self, origins: OriginIndex) -> None:
        self.kinds: set[str] = set()
        self._origins = origins
        self._written: set[str] = set()
        self._read: set[str] = set()
        self._started = 0.0
        self._is_watching = False

    def start(self) -> None:
        """Watch from here on; Python offers no way to stop it but the end of the process."""
        self._started = time.time()
        sys.addaudithook(self._note)

    def is_from_product(self, path: Any) -> bool:
        """Whether a file was written since the start, and not by a step."""
        name = os.path.realpath(path)
        return self._is_new(name) and name not in self._written

    def list_data(self) -> list[str]:
        """List the files of data that the project has had before, and that were read, by the product or by steps."""
        return sorted(
            self._origins.show(name) for name in self._read if Path(name).is_file() and not self._is_new(name)
        )

    def _is_new(self, name: str) -> bool:
        """Whether a file was written since the start."""
        try:
            return Path(name).stat().st_mtime >= self._started - _CLOCK_TICK
        except OSError:
            return False

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        """Note an audit event that a step has caused; what looks for its cause may itself open files."""
        kind = _REACHED.get(event)
        if kind is None or self._is_watching:
            return
        if event == "open" and (not isinstance(args[0], (str, os.PathLike)) or str(args[0]).endswith(CODE_SUFFIXES)):
            return
        self._is_watching = True
        try:
            if event == "open" and self._origins.is_data(name := os.path.realpath(args[0])):
                self._read.add(name)
            if self._origins.find_step(sys._getframe(1)):
                self.kinds.add(kind)
                if event == "open" and isinstance(args[2], int) and args[2] & _WRITING:
                    self._written.add(os.path.realpath(args[0]))
        finally:
            self._is_watching = False
