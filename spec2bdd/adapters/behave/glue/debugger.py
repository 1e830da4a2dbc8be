"""Let pdb use the terminal in the process that runs the steps.

Standard input of that process is empty, its output is captured, and it is in a process group in the background, which
may not read from the terminal. So pdb reads and writes the terminal itself, in the foreground while it has a prompt.
The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
import pdb
import signal
import traceback
from bdb import BdbQuit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from behave.api.pending_step import StepNotImplementedError

TERMINAL = Path("/dev/tty")
# After these there is nothing to look at.
_NO_FAILURES = (BdbQuit, KeyboardInterrupt, StepNotImplementedError)


class FailureDebugger:
    """Starts pdb where a step has failed, once for each scenario."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._scenario: Any = None

    def debug_error(self, error: BaseException, scenario: Any) -> None:
        """Print an error that a step has raised, and start pdb in the frame that raised it."""
        # A sub-step fails before the step that calls it.
        if isinstance(error, _NO_FAILURES) or scenario is self._scenario:
            return
        self._scenario = scenario
        self._writer.write(f"\nfailed: {getattr(scenario, 'name', 'a hook')}\n")
        self._writer.writelines(traceback.format_exception(error))
        self._writer.flush()
        pdb.post_mortem(error.__traceback__)


def attach_debugger(quit_run: Callable[[], None]) -> FailureDebugger:
    """Let `breakpoint()` and `pdb.set_trace()` of this process use its terminal; `quit_run` is called at `quit`.

    Raises:
        OSError: the process has no terminal.
    """
    reader, writer = TERMINAL.open(), TERMINAL.open("w")

    class TerminalPdb(pdb.Pdb):
        """A pdb on the terminal; in place of `pdb.Pdb`, of which `pdb.set_trace` makes an instance."""

        def __init__(self, *args: Any, **options: Any) -> None:
            # Without a handler of its own, Ctrl-C in a step ends the run as it does without a debugger.
            streams = {} if args else {"stdin": reader, "stdout": writer, "nosigint": True}
            super().__init__(*args, **{**streams, **options})
            # As `inline`, pdb of Python 3.14 asks at `quit` whether to kill the process, on streams that are not shown.
            self.mode = None

        def cmdloop(self, intro: Any = None) -> None:
            """Read commands in the foreground."""
            with _hold_foreground(reader.fileno()):
                super().cmdloop(intro)

        def set_quit(self) -> None:
            """End the run as well."""
            quit_run()
            super().set_quit()

    pdb.Pdb = TerminalPdb  # type: ignore[misc]
    return FailureDebugger(writer)


@contextmanager
def _hold_foreground(terminal: int) -> Iterator[None]:
    """Make the group of this process the one that the terminal sends its input and Ctrl-C to."""
    # A group in the background that changes this would be stopped by SIGTTOU.
    handler = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    before = os.tcgetpgrp(terminal)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, before)
        signal.signal(signal.SIGTTOU, handler)
