"""Run git in a process group of its own: it is ended with the filters that it has started, which may never end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def start_git(
    root: Path,
    arguments: Sequence[str],
    *,
    source: int = subprocess.DEVNULL,
    errors: int = subprocess.DEVNULL,
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes] | None:
    """Start git in a folder; nothing where there is no git."""
    git = shutil.which("git")
    with suppress(OSError):
        if git:
            return subprocess.Popen(
                [git, *arguments],
                cwd=root,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=variables,
                process_group=0,
            )
    return None


def read_git(
    process: subprocess.Popen[bytes], *, timeout: float | None, content: bytes | None = None
) -> tuple[bytes, bytes]:
    """Write to git and read what it prints until it ends: stdout and stderr, if these are pipes.

    Raises:
        TimeoutExpired: it takes longer than that; it has been ended with all that it started.
    """
    try:
        return process.communicate(content, timeout)
    except BaseException:
        # Without the filters, whose open ends of the pipes would be waited for.
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.communicate()
        raise
