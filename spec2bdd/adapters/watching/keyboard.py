"""Read single keys from the terminal, and leave it as it was, whatever happens."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

_SHOW_CURSOR = b"\x1b[?25h"


class Keyboard:
    """The keys of a terminal that sends each at once, without showing it; Ctrl-C and Ctrl-Z stay what they are."""

    def __init__(self, number: int, output: TextIO, on_resume: Callable[[], None]) -> None:
        import termios

        self._number = number
        self._output = output
        self._on_resume = on_resume
        self._original = termios.tcgetattr(number)

    def fileno(self) -> int:
        """Return what can be waited for with `select`."""
        return self._number

    def read(self) -> str | None:
        """Read what was typed; nothing if the terminal is gone."""
        # A shell does not say when it brings a job that runs to the foreground.
        if not self.take():
            return ""
        try:
            return os.read(self._number, 1024).decode("utf-8", "replace") or None
        except OSError:
            return None

    def take(self) -> bool:
        """Let the terminal send single keys; false where this process is in the background, and may not."""
        import termios

        with suppress(OSError, termios.error):
            if os.tcgetpgrp(self._number) != os.getpgrp():
                return False
            mode = termios.tcgetattr(self._number)
            mode[3] &= ~(termios.ECHO | termios.ICANON)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            termios.tcsetattr(self._number, termios.TCSADRAIN, mode)
        return True

    def give_back(self) -> None:
        """Leave the terminal as it was before."""
        import termios

        with suppress(OSError, ValueError, termios.error):
            # Not through the stream, which may be busy when a signal comes.
            os.write(self._output.fileno(), _SHOW_CURSOR)
            if os.tcgetpgrp(self._number) == os.getpgrp():
                termios.tcsetattr(self._number, termios.TCSADRAIN, self._original)

    def suspend(self, number: int, _: FrameType | None) -> None:
        """Give the terminal back, and stop as Ctrl-Z asks for."""
        self.give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def resume(self, _: int, __: FrameType | None) -> None:
        """Take the terminal again after `fg`; after `bg`, there are no keys."""
        signal.signal(signal.SIGTSTP, self.suspend)
        self.take()
        self._on_resume()


@contextmanager
def open_keyboard(number: int, output: TextIO, on_resume: Callable[[], None]) -> Iterator[Keyboard]:
    """Read keys from the terminal with a file descriptor until the block ends; `on_resume` is called after `fg`."""
    keyboard = Keyboard(number, output, on_resume)
    handlers = {signal.SIGTSTP: keyboard.suspend, signal.SIGCONT: keyboard.resume}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        keyboard.take()
        yield keyboard
    finally:
        keyboard.give_back()
        for number, earlier in before.items():
            signal.signal(number, earlier)
