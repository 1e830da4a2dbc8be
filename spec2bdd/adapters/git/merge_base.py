"""Find the commit at which the current branch left its base, and read files of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NoReturn

from spec2bdd.adapters.system.git_content import READ_ONLY, read_commit_files
from spec2bdd.adapters.system.git_process import MAKE_READABLE, find_top, run_git
from spec2bdd.errors import MergeBaseError, UnknownBaseError
from spec2bdd.model.values import dataclass
from spec2bdd.text.suggest import suggest_several

_TIMEOUT = 60.0
# What the base of a project is usually called.
_USUAL = ("main", "master")
# The remotes that a base may be of, besides the local branch: the newest of them counts.
_REMOTES = ("origin", "upstream")
_BASE = 'set `base = "..."` in the configuration'
_SHALLOW = "this clone is shallow: run `git fetch --unshallow`, or set `fetch-depth: 0` for actions/checkout in CI"
_OFF = 'set `require-red = "off"`'
_OWNERSHIP = "if you trust the folder, run what git suggests: `git config --global --add safe.directory FOLDER`"


@dataclass(frozen=True, slots=True)
class MergeBase:
    """Where a branch left its base: the commit, and the name of the base.

    `is_base` is set where no branch is checked out but the base itself, or a commit of it. `top` is the folder of the
    repository, and `prefix` leads from there to the project: it is empty or ends with `/`.
    """

    name: str
    commit: str
    is_base: bool
    top: Path
    prefix: str


def find_merge_base(root: Path, name: str = "") -> MergeBase:
    """Find where the current branch left the base with this name, by default `main` or `master`.

    Of the branch with this name and those of the remotes, the one that is nearest counts: a local one is often older
    than that of the remote. On the base itself, only the remotes count, if they have it.

    Raises:
        MergeBaseError: there is no git, no repository, no such base, or no common commit.
    """
    place = _ask(root, "rev-parse", "--show-toplevel", "--show-prefix")
    if place is None:
        _refuse(root)
    top, _, prefix = place.partition("\n")
    head = _ask(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head is None:
        raise MergeBaseError("the repository has no commit", hint="commit first", setting=_OFF)
    shown, revisions = _find_revisions(root, name)
    if not revisions:
        _refuse_name(root, name)
    commit = _ask(root, "merge-base", "HEAD", *revisions)
    if commit is None:
        hint = _find_shallow_hint(root)
        setting = "" if hint else 'set `base = "..."` in the configuration to the branch that this one left'
        raise MergeBaseError(f"this branch has no commit in common with `{shown}`", hint=hint, setting=setting)
    branch = (_ask(root, "symbolic-ref", "--quiet", "HEAD") or "").removeprefix("refs/heads/")
    is_base = commit == head and (not branch or shown in (branch, *(f"{remote}/{branch}" for remote in _REMOTES)))
    return MergeBase(shown, commit, is_base, Path(top), prefix)


def find_commit_before(base: MergeBase) -> str:
    """Find the commit before a merge base: of a merge, that of the branch into which it was merged.

    Raises:
        MergeBaseError: there is none.
    """
    parent = _ask(base.top, "rev-parse", "--verify", "--quiet", f"{base.commit}^1^{{commit}}")
    if parent is None:
        hint = _find_shallow_hint(base.top) or "tick it on a branch, or before the change of the product is committed"
        raise MergeBaseError(f"there is no commit before `{base.name}`", hint=hint)
    return parent


def list_base_files(base: MergeBase) -> Mapping[str, str]:
    """List the files of a merge base by their paths from the project, with the ids of their contents.

    Raises:
        MergeBaseError: git does not have the commit.
    """
    files = read_commit_files(base.top, base.commit)
    if files is None:
        raise MergeBaseError(f"git cannot list the files of `{base.name}`", hint=_find_shallow_hint(base.top))
    cut = len(base.prefix)
    return {path[cut:]: blob for path, blob in files.items() if path.startswith(base.prefix)}


def read_blobs(root: Path, blobs: Collection[str]) -> dict[str, bytes]:
    """Read contents by their ids in git; what git does not have is left out."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    output = run_git(root, *READ_ONLY, "cat-file", "--batch", timeout=_TIMEOUT, content=asked)[0] if blobs else b""
    contents: dict[str, bytes] = {}
    rest = output or b""
    while rest:
        # `ID TYPE SIZE`, the content, and a line end; of one that is missing only `ID missing`.
        head, _, rest = rest.partition(b"\n")
        blob, *facts = head.decode("ascii", "replace").split(" ")
        if len(facts) == 2:
            size = int(facts[1])
            contents[blob], rest = rest[:size], rest[size + 1 :]
    return contents


