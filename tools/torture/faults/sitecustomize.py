"""Loaded by each Python of a tortured command: it makes the disk fail or slow, as the variables of the environment say.

`TORTURE_FAULT=ENOSPC:12` lets all calls below `TORTURE_ROOT` that change the disk fail after the first twelve, in each
process; `TORTURE_SLOW=0.02` lets each of them take so many seconds; `TORTURE_SIZE=1000` lets no file grow over so many
bytes.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.chmod", "os.link", "os.truncate"}


def install(root: str) -> None:
    """Watch the calls of this process."""
    name, _, number = os.environ.get("TORTURE_FAULT", "").partition(":")
    slow = float(os.environ.get("TORTURE_SLOW", "0"))
    left = int(number or 0)

    def disturb(path: Any) -> None:
        """Sleep, or fail if it is time to, where a path is in the project; compiled Python does not count."""
        nonlocal left
        # Opening a file by its number, as Python does with its output, changes nothing.
        place = os.path.abspath(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else ""  # noqa: PTH100
        if not place.startswith(root) or "__pycache__" in place:
            return
        time.sleep(slow)
        left -= 1
        if name and left < 0:
            code = getattr(errno, name)
            raise OSError(code, os.strerror(code))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        """Disturb the calls that change files."""
        if event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
            disturb(arguments[0])

    sync = os.fsync

    def fsync(file: Any) -> None:
        """Disturb what brings files to the disk."""
        disturb(root)
        sync(file)

    vars(os)["fsync"] = fsync
    sys.addaudithook(watch)


if "TORTURE_SIZE" in os.environ:
    import resource

    size = int(os.environ["TORTURE_SIZE"])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Python would write incomplete compiled modules into the folders of the package.
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
if "TORTURE_ROOT" in os.environ:
    install(os.environ["TORTURE_ROOT"])
