"""Ask git about a project's folder: tracked files, files of earlier commits, and changes since a revision."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.system.git_index import check_readable
from spec2bdd.adapters.system.git_process import find_reason, read_git, start_git
from spec2bdd.errors import UsageError

# Git would otherwise refresh its index and start or ask a file system monitor; a question must not write anything.
_READ_ONLY = ("--no-optional-locks", "-c", "core.fsmonitor=false")
_TIMEOUT = 20.0
_OWNERSHIP_HINT = "if you trust the folder, run what git suggests: `git config --global --add safe.directory FOLDER`"
_REVISION_HINT = "use a commit, branch or tag, such as `--since main`"


def find_tracked(root: Path) -> tuple[str, ...] | None:
    """Find the paths of the files that git tracks under a folder; nothing where there is no repository."""
    output = _ask(root, "ls-files", "-z")
    return None if output is None else _split_names(output)


def is_tracked(root: Path, path: str) -> bool:
    """Whether git tracks a file of the project: what was committed may come from any machine."""
    return bool(_ask(root, "ls-files", "-z", "--", f":(literal){path}"))


def find_user_name(root: Path) -> str:
    """Find the name that git writes into commits; empty where none is configured."""
    return (_ask(root, "config", "user.name") or "").strip()


def find_branch(root: Path) -> str:
    """Find the branch that is checked out, also one without commits; empty where there is none."""
    return (_ask(root, "symbolic-ref", "--quiet", "--short", "HEAD") or "").strip()


def find_former(root: Path, folder: str) -> frozenset[str]:
    """Find the paths from `root` of all files under a folder that are in the index or in an earlier commit.

    Nothing is found outside of a repository, and in a shallow clone only what its commits hold.

    Raises:
        RepositoryError: there is a repository, and git cannot read it.
    """
    check_readable(root)
    indexed = _ask(root, "ls-files", "-z", "--", folder)
    committed = _ask(root, "log", "--relative", "--format=", "--name-only", "-z", "--no-renames", "--", folder)
    return frozenset(_split_names(f"{indexed or ''}\0{committed or ''}"))


def find_fork(root: Path, revision: str) -> str | None:
    """Find the commit at which the current branch left a revision."""
    output = _ask(root, "merge-base", "--end-of-options", revision, "HEAD")
    return None if output is None else output.strip()


def is_same(root: Path, commit: str, *paths: str) -> bool:
    """Whether files are what they were in a commit: none was changed, added or removed.

    Paths may be git's pathspecs. Where git does not know the commit, nothing is the same.
    """
    # `--quiet` makes the exit code 1 where something differs.
    changed = _ask(root, "diff", "--quiet", "--end-of-options", commit, "--", *paths)
    untracked = _ask(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    return changed is not None and untracked == ""


def read_changed_files(root: Path, revision: str) -> tuple[str, ...]:
    """List the paths from `root` of all files that were changed, added or removed since a revision, committed or not.

    Raises:
        UsageError: there is no git, no repository, or no such revision.
    """
    if shutil.which("git") is None:
        hint = "install git, or run without `--since`"
        raise UsageError("`--since` requires git, which is not installed", hint=hint)
    prefix, reason = _ask_with_reason(root, "rev-parse", "--show-prefix")
    if prefix is None:
        # In a container, the folder often belongs to another user; git names the folder to trust.
        is_foreign = "dubious ownership" in reason
        raise UsageError(
            f"`--since` requires a git repository: {reason}",
            hint=_OWNERSHIP_HINT if is_foreign else "run without `--since`",
        )
    commit = _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        # CI services clone only the newest commits, unless they are asked for more.
        is_shallow = (_ask(root, "rev-parse", "--is-shallow-repository") or "").strip() == "true"
        hint = "this clone is shallow: run `git fetch --unshallow` first" if is_shallow else _REVISION_HINT
        if _ask(root, "rev-parse", "--verify", "--quiet", "HEAD") is None:
            raise UsageError("`--since` requires a commit, and the repository has none", hint="run without `--since`")
        raise UsageError(f"unknown git revision `{revision}`", hint=hint)
    # A large working tree takes git longer than any fixed time; the user waits for this answer.
    changed = _ask(
        root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit.strip(), "--", timeout=None
    )
    untracked = _ask(root, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", timeout=None)
    if changed is None or untracked is None:
        raise UsageError(f"git cannot compare with `{revision}`", hint=_REVISION_HINT)
    # Both commands name files from the top of the repository, which may be above `root`.
    folder = prefix.rstrip("\n") or "."
    names = {*_split_names(changed), *_split_names(untracked)}
    return tuple(sorted(PurePosixPath(os.path.relpath(name, folder)).as_posix() for name in names))


def _ask(root: Path, *question: str, timeout: float | None = _TIMEOUT) -> str | None:
    """Run git and return its output; nothing where it fails, takes too long or is not there."""
    return _ask_with_reason(root, *question, timeout=timeout)[0]


def _ask_with_reason(root: Path, *question: str, timeout: float | None = _TIMEOUT) -> tuple[str | None, str]:
    """Run git and return its output, or why there is none: the first line of what git wrote to stderr."""
    process = start_git(root, (*_READ_ONLY, *question), errors=subprocess.PIPE)
    if process is None:
        return None, "git is not installed"
    try:
        output, errors = read_git(process, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, f"git took more than {timeout:g} s"
    if process.returncode == 0:
        return os.fsdecode(output), ""
    return None, find_reason(process, errors)


def _split_names(output: str) -> tuple[str, ...]:
    """Split the output of `-z`; with it, git neither quotes nor escapes names."""
    return tuple(name for name in output.split("\0") if name)
