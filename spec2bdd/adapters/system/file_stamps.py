"""Files and folders in, out what shows that one of them has changed, as the file system tells it.

A file that was changed within the last instant may change once more without any trace of it in its times; of such a
file, the content counts as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress

# Size, time of content, time of anything at all, and number in the file system; nothing for a file that is not there.
Stamp = list[int]
_IGNORED = {".git", ".spec2bdd", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
# Some file systems count in steps of two seconds; nearly all others in those of a few milliseconds.
_COARSE, _FINE = 2_000_000_000, 50_000_000
_SECOND = 1_000_000_000


def stamp_file(path: str) -> Stamp:
    """Return what the file system says of a file, behind all links."""
    try:
        status = os.stat(path)  # noqa: PTH116  Thousands are asked for, and a `Path` costs more than the answer.
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def find_listing(path: str) -> str:
    """Return what changes with the names in a folder and with their kinds; nothing for a folder that is not there."""
    try:
        with os.scandir(path) as entries:
            names = sorted(_describe(entry) for entry in entries if entry.name not in _IGNORED)
    except OSError:
        return ""
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def walk_folders(path: str) -> Iterable[str]:
    """Yield a folder and all folders below it, also behind links, each once."""
    seen: set[str] = set()
    for parent, folders, _ in os.walk(path, followlinks=True):
        real = os.path.realpath(parent)
        folders[:] = [] if real in seen else [name for name in folders if name not in _IGNORED]
        if real not in seen:
            seen.add(real)
            yield parent


def is_stable(stamp: Stamp, started: int) -> bool:
    """Tell whether what was read from `started` on is what has this stamp: nothing was written meanwhile."""
    latest = _find_latest(stamp)
    whole = bool(stamp) and not any(time % _SECOND for time in stamp[1:3])
    return latest < started - (_COARSE if whole else _FINE)


def find_contents(stamps: Mapping[str, Stamp], started: int) -> dict[str, str]:
    """Return the digests of the files that were so new that their times do not tell all."""
    return {path: find_content(path) for path, stamp in stamps.items() if _find_latest(stamp) >= started - _COARSE}


def find_content(path: str) -> str:
    """Return the digest of a file's content; nothing for one that cannot be read."""
    with suppress(OSError), open(path, "rb") as stream:  # noqa: PTH123
        return hashlib.sha256(stream.read()).hexdigest()
    return ""


def _find_latest(stamp: Stamp) -> int:
    """Return when a file was last written or anything about it was changed."""
    return max(stamp[1:3], default=0)


def _describe(entry: os.DirEntry[str]) -> str:
    """Return the name of something in a folder behind a letter for its kind."""
    kind = "l" if entry.is_symlink() else "d" if entry.is_dir() else "f"
    return f"{kind}{entry.name}"
