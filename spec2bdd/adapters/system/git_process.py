"""Run git in a process group of its own: it is ended with the filters that it has started, which may never end.

Git is asked about the repository of a folder, whatever the environment names: in a hook, git sets variables that name
another index or another repository. It compares the working tree that the folder is in, whatever `core.worktree` names:
that of a copied submodule may be the folder of the original.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from spec2bdd.text.clean import clean_text

# Of `git rev-parse --local-env-vars`, those that change what is read, and those that change where git looks.
_LOCAL = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CEILING_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
# What git's folder holds at least.
_PARTS = frozenset({"HEAD", "config", "index", "objects", "refs"})
_GIT = ".git"
MAKE_READABLE = "make `git status` work in this folder"
"""The hint for a repository that git cannot read."""


def find_top(root: Path) -> tuple[Path, str] | None:
    """Find the top of the repository that a folder is in, and the path of the folder from there, with a final `/`."""
    folder = root.resolve()
    for parent in (folder, *folder.parents):
        git = parent / _GIT
        try:
            # As git does, look above a folder of this name that was never a repository. The working trees of submodules
            # and of `git worktree` have a file.
            is_repository = not git.is_dir() or not _PARTS.isdisjoint(os.listdir(git))  # noqa: PTH208
        except PermissionError:
            is_repository = True
        if is_repository and os.path.lexists(git):
            prefix = folder.relative_to(parent).as_posix()
            return parent, "" if prefix == "." else f"{prefix}/"
    return None


def start_git(
    root: Path,
    arguments: Sequence[str],
    *,
    source: int = subprocess.DEVNULL,
    errors: int = subprocess.DEVNULL,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.Popen[bytes] | None:
    """Start git in a folder, with further environment variables; nothing where there is no git."""
    git = shutil.which("git")
    place = find_top(root)
    inherited = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    inherited |= {"GIT_WORK_TREE": str(place[0])} if place else {}
    with suppress(OSError):
        if git:
            return subprocess.Popen(
                [git, *arguments],
                cwd=root,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**inherited, **variables},
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
        end_git(process)
        raise


def end_git(process: subprocess.Popen[bytes]) -> None:
    """End git with the filters that it has started, unless it was read to its end."""
    if process.returncode is not None:
        return
    # Without the filters, whose open ends of the pipes would be waited for.
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


def run_git(
    root: Path,
    *arguments: str,
    timeout: float | None,
    content: bytes | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> tuple[bytes | None, str]:
    """Run git in a folder and return its output, or why there is none; `content` is its input."""
    source = subprocess.DEVNULL if content is None else subprocess.PIPE
    process = start_git(root, arguments, source=source, errors=subprocess.PIPE, variables=variables)
    if process is None:
        return None, "git is not installed"
    try:
        output, errors = read_git(process, timeout=timeout, content=content)
    except subprocess.TimeoutExpired:
        return None, f"git took more than {timeout:g} s"
    return (output, "") if process.returncode == 0 else (None, find_reason(process, errors))


def find_reason(process: subprocess.Popen[bytes], errors: bytes) -> str:
    """Find the reason why git failed in what it wrote to stderr: what was fatal, or else the first line."""
    lines = [line for line in clean_text(errors.decode("utf-8", "replace")).splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    reason = next(iter([*fatal, *lines]), f"git exited with code {process.returncode}")
    return reason.removeprefix("fatal: ").removeprefix("error: ")
