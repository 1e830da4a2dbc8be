"""The files of a project that a run depends on, each with the id of its content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import Stamp
from spec2bdd.adapters.system.git_content import UNKNOWN
from spec2bdd.adapters.system.untracked import UntrackedFiles
from spec2bdd.model.files import Fingerprint
from spec2bdd.model.values import dataclass

_DOCUMENTS = (".md", ".markdown")
_CACHE = ".spec2bdd/"
_COMPILED = ".pyc"
_FOLDER_DIGITS = 16


@dataclass(frozen=True, slots=True)
class TreeScope:
    """Which files of a project count: `root` is its folder in the repository, `features` that of its feature files."""

    root: str = ""
    features: str = ""

    def is_counted(self, path: str) -> bool:
        """Whether a file of the repository counts in the fingerprint."""
        if path.lower().endswith(_DOCUMENTS) or path.startswith(self.root + _CACHE):
            return False
        # Where it was committed by mistake, Python writes it again in every clone.
        if path.endswith(_COMPILED) and "__pycache__/" in path:
            return False
        return not (self.features and path.endswith(".feature") and path.startswith(f"{self.root}{self.features}/"))

    def show_path(self, path: str) -> str:
        """Show a path in the repository as one from the project, in one line."""
        # Where nothing differs, there is no path.
        if self.root and path:
            slash = "/" if path.endswith("/") else ""
            path = Path(os.path.relpath(path, self.root)).as_posix() + slash
        return path.replace("\n", "\\n").replace("\r", "\\r")


# Without slots: `cached_property` needs a `__dict__`.
@dataclass(frozen=True)
class FileTree:
    """The content ids of all files that count, by path in the repository; see `Fingerprint` for the other fields."""

    scope: TreeScope
    entries: Mapping[str, str]
    commit: str = ""
    changed: Mapping[str, str] | None = None
    # Whether any file differs from the commit, also one that does not count.
    is_dirty: bool = True
    # Git's answer, and the stamps of the files that it does not answer for; nothing where that is not enough.
    evidence: tuple[str, Mapping[str, Stamp]] | None = None
    # Of a run: the files that do not count because git does not track them, where they are few.
    untracked: UntrackedFiles | None = None
    # Of a run: the Python files of the project that it has loaded, by their paths from there, whatever git ignores.
    loaded: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The short form for the records of a run."""
        folders = digest_folders(self.entries)
        changed = self.entries if self.changed is None else self.changed
        return Fingerprint(
            compute_tree_digest(self.scope.root, folders), self.scope.root, self.commit, dict(changed), folders
        )

    def find_difference(self, other: FileTree) -> str:
        """Find the first path of the project whose content is not that of a later tree, or nothing."""
        later = other.leave_out(self.untracked.ids if self.untracked else {})
        return self.scope.show_path(find_first(self.entries, later.entries))

    def leave_out(self, untracked: Mapping[str, str]) -> FileTree:
        """Leave out the files with these contents, which git did not track when a run began, and tracks today."""
        if not any(self.entries.get(path) == id_ for path, id_ in untracked.items()):
            return self
        return replace(self, entries={path: id_ for path, id_ in self.entries.items() if untracked.get(path) != id_})


def compute_tree_digest(root: str, folders: Mapping[str, str]) -> str:
    """Compute the digest of a whole tree from those of its folders."""
    text = "".join(f"{name}\0{folders[name]}\n" for name in sorted(folders))
    return hashlib.sha256(f"{root}\0{text}".encode("utf-8", "surrogateescape")).hexdigest()


def find_first(then: Mapping[str, str], today: Mapping[str, str]) -> str:
    """Find the first key with another value, or nothing; an unknown content equals no other one."""
    different = (key for key in then.keys() | today.keys() if then.get(key) != today.get(key) or then[key] == UNKNOWN)
    return min(different, default="")


def digest_folders(entries: Mapping[str, str]) -> dict[str, str]:
    """Digest the files under each name at the top of the repository."""
    lines: dict[str, list[str]] = {}
    for path in sorted(entries):
        name, slash, _ = path.partition("/")
        lines.setdefault(name + slash, []).append(f"{path}\0{entries[path]}\n")
    digests = {}
    for name, group in lines.items():
        content = "".join(group).encode("utf-8", "surrogateescape")
        digests[name] = hashlib.sha256(content).hexdigest()[:_FOLDER_DIGITS]
    return digests
