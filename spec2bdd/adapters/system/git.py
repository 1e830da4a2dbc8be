"""Ask git about a project's folder: which files it knows, and what has changed since a revision."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

# Neither the index nor a watcher is touched: looking leaves no trace.
_QUIETLY = ["--no-optional-locks", "-c", "core.fsmonitor=false"]
_MOST_SECONDS = 20.0


def find_tracked(root: Path) -> tuple[str, ...] | None:
    """Return the paths of the files that git tracks below a folder, or nothing where there is no repository."""
    answer = _ask(root, "ls-files", "-z")
    if answer is None or answer[0]:
        return None
    return tuple(path for path in answer[1].split("\0") if path)


def find_fork(root: Path, revision: str) -> str | None:
    """Return the commit at which today's branch left a revision, or nothing where git does not know that."""
    answer = _ask(root, "merge-base", "--end-of-options", revision, "HEAD")
    return answer[1].strip() if answer and not answer[0] else None


def is_same(root: Path, commit: str, *paths: str) -> bool:
    """Tell whether files are today what they were in a commit: none was changed, added or removed.

    Paths may be patterns of git's own. Where git does not know the commit, nothing is the same.
    """
    changed = _ask(root, "diff", "--quiet", "--end-of-options", commit, "--", *paths)
    new = _ask(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    return changed is not None and changed[0] == 0 and new is not None and new == (0, "")


def _ask(root: Path, *question: str) -> tuple[int, str] | None:
    """Return git's exit code and its answer, or nothing where there is no git or it takes too long."""
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *_QUIETLY, *question], cwd=root, capture_output=True, check=False, timeout=_MOST_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")
