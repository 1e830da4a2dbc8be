"""A folder of the project in, the files below it out, and what hides files from us."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_IGNORED_FOLDERS = {".git", ".spec2bdd", ".venv", "__pycache__", "node_modules", "venv"}


def walk_folders(folder: Path, *, refused: list[OSError] | None = None) -> Iterator[tuple[Path, list[str]]]:
    """Yield every folder from this one down that may hold files of the project, with the names of the files in it.

    Links are not walked into; the error for each folder that cannot be listed is added to `refused`.
    """
    for parent, folders, names in os.walk(folder, onerror=None if refused is None else refused.append):
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        yield Path(parent), names


def find_files(root: Path, folder: str, *, suffix: str) -> list[str]:
    """Return the files below `folder` with that suffix, sorted, from `root`, with `/`; links are not walked into."""
    found: list[str] = []
    for parent, names in walk_folders(root / folder):
        paths = (parent / name for name in names if name.endswith(suffix))
        found += [path.relative_to(root).as_posix() for path in paths if path.is_file()]
    return sorted(found)


def find_unreadable(root: Path, folder: str, *, suffix: str) -> list[tuple[str, str]]:
    """Return what below `folder` hides files from us, sorted, each with the reason: closed folders and broken links."""
    found: list[tuple[str, str]] = []
    refused: list[OSError] = []
    for parent, names in walk_folders(root / folder, refused=refused):
        links = (parent / name for name in names if name.endswith(suffix))
        broken = (path for path in links if path.is_symlink() and not path.exists())
        found += [(path.relative_to(root).as_posix(), "the link leads nowhere") for path in broken]
    # A folder that is not there hides nothing.
    refused = [error for error in refused if not isinstance(error, FileNotFoundError)]
    found += [(Path(error.filename).relative_to(root).as_posix(), str(error.strerror)) for error in refused]
    return sorted(found)


def read_file(root: Path, path: str) -> bytes | None:
    """Return the bytes of a file, or nothing if there is no such file."""
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None
