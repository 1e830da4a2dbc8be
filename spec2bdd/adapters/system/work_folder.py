"""Give a process a temporary folder; one whose process was killed is removed by the next that asks for one."""

from __future__ import annotations

import os
import shutil
import sys
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

    The system gives up the lock of a process that ends in any way. Windows has no such lock: nothing is removed there
    but the folder itself.
    """
    for abandoned in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - abandoned.lstat().st_ctime >= _LEAST_AGE:
                remove_abandoned_folder(abandoned)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    handle = _lock_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def remove_abandoned_folder(folder: Path) -> bool:
    """Remove a folder that was locked by a process that has ended; whether it is gone."""
    with suppress(OSError):
        if sys.platform != "win32" and folder.lstat().st_uid == os.getuid():
            handle = _lock_folder(folder)
            if handle is not None:
                try:
                    shutil.rmtree(folder, ignore_errors=True)
                finally:
                    os.close(handle)
    return not folder.exists()


def _lock_folder(folder: Path) -> int | None:
    """Lock a folder until the handle is closed; nothing where another process has locked it, or none can."""
    if sys.platform == "win32":
        return None
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
