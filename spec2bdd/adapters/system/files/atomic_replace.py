"""A finished temporary file and its target in, the target replaced or removed in one move, if it is what was read."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# From linux/fs.h and fcntl.h; man 2 renameat2.
_NO_REPLACE, _EXCHANGE = 1, 2
_HERE = -100


def replace_file(temporary: Path, target: Path, *, before: bytes | None, after: bytes) -> bool:
    """Move the file into place, and tell whether it stands there; not if the target is no longer `before`.

    Where the system can exchange two names (Linux), what was taken out is looked at once more, and put back if somebody
    saved it in the instant after the last look. Elsewhere that instant remains.

    Raises:
        OSError: the system refused.
    """
    if read_target(target) != before:
        return False
    if before is None:
        return _place_new(temporary, target)
    if not _try_to_rename(temporary, target, _EXCHANGE):
        temporary.replace(target)
        return True
    if read_target(temporary) == before:
        return True
    _give_back(temporary, target, after=after)
    return False


def remove_file(name: Path, target: Path, *, before: bytes | None) -> bool:
    """Remove a name, and tell whether it is gone; not if the file that it leads to is no longer `before`.

    Raises:
        OSError: the system refused.
    """
    if read_target(target) not in (before, None):
        return False
    name.unlink(missing_ok=True)
    return True


def read_target(target: Path) -> bytes | None:
    """Return what stands at the target now."""
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _place_new(temporary: Path, target: Path) -> bool:
    """Move the file to where nothing stands, and tell whether that is so."""
    if not _try_to_rename(temporary, target, _NO_REPLACE):
        if os.path.lexists(target):
            return False
        temporary.replace(target)
    return True


def _give_back(temporary: Path, target: Path, *, after: bytes) -> None:
    """Put back what somebody saved; where it was saved once more meanwhile, over ours, the later one stays."""
    if _try_to_rename(temporary, target, _EXCHANGE) and read_target(temporary) != after:
        _try_to_rename(temporary, target, _EXCHANGE)


def _try_to_rename(source: Path, target: Path, flags: int) -> bool:
    """Rename as the flags say, and tell whether the system could; the reason does not matter, a plain move follows."""
    rename = find_exchange()
    if rename is None:
        return False
    return rename(_HERE, os.fsencode(source), _HERE, os.fsencode(target), flags) == 0


@functools.cache
def find_exchange() -> Callable[..., int] | None:
    """Return the system's call that can exchange two names, which Python does not have, or nothing."""
    with suppress(OSError, AttributeError, TypeError):
        rename = ctypes.CDLL(None).renameat2
        rename.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return rename
    return None