def _find_revisions(root: Path, name: str) -> tuple[str, list[str]]:
    """Find how the base is called, and the revisions that it can be: branches with that name, or anything else."""
    current = _ask(root, "symbolic-ref", "--quiet", "HEAD")
    for base in [name] if name else _USUAL:
        places = [f"refs/heads/{base}", *(f"refs/remotes/{remote}/{base}" for remote in _REMOTES)]
        found = (_ask(root, "for-each-ref", "--format=%(refname)", *places) or "").split()
        # A pattern also matches what is below it, as in `main/next`.
        revisions = [place for place in places if place in found]
        if revisions:
            return base, [revision for revision in revisions if revision != current] or revisions
    if name and _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") is not None:
        return name, [f"{name}^{{commit}}"]
    return name or _USUAL[0], []


def _refuse(root: Path) -> NoReturn:
    """Raise the error of a folder that git cannot be asked about."""
    if shutil.which("git") is None:
        raise MergeBaseError("git is not installed", hint="install git", setting=_OFF)
    _, reason = run_git(root, *READ_ONLY, "rev-parse", "--show-toplevel", timeout=_TIMEOUT)
    has_repository = find_top(root) is not None
    if not has_repository and (not reason or reason.startswith("not a git repository")):
        raise MergeBaseError("no git repository", hint="run it in a git repository", setting=_OFF)
    # The file `.git` of a worktree or a submodule may lead to where no repository is. In a container, the folder often
    # belongs to another user.
    hint = MAKE_READABLE if has_repository else "run it in a git repository"
    hint = _OWNERSHIP if "dubious ownership" in reason else hint
    raise MergeBaseError(f"git cannot read the repository: {reason}", hint=hint, setting=_OFF)


def _refuse_name(root: Path, name: str) -> NoReturn:
    """Raise the error of a base that does not exist; without a name, of the usual ones."""
    hint = _find_shallow_hint(root)
    if not name:
        names = " or ".join(f"`{base}`" for base in _USUAL)
        hint = hint or f"fetch it with `git fetch origin {_USUAL[0]}`"
        raise MergeBaseError(f"there is no branch {names}", hint=hint, setting=_BASE)
    # Git refuses these in the name of a branch: it is an expression such as `HEAD~2`.
    remote = next((remote for remote in _REMOTES if name.startswith(f"{remote}/")), "")
    asked = f"git fetch {remote or _REMOTES[0]} {name.removeprefix(f'{remote}/')}"
    fetch = "" if set(name) & set("~^:@ ") else f", or fetch it with `{asked}`"
    listed = _ask(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
    near = " or ".join(f"`{known}`" for known in suggest_several(name, (listed or "").split(), limit=2))
    hint = hint or (f"did you mean {near}?" if near else f"check the name{fetch}")
    raise UnknownBaseError(f"there is no branch, tag or commit `{name}`", hint=hint, setting=_BASE)


def _find_shallow_hint(root: Path) -> str:
    """Find the hint for a clone that has only the newest commits; empty for any other."""
    return _SHALLOW if _ask(root, "rev-parse", "--is-shallow-repository") == "true" else ""


def _ask(root: Path, *question: str) -> str | None:
    """Ask git for lines of text; nothing where it fails."""
    output, _ = run_git(root, *READ_ONLY, *question, timeout=_TIMEOUT)
    return None if output is None else os.fsdecode(output).strip("\n")
