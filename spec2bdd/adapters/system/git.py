"""Ask git about a project's folder: tracked files, files of earlier commits, and changes since a revision."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.system.git_index import check_readable
from spec2bdd.adapters.system.git_process import run_git
from spec2bdd.errors import MergeBaseError
from spec2bdd.model.values import dataclass

# Git would otherwise refresh its index and start or ask a file system monitor; a question must not write anything.
_READ_ONLY = ("--no-optional-locks", "-c", "core.fsmonitor=false")
_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class ChangedPath:
    """A file that differs from a revision: `new`, `removed`, `changed`, or `special` for links and submodules.

    `blob` is the id of its content in the revision, where it had one.
    """

    path: str
    kind: str
    blob: str = ""


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
    committed = _ask(root, "log", "--relative", "--format=", "--name-only", "-z", "--no-renames", "--", folder)
    return find_indexed(root, folder) | frozenset(_split_names(committed or ""))


def find_indexed(root: Path, folder: str) -> frozenset[str]:
    """Find the paths from `root` of all files under a folder that are in the index, from which git can restore them."""
    return frozenset(_split_names(_ask(root, "ls-files", "-z", "--", folder) or ""))


def is_same(root: Path, commit: str, *paths: str) -> bool:
    """Whether files are what they were in a commit: none was changed, added or removed.

    Paths may be git's pathspecs. Where git does not know the commit, nothing is the same.
    """
    # `--quiet` makes the exit code 1 where something differs.
    changed = _ask(root, "diff", "--quiet", "--end-of-options", commit, "--", *paths)
    untracked = _ask(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    return changed is not None and untracked == ""


def read_changes(root: Path, revision: str) -> tuple[ChangedPath, ...]:
    """List all files that were changed, added or removed since a revision, committed or not, by paths from `root`.

    Raises:
        MergeBaseError: git cannot compare with the revision.
    """
    prefix = _ask(root, "rev-parse", "--show-prefix")
    # A large working tree takes git longer than any fixed time; the user waits for this answer.
    changed = _ask(
        root, "diff", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "-z", revision, "--", timeout=None
    )
    untracked = _ask(root, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", timeout=None)
    if prefix is None or changed is None or untracked is None:
        raise MergeBaseError(f"git cannot compare with `{revision}`")
    # Both commands name files from the top of the repository, which may be above `root`.
    folder = prefix.rstrip("\n") or "."
    found = dict.fromkeys(_split_names(untracked), ("new", ""))
    # Of each file the modes and ids of both contents, and its path.
    parts = iter(_split_names(changed))
    for facts, name in zip(parts, parts, strict=True):
        modes, blob = facts.removeprefix(":").split(" ")[:2], facts.split(" ")[2]
        known = {"000000": "new" if modes[0] == "000000" else "removed"}
        plain = all(mode.startswith("100") for mode in modes)
        found[name] = (next((known[mode] for mode in modes if mode in known), "changed" if plain else "special"), blob)
    shown = {PurePosixPath(os.path.relpath(name, folder)).as_posix(): facts for name, facts in found.items()}
    return tuple(ChangedPath(path, *facts) for path, facts in sorted(shown.items()))


def find_untracked(root: Path) -> tuple[str, ...]:
    """Find the files below a folder that git neither tracks nor ignores; none where there is no repository."""
    return _split_names(_ask(root, "ls-files", "-z", "--others", "--exclude-standard", timeout=None) or "")


def read_blob(root: Path, blob: str) -> bytes | None:
    """Read the content of a file in a commit by its id; nothing where git does not have it."""
    variables = {"GIT_NO_LAZY_FETCH": "1"}
    return run_git(root, *_READ_ONLY, "cat-file", "blob", blob, timeout=_TIMEOUT, variables=variables)[0]


def _ask(root: Path, *question: str, timeout: float | None = _TIMEOUT) -> str | None:
    """Run git and return its output; nothing where it fails, takes too long or is not there."""
    output, _ = run_git(root, *_READ_ONLY, *question, timeout=timeout)
    return None if output is None else os.fsdecode(output)


def _split_names(output: str) -> tuple[str, ...]:
    """Split the output of `-z`; with it, git neither quotes nor escapes names."""
    return tuple(name for name in output.split("\0") if name)
