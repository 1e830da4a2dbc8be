"""Replace or remove a file in one step, unless it changed since it was read."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# From linux/fs.h and fcntl.h; see man 2 renameat2.
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2
_AT_FDCWD = -100


def replace_file(temporary: Path, target: Path, *, before: bytes | None, after: bytes) -> bool:
    """Move a file to its target, unless the target is no longer `before`; whether it was moved.

    Another program may save the target after it was compared and before it is replaced. Where the system can exchange
    two files (Linux), the old one is compared again after the exchange and put back if it differs. Elsewhere that
    moment remains.

    Raises:
        OSError: the system refused.
    """
    if read_target(target) != before:
        return False
    if before is None:
        # The target must not exist; a plain rename would overwrite it.
        if not _try_to_rename(temporary, target, _RENAME_NOREPLACE):
            if os.path.lexists(target):
                return False
            temporary.replace(target)
        return True
    if not _try_to_rename(temporary, target, _RENAME_EXCHANGE):
        temporary.replace(target)
        return True
    # After the exchange, the temporary name has the old file.
    if read_target(temporary) == before:
        return True
    # Another program saved the target: put that back. If it saved again meanwhile, over ours, the later save wins.
    if _try_to_rename(temporary, target, _RENAME_EXCHANGE) and read_target(temporary) != after:
        _try_to_rename(temporary, target, _RENAME_EXCHANGE)
    return False


def remove_file(name: Path, target: Path, *, before: bytes | None) -> bool:
    """Remove a file or the link to it, unless the file is no longer `before`; whether it is gone.

    Raises:
        OSError: the system refused.
    """
    if read_target(target) not in (before, None):
        return False
    name.unlink(missing_ok=True)
    return True


def read_target(target: Path) -> bytes | None:
    """Read the current content of the target; nothing if there is none."""
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _try_to_rename(source: Path, target: Path, flags: int) -> bool:
    """Rename with flags; whether that was possible. The reason does not matter: callers have a plain rename instead."""
    rename = find_exchange()
    if rename is None:
        return False
    return rename(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags) == 0


@functools.cache
def find_exchange() -> Callable[..., int] | None:
    """Find the system call `renameat2`, which Python does not offer; nothing where there is none."""
    with suppress(OSError, AttributeError, TypeError):
        # glibc has it since 2.28; the errors are of other systems and older libraries.
        rename = ctypes.CDLL(None).renameat2
        rename.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return rename
    return None
