"""Find what differs between the files that a run depended on, and those of today."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from spec2bdd.adapters.system.file_stamps import stamp_link
from spec2bdd.adapters.system.file_tree import FileTree, TreeScope, compute_tree_digest, digest_folders, find_first
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.git_content import (
    READ_ONLY,
    UNKNOWN,
    hash_files,
    read_commit_files,
    read_special,
    read_without_git,
)
from spec2bdd.adapters.system.git_index import ask_status
from spec2bdd.adapters.system.git_process import find_top, run_git
from spec2bdd.model.files import Fingerprint

# The digits of a content id without git.
_PLAIN = 64
_TIMEOUT = 60.0


def find_change(root: Path, before: FileTree, *, features: str = "", sources: Iterable[str] = ()) -> str:
    """Find the first path of a project that has changed since its tree was read, or nothing."""
    if before.evidence:
        status, stamps = before.evidence
        # Git's answer names the commit and all that differs from it; only the content of what differs is not in it.
        if status == ask_status(root) and all(stamp == stamp_link(path) for path, stamp in stamps.items()):
            return ""
    today = read_tree(ask_tree(root), features=features, sources=sources, loaded=before.loaded)
    return before.find_difference(_add_ignored(root, before.fingerprint, today))


def find_difference(
    root: Path, recorded: Fingerprint, tree: FileTree, *, untracked: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Find the first path from the project that differs between a recorded tree and this one; nothing if they agree.

    Where git does not have the recorded commit, the path may be that of a folder, with a final `/`. A file that git did
    not track then, with its content in `untracked`, is no difference as long as it has this content. So is a Python
    file that counted then and that git ignores today.
    """
    tree = _add_ignored(root, recorded, tree).leave_out(untracked)
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


def was_there(root: Path, recorded: Fingerprint, path: str, *, untracked: Mapping[str, str]) -> bool:
    """Whether a path from the project was among the files of a recorded tree; also where that is not known."""
    name = posixpath.normpath(f"{recorded.root}{path}")
    # A folder may be new, or a file in it.
    if not path or path.endswith("/") or name in untracked:
        return True
    if name in recorded.changed or not recorded.commit:
        return bool(recorded.changed.get(name))
    listed, _ = run_git(root, *READ_ONLY, "ls-tree", "--full-tree", recorded.commit, "--", name, timeout=_TIMEOUT)
    return listed is None or bool(listed)


def find_differences(
    root: Path, recorded: Fingerprint, tree: FileTree, *, untracked: Mapping[str, str] = MappingProxyType({})
) -> dict[str, tuple[str, str]] | None:
    """Find all paths from the project that differ between a recorded tree and this one, with the ids of both contents.

    An id is empty where there is no such file. Nothing where git does not have the recorded commit.
    """
    tree = _add_ignored(root, recorded, tree).leave_out(untracked)
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


def _add_ignored(root: Path, recorded: Fingerprint, tree: FileTree) -> FileTree:
    """Add the Python files that counted when a tree was recorded and that git ignores today, as they are on disk."""
    paths = [
        path for path, id_ in recorded.changed.items() if id_ and path.endswith(".py") and path not in tree.entries
    ]
    place = find_top(root)
    if not paths or recorded.root != tree.scope.root:
        return tree
    if place and tree.scope.root == place[1]:
        ids = {path: read_special(place[0] / path, None, like=recorded.commit) for path in paths}
        plain = hash_files(place[0], [path for path, id_ in ids.items() if id_ is None])
        found = {path: id_ for path, id_ in {**ids, **plain}.items() if id_}
    else:
        found = read_without_git(root, paths)
    return replace(tree, entries={**tree.entries, **found})


def _compare_without_git(
    root: Path, recorded: Fingerprint, tree: FileTree, untracked: Mapping[str, str]
) -> dict[str, tuple[str, str]] | None:
    """Compare with a tree that was recorded before its folder became a repository; nothing for any other one.

    The result has the paths that differ, in their order, each with the ids of both contents.
    """
    lengths = [{len(id_) for id_ in entries.values()} for entries in (recorded.changed, tree.entries)]
    if recorded.commit or recorded.root or _PLAIN not in lengths[0]:
        return None
    then = {**untracked, **recorded.changed}
    today = read_without_git(root, tree.entries)
    pairs = {path: (then.get(path, ""), today.get(path, "")) for path in sorted({*recorded.changed, *today})}
    different = {tree.scope.show_path(path): ids for path, ids in pairs.items() if ids[0] != ids[1]}
    # Git's own ids have as many digits in a repository with SHA-256, so that these may be compared in another way.
    return None if different and _PLAIN in lengths[1] else different


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
