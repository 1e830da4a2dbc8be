"""Compare the age of reports with that of the files they are about, by the times of the file system."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


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
    return f"`{report}` ({_render_time(written)}) is older than `{path}` ({_render_time(changed)})"


def _render_time(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
