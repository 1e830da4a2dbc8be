"""Detect changed files and folders by the stamps of the file system, without reading them.

A file that was changed within the last instant may change again without any trace in its times; of such a file, the
content counts as well.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from spec2bdd.model.values import dataclass

# Size, time of the content, time of content or metadata, and inode; empty for a file that does not exist.
Stamp = list[int]
IGNORED = {".git", ".spec2bdd", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
# In nanoseconds: FAT counts time in steps of two seconds, nearly all other file systems in a few milliseconds.
_COARSE, _FINE = 2_000_000_000, 50_000_000
SECOND = 1_000_000_000
# CLOCK_REALTIME_COARSE, by which Linux stamps most files: it only moves with the timer. Python has no name for it.
_LINUX_COARSE_CLOCK = 5


def _measure_lag() -> int:
    """Measure how far the clock that stamps files may lag ours, in nanoseconds."""
    if sys.platform == "linux":
        with suppress(OSError):
            # Twice, since a timer can be late.
            return min(2 * int(SECOND * time.clock_getres(_LINUX_COARSE_CLOCK)), 20_000_000)
    return 20_000_000


STAMP_LAG = _measure_lag()
"""Nanoseconds by which the clock that stamps files may lag ours."""


@dataclass(frozen=True, slots=True)
class Since:
    """A time from which on a file may have changed, in nanoseconds.

    It is `stamp` by the clock that stamps files, and `began` by the monotonic clock of this process.
    """

    stamp: int
    began: int

    @classmethod
    def start(cls, folder: Path) -> Since:
        """Start now, for files of a folder."""
        return cls(read_file_clock(folder) - STAMP_LAG, time.monotonic_ns())

    def covers(self, changed: int) -> bool:
        """Whether a file with this time of its last change may have changed since then.

        A time in the future is none: it is from before the clock was set back.
        """
        latest = max(self.stamp + time.monotonic_ns() - self.began, time.time_ns()) + _COARSE
        return self.stamp <= changed <= latest


def read_file_clock(root: Path) -> int:
    """Read the time in nanoseconds by the clock that stamps the files of a project, which may be that of a server.

    Where it cannot be read without leaving a trace, it is our own.
    """
    with suppress(OSError, AttributeError):
        # Only Linux has files without a name, and not on all file systems.
        handle = os.open(root, os.O_TMPFILE | os.O_WRONLY)
        try:
            return os.fstat(handle).st_ctime_ns
        finally:
            os.close(handle)
    with suppress(OSError):
        cache = root / ".spec2bdd"
        if not cache.is_symlink():
            with TemporaryFile(dir=cache) as probe:
                return os.fstat(probe.fileno()).st_ctime_ns
    return time.time_ns()


def stamp_file(path: str) -> Stamp:
    """Read the stamp of a file; symbolic links are followed."""
    try:
        status = os.stat(path)  # noqa: PTH116  For thousands of files, `Path` takes longer than the call.
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def stamp_link(path: str) -> Stamp:
    """Read the stamp of a file, or of the symbolic link itself."""
    try:
        status = os.lstat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def hash_listing(path: str) -> str:
    """Hash the names in a folder with their kinds; empty for a folder that does not exist."""
    try:
        with os.scandir(path) as entries:
            names = sorted(
                # A letter for the kind goes before the name: a file may become a folder of the same name.
                f"{'l' if entry.is_symlink() else 'd' if entry.is_dir() else 'f'}{entry.name}"
                for entry in entries
                if entry.name not in IGNORED
            )
    except OSError:
        return ""
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def walk_folders(path: str) -> Iterable[str]:
    """Walk a folder and all folders under it, through links too, each once."""
    seen: set[str] = set()
    for parent, folders, _ in os.walk(path, followlinks=True):
        real = os.path.realpath(parent)
        # Links may lead in a circle.
        folders[:] = [] if real in seen else [name for name in folders if name not in IGNORED]
        if real not in seen:
            seen.add(real)
            yield parent


def is_stable(stamp: Stamp, started: int) -> bool:
    """Whether a stamp is that of the content that was read from `started` on: nothing was written since then."""
    latest = _find_latest(stamp)
    # Times without a fraction of a second come from a coarse file system.
    whole = bool(stamp) and not any(time % SECOND for time in stamp[1:3])
    return latest < started - (_COARSE if whole else _FINE)


def hash_recent(stamps: Mapping[str, Stamp], started: int) -> dict[str, str]:
    """Hash the files that were so new that their times may miss a change."""
    return {path: hash_content(path) for path, stamp in stamps.items() if _find_latest(stamp) >= started - _COARSE}


def hash_content(path: str) -> str:
    """Hash the content of a file; empty for one that cannot be read."""
    with suppress(OSError), open(path, "rb") as stream:  # noqa: PTH123
        return hashlib.sha256(stream.read()).hexdigest()
    return ""


def _find_latest(stamp: Stamp) -> int:
    """Find when the content or the metadata of a file last changed."""
    return max(stamp[1:3], default=0)


def find_touched(folder: str, files: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Find files that were changed in the second in which git last compared them, by their paths from a folder.

    Most builds of git compare whole seconds, so that within one, another file of the same size and age can take the
    place of the first. Each file has the times that git knows, of content or metadata and of content: seconds, `:`,
    nanoseconds.
    """
    for path, *times in files:
        try:
            # For thousands of files, `Path` takes longer than the call.
            status = os.lstat(f"{folder}/{path}")
        except OSError:
            continue
        for then, now in zip(times, (status.st_ctime_ns, status.st_mtime_ns), strict=True):
            second, fraction = divmod(now, SECOND)
            # Some file systems lose the fractions, so that nothing can be known.
            if then != f"{second}:{fraction}" and then.startswith(f"{second}:") and fraction and then[-2:] != ":0":
                yield path
                break


def find_newest(root: Path, files: Iterable[Path]) -> tuple[str, float]:
    """Find the file that changed last, by its path from `root`, and when; `""` and 0 where there are no files."""
    times: dict[str, float] = {}
    for file in files:
        # It may be removed at the same moment.
        with suppress(OSError):
            times[file.relative_to(root).as_posix()] = file.stat().st_mtime
    newest = max(times, key=lambda path: times[path], default="")
    return newest, times.get(newest, 0.0)


def describe_age(report: str, written: float, newest: tuple[str, float]) -> str:
    """Describe why a report is too old, with the times that were compared; empty where it is not."""
    path, changed = newest
    if written >= changed:
        return ""
    times = [time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds)) for seconds in (written, changed)]
    return f"`{report}` ({times[0]}) is older than `{path}` ({times[1]})"
