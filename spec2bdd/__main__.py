"""The program `spec2bdd`, also as `python -m spec2bdd`."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress

# With one of these, the features are not run, or not by a process that is started beforehand.
_OTHERWISE = {"-h", "--help", "--pdb", "--"}
# The commands that run features, and what they need besides Behave in the process that does.
_MODULES = {"run": (), "verify": (), "challenge": ("spec2bdd.adapters.behave.challenges.session",)}


def start() -> None:
    """Run the command line; a command that runs features begins to import Behave before its own modules.

    The two take about as long, and there are mostly two processors.
    """
    try:
        with ExitStack() as stack:
            # What is wrong is reported by the command, which tries again.
            with suppress(OSError):
                stack.enter_context(_keep_standby(sys.argv[1:]))
            from spec2bdd.cli.main import main

            main(prog_name="spec2bdd")
    except KeyboardInterrupt:
        # While modules were imported, or what was started ended: the command itself says more, and exits.
        sys.exit(130)
    finally:
        # Where Ctrl-C comes while Python executes a string, it notes that nothing has handled it, and ends by the
        # signal whatever the exit code is. The next string that it executes removes the note.
        exec("")  # noqa: S102


def _keep_standby(arguments: list[str]) -> AbstractContextManager[None]:
    """Import Behave in another process from now on where these arguments ask for a run.

    Raises:
        OSError: a standard stream is closed.
    """
    command = arguments[0] if arguments else ""
    if command not in _MODULES or not _OTHERWISE.isdisjoint(arguments):
        return nullcontext()
    # The number of a standard stream that is closed would be given to a file of this process.
    for stream in (0, 1, 2):
        os.fstat(stream)
    from spec2bdd.adapters.behave.standby import keep_standby

    return keep_standby(*_MODULES[command])


if __name__ == "__main__":
    start()
