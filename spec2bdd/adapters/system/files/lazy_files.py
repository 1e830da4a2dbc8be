"""The contents of files as a mapping: each is read when it is first asked for, since few of thousands are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from spec2bdd.adapters.system.files.discovery import read_file


class LazyFiles(Mapping[str, bytes]):
    """The contents of files by path from a folder; what was read once stays the same.

    A file that is gone is empty. One that cannot be read raises an OSError where it is asked for.
    """

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self._root = root
        self._paths = dict.fromkeys(paths)
        self._contents: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._contents:
            if path not in self._paths:
                raise KeyError(path)
            self._contents[path] = read_file(self._root, path) or b""
        return self._contents[path]

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
