"""Fingerprint the files that a run depends on: what git tracks, and untracked Python files.

Git's index knows the content of every file that has not changed, so only changed files are read. Contents are named by
git's own ids, after its conversion of line ends and other filters: the same content has the same id on every machine.
Specs and other Markdown documents, the folder of the records, and the feature files of the project do not count here;
a feature file has a digest of its own in the records (`digests.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from spec2bdd.adapters.system.file_stamps import SECOND, find_touched, stamp_link
from spec2bdd.adapters.system.file_tree import FileTree, TreeScope, compute_tree_digest, digest_folders, find_first
from spec2bdd.adapters.system.git_content import (
    UNKNOWN,
    hash_files,
    read_commit_files,
    read_special,
    read_without_git,
)
from spec2bdd.adapters.system.git_index import (
    GitIndex,
    GitQuery,
    IndexedFile,
    ask_git,
    ask_status,
    read_index,
)
from spec2bdd.adapters.system.untracked import (
    drop_installed,
    find_other_files,
    find_python_files,
    find_sources,
    read_untracked,
)
from spec2bdd.errors import RepositoryError
from spec2bdd.model.files import Fingerprint
from spec2bdd.model.values import dataclass

# Nanoseconds by which the clock that stamps files may lag ours.
_CLOCK_TICK = 20_000_000
# The digits of a content id without git.
_PLAIN = 64


@dataclass(frozen=True, slots=True)
class TreeQuery:
    """Questions to git that were started; there are none where there is no repository."""

    root: Path
    git: GitQuery | None
    started: int


def ask_tree(root: Path) -> TreeQuery:
    """Start to ask git about the files of a project, so that it works while something else is done."""
    return TreeQuery(root, ask_git(root), time.time_ns() - _CLOCK_TICK)


def read_tree(query: TreeQuery, *, features: str = "", sources: Iterable[str] = (), settled: bool = False) -> FileTree:
    """Read the answer to `ask_tree`; where there is no repository, read the Python files and `sources` of the project.

    With `settled`, a file that changed after the question has no known content: what was loaded meanwhile may be the
    old or the new one.

    Raises:
        RepositoryError: there is a repository, and git cannot read it.
    """
    since = query.started if settled else 0
    index = read_index(query.git) if query.git else None
    prefix = index.prefix if index else ""
    is_ignored = index and prefix and not any(path.startswith(prefix) for path in (*index.files, *index.untracked))
    own = {*find_python_files(query.root), *find_sources(query.root, sources)} if is_ignored or not index else set()
    if index is None:
        scope = TreeScope(features=features)
        entries = read_without_git(query.root, filter(scope.is_counted, own), since)
        others = (path for path in find_other_files(query.root) if path not in entries and scope.is_counted(path))
        untracked = read_untracked(query.root, others, commit=None, since=since) if since else None
        return FileTree(scope, entries, untracked=untracked)
    return _read_from_index(index, TreeScope(prefix, features), since, own=[prefix + path for path in own])


def find_change(root: Path, before: FileTree, *, features: str = "", sources: Iterable[str] = ()) -> str:
    """Find the first path of a project that has changed since its tree was read, or nothing."""
    if before.evidence:
        status, stamps = before.evidence
        # Git's answer names the commit and all that differs from it; only the content of what differs is not in it.
        if status == ask_status(root) and all(stamp == stamp_link(path) for path, stamp in stamps.items()):
            return ""
    return before.find_difference(read_tree(ask_tree(root), features=features, sources=sources))


def find_difference(
    root: Path, recorded: Fingerprint, tree: FileTree, *, untracked: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Find the first path from the project that differs between a recorded tree and this one; nothing if they agree.

    Where git does not have the recorded commit, the path may be that of a folder, with a final `/`. A file that git did
    not track then, with its content in `untracked`, is no difference as long as it has this content.
    """
    tree = tree.leave_out(untracked)
    if recorded.digest == tree.fingerprint.digest:
        return ""
    scope = tree.scope
    if recorded.root != scope.root:
        return f"{recorded.root or './'}"
    pairs = _compare_without_git(root, recorded, tree, untracked)
    if pairs is not None:
        return next(iter(pairs), "")
    entries = _restore_entries(root, recorded, scope)
    if entries is not None:
        return scope.show_path(find_first(entries, tree.entries))
    certain = min((path for path, value in recorded.changed.items() if tree.entries.get(path, "") != value), default="")
    return scope.show_path(certain or find_first(recorded.folders, tree.fingerprint.folders))


def find_differences(
    root: Path, recorded: Fingerprint, tree: FileTree, *, untracked: Mapping[str, str] = MappingProxyType({})
) -> dict[str, tuple[str, str]] | None:
    """Find all paths from the project that differ between a recorded tree and this one, with the ids of both contents.

    An id is empty where there is no such file. Nothing where git does not have the recorded commit.
    """
    tree = tree.leave_out(untracked)
    if recorded.digest == tree.fingerprint.digest:
        return {}
    pairs = _compare_without_git(root, recorded, tree, untracked)
    if pairs is not None:
        return pairs
    entries = _restore_entries(root, recorded, tree.scope) if recorded.root == tree.scope.root else None
    if entries is None:
        return None
    pairs = {path: (entries.get(path, ""), tree.entries.get(path, "")) for path in entries.keys() | tree.entries.keys()}
    different = {path: ids for path, ids in pairs.items() if ids[0] != ids[1] or UNKNOWN in ids}
    return {tree.scope.show_path(path): ids for path, ids in different.items()}


