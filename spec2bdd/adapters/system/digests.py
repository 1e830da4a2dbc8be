"""Digests of feature and step files, by which results are known to come from the current files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from spec2bdd.errors import RunError

# `mark` and `accept` remove these notes from a generated feature file, which does not change what is run.
_NOTE = re.compile(
    rb"""
    ^(                                          # the line up to the note, which stays:
        (?:[ ]{2})?[#][ ]digest[ ][0-9a-f]+     #   the digest of a feature or of a scenario,
          (?:,[ ]criterion[ ]"(?:[^"\\\r\n]|\\.)*")?   #   with the text of its criterion
        | (?:[ ]{2})?[#][ ]kept:[ ][^\r\n]*      #   or an entry of the manifest
    )
    (?: ,[ ]unverified | ,[ ]reworded[ ]from[ ]"[^"\r\n]*" )
    (?=\r?$)
    """,
    re.MULTILINE | re.VERBOSE,
)
CHECK_READABLE = "check that the file exists and is readable"
"""The hint for a file of the project that cannot be read."""
_CHECK_LISTED = "make it readable, or move it elsewhere"

# No spec is in them; Behave reads feature files from any folder.
_COMPILED = "__pycache__"
_PASSED = frozenset({".git", ".spec2bdd", ".venv", _COMPILED, "node_modules", "venv"})
_CHUNK = 1 << 20
_ENVIRONMENT, _STEPS = "environment.py", "steps"


def compute_digest(content: bytes) -> str:
    """Hash the content of a file with SHA-256, as hex digits; notes at the end of lines and CRLF do not count."""
    if b", unverified" in content or b", reworded" in content:
        content = _NOTE.sub(rb"\1", content)
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def read_digests(root: Path, *, features: str, steps: str) -> dict[str, str]:
    """Hash every file that a run depends on, by its path from `root` with `/`.

    These are the feature files under `features`, the Python files under `steps`, and the `environment.py` that Behave
    loads.

    Raises:
        RunError: one of the files or folders cannot be read, or one of the folders is a file.
    """
    for folder, key in ((features, "features"), (steps, "steps")):
        if (root / folder).is_file():
            hint = f"move the file, or set `{key}` in the configuration to another folder"
            raise RunError("expected a folder, found a file", path=folder, hint=hint)
    names = dict([*_walk_files(root, features, ".feature"), *_walk_files(root, steps, ".py")])
    environment = find_environment(root, features=features, steps=steps)
    if environment:
        names[_name_path(root, environment)] = str(environment)
    return {name: _read_digest(Path(names[name]), name) for name in sorted(names)}


def has_changed(path: Path, digest: str | None) -> bool:
    """Whether a file differs from that of a digest; without a digest, it is taken as unchanged."""
    if digest is None:
        return False
    try:
        return compute_digest(path.read_bytes()) != digest
    except OSError:
        return True


def name_environment(steps: str) -> str:
    """Name the file of hooks that goes with a folder of steps: a stage of Behave has its own of both."""
    stage = steps.removesuffix(_STEPS) if steps.endswith(f"_{_STEPS}") else ""
    return f"{stage}{_ENVIRONMENT}"


def hash_below(folder: str, suffix: str) -> Iterator[bytes]:
    """Hash every file with a suffix under a folder, with its path; what cannot be read counts, too.

    No time and no inode counts, and no byte is left out, as it is of the digests of a run.
    """
    passed = _PASSED if suffix == ".md" else frozenset()
    refused: list[OSError] = []
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=refused.append, followlinks=True):
        real = os.path.realpath(parent)
        # Links may lead in a circle.
        folders[:] = [] if real in seen else sorted(name for name in folders if name not in passed)
        if real not in seen:
            seen.add(real)
            yield from (hash_path(f"{parent}{os.sep}{name}") for name in sorted(names) if name.lower().endswith(suffix))
    yield from (os.fsencode(f"{error.filename}\0{error.errno}") for error in refused)


def hash_path(path: str) -> bytes:
    """Hash one file with its path; one that cannot be read gives the reason instead of its content."""
    try:
        # A pipe would wait for its other end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        digest = hashlib.sha256()
        try:
            # A stream would take longer to open than most files take to read.
            while content := os.read(descriptor, _CHUNK):
                digest.update(content)
        finally:
            os.close(descriptor)
    except OSError as error:
        return os.fsencode(f"{path}\0{error.errno}")
    return os.fsencode(path) + b"\0" + digest.digest()


def find_environment(root: Path, *, features: str, steps: str) -> Path | None:
    """Find the `environment.py` that Behave loads: in the first folder upward with that file or the steps."""
    folder = root / features
    # As Behave 1.3.3 does in its runner's `setup_paths`.
    for parent in [folder, *folder.parents]:
        environment = parent / name_environment(Path(steps).name)
        if environment.is_file():
            return environment
        if (parent / Path(steps).name).is_dir() or parent == root:
            return None
    return None


def _walk_files(root: Path, folder: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Walk the files under a folder; links are followed as Behave does, but no folder is walked twice.

    The pairs are the path from `root`, and one to read the file by. For thousands of files, `Path` takes longer.

    Raises:
        RunError: a folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        """Refuse a folder that cannot be listed: a scenario in it would be missing from what proves its criterion."""
        # The compiled modules of another user are none of these files.
        if not isinstance(error, FileNotFoundError) and Path(error.filename).name != _COMPILED:
            path = _name_path(root, error.filename)
            raise RunError(f"cannot read the folder: {error.strerror}", path=path, hint=_CHECK_LISTED) from error

    seen: set[str] = set()
    for parent, folders, names in os.walk(root / folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(parent)
        # Links may lead in a circle.
        folders[:] = [] if real in seen else sorted(folders)
        if real not in seen:
            seen.add(real)
            shown = _name_path(root, parent)
            prefix = "" if shown == "." else f"{shown}/"
            for name in sorted(names):
                path = f"{parent}{os.sep}{name}"
                if name.endswith(suffix) and _is_file(path, prefix + name):
                    yield prefix + name, path


def _is_file(path: str, name: str) -> bool:
    """Whether a path is that of a file; what may not be looked at is an error, as one that may not be read."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116
    except PermissionError as error:
        raise RunError(f"cannot read: {error.strerror}", path=name, hint=CHECK_READABLE) from error
    except (OSError, ValueError):
        return False


def _name_path(root: Path, path: Path | str) -> str:
    """Name a path from `root`, which it may be above: `relative_to` would fail, and `resolve` would follow links."""
    return Path(os.path.relpath(path, root)).as_posix()


def _read_digest(path: Path, name: str) -> str:
    """Read and hash one file."""
    try:
        return compute_digest(path.read_bytes())
    except OSError as error:
        raise RunError(f"cannot read: {error.strerror}", path=name, hint=CHECK_READABLE) from error
