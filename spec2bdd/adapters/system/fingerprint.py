"""Fingerprint the files that a run depends on: what git tracks, untracked Python files, and what the run has loaded.

Git's index knows the content of every file that has not changed, so only changed files are read. Contents are named by
git's own ids, after its conversion of line ends and other filters: the same content has the same id on every machine.
Specs and other Markdown documents, the folder of the records, and the feature files of the project do not count here;
a feature file has a digest of its own in the records (`digests.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import SECOND, Since, find_touched, stamp_link
from spec2bdd.adapters.system.file_tree import FileTree, TreeScope, compute_tree_digest, digest_folders
from spec2bdd.adapters.system.git_content import (
    UNKNOWN,
    hash_files,
    read_special,
    read_without_git,
)
from spec2bdd.adapters.system.git_index import (
    GitIndex,
    GitQuery,
    IndexedFile,
    ask_git,
    has_sparse_checkout,
    read_index,
)
from spec2bdd.adapters.system.trees.pointers import find_filtered, find_pointers
from spec2bdd.adapters.system.untracked import (
    drop_installed,
    find_other_files,
    find_python_files,
    find_sources,
    read_untracked,
)
from spec2bdd.errors import RepositoryError
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class TreeQuery:
    """Questions to git that were started; there are none where there is no repository."""

    root: Path
    git: GitQuery | None
    started: Since


def ask_tree(root: Path) -> TreeQuery:
    """Start to ask git about the files of a project, so that it works while something else is done."""
    return TreeQuery(root, ask_git(root), Since.start(root))


def read_tree(
    query: TreeQuery,
    *,
    features: str = "",
    sources: Iterable[str] = (),
    loaded: Collection[str] = (),
    settled: bool = False,
) -> FileTree:
    """Read the answer to `ask_tree`; where there is no repository, read the Python files and `sources` of the project.

    `loaded` are Python files of the project that count as well, also if git ignores them. With `settled`, a file that
    changed after the question has no known content: what was loaded meanwhile may be the old or the new one.

    Raises:
        RepositoryError: there is a repository, and git cannot read it.
    """
    since = query.started if settled else None
    # What is generated again for each run depends on files that count.
    loaded = [path for path in loaded if read_special(query.root / path, since) != UNKNOWN]
    index = read_index(query.git) if query.git else None
    prefix = index.prefix if index else ""
    is_ignored = index and prefix and not any(path.startswith(prefix) for path in (*index.files, *index.untracked))
    own = {*find_python_files(query.root), *find_sources(query.root, sources)} if is_ignored or not index else set()
    if index is None:
        scope = TreeScope(features=features)
        entries = read_without_git(query.root, filter(scope.is_counted, {*own, *loaded}), since)
        others = (path for path in find_other_files(query.root) if path not in entries and scope.is_counted(path))
        untracked = read_untracked(query.root, others, commit=None, since=since) if since else None
        return FileTree(scope, entries, untracked=untracked, loaded=tuple(loaded))
    own = {prefix + path for path in own}
    tree = _read_from_index(
        index, TreeScope(prefix, features), since, own=own, loaded=[prefix + path for path in loaded]
    )
    return replace(tree, loaded=tuple(loaded))


def _read_entries(index: GitIndex, files: Mapping[str, IndexedFile], since: Since | None) -> dict[str, str]:
    """Find the content id of each file in the working tree: from the index, or by reading it."""
    top, entries = index.top, dict[str, str]()
    edited: list[str] = []
    left_out: dict[str, str] = {}
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
                left_out[path] = file.id
    # Left out of a sparse checkout: the index says what it would be.
    entries |= left_out if left_out and has_sparse_checkout(top) else {}
    entries |= hash_files(top, edited)
    filtered = (path for path, file in files.items() if file.is_filtered)
    return entries | {path: f"pointer {entries.get(path, '')}" for path in find_pointers(top, filtered)}


def _read_submodule(folder: Path) -> str:
    """Find the id of the files of a submodule; empty where it has none. They may be there without a repository."""
    if (folder / ".git").exists():
        return f"tree {read_tree(ask_tree(folder)).fingerprint.digest}"
    paths = (*find_python_files(folder), *find_other_files(folder))
    entries = read_without_git(folder, filter(TreeScope().is_counted, paths))
    return f"tree {compute_tree_digest('', digest_folders(entries))}" if entries else ""


def _read_from_index(
    index: GitIndex, scope: TreeScope, since: Since | None, *, own: Iterable[str], loaded: Iterable[str]
) -> FileTree:
    """Find the content ids of all files that count in a repository; `own` are those of a project that it ignores."""
    files = {path: file for path, file in index.files.items() if scope.is_counted(path)}
    modules = [path for path in index.untracked if path.endswith(".py") and scope.is_counted(path)]
    # Of another repository that was cloned into the working tree, git names the folder only.
    cloned = [path for path in index.untracked if path.endswith("/") and not f"/{path}".count("/.")]
    cloned = [folder + name for folder in cloned for name in find_python_files(index.top / folder)]
    own = [path for path in (*sorted(own), *drop_installed(index.top, cloned)) if scope.is_counted(path)]
    hidden = [path for path in loaded if path not in index.files and scope.is_counted(path)]
    files |= dict.fromkeys([*drop_installed(index.top, modules), *own, *hidden], IndexedFile(is_edited=True))
    # Before the files are read: what changes in between has another stamp later. A change within the second in which
    # git last compared a file may not show in its answer.
    filtered = find_filtered(index.top, (*index.files, *index.untracked))
    files |= {path: replace(file, is_filtered=True) for path, file in files.items() if path in filtered}
    git = index.top / ".git"
    second = str(since.stamp // SECOND) if since else ""
    stamped = [
        str(index.top / path)
        for path, file in files.items()
        if file.is_edited or file.is_filtered or (since and file.ctime >= second)
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
        known |= {path: files[path].id for path in filtered & files.keys()}
        known |= {**dict.fromkeys((*index.untracked, *own, *hidden), ""), **index.changed}
        changed = {path: entries.get(path, "") for path in sorted(known) if scope.is_counted(path)}
        changed = {path: value for path, value in changed.items() if value != known[path]}
    # A flag in the index can hide a change from git, and so does a pattern that ignores the project. Only the index
    # of a main working tree has a known place.
    is_enough = index.commit and git.is_dir() and not special and not own and UNKNOWN not in entries.values()
    evidence = (index.status, stamps) if is_enough else None
    others = (path for path in index.untracked if path not in files and scope.is_counted(path))
    # Only a run needs them.
    untracked = read_untracked(index.top, others, commit=index.commit, since=since) if since else None
    # Marks of specs are no change of what runs. A commit says nothing of a project that git ignores.
    differing = (*index.changed, *index.untracked, *own)
    is_dirty = any(scope.is_counted(path) or path.endswith(".feature") for path in differing)
    return FileTree(scope, entries, index.commit, changed, is_dirty=is_dirty, evidence=evidence, untracked=untracked)
