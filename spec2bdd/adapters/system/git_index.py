"""Ask git's index which files a repository tracks and which content they have, without reading unchanged files."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from spec2bdd.adapters.system.git_content import (
    READ_ONLY,
    SUBMODULE,
    TIMEOUT,
    UNKNOWN,
    build_content_id,
    read_commit_files,
)
from spec2bdd.adapters.system.git_process import (
    MAKE_READABLE,
    end_git,
    find_reason,
    find_top,
    read_git,
    run_git,
    start_git,
)
from spec2bdd.errors import RepositoryError
from spec2bdd.model.values import dataclass
from spec2bdd.text.clean import clean_text

_STATUS = (
    "status",
    "--porcelain=v2",
    "-z",
    "--branch",
    "--untracked-files=all",
    "--no-renames",
    "--ignore-submodules=all",
)
_GIT = ".git"
# What git prints of every repository, also before the first commit.
_COMMIT = "# branch.oid "
_LISTING = ("ls-files", "--stage", "--debug", "-v", "-z", "--full-name", ":/")
# A file of the listing, with the lines of `--debug`. Git does not promise their format; they may be missing.
_LISTED = re.compile(
    r"""
    (\S) [ ] (\d+) [ ] ([0-9a-f]+) [ ] \d \t ([^\0]+) \0   # tag, mode, blob, path
    (?: [ ]+ ctime: [ ] (\d+:\d+) \n [ ]+ mtime: [ ] (\d+:\d+) \n )?
    (?: [ ] [^\n]* \n )*
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class GitQuery:
    """The questions that git is working on, about the repository whose working tree begins at `top`.

    They are missing where git is not installed.
    """

    top: Path
    prefix: str
    status: subprocess.Popen[bytes] | None
    listing: subprocess.Popen[bytes] | None


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file in the index: the id of its content there, and what the working tree may have instead."""

    id: str = ""
    # The working tree differs from the index.
    is_edited: bool = False
    # Git does not compare the file with the working tree, because of a flag in the index or the times of the file.
    is_hidden: bool = False
    # The flag is that of a sparse checkout.
    is_sparse: bool = False
    is_submodule: bool = False
    # The attributes of the repository name a filter, so that different contents may have one id.
    is_filtered: bool = False
    # The times of the file when git last compared it, of content or metadata and of content: seconds, `:`, nanoseconds.
    ctime: str = ""
    mtime: str = ""

    @property
    def is_special(self) -> bool:
        """Whether git's answer about changes leaves this file out."""
        return self.is_hidden or self.is_submodule


@dataclass(frozen=True, slots=True)
class GitIndex:
    """What git knows of the files of a repository; paths are those from its `top`, `prefix` is the asked folder's."""

    top: Path
    prefix: str
    # The commit that is checked out, or nothing before the first one.
    commit: str
    files: Mapping[str, IndexedFile]
    # The files that differ from the commit, staged or not, with the id that they have in it.
    changed: Mapping[str, str] = field(default_factory=dict)
    untracked: tuple[str, ...] = ()
    # The output of `git status` that this was read from.
    status: str = ""


def ask_git(root: Path) -> GitQuery | None:
    """Start to ask git about all files of the repository of a folder; nothing where there is no repository."""
    place = find_top(root)
    return GitQuery(*place, _start_git(root, _STATUS), _start_git(root, _LISTING)) if place else None


def check_readable(root: Path) -> None:
    """Check that git can read the repository of a folder, if there is one.

    Raises:
        RepositoryError: it cannot.
    """
    query = ask_git(root)
    if query:
        read_index(query)


def ask_status(root: Path) -> str:
    """Ask git for the commit and the changed files, as `GitIndex.status` holds them; nothing where it has no answer."""
    with suppress(RepositoryError):
        return _read_output(_start_git(root, _STATUS))
    return ""


