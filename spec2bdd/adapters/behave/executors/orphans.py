"""A signal in, a process out that gets it when the one that started it is gone, where the system can do so.

Whoever is killed at once can tell nobody: without this, workers would run on that nobody listens to.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

# PR_SET_PDEATHSIG of Linux, from its `prctl.h`.
_TELL_OF_PARENT = 1


def end_with_parent(number: signal.Signals) -> None:
    """Ask the system to send this process a signal when its parent has ended."""
    if sys.platform != "linux":
        return
    # Only a process that runs features needs it.
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_TELL_OF_PARENT, int(number), 0, 0, 0)
