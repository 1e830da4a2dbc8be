"""Trace which lines of the product run."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from spec2bdd.adapters.behave.challenges.origins import LinesLeft, Origin, OriginIndex, find_lines

_FORKED = "forked-lines-"


class LineTracer:
    """The lines of the product that run in this process, by the name that their file was compiled with.

    Processes that it forks write theirs to `folder`, since they may end without notice.
    """

    __slots__ = ("_descriptor", "_find_origin", "_folder", "_left", "lines")

    def __init__(self, origins: OriginIndex, folder: Path) -> None:
        self.lines: dict[str, set[int]] = {}
        self._find_origin: Callable[[str], Origin] = origins.find
        self._folder, self._descriptor = folder, -1
        self._left: LinesLeft = {}

    def start(self) -> None:
        """Trace this thread and all that are started from here on."""
        os.register_at_fork(after_in_child=self._enter_process)
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def stop(self) -> None:
        """Trace no longer."""
        sys.settrace(None)
        threading.settrace(None)
        for path in self._folder.glob(f"{_FORKED}*"):
            for line in path.read_text(encoding="utf-8").splitlines():
                number, _, filename = line.partition(" ")
                self.lines.setdefault(filename, set()).add(int(number))

    def _enter_process(self) -> None:
        """Write each new line from here on: this process has been forked from the one that traces."""
        path = self._folder / f"{_FORKED}{os.getpid()}"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG002  Python passes it.
        """Decide for a new frame whether its lines are traced."""
        filename = frame.f_code.co_filename
        if self._find_origin(filename) is not Origin.PRODUCT:
            return None
        lines = self.lines.setdefault(filename, set())
        left = find_lines(frame.f_code, self._left)
        if not left:
            return None

        def trace(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001
            if event == "line" and frame.f_lineno not in lines:
                if self._descriptor >= 0:
                    # A step may have closed it.
                    with suppress(OSError):
                        os.write(self._descriptor, f"{frame.f_lineno} {filename}\n".encode())
                lines.add(frame.f_lineno)
            left.discard(frame.f_lineno)
            if not left:
                # Loops are much faster without.
                frame.f_trace = None
                return None
            return trace

        return trace
