"""An advisory lock on the project folder, which serialises spec2bdd processes."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spec2bdd.errors import WriteError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_TIMEOUT = 60.0
_POLL_INTERVAL = 0.005
# `flock` counts open files, not processes: a second lock in this process would never get free.
_held: set[Path] = set()


@contextmanager
def folder_lock(
    root: Path, *, shared: bool = False, longest: float = _TIMEOUT, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Keep other spec2bdd processes from planning and writing in a folder; they wait until it is free.

    `shared` locks exclude only those that are not. No process waits for more than `longest` seconds; `on_wait` is
    called before one has to wait.

    The folder itself is locked, so that no lock file remains, and the system releases it with the process. Where it
    cannot be locked (Windows, some network file systems), nothing waits; files that changed are still refused when
    they are written.

    Raises:
        WriteError: another process holds the lock for too long.
    """
    folder = Path(os.path.realpath(root))
    if fcntl is None or folder in _held:
        yield
        return
    handle: int | None = None
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
    _held.add(folder)
    try:
        if handle is not None:
            mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            if on_wait and not _try_to_lock(handle, mode):
                on_wait()
            deadline = time.monotonic() + longest
            # A blocking `flock` has no timeout.
            while not _try_to_lock(handle, mode):
                if time.monotonic() > deadline:
                    hint = "wait for the other spec2bdd process to finish, then rerun the command"
                    raise WriteError(f"timed out after {longest:g} s waiting for another spec2bdd process", hint=hint)
                time.sleep(_POLL_INTERVAL)
        yield
    finally:
        _held.discard(folder)
        if handle is not None:
            os.close(handle)


def _try_to_lock(handle: int, mode: int) -> bool:
    """Lock the folder if it is free; whether waiting is over: it is locked, or its file system has no locks."""
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except OSError as error:
        # Other errors mean that this file system does not support locks.
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR)
    return True