def _compare_without_git(
    root: Path, recorded: Fingerprint, tree: FileTree, untracked: Mapping[str, str]
) -> dict[str, tuple[str, str]] | None:
    """Compare with a tree that was recorded before its folder became a repository; nothing for any other one.

    The result has the paths that differ, in their order, each with the ids of both contents.
    """
    lengths = [{len(id_) for id_ in entries.values()} for entries in (recorded.changed, tree.entries)]
    if recorded.commit or recorded.root or _PLAIN not in lengths[0] or _PLAIN in lengths[1]:
        return None
    then = {**untracked, **recorded.changed}
    today = read_without_git(root, tree.entries)
    pairs = {path: (then.get(path, ""), today.get(path, "")) for path in sorted({*recorded.changed, *today})}
    return {tree.scope.show_path(path): ids for path, ids in pairs.items() if ids[0] != ids[1]}


def _restore_entries(root: Path, recorded: Fingerprint, scope: TreeScope) -> Mapping[str, str] | None:
    """Restore all content ids of a recorded tree, where git has its commit; they must give the recorded digest."""
    entries: dict[str, str] = {}
    if recorded.commit:
        files = read_commit_files(root, recorded.commit)
        if files is None:
            return None
        entries = {path: value for path, value in files.items() if scope.is_counted(path)}
    entries |= recorded.changed
    entries = {path: value for path, value in entries.items() if value}
    digest = compute_tree_digest(recorded.root, digest_folders(entries))
    return entries if digest == recorded.digest else None


def _read_entries(index: GitIndex, files: Mapping[str, IndexedFile], since: int) -> dict[str, str]:
    """Find the content id of each file in the working tree: from the index, or by reading it."""
    top, entries = index.top, dict[str, str]()
    edited: list[str] = []
    for path, file in files.items():
        if file.is_submodule:
            # The id of its files, or of its commit where it is not checked out.
            try:
                entries[path] = _read_submodule(top / path) or file.id
            except RepositoryError as error:
                error.path = f"{'../' * index.prefix.count('/')}{path}/{error.path}"
                raise
        elif not file.is_edited and not file.is_hidden:
            entries[path] = file.id
        else:
            value = read_special(top / path, since, like=index.commit)
            if value:
                entries[path] = value
            elif value is None:
                edited.append(path)
            elif file.is_sparse:
                # Left out of a sparse checkout: the index says what it would be.
                entries[path] = file.id
    return entries | hash_files(top, edited)


def _read_submodule(folder: Path) -> str:
    """Find the id of the files of a submodule; empty where it has none. They may be there without a repository."""
    if (folder / ".git").exists():
        return f"tree {read_tree(ask_tree(folder)).fingerprint.digest}"
    paths = (*find_python_files(folder), *find_other_files(folder))
    entries = read_without_git(folder, filter(TreeScope().is_counted, paths))
    return f"tree {compute_tree_digest('', digest_folders(entries))}" if entries else ""


def _read_from_index(index: GitIndex, scope: TreeScope, since: int, *, own: Sequence[str]) -> FileTree:
    """Find the content ids of all files that count in a repository; `own` are those of a project that it ignores."""
    files = {path: file for path, file in index.files.items() if scope.is_counted(path)}
    modules = [path for path in index.untracked if path.endswith(".py") and scope.is_counted(path)]
    # Of another repository that was cloned into the working tree, git names the folder only.
    cloned = [path for path in index.untracked if path.endswith("/") and not f"/{path}".count("/.")]
    cloned = [folder + name for folder in cloned for name in find_python_files(index.top / folder)]
    own = [path for path in (*own, *drop_installed(index.top, cloned)) if scope.is_counted(path)]
    files |= dict.fromkeys([*drop_installed(index.top, modules), *own], IndexedFile(is_edited=True))
    # Before the files are read: what changes in between has another stamp later. A change within the second in which
    # git last compared a file may not show in its answer.
    git = index.top / ".git"
    second = str(since // SECOND)
    stamped = [
        str(index.top / path) for path, file in files.items() if file.is_edited or (since and file.ctime >= second)
    ]
    stamps = {path: stamp_link(path) for path in [str(git / "index"), *stamped]}
    compared = ((path, file.ctime, file.mtime) for path, file in files.items() if file.ctime and not file.is_edited)
    files |= {path: replace(files[path], is_hidden=True) for path in find_touched(str(index.top), compared)}
    entries = _read_entries(index, files, since)
    special = {path: file for path, file in files.items() if file.is_special}
    changed = None
    if index.commit:
        # What the commit holds need not be recorded; submodules are recorded by their own files.
        known = {path: "" if file.is_submodule else file.id for path, file in special.items()}
        known |= {**dict.fromkeys((*index.untracked, *own), ""), **index.changed}
        changed = {path: entries.get(path, "") for path in sorted(known) if scope.is_counted(path)}
        changed = {path: value for path, value in changed.items() if value != known[path]}
    # A flag in the index can hide a change from git, and so does a pattern that ignores the project. Only the index
    # of a main working tree has a known place.
    is_enough = index.commit and git.is_dir() and not special and not own and UNKNOWN not in entries.values()
    evidence = (index.status, stamps) if is_enough else None
    others = (path for path in index.untracked if path not in files and scope.is_counted(path))
    # Only a run needs them.
    untracked = read_untracked(index.top, others, commit=index.commit, since=since) if since else None
    return FileTree(
        scope, entries, index.commit, changed, is_dirty=index.is_dirty, evidence=evidence, untracked=untracked
    )
