"""Find the Python files of a project that git does not track, apart from what installing and building write."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# Folders that installing, building and testing make: virtual environments, copies of the sources, caches.
_INSTALLED = re.compile(r"(?:^|/)(?:\.venv|\.tox|\.nox|\.eggs|__pycache__|node_modules|build|[^/]+\.egg-info)/")
# Every virtual environment has this file, whatever its folder is called.
_ENVIRONMENT = "pyvenv.cfg"


def drop_installed(top: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths under `top` that are not written by installing or building."""
    environments: dict[str, bool] = {"": False}

    def is_in_environment(folder: str) -> bool:
        if folder not in environments:
            has_file = (top / folder / _ENVIRONMENT).is_file()
            environments[folder] = has_file or is_in_environment(folder.rpartition("/")[0])
        return environments[folder]

    for path in paths:
        if not _INSTALLED.search(path) and not is_in_environment(path.rpartition("/")[0]):
            yield path


def find_python_files(root: Path) -> Iterator[str]:
    """Find all Python files under a folder, without hidden folders and what installing and building write."""
    for parent, folders, names in os.walk(root):
        folder = Path(parent).relative_to(root).as_posix()
        prefix = "" if folder == "." else f"{folder}/"
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".")
            and not _INSTALLED.search(f"{name}/")
            and not (Path(parent) / name / _ENVIRONMENT).is_file()
        ]
        yield from (prefix + name for name in names if name.endswith(".py"))


def find_sources(root: Path, patterns: Iterable[str]) -> Iterator[str]:
    """Find the files that patterns name, by their paths from a folder."""
    for pattern in patterns:
        # A pattern that names a folder means all files in it.
        for path in root.glob(pattern):
            files = path.rglob("*") if path.is_dir() else [path]
            yield from (file.relative_to(root).as_posix() for file in files if file.is_file())
