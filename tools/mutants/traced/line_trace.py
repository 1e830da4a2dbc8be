"""Note which lines in functions of spec2bdd a process runs, for the map of `python tools/mutants`.

Lines outside of functions are left out: they run once, at the import, whichever test comes first.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn

# The folder for what the children of the running test note, and the folder of the package.
FOLDER, PACKAGE = "MUTANTS_LINES", "MUTANTS_PACKAGE"
# A function that ran this often without a new line is not traced any more; a test of many cases runs some lines rarely.
ENOUGH = 1000


_add_hook = sys.addaudithook


def _add_traced_hook(hook: Callable[[str, tuple[Any, ...]], None]) -> None:
    """Add an audit hook whose lines are traced, which Python does only for those with this attribute."""
    function: Any = getattr(hook, "__func__", hook)
    with suppress(AttributeError):
        function.__cantrace__ = True
    _add_hook(hook)


class LineTrace:
    """The lines that ran since the last call of `take`, as `path:line`."""

    def __init__(self, package: str) -> None:
        self._package = package + os.sep
        self._skip = len(str(Path(package).parent)) + 1
        self._left: dict[CodeType, int] = {}
        self._lines: set[tuple[str, int]] = set()

    def start(self) -> None:
        """Trace this thread and those that it starts, and audit hooks that are added from now on."""
        if sys.addaudithook is _add_hook:
            sys.addaudithook = _add_traced_hook
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def take(self) -> dict[str, list[int]]:
        """Return the lines by path, and forget them."""
        found: dict[str, list[int]] = {}
        for path, line in sorted(self._lines):
            found.setdefault(path[self._skip :], []).append(line)
        self._lines = set()
        self._left = {}
        return found

    def _enter(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            is_ours = code.co_filename.startswith(self._package) and code.co_flags & CO_OPTIMIZED
            left = ENOUGH if is_ours else 0
        if left == 0:
            self._left[code] = 0
            return None
        self._left[code] = left - 1
        return self._follow

    def _follow(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            place = (frame.f_code.co_filename, frame.f_lineno)
            if place not in self._lines:
                self._lines.add(place)
                self._left[frame.f_code] = ENOUGH
        return self._follow


def trace_process() -> None:
    """Trace this process if a test that is traced has started it, and write the lines down when it ends."""
    if FOLDER in os.environ:
        trace = LineTrace(os.environ[PACKAGE])
        write_at_end(trace)
        trace.start()


def write_at_end(trace: LineTrace) -> None:
    """Write the lines of this process into a file of its own when it ends."""
    leave = os._exit

    def write() -> None:
        sys.settrace(None)
        # Processes may outlive the test and its folder.
        notes = Path(os.environ.get(FOLDER, os.devnull)) / str(os.getpid())
        lines = [f"{path}\t{' '.join(map(str, numbers))}\n" for path, numbers in trace.take().items()]
        # All at once: the test may read them at this moment.
        with suppress(OSError), notes.open("ab", buffering=0) as stream:
            stream.write("".join(lines).encode())

    def write_and_leave(status: int) -> NoReturn:
        write()
        leave(status)

    atexit.register(write)
    os._exit = write_and_leave
