"""Intercept what steps read from the streams of a process, and the exit code of `os.system`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import AnswerControl
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration
from spec2bdd.adapters.behave.challenges.values.texts import alter_text


def intercept_processes(control: AnswerControl) -> None:
    """Intercept the streams and exit codes of `subprocess.Popen`, which `os.popen` uses as well, and `os.system`."""
    original_init, original_system = subprocess.Popen.__init__, os.system
    # Called once it is known how a process has ended, by whatever asks.
    original_end = subprocess.Popen._handle_exitstatus  # type: ignore[attr-defined]

    def start(self: Any, *args: Any, **kwargs: Any) -> None:
        """Start a process whose output is an answer."""
        original_init(self, *args, **kwargs)
        for name in ("stdout", "stderr"):
            if getattr(self, name, None) is not None:
                setattr(self, name, _OutputStream(getattr(self, name), name, control))

    def end(self: Any, *args: Any, **kwargs: Any) -> None:
        """Note how a process has ended; its exit code is an answer."""
        original_end(self, *args, **kwargs)
        place = control.begin("", "Popen.returncode", 0, sys._getframe(1))
        if place is not None:
            self.returncode = control.end(place, self.returncode, alter_code)

    def system(command: Any) -> int:
        """Run a command whose exit code is an answer."""
        place = control.begin("", "os.system", 0, sys._getframe(1))
        code = original_system(command)
        if place is None:
            return code
        return int(control.end(place, code, alter_code))

    subprocess.Popen.__init__ = start  # type: ignore[method-assign]
    subprocess.Popen._handle_exitstatus = end  # type: ignore[attr-defined]
    os.system = system


def alter_code(code: Any, _words: Sequence[Any]) -> list[Alteration]:
    """Alter the exit code of a process: to that of a failure, or of success."""
    other = 1 if code == 0 else 0
    return [Alteration(f"{code} becomes {other}", lambda: other)]


class _OutputStream:
    """A stream of a process: what is read from it is an answer, and all else is as it was."""

    def __init__(self, stream: Any, name: str, control: AnswerControl) -> None:
        self._stream, self._name, self._control = stream, name, control

    def __getattr__(self, name: str) -> Any:
        """Find what is not defined here in the stream."""
        return getattr(self._stream, name)

    def __enter__(self) -> _OutputStream:
        """Enter the stream."""
        self._stream.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the stream."""
        self._stream.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the lines."""
        return iter(partial(self._read, self._stream.readline, sys._getframe(1)), self._stream.read(0))

    def read(self, *args: Any) -> Any:
        """Read from the stream."""
        return self._read(partial(self._stream.read, *args), sys._getframe(1))

    def readline(self, *args: Any) -> Any:
        """Read a line."""
        return self._read(partial(self._stream.readline, *args), sys._getframe(1))

    def readlines(self, *args: Any) -> Any:
        """Read all lines."""
        return list(self) if not args else self._stream.readlines(*args)

    def _read(self, read: Callable[[], Any], frame: Any) -> Any:
        """Read something as an answer, unless a client reads it that gives an answer of its own."""
        content = read()
        if not content or self._control.is_inside_client:
            return content
        place = self._control.begin("", f"Popen.{self._name}", 0, frame)
        return content if place is None else self._control.end(place, content, alter_text)
