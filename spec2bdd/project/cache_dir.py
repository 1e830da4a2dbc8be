"""The folder `.spec2bdd` for records, history and caches, which git ignores."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from spec2bdd.errors import RunError


def make_cache(folder: Path) -> None:
    """Make the folder for records, with a `.gitignore` in it that hides it from git.

    Raises:
        RunError: it cannot be made, or it or something in it is a link.
    """
    # What we write below a link could end up anywhere. Git ignores the folder, but nothing keeps a pull request from
    # adding a link of that name.
    links = [folder] if folder.is_symlink() else []
    if not links and folder.is_dir():
        with os.scandir(folder) as entries:
            links = [folder / entry.name for entry in entries if entry.is_symlink()]
    if links:
        name = links[0].relative_to(folder.parent).as_posix()
        raise RunError("a link, which may lead out of the project; not written", path=name, hint=f"remove `{name}`")
    try:
        folder.mkdir(exist_ok=True)
        # pytest, mypy and ruff do the same with their caches, so that projects need no entry of their own.
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        hint = f"records are kept in the folder `{folder.name}/`; move the file of that name"
        raise RunError(f"cannot store records: {error.strerror}", path=folder.name, hint=hint) from error


def write_cache(path: Path, content: bytes) -> None:
    """Write a file of the folder atomically: another process sees the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
