"""Recall the challenges of a scenario from earlier results, while nothing has changed that they depend on."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from spec2bdd import __version__
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.glue.serialize import read_steps, read_table

# What is outside of this process may depend on any file.
_OUTSIDE = frozenset({"process", "socket", "database"})


# Without slots: `cached_property` needs a `__dict__`.
class ChallengeMemory:
    """Earlier results by the key of their scenario: what it says and the code of its steps.

    A result also names the files that its scenario ran or read, with their digests, and, if it reached anything outside
    of the process, the fingerprint of the whole project.
    """

    def __init__(
        self, runner: Any, origins: OriginIndex, remembered: Mapping[str, Any], options: Sequence[object]
    ) -> None:
        self._runner, self._origins, self._remembered = runner, origins, remembered
        self._options = [__version__, sys.version, *options]
        self._digests: dict[str, str] = {}

    def build_key(self, scenario: Any, tags: Sequence[str]) -> str:
        """Build the key of a scenario."""
        tables = [read_table(step.table) for step in scenario.all_steps if step.table]
        # Without the lines, which move when something above them changes.
        steps = [(kind, name, text) for kind, name, _, text in read_steps(scenario)]
        facts = [self._options, scenario.name, list(tags), steps, tables, self._step_code]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()

    def find_events(self, key: str) -> Sequence[dict[str, Any]]:
        """Find the remembered events of a scenario; none if something has changed."""
        entry = self._remembered.get(key)
        if entry is None or any(self._read_digest(path) != digest for path, digest in entry["files"].items()):
            return []
        return entry["events"] if entry["tree"] in ("", self._tree) else []

    def list_lines(self) -> list[Mapping[str, Sequence[int]]]:
        """List the lines that each scenario ran of which nothing has changed since."""
        return [events[-1]["lines"] for key in self._remembered if (events := self.find_events(key))]

    def describe_dependencies(self, paths: Iterable[str], reached: Iterable[str]) -> dict[str, Any]:
        """Describe what the results of a scenario depend on: the files that it ran and read, and the project.

        The code of the steps is part of its key, apart from what they import when they run.
        """
        files = {path: self._read_digest(path) for path in paths if path not in self._step_code}
        return {"files": files, "tree": "" if _OUTSIDE.isdisjoint(reached) else self._tree}

    @cached_property
    def _step_code(self) -> dict[str, str]:
        """The digests of everything that checks the product: hooks, step modules, and what they import from tests."""
        own = self._origins.list_modules(Origin.STEPS).values()
        imported = {path: self._read_digest(path) for path in (self._origins.show(module.__file__) for module in own)}
        modules = {path: digest for path, digest in self._runner.files.digests.items() if path.endswith(".py")}
        return dict(sorted({**imported, **modules}.items()))

    @cached_property
    def _tree(self) -> str:
        """The fingerprint of the project."""
        return str(self._runner.files.tree.fingerprint.digest)

    def _read_digest(self, path: str) -> str:
        """Read the digest of a file; one that cannot be read has none."""
        if path not in self._digests:
            self._digests[path] = ""
            with suppress(OSError):
                content = (self._runner.root / path).read_bytes()
                self._digests[path] = hashlib.sha256(content).hexdigest()
        return self._digests[path]
