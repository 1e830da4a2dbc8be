"""Find the files of a project that git does not track, apart from what installing and building write."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from spec2bdd.adapters.system.file_stamps import IGNORED, Since, Stamp, stamp_link
from spec2bdd.adapters.system.git_content import UNREADABLE, hash_files, read_special, read_without_git
from spec2bdd.model.values import dataclass

# Folders that installing, building and testing make: virtual environments, copies of the sources, caches.
_INSTALLED = re.compile(r"(?:^|/)(?:\.venv|\.tox|\.nox|\.eggs|__pycache__|node_modules|build|[^/]+\.egg-info)/")
# Every virtual environment has this file, whatever its folder is called.
_ENVIRONMENT = "pyvenv.cfg"
# Of more files, or more bytes in all, none is remembered: it is not to slow a run down.
_MOST_FILES, _MOST_BYTES = 1_000, 16_000_000


@dataclass(frozen=True, slots=True)
class UntrackedFiles:
    """Files under `top` that do not count because git does not track them: the ids of their contents, their stamps.

    `commit` is the one that is checked out, and `None` where there is no repository.
    """

    top: Path
    commit: str | None
    ids: Mapping[str, str]
    stamps: Mapping[str, Stamp]

    def find_unchanged(self) -> dict[str, str]:
        """Find those that still have the content of then, with its ids."""
        written = [path for path, stamp in self.stamps.items() if stamp_link(str(self.top / path)) != stamp]
        today = _hash_files(self.top, written, commit=self.commit)
        return {path: id_ for path, id_ in self.ids.items() if path not in written or today.get(path) == id_}


def read_untracked(top: Path, paths: Iterable[str], *, commit: str | None, since: Since) -> UntrackedFiles | None:
    """Read files that git does not track, without those that changed after `since`; nothing where they are too many."""
    chosen = list(islice(drop_installed(top, paths), _MOST_FILES + 1))
    stamps = {path: stamp_link(str(top / path)) for path in chosen}
    if len(chosen) > _MOST_FILES or sum(stamp[0] for stamp in stamps.values() if stamp) > _MOST_BYTES:
        return None
    # What steps load of a file that is written meanwhile may be the old or the new content.
    settled = [path for path, stamp in stamps.items() if stamp and not since.covers(stamp[2])]
    ids = _hash_files(top, settled, commit=commit)
    ids = {path: id_ for path, id_ in ids.items() if stamp_link(str(top / path)) == stamps[path]}
    return UntrackedFiles(top, commit, ids, {path: stamps[path] for path in ids})


def _hash_files(top: Path, paths: Iterable[str], *, commit: str | None) -> dict[str, str]:
    """Find the content ids of files that are there and can be read."""
    if commit is None:
        ids = read_without_git(top, paths)
    else:
        special = {path: read_special(top / path, None, like=commit) for path in paths}
        ids = hash_files(top, [path for path, id_ in special.items() if id_ is None])
        ids |= {path: id_ for path, id_ in special.items() if id_}
    return {path: id_ for path, id_ in ids.items() if id_ != UNREADABLE}


def drop_installed(top: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths under `top` that are not written by installing or building."""
    environments: dict[str, bool] = {"": False}

    def is_in_environment(folder: str) -> bool:
        if folder not in environments:
            has_file = _is_environment(top / folder)
            environments[folder] = has_file or is_in_environment(folder.rpartition("/")[0])
        return environments[folder]

    for path in paths:
        if not _INSTALLED.search(path) and not is_in_environment(path.rpartition("/")[0]):
            yield path


def _is_environment(folder: Path) -> bool:
    """Whether a folder is that of a virtual environment; one that cannot be read is none."""
    # `Path.is_file` raises an error for it.
    return os.path.isfile(folder / _ENVIRONMENT)  # noqa: PTH113


def find_python_files(root: Path) -> Iterator[str]:
    """Find all Python files under a folder, without hidden folders and what installing and building write."""
    for prefix, _, names in _walk(root, lambda name: name.startswith(".")):
        yield from (prefix + name for name in names if name.endswith(".py"))


def find_other_files(root: Path) -> Iterator[str]:
    """Find the files under a folder that a first commit of everything may have, apart from Python files."""
    for prefix, folders, names in _walk(root, IGNORED.__contains__):
        links = [name for name in folders if (root / prefix / name).is_symlink()]
        yield from (prefix + name for name in sorted([*names, *links]) if not name.endswith(".py"))


def _walk(root: Path, is_left_out: Callable[[str], bool]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk folders apart from those that installing and building make: the path of each, its folders and its files."""
    for parent, folders, names in os.walk(root):
        folder = Path(parent).relative_to(root).as_posix()
        folders[:] = [
            name
            for name in sorted(folders)
            if not is_left_out(name) and not _INSTALLED.search(f"{name}/") and not _is_environment(Path(parent, name))
        ]
        yield "" if folder == "." else f"{folder}/", folders, names


def find_sources(root: Path, patterns: Iterable[str]) -> Iterator[str]:
    """Find the files that patterns name, by their paths from a folder."""
    for pattern in patterns:
        # A pattern that names a folder means all files in it.
        for path in root.glob(pattern):
            files = path.rglob("*") if path.is_dir() else [path]
            yield from (file.relative_to(root).as_posix() for file in files if file.is_file())
