"""Check a commit out in a temporary worktree, which is removed whatever happens.

The branch, the index and the files of the user are not touched: the worktree has a detached HEAD and an index of its
own, and no hook of the repository is run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spec2bdd.adapters.system.git_process import run_git
from spec2bdd.adapters.system.subprocess import defer_interrupt, exit_on_signals
from spec2bdd.adapters.system.work_folder import open_work_folder, remove_abandoned_folder
from spec2bdd.errors import MergeBaseError

_PREFIX = "spec2bdd-base-"
# A hook after a checkout may do anything. Submodules would be fetched.
_QUIET = ("-c", f"core.hooksPath={os.devnull}", "-c", "submodule.recurse=false", "-c", "core.fsmonitor=false")
# Of a partial clone, or with a filter for large files, git may ask its server.
_VARIABLES = {"GIT_TERMINAL_PROMPT": "0"}
_TIMEOUT = 900.0


@contextmanager
def open_worktree(top: Path, commit: str) -> Iterator[Path]:
    """Check out a commit of the repository in `top`, and remove the worktree at the end; `parent` of it is free to use.

    What is left of worktrees whose process was killed is removed first.

    Raises:
        MergeBaseError: git cannot check it out.
    """
    with exit_on_signals(), open_work_folder(_PREFIX) as folder:
        remove_abandoned_worktrees(top)
        # Git names its own notes on a worktree by the last part of the path.
        tree = folder / folder.name
        try:
            _, reason = _run(top, "worktree", "add", "--quiet", "--detach", "--force", str(tree), commit)
            if reason:
                raise MergeBaseError(f"git cannot check out `{commit[:7]}`: {reason}")
            yield tree
        finally:
            with defer_interrupt():
                _remove(top, tree)


def copy_files(source: Path, target: Path, paths: Iterable[str]) -> None:
    """Make files below `target` what they are below `source`; what is missing there is removed.

    Raises:
        MergeBaseError: a file cannot be copied, or a link in `target` would lead it elsewhere.
    """
    whole = sorted(paths)
    top = Path(os.path.realpath(target))
    # What is gone first: a folder may have become a file, or a link.
    for path in [*(path for path in whole if not os.path.lexists(source / path)), *whole]:
        here, there = source / path, target / path
        if not Path(os.path.realpath(there.parent)).is_relative_to(top):
            raise MergeBaseError(f"`{path}` is below a link that leads out of the repository")
        try:
            if there.is_symlink() or there.is_file():
                there.unlink()
            if here.is_symlink() or here.is_file():
                if there.is_dir():
                    shutil.rmtree(there)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(here, there, follow_symlinks=False)
        except OSError as error:
            raise MergeBaseError(f"`{path}` cannot be copied: {error.strerror}") from error


def remove_abandoned_worktrees(top: Path) -> None:
    """Remove the worktrees of processes that were killed, and nothing that is in use or of the user."""
    listed, _ = _run(top, "worktree", "list", "--porcelain")
    for line in os.fsdecode(listed or b"").splitlines():
        tree = Path(line.removeprefix("worktree "))
        is_ours = tree.name.startswith(_PREFIX) and tree.parent.name == tree.name
        if line.startswith("worktree ") and is_ours and remove_abandoned_folder(tree.parent):
            _remove(top, tree)


def _remove(top: Path, tree: Path) -> None:
    """Remove a worktree, with git's notes on it; other worktrees that are missing are left to git's own `prune`."""
    # Twice, since git locks one while it is made.
    if _run(top, "worktree", "remove", "--force", "--force", str(tree))[1]:
        # A file in it that may not be removed must not keep git's notes.
        with suppress(OSError):
            shutil.rmtree(tree)
        _run(top, "worktree", "remove", "--force", "--force", str(tree))


def _run(top: Path, *arguments: str) -> tuple[bytes | None, str]:
    """Run git, without the hooks of the repository."""
    return run_git(top, *_QUIET, *arguments, timeout=_TIMEOUT, variables=_VARIABLES)
