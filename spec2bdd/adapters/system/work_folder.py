"""Give a process a temporary folder; one whose process was killed is removed by the next that asks for one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Between its creation and its lock, a folder has no owner; it is not taken for an abandoned one before this time.
_LEAST_AGE = 60.0


@contextmanager
def open_work_folder(prefix: str) -> Iterator[Path]:
    """Create a temporary folder and lock it until it is removed; remove those with this prefix that have no lock.

    The system gives up the lock of a process that ends in any way. It needs a system with `flock`.
    """
    import fcntl

    for abandoned in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):
            facts = abandoned.lstat()
            if facts.st_uid != os.getuid() or time.time() - facts.st_ctime < _LEAST_AGE:
                continue
            handle = os.open(abandoned, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(abandoned, ignore_errors=True)
            finally:
                os.close(handle)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)