def read_index(query: GitQuery) -> GitIndex:
    """Read git's answers.

    Raises:
        RepositoryError: git is not installed, does not read this repository, or does not answer in time.
    """
    try:
        status, listing = _read_output(query.status), _read_output(query.listing)
        commit, changed, edited, untracked = _parse_status(status)
        listed = [*_parse_listing(listing, edited)]
        # What git prints even of an empty repository, and all paths that it lists have to be there: each ends with a
        # NUL. Without any, those of the commit are gone from the index, which makes each of them a change.
        if _COMMIT not in status:
            raise _build_error("`git status` did not print its answer")
        if listing.count("\0") != len(listed):
            raise _build_error("`git ls-files` printed what is no list of files")
        if commit and not listed and len(changed) < len(read_commit_files(query.top, commit) or ()):
            raise _build_error("`git ls-files` did not print its answer")
    except RepositoryError as error:
        for process in filter(None, (query.status, query.listing)):
            end_git(process)
        error.path = "../" * query.prefix.count("/") + _GIT
        raise
    return GitIndex(query.top, query.prefix, commit, dict(listed), changed, untracked, status)


def has_sparse_checkout(root: Path) -> bool:
    """Whether git leaves files of a repository out of its working tree by patterns, and not by a flag alone."""
    question = (*READ_ONLY, "config", "--type=bool", "core.sparseCheckout")
    return (run_git(root, *question, timeout=TIMEOUT)[0] or b"").strip() == b"true"


def _start_git(root: Path, question: Sequence[str]) -> subprocess.Popen[bytes] | None:
    """Start git with a question; nothing where there is no git."""
    return start_git(root, (*READ_ONLY, *question), errors=subprocess.PIPE)


def _read_output(process: subprocess.Popen[bytes] | None) -> str:
    """Read what git prints.

    Raises:
        RepositoryError: it is not installed, fails, or takes too long.
    """
    if process is None:
        raise RepositoryError("the project is in a git repository, but git is not installed", hint="install git")
    try:
        output, errors = read_git(process, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        reason, errors = f"it took more than {TIMEOUT:g} s", b""
    else:
        if process.returncode == 0:
            return os.fsdecode(output)
        reason = find_reason(process, errors)
    # In a container, the folder often belongs to another user; git prints the command that trusts it, in any language.
    lines = [line.strip() for line in clean_text(os.fsdecode(errors)).splitlines()]
    advice = next((line for line in lines if line.startswith("git config ") and "safe.directory" in line), "")
    raise _build_error(reason, f"if you trust the folder, run `{advice}`" if advice else "")


def _build_error(reason: str, hint: str = "") -> RepositoryError:
    """Build the error for a repository that git cannot read."""
    return RepositoryError(f"git cannot read the repository: {reason}", hint=hint or MAKE_READABLE)


def _parse_status(text: str) -> tuple[str, dict[str, str], set[str], tuple[str, ...]]:
    """Parse `git status --porcelain=v2 -z`.

    The result is the commit, the changed files with their ids in the commit, those that the working tree has changed,
    and the untracked ones.
    """
    commit, changed, edited, untracked = "", {}, set(), []
    for line in text.split("\0"):
        kind = line[:2]
        if kind == "# ":
            name, _, value = line[2:].partition(" ")
            # Before the first commit, git says `(initial)`.
            commit = value if name == "branch.oid" and value[:1] != "(" else commit
        elif kind == "? ":
            untracked.append(line[2:])
        elif kind == "1 ":
            _, states, _, mode, _, _, blob, _, path = line.split(" ", 8)
            # The working tree may also differ where a file was only announced with `git add --intent-to-add`.
            if states[1] != ".":
                edited.add(path)
            changed[path] = build_content_id(mode, blob) if blob.strip("0") else ""
        elif kind == "u ":
            path = line.split(" ", 10)[10]
            edited.add(path)
            changed[path] = UNKNOWN
    return commit, changed, edited, tuple(untracked)


def _parse_listing(text: str, edited: set[str]) -> Iterator[tuple[str, IndexedFile]]:
    """Parse `git ls-files --stage --debug -v -z`; a file in conflict comes several times."""
    for listed in _LISTED.finditer(text):
        tag, mode, blob, path, ctime, mtime = listed.groups("")
        yield (
            path,
            IndexedFile(
                build_content_id(mode, blob),
                is_edited=path in edited,
                # A small letter is a file with `--assume-unchanged`, S one with `--skip-worktree`.
                is_hidden=tag != "H",
                is_sparse=tag in "Ss",
                is_submodule=mode == SUBMODULE,
                ctime=ctime,
                mtime=mtime,
            ),
        )
