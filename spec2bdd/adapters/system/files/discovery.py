"""Find the files below a folder of the project, and what could hide files from us."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_IGNORED_FOLDERS = {".git", ".spec2bdd", ".venv", "__pycache__", "node_modules", "venv"}


def walk_folders(folder: Path, *, refused: list[OSError] | None = None) -> Iterator[tuple[Path, list[str]]]:
    """Walk the folders from this one down that may hold files of the project, with the names of the files in each.

    Symbolic links are not followed; the error for each folder that cannot be listed is added to `refused`.
    """
    for parent, folders, names in os.walk(folder, onerror=None if refused is None else refused.append):
        # `os.walk` descends into the folders that are left in this list.
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        yield Path(parent), names


def find_files(root: Path, folder: str, *, suffix: str) -> list[str]:
    """Find the files below `folder` with a suffix, by sorted paths from `root` with `/`; links are not followed."""
    found: list[str] = []
    for parent, names in walk_folders(root / folder):
        paths = (parent / name for name in names if name.endswith(suffix))
        found += [path.relative_to(root).as_posix() for path in paths if path.is_file()]
    return sorted(found)


def find_unreadable(root: Path, folder: str, *, suffix: str) -> list[tuple[str, str]]:
    """Find what could hide files below `folder`, sorted, with reasons: closed folders and broken links."""
    hidden: list[tuple[str, str]] = []
    refused: list[OSError] = []
    for parent, names in walk_folders(root / folder, refused=refused):
        links = (parent / name for name in names if name.endswith(suffix))
        broken = (path for path in links if path.is_symlink() and not path.exists())
        hidden += [(path.relative_to(root).as_posix(), "the link leads nowhere") for path in broken]
    # A folder that does not exist hides nothing.
    refused = [error for error in refused if not isinstance(error, FileNotFoundError)]
    hidden += [(Path(error.filename).relative_to(root).as_posix(), str(error.strerror)) for error in refused]
    return sorted(hidden)


def read_file(root: Path, path: str) -> bytes | None:
    """Read the bytes of a file; nothing if there is no such file."""
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None
