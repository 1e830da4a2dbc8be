"""Find the files below a folder of the project, and what could hide files from us."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from spec2bdd.text.globs import compile_glob

_IGNORED_FOLDERS = {".git", ".spec2bdd", ".venv", "__pycache__", "node_modules", "venv"}
# Below a folder of specs, these are none.
_PASSED_FOLDERS = frozenset({"archive"})
_README = re.compile(r"readme(?:[._-].*)?\.", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")


def walk_folders(folder: Path, *, refused: list[OSError] | None = None) -> Iterator[tuple[Path, list[str]]]:
    """Walk the folders from this one down that may hold files of the project, with the names of the files in each.

    Symbolic links are not followed; the error for each folder that cannot be listed is added to `refused`.
    """
    for parent, folders, names in os.walk(folder, onerror=None if refused is None else refused.append):
        # `os.walk` descends into the folders that are left in this list.
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        yield Path(parent), names


def find_files(root: Path, folder: str, *, suffix: str) -> list[str]:
    """Find the files below `folder` with a suffix, by sorted paths from `root` with `/`; links are not followed.

    The suffix counts in any case: `.MD` is one of Markdown as well.
    """
    files: list[str] = []
    for parent, names in walk_folders(root / folder):
        paths = (parent / name for name in names if name.lower().endswith(suffix))
        files += [path.relative_to(root).as_posix() for path in paths if path.is_file()]
    return sorted(files)


def find_matching(root: Path, patterns: Sequence[str], *, exclude: Sequence[str] = (), suffix: str) -> list[str]:
    """Find the files with a suffix that patterns name, sorted: folders with all in them, files, or globs.

    Below a folder, dot files, hidden folders, `README` files and what is in `archive/` are left out, unless a pattern
    names them itself. `exclude` has further patterns.
    """
    excluded = [compile_exclusion(pattern) for pattern in exclude]
    matching: set[str] = set()
    for pattern in patterns:
        base = find_base(pattern)
        glob = compile_glob(pattern) if _GLOB.search(pattern) else None
        if glob is None and (root / pattern).is_file():
            matching.add(pattern)
            continue
        for path in find_files(root, base, suffix=suffix):
            below = path.removeprefix(f"{base}/") if base != "." else path
            *folders, name = below.split("/")
            is_left_out = (
                any(part.startswith(".") for part in (*folders, name))
                or not _PASSED_FOLDERS.isdisjoint(map(str.lower, folders))
                or _README.match(name) is not None
            )
            # A glob that spells out a name asks for it.
            is_left_out = is_left_out and not (glob and pattern.endswith(f"/{name}"))
            if not is_left_out and (glob is None or glob.fullmatch(path)):
                matching.add(path)
    return sorted(path for path in matching if not any(exclusion.fullmatch(path) for exclusion in excluded))


def find_base(pattern: str) -> str:
    """Find the folder that everything a pattern names is in: its parts before the first one with a wildcard."""
    parts = list(takewhile(lambda part: not _GLOB.search(part), pattern.split("/")))
    return "/".join(parts) or "."


def compile_exclusion(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that excludes paths, and everything below a folder that it names."""
    return re.compile(f"(?:{compile_glob(pattern.rstrip('/')).pattern})(?:/.*)?")


def find_unreadable(root: Path, folder: str, *, suffix: str) -> list[tuple[str, str]]:
    """Find what could hide files below `folder`, sorted, with reasons: closed folders, broken links, and pipes."""
    hidden: list[tuple[str, str]] = []
    refused: list[OSError] = []
    for parent, names in walk_folders(root / folder, refused=refused):
        # Emacs locks a file by a link to nowhere, next to it and with a dot before its name.
        paths = (parent / name for name in names if name.lower().endswith(suffix) and name[0] != ".")
        for path in paths:
            if not path.is_file() and not path.is_dir():
                reason = "not a regular file" if path.exists() else "the link leads nowhere"
                hidden.append((path.relative_to(root).as_posix(), reason))
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
