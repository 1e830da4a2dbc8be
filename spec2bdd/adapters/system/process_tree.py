"""List and end the processes that a process has started, and what these have started in turn."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# From `linux/prctl.h`: processes whose parent has ended become children of this one.
_PR_SET_CHILD_SUBREAPER = 36


def list_descendants(process: int | None) -> list[int]:
    """List the processes that a process has started, and those that these have started (Linux only)."""
    found: list[int] = []
    parents = [process]
    while parents:
        children = list_children(parents.pop())
        found += children
        parents += children
    return found


def list_children(process: int | None) -> list[int]:
    """List the processes that a process has started or adopted (Linux only)."""
    children: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            children += map(int, (thread / "children").read_text(encoding="ascii").split())
    return children


def kill_processes(processes: Iterable[int]) -> None:
    """Kill processes; those that have ended meanwhile are passed over."""
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def adopt_orphans() -> None:
    """Make processes whose parent ends children of this process, so that none of them is lost sight of (Linux only)."""
    _set_subreaper(1)


def release_orphans() -> None:
    """Let orphans go where they go without `adopt_orphans`; those that were adopted stay."""
    _set_subreaper(0)


def _set_subreaper(value: int) -> None:
    if sys.platform != "linux":
        return
    # Few processes need it.
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, value, 0, 0, 0)
