"""The files of the project before its run, and what of them has changed at its end.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.plugin.loaded_files import SourceWatch, list_by_path, list_loaded, list_named
from spec2bdd.adapters.behave.protocol import SOURCES
from spec2bdd.adapters.results.wire import fingerprint_to_json
from spec2bdd.adapters.system.digests import read_digests
from spec2bdd.adapters.system.file_tree import FileTree, TreeScope
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.trees.differences import find_change
from spec2bdd.errors import RepositoryError, RunError


# Without slots: `cached_property` needs a `__dict__`.
class ProjectFiles:
    """The files that a run depends on; git is asked for them before any of them is loaded."""

    def __init__(self, root: Path, *, features: str) -> None:
        self._root = root
        self._features = Path(os.path.relpath(root / features, root)).as_posix()
        self.sources: list[str] = json.loads(os.environ.pop(SOURCES, "[]"))
        self._query = ask_tree(root)
        # Feature and step files have digests of their own; the folder of the steps is known later.
        self._steps = ""
        self.digests: dict[str, str] = {}
        # Why git cannot read the files, once it was found out.
        self.error: RepositoryError | None = None
        self._loading = SourceWatch()
        # Whether files were written since git was asked.
        self.files_written = False

    def read_digests(self, *, steps: str) -> None:
        """Read the digests of the feature and step files.

        Raises:
            RunError: one of them cannot be read.
        """
        self._steps = steps
        self.digests = self._read_digests()
        self._loading.start()

    @cached_property
    def tree(self) -> FileTree:
        """All other files, as they were when git was asked; what changed between that and now has no known content."""
        # Of modules that are imported later, such as by a step, nothing is known yet.
        self._loading.stop()
        own = [path for path in self.digests if path.endswith(".py")]
        imported = list_loaded(self._root)
        by_path = list_by_path(self._root, {*self._loading.paths, *list_named(self._root, [*own, *imported])})
        # Step files have digests of their own.
        loaded = sorted({*imported, *by_path}.difference(self.digests))
        try:
            return read_tree(self._query, features=self._features, sources=self.sources, loaded=loaded, settled=True)
        except RepositoryError as error:
            self.error = error
            return FileTree(TreeScope(features=self._features), {})

    def list_own(self) -> set[str]:
        """List the files of the tree that are in the folder of the project, by their paths from there."""
        root = self.tree.scope.root
        return {path.removeprefix(root) for path in self.tree.entries if path.startswith(root)}

    def describe(self) -> dict[str, Any]:
        """Describe the files for the first line of the records."""
        tree = self.tree
        git = {"commit": tree.commit, "dirty": tree.is_dirty or self.files_written} if tree.commit else None
        return {"git": git, "digests": self.digests, "fingerprint": fingerprint_to_json(tree.fingerprint)}

    def find_changed(self) -> list[str]:
        """Find what has changed since it was described: the feature and step files, and the first of the others."""
        try:
            today = self._read_digests()
        except RunError as error:
            today = {path: digest for path, digest in self.digests.items() if path != error.path}
        paths = self.digests.keys() | today.keys()
        changed = {path for path in paths if self.digests.get(path) != today.get(path)}
        try:
            changed.add(find_change(self._root, self.tree, features=self._features, sources=self.sources))
        except RepositoryError as error:
            # With an error from the beginning, nothing was run.
            changed.add("" if self.error else error.path)
        return sorted(changed - {""})

    def find_untracked(self) -> dict[str, str]:
        """Find the files that do not count because git does not track them, where they are as before the run."""
        untracked = self.tree.untracked
        return untracked.find_unchanged() if untracked else {}

    def _read_digests(self) -> dict[str, str]:
        return read_digests(self._root, features=self._features, steps=self._steps)
