"""List and end the processes that a process has started, and what these have started in turn."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

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


def end_children(keep: Collection[int]) -> None:
    """End the children of this process, without those to keep, and what they have started (Linux only)."""
    others = [child for child in list_children(os.getpid()) if child not in keep]
    kill_processes([*others, *(process for child in others for process in list_descendants(child))])
    for child in others:
        has_ended(child)


def has_ended(child: int, *, waits: bool = False) -> bool:
    """Whether a child of this process has ended, of which the system then keeps nothing; with `waits`, it ends soon."""
    try:
        return os.waitpid(child, 0 if waits else os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def is_running(process: int) -> bool:
    """Whether a process has not ended yet; on Windows, where that is unknown, it is taken as running."""
    with suppress(OSError):
        stat = Path(f"/proc/{process}/stat").read_bytes()
        # The state follows the name, which may hold anything. The system may keep a process for its exit code.
        return stat.rpartition(b")")[2].split()[0] not in {b"Z", b"X"}
    if os.name != "posix":
        # `os.kill` ends the process whatever the signal.
        return True
    try:
        # Signal 0 checks only whether the process exists.
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def adopt_orphans() -> None:
    """Make processes whose parent ends children of this process, so that none of them is lost sight of (Linux only)."""
    _set_subreaper(1)


def release_orphans() -> None:
    """Let orphans go where they go without `adopt_orphans`; those that were adopted stay."""
    _set_subreaper(0)


def _set_subreaper(value: int) -> None:
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        load_prctl()(_PR_SET_CHILD_SUBREAPER, value, 0, 0, 0)


@cache
def load_prctl() -> Any:
    """Load the function of the system that sets options of this process.

    Raises:
        OSError, AttributeError: there is none.
    """
    # Few processes need it.
    import ctypes

    return ctypes.CDLL(None).prctl
