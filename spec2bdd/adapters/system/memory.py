"""Measure the memory of processes, and how much of it is free (Linux only: elsewhere, nothing is known).

Also keep the garbage collector from searching thousands of new values, all of which are still needed.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The limit of a container, with control groups of version 2 and 1.
_CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_MEGABYTE = 1_000_000
_SHARE = 0.75


@contextmanager
def pause_collector() -> Iterator[None]:
    """Collect no cycles of references meanwhile; whatever has no reference any more is still freed at once."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def find_memory_limit() -> int:
    """Find how many bytes a run may use; 0 for no limit.

    It is three quarters of what is free now, on the machine or in its container, unless SPEC2BDD_MEMORY says how many
    megabytes it is.
    """
    with suppress(KeyError, ValueError):
        return int(os.environ["SPEC2BDD_MEMORY"]) * _MEGABYTE
    free: list[int] = []
    with suppress(OSError, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free += (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    for path in _CONTAINER:
        # Without a limit, the file says `max`, or a number that is larger than any memory.
        with suppress(OSError, ValueError):
            free.append(int(Path(path).read_text(encoding="ascii")))
    return int(min(free, default=0) * _SHARE)


def read_memory_use(process: int) -> int:
    """Read how many bytes of memory a process uses; 0 where that is unknown."""
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
