"""Trace which lines of the product run."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex


class LineTracer:
    """The lines of the product that run in this process, by the name that their file was compiled with."""

    __slots__ = ("_find_origin", "lines")

    def __init__(self, origins: OriginIndex) -> None:
        self.lines: dict[str, set[int]] = {}
        self._find_origin: Callable[[str], Origin] = origins.find

    def start(self) -> None:
        """Trace this thread and all that are started from here on."""
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def stop(self) -> None:
        """Trace no longer."""
        sys.settrace(None)
        threading.settrace(None)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG002  Python passes it.
        """Decide for a new frame whether its lines are traced."""
        filename = frame.f_code.co_filename
        if self._find_origin(filename) is not Origin.PRODUCT:
            return None
        lines = self.lines.setdefault(filename, set())

        def trace(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001
            if event == "line":
                lines.add(frame.f_lineno)
            return trace

        return trace
