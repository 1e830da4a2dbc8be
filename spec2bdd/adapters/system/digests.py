"""Feature and step files in, a digest of each out, so that results can be told to come from today's files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from spec2bdd.errors import RunError

# `mark` and `accept` take these notes off the lines of a generated feature file, which changes nothing of what is run.
_NOTE = re.compile(
    rb"""^((?:  )?# digest [0-9a-f]+|(?:  )?# kept: [^\r\n]*)(?:, on trust|, reworded from "[^"\r\n]*")(?=\r?$)""",
    re.MULTILINE,
)
_ENVIRONMENT = "environment.py"


def derive_digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content as hex digits; the notes behind digests do not count."""
    return hashlib.sha256(_NOTE.sub(rb"\1", content)).hexdigest()


def read_digests(root: Path, *, features: str, steps: str) -> dict[str, str]:
    """Return the digest of every file that a run depends on, by its path from `root` with `/`.

    These are the feature files below `features`, the Python files below `steps`, and the `environment.py` in force.

    Raises:
        RunError: one of the files cannot be read.
    """
    paths = [*_walk_files(root / features, ".feature"), *_walk_files(root / steps, ".py")]
    environment = find_environment(root, features=features, steps=steps)
    if environment:
        paths.append(environment)
    names = {_name(root, path): path for path in paths}
    return {name: _read_digest(names[name], name) for name in sorted(names)}


def has_changed(path: Path, digest: str | None) -> bool:
    """Tell whether a file is another one than that of a digest; of a file without one, nobody can say so."""
    if digest is None:
        return False
    try:
        return derive_digest(path.read_bytes()) != digest
    except OSError:
        return True


def find_environment(root: Path, *, features: str, steps: str) -> Path | None:
    """Return the `environment.py` that Behave loads: it climbs to the first folder with that file or the steps."""
    folder = root / features
    for place in [folder, *folder.parents]:
        environment = place / _ENVIRONMENT
        if environment.is_file():
            return environment
        if (place / Path(steps).name).is_dir() or place == root:
            return None
    return None


def _walk_files(folder: Path, suffix: str) -> Iterator[Path]:
    """Yield the files below a folder; links are followed as Behave does, but no folder is walked twice."""
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        folders[:] = [] if real in seen else sorted(folders)
        if real not in seen:
            seen.add(real)
            paths = (Path(parent) / name for name in sorted(names) if name.endswith(suffix))
            yield from (path for path in paths if path.is_file())


def _name(root: Path, path: Path) -> str:
    """Return the path from `root` with `/`, without asking the disk what is a link."""
    return Path(os.path.relpath(path, root)).as_posix()


def _read_digest(path: Path, name: str) -> str:
    """Read one file and return its digest."""
    try:
        return derive_digest(path.read_bytes())
    except OSError as error:
        hint = "check that the file is there and that you may read it"
        raise RunError(f"cannot read: {error.strerror}", path=name, hint=hint) from error
