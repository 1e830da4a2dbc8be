"""A project's folder in, the time during which no other spec2bdd reads it in order to write there out."""

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

_LONGEST_WAIT = 60.0
_PAUSE = 0.005
_held: set[Path] = set()


@contextmanager
def folder_lock(
    root: Path, *, shared: bool = False, longest: float = _LONGEST_WAIT, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Keep other spec2bdd processes from planning and writing in this folder meanwhile; they wait for their turn.

    Those that hold it `shared` do so together, and keep out only the others. Nobody waits for more than `longest`
    seconds; `on_wait` is called before somebody has to.

    The folder itself is locked, so that nothing is left behind, and the system ends the lock with the process. Where it
    cannot be locked (Windows, some network file systems), nobody waits, and a file that changed is refused as ever.

    Raises:
        WriteError: somebody else holds the folder for too long.
    """
    place = Path(os.path.realpath(root))
    if fcntl is None or place in _held:
        yield
        return
    handle = _open_folder(place)
    _held.add(place)
    try:
        if handle is not None:
            mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            if on_wait and not _try_to_lock(handle, mode):
                on_wait()
            _wait_for_turn(handle, mode, deadline=time.monotonic() + longest)
        yield
    finally:
        _held.discard(place)
        if handle is not None:
            os.close(handle)


def _open_folder(folder: Path) -> int | None:
    """Return a handle of the folder, or nothing where it cannot be opened."""
    with suppress(OSError):
        return os.open(folder, os.O_RDONLY)
    return None


def _wait_for_turn(handle: int, mode: int, *, deadline: float) -> None:
    """Lock the folder as soon as nobody else has it locked.

    Raises:
        WriteError: somebody has until the deadline.
    """
    while not _try_to_lock(handle, mode):
        if time.monotonic() > deadline:
            hint = "another spec2bdd works in this project; wait for its end, then run the command again"
            raise WriteError("the project was not free for a minute, and nothing was written", hint=hint)
        time.sleep(_PAUSE)


def _try_to_lock(handle: int, mode: int) -> bool:
    """Lock the folder, and tell whether there is nothing to wait for any more."""
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except OSError as error:
        # Any other refusal says that this file system knows no locks.
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR)
    return True
