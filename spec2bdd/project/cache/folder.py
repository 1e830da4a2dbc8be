"""The folder `.spec2bdd` for records, history and caches, which git ignores, and its cache of rendered texts.

The texts are those that templates gave, so that a run in which they are the same needs no jinja2. The cache can only
save time, and never counts on another machine or from a commit: it names the inodes and times of the templates that it
was rendered with.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from spec2bdd.adapters.system.file_stamps import stamp_file
from spec2bdd.config import CACHE, Config
from spec2bdd.domain import templates
from spec2bdd.errors import RunError

_RENDERED = "rendered.json"
# Without the first, opening a pipe would wait for its other end.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


def make_cache(folder: Path) -> None:
    """Make the folder for records, with a `.gitignore` in it that hides it from git.

    Raises:
        RunError: it cannot be made, or it or something in it is a link.
    """
    # What we write under a link could end up anywhere. Git ignores the folder, but nothing keeps a pull request from
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
            # In two steps: an empty one, of a process that was killed or on a full disk, would hide nothing for good.
            fresh = folder / ".gitignore.new"
            fresh.write_text("*\n", encoding="utf-8")
            fresh.replace(ignore)
    except OSError as error:
        hint = f"records are kept in the folder `{folder.name}/`; move the file of that name"
        raise RunError(f"cannot store records: {error.strerror}", path=folder.name, hint=hint) from error


def open_cache(path: Path) -> BinaryIO:
    """Open a file of the folder to read it.

    Raises:
        OSError: it cannot be opened, or is no regular file. A link, which may lead to a device, can be committed.
    """
    stream = open(path, "rb", opener=lambda name, flags: os.open(name, flags | _NO_WAIT))  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return stream


def write_cache(path: Path, *parts: bytes) -> None:
    """Write the parts of a file of the folder atomically: another process sees the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(parts)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def recall_rendered(config: Config) -> None:
    """Recall the texts of the last run in this project; a cache that is missing, damaged or of others is ignored."""
    texts: Mapping[str, str] = {}
    with suppress(OSError, ValueError, RecursionError), open_cache(config.root / CACHE / _RENDERED) as stream:
        digest, _, body = stream.read().partition(b"\n")
        if _compute_digest(body) == digest:
            texts = json.loads(body)
    templates.recall_texts(texts)


def store_rendered(config: Config) -> None:
    """Store the texts of this run if any of them is new, and there is a cache folder; errors are ignored."""
    folder = config.root / CACHE
    texts = templates.list_new_texts()
    if texts and folder.is_dir():
        body = json.dumps(texts, separators=(",", ":")).encode()
        with suppress(OSError, RunError):
            make_cache(folder)
            write_cache(folder / _RENDERED, _compute_digest(body) + b"\n" + body)


def _compute_digest(body: bytes) -> bytes:
    """Compute the digest of a cache and of the templates on this machine."""
    folder = Path(templates.__file__).parent
    stamps = [(path.name, stamp_file(str(path))) for path in sorted(folder.iterdir()) if path.is_file()]
    return hashlib.sha256(repr(stamps).encode() + body).hexdigest().encode()
