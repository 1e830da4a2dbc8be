"""Behave's context, which tells its runner of every clean-up that fails, and costs little to store into.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from traceback import FrameSummary
from typing import Any

from behave.runner import Context, ContextMode

Watch = Callable[[Callable[..., Any], Callable[[BaseException], None]], Callable[..., Any]]


class RecordingContext(Context):  # type: ignore[misc]  # Behave has no types.
    """A context that tells its runner of every clean-up that fails, also of those that are told to fail silently."""

    def __init__(self, runner: Any, watch: Watch) -> None:
        self._watch = watch
        super().__init__(runner)

    def _do_cleanups(self) -> None:
        """Run the clean-ups of the innermost layer, each one watched."""
        for frame in self._stack[:1]:
            failed = partial(self._runner.record_failure, "clean-up")
            frame["@cleanups"] = [self._watch(cleanup, failed) for cleanup in frame["@cleanups"]]
        super()._do_cleanups()

    def __setattr__(self, attr: str, value: Any) -> None:
        """Store a value as Behave does, but read the line that stores it only when somebody asks for it."""
        if attr[0] == "_":
            self.__dict__[attr] = value
            return
        for frame in self._stack[1:]:
            # In Behave's own hands a name of its own is never worth a warning.
            if attr in frame and not (self._mode is self._origin[attr] is ContextMode.BEHAVE):
                record = self._record[attr]
                place = {"attr": attr, "filename": record[0], "line": record[1], "function": record[3]}
                self._emit_warning(attr, place)
        caller = sys._getframe(1)
        code = caller.f_code
        self._record[attr] = FrameSummary(code.co_filename, caller.f_lineno, code.co_name, lookup_line=False)
        self._stack[0][attr] = value
        self._origin.setdefault(attr, self._mode)
