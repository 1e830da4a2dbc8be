"""Watch what a scenario reaches apart from the product's own code: processes, sockets, databases and files."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
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
    # Part of how many programs write a file; `os.replace` has the same event.
    "os.rename": "file",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Seconds by which the clock that stamps files may be late.
_CLOCK_TICK = 0.05
# What a file is at one time: its inode, its size and when it was written.
_State = tuple[int, int, int]


class Reach:
    """What steps reach in this process from the moment that this is started; `kinds` are the words for it."""

    def __init__(self, origins: OriginIndex) -> None:
        self.kinds: set[str] = set()
        self._origins = origins
        # The files that steps wrote: their states when a process was started next, and None before that.
        self._written: dict[str, _State | None] = {}
        # The folders that steps made.
        self._made: set[str] = set()
        # Files that steps wrote and the product read; and folders and files that processes were started in or with.
        self._given: set[str] = set()
        self._places: set[str] = set()
        self._read: set[str] = set()
        self._started = 0.0
        self._is_watching = False
        # Whether a process was started, or a socket connected, by anything.
        self.is_elsewhere = False

    def start(self) -> None:
        """Watch from here on; Python offers no way to stop it but the end of the process."""
        self._started = time.time()
        sys.addaudithook(self._note)

    def is_from_product(self, path: Any) -> bool:
        """Whether a file was written since the start, and not by a step, or by a process after a step."""
        name = os.path.realpath(path)
        if not self.is_new(name):
            return False
        before = self._written.get(name)
        return name not in self._written or (before is not None and _read_state(name) != before)

    def is_old(self, path: Any) -> bool:
        """Whether a file was there at the start, and has not been written since."""
        name = os.path.realpath(path)
        return os.path.lexists(name) and not self.is_new(name)

    def is_given(self, path: Any) -> bool:
        """Whether a step wrote a file, or there is none, where the product could have written since then."""
        name = os.path.realpath(path)
        if name not in self._written and os.path.lexists(name):
            return False
        if name in self._given or self._written.get(name, ()) is None:
            return name in self._given
        return any(name == place or name.startswith(f"{place}{os.sep}") for place in self._places)

    def list_data(self) -> list[str]:
        """List the files of data that the project has had before, and that were read, by the product or by steps."""
        return sorted(
            self._origins.show(name)
            for name in self._read
            if os.path.isfile(name) and not self.is_new(name)  # noqa: PTH113
        )

    def is_new(self, name: str) -> bool:
        """Whether a file was written since the start, or a folder was made, and not by a step."""
        try:
            found = _read_stat(name)
            if stat.S_ISDIR(found.st_mode) and name not in self._made:
                # It changes with what is in it, and when it is made, so does the one around it.
                around = _read_stat(os.path.dirname(name))  # noqa: PTH120
                return min(found.st_mtime, around.st_mtime) >= self._started - _CLOCK_TICK
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_mtime >= self._started - _CLOCK_TICK

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        """Note an audit event; what looks for its cause may itself open files."""
        kind = _REACHED.get(event)
        if (kind is None and event != "os.mkdir") or self._is_watching:
            return
        is_writing = event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITING)
        # Python itself reads code, whenever a module is imported.
        if event == "open" and (
            not isinstance(args[0], (str, os.PathLike)) or (str(args[0]).endswith(CODE_SUFFIXES) and not is_writing)
        ):
            return
        self._is_watching = True
        try:
            is_of_step = self._origins.find_step(sys._getframe(1)) is not None
            self.is_elsewhere = self.is_elsewhere or kind in ("process", "socket")
            if kind is None:
                self._made.update([os.path.realpath(args[0])] if is_of_step else [])
                return
            if is_of_step:
                self.kinds.add(kind)
            if event == "open":
                self._note_open(os.path.realpath(args[0]), is_writing=is_writing, is_of_step=is_of_step)
            elif event == "os.rename":
                self._note_rename(*map(os.path.realpath, args[:2]), is_of_step=is_of_step)
            elif kind == "process":
                self._note_process(event, args)
        finally:
            self._is_watching = False

    def _note_open(self, name: str, *, is_writing: bool, is_of_step: bool) -> None:
        """Note that a file is opened."""
        if self._origins.is_data(name):
            self._read.add(name)
        if is_writing and is_of_step:
            self._written[name] = None
            self._given.discard(name)
        elif is_writing:
            self._written.pop(name, None)
        elif not is_of_step:
            self._given.add(name)

    def _note_rename(self, source: str, target: str, *, is_of_step: bool) -> None:
        """Note that a file gets another name: it is still of the one who wrote it, if a step renames it."""
        if is_of_step and source in self._written:
            self._written[target] = self._written.pop(source)
        else:
            self._written.pop(target, None)

    def _note_process(self, event: str, args: tuple[Any, ...]) -> None:
        """Note that a process is started, which may write in its folder and where its arguments say."""
        for name, state in self._written.items():
            if state is None:
                self._written[name] = _read_state(name)
        folder = args[2] if event == "subprocess.Popen" else None
        words: Any = args[1] if len(args) > 1 else ()
        parts: Sequence[Any] = words if isinstance(words, (list, tuple)) else ()
        # An error here would be one of the step: what is no path, such as a text with a NUL, is passed over.
        with suppress(OSError, ValueError, TypeError):
            start = os.path.realpath(os.fsdecode(folder or Path.cwd()))
            named = [os.path.realpath(os.path.join(start, os.fsdecode(part))) for part in parts]  # noqa: PTH118
            self._places.update({start, *named} - {os.sep})


def _read_stat(name: str) -> os.stat_result:
    """Read what the system knows of a file: `Path.stat` may be intercepted."""
    return os.stat(name)  # noqa: PTH116


def _read_state(name: str) -> _State:
    """Read the state of a file; of one that does not exist, one that no file has."""
    try:
        found = _read_stat(name)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns)
