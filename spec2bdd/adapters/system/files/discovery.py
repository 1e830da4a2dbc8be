"""Find the files under a folder of the project, and what could hide files from us."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence, Set
from itertools import takewhile
from pathlib import Path

from spec2bdd.adapters.system.files.regular_files import open_file
from spec2bdd.text.globs import compile_glob

_IGNORED_FOLDERS = {".git", ".spec2bdd", ".venv", "__pycache__", "node_modules", "venv"}
# Under a folder of specs, these are none.
_PASSED_FOLDERS = frozenset({"archive"})
# In a folder with one of the main files, these hold plans and notes of the same feature.
_MAIN_FILE = re.compile(r"/(?:spec|requirements)\.md$", re.IGNORECASE)
_COMPANIONS = frozenset(
    f"{name}.md" for name in ("tasks", "plan", "design", "research", "data-model", "quickstart", "checklist")
)
_COMPANION_FOLDERS = frozenset({"checklists", "contracts"})
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
    """Find the files under `folder` with a suffix, by sorted paths from `root` with `/`; links are not followed.

    The suffix counts in any case: `.MD` is one of Markdown as well.
    """
    files: list[str] = []
    for parent, names in walk_folders(root / folder):
        paths = (parent / name for name in names if name.lower().endswith(suffix))
        files += [path.relative_to(root).as_posix() for path in paths if path.is_file()]
    return sorted(files)


def find_matching(root: Path, patterns: Sequence[str], *, exclude: Sequence[str] = (), suffix: str) -> list[str]:
    """Find the files with a suffix that patterns name, sorted: folders with all in them, files, or globs of both.

    Under a folder, dot files, hidden folders, `README` files and what is in `archive/` are left out, and so are the
    plans and checklists in a folder with a `spec.md` or a `requirements.md`; unless a pattern spells out their names.
    `exclude` has further patterns.
    """
    listed = {pattern for pattern in patterns if not _GLOB.search(pattern) and (root / pattern).is_file()}
    for base in {find_base(pattern) for pattern in patterns if pattern not in listed}:
        listed |= {*find_files(root, base, suffix=suffix)}
    return match_listed(listed, patterns, exclude=exclude, suffix=suffix)


def match_listed(
    listed: Collection[str], patterns: Sequence[str], *, exclude: Sequence[str] = (), suffix: str
) -> list[str]:
    """Find those of the files that patterns name, as `find_matching` does; the files may be those of a commit."""
    excluded = [compile_tree_glob(pattern) for pattern in exclude]
    files = [path for path in listed if path.lower().endswith(suffix)]
    matching: set[str] = set()
    for pattern in patterns:
        base = find_base(pattern)
        # Without a wildcard in its last part, a pattern may name folders: `services/*/specs`.
        names_folder = not _GLOB.search(pattern.rpartition("/")[2])
        compiled = compile_tree_glob(pattern) if names_folder else compile_glob(pattern)
        glob = compiled if _GLOB.search(pattern) else None
        if glob is None and pattern in listed:
            matching.add(pattern)
            continue
        start = "" if base == "." else f"{base}/"
        paths = [path for path in files if path.startswith(start)]
        paths = [path for path in paths if _IGNORED_FOLDERS.isdisjoint(path.removeprefix(start).split("/")[:-1])]
        homes = {path.rpartition("/")[0] for path in paths if _MAIN_FILE.search(path)}
        asked = frozenset(pattern.split("/") if glob else ())
        for path in paths:
            if (glob is None or glob.fullmatch(path)) and not _is_left_out(path, base, homes=homes, asked=asked):
                matching.add(path)
    return sorted(path for path in matching if not any(exclusion.fullmatch(path) for exclusion in excluded))


def _is_left_out(path: str, base: str, *, homes: Set[str], asked: Set[str]) -> bool:
    """Whether a file under a folder is no spec by its name, or by that of a folder that it is in.

    `homes` are the folders with a file that is one for certain, `asked` the names that the pattern spells out.
    """
    *folders, name = (path.removeprefix(f"{base}/") if base != "." else path).split("/")
    home = path.rpartition("/")[0]
    unasked = [folder.lower() for folder in folders if folder not in asked]
    if any(folder.startswith(".") or folder in _PASSED_FOLDERS for folder in unasked):
        return True
    parts = path.split("/")
    for index, folder in enumerate(parts[:-1]):
        if folder.lower() in _COMPANION_FOLDERS and folder not in asked and "/".join(parts[:index]) in homes:
            return True
    is_companion = name.lower() in _COMPANIONS and home in homes
    return name not in asked and (name.startswith(".") or _README.match(name) is not None or is_companion)


def find_base(pattern: str) -> str:
    """Find the folder that everything a pattern names is in: its parts before the first one with a wildcard."""
    parts = list(takewhile(lambda part: not _GLOB.search(part), pattern.split("/")))
    return "/".join(parts) or "."


def compile_tree_glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of paths that also matches everything under a folder that it names."""
    return re.compile(f"(?:{compile_glob(pattern.rstrip('/')).pattern})(?:/.*)?")


def find_unreadable(root: Path, folder: str, *, suffix: str) -> list[tuple[str, str]]:
    """Find what could hide files under `folder`, sorted, with reasons: closed folders, broken links, and pipes."""
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
    """Read the bytes of a file; nothing if there is no such file. A named pipe or a device is an error."""
    try:
        with open_file(root / path) as file:
            return file.read()
    except FileNotFoundError:
        return None
