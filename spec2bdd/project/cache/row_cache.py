"""Keep rows of JSON that were computed from single files, so that after an edit only the edited file is read again.

Each row has the digest of everything that it was computed from, except the program and its settings, whose digest the
file has. No time of a file of the project counts, so that neither a clock that is wrong nor a switch of branches can
bring back an old row. The cache can only save time: where it is missing, damaged, of another version or committed, it
is empty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from typing import Any, TypeVar

from spec2bdd.adapters.system.git import is_tracked
from spec2bdd.config import CACHE, Config
from spec2bdd.errors import RunError
from spec2bdd.project.cache.folder import make_cache, open_cache, write_cache
from spec2bdd.project.cache.program import describe_program

_Value = TypeVar("_Value")
# Whatever is wrong with a row that was damaged or edited, it counts as missing.
_INVALID = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class RowCache:
    """The rows of one file of the cache folder, by name: there is at most one for each name."""

    def __init__(self, config: Config, file: str, *, version: int) -> None:
        self._config = config
        self._file = file
        program = repr((version, file, describe_program(config)))
        self._program = hashlib.sha256(program.encode()).digest()
        # A command that only reads makes no cache folder, but uses one that exists.
        self._has_folder = (config.root / CACHE).is_dir()
        self._lines = self._read_lines()
        self._is_changed = False

    def find(self, name: str, digest: str, build: Callable[[Any], _Value]) -> _Value | None:
        """Find the row with this name and this digest, and build its value; nothing where there is none."""
        line = self._lines.get(name, b"")
        if line.startswith(digest.encode()):
            with suppress(*_INVALID):
                return build(json.loads(line.partition(b"\t")[2]))
        return None

    def has(self, name: str, digest: str) -> bool:
        """Whether there is a row with this name and this digest."""
        return self._lines.get(name, b"").startswith(digest.encode())

    def keep(self, name: str, digest: str, value: _Value, build: Callable[[_Value], Any]) -> None:
        """Keep the row that is built of a value in place of any other of this name, if it can be stored."""
        if not self._has_folder:
            return
        row = build(value)
        self._lines[name] = f"{digest} {json.dumps(name)}\t{json.dumps(row, separators=(',', ':'))}\n".encode()
        self._is_changed = True

    def store(self, *, names: Set[str] | None = None) -> None:
        """Write the file if a row was kept, without the rows of all but these names; errors are ignored."""
        folder = self._config.root / CACHE
        if self._is_changed and folder.is_dir():
            # Thousands of specs are megabytes, which are not joined.
            lines = [line for name, line in self._lines.items() if names is None or name in names]
            with suppress(OSError, RunError):
                make_cache(folder)
                write_cache(folder / self._file, self._sign(lines), *lines)

    def _read_lines(self) -> dict[str, bytes]:
        """Read the lines by the names in them: a digest, a name, and a row that is parsed once it is asked for."""
        with suppress(OSError, *_INVALID):
            with open_cache(self._config.root / CACHE / self._file) as stream:
                head, *lines = stream
            # What was committed may come from any machine, whose files may have the times of these.
            if head == self._sign(lines) and not is_tracked(self._config.root, f"{CACHE}/{self._file}"):
                return {json.loads(line.partition(b"\t")[0].partition(b" ")[2]): line for line in lines}
        return {}

    def _sign(self, lines: Iterable[bytes]) -> bytes:
        """Compute the first line of the file, which holds for its other lines, this program and these settings only."""
        digest = hashlib.sha256(self._program)
        for line in lines:
            digest.update(line)
        return f"{digest.hexdigest()}\n".encode()
