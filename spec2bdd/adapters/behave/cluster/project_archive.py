"""Pack the files of a project for workers that do not share its folder, and unpack them there."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.system.git import find_tracked, find_untracked
from spec2bdd.adapters.system.git_process import find_top
from spec2bdd.adapters.system.untracked import drop_installed
from spec2bdd.model.values import dataclass

_RECORDS = ".spec2bdd/"


@dataclass(frozen=True, slots=True)
class ProjectArchive:
    """A compressed archive, named by the digest of its content; `prefix` is the folder of the project in it."""

    digest: str
    content: bytes
    prefix: str = ""


def pack_project(root: Path) -> ProjectArchive:
    """Pack the repository of a project without what git ignores, or without git all files of its folder.

    The same files give the same archive: it has no times and no owners.
    """
    top, prefix = find_top(root) or (root, "")
    tracked = find_tracked(top)
    paths = _walk(top) if tracked is None else {*tracked, *find_untracked(top)}
    chosen = sorted(path for path in drop_installed(top, paths) if not path.startswith(f"{prefix}{_RECORDS}"))
    buffer = io.BytesIO()
    # Not gzip, whose header has the time.
    with tarfile.open(fileobj=buffer, mode="w:xz", preset=0, format=tarfile.PAX_FORMAT) as archive:
        for path in chosen:
            # A file that git tracks may be gone, or be the folder of a submodule.
            with suppress(FileNotFoundError):
                info = archive.gettarinfo(top / path, arcname=path)
                info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "", ""
                if info.isreg():
                    with (top / path).open("rb") as stream:
                        archive.addfile(info, stream)
                elif info.issym():
                    archive.addfile(info)
    content = buffer.getvalue()
    return ProjectArchive(hashlib.sha256(content).hexdigest(), content, prefix)


def unpack_project(archive: ProjectArchive, folder: Path) -> Path:
    """Unpack a project below a folder, unless it is there already; return its own folder."""
    target = folder / f"spec2bdd-{archive.digest[:16]}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        place = tempfile.mkdtemp(dir=folder)
        with tarfile.open(fileobj=io.BytesIO(archive.content), mode="r:xz") as files:
            files.extractall(place, filter="data")
        # Whole or not at all: the worker may be killed meanwhile.
        Path(place).rename(target)
    return target / archive.prefix


def remove_project(archive: ProjectArchive, folder: Path) -> None:
    """Remove what was unpacked."""
    shutil.rmtree(folder / f"spec2bdd-{archive.digest[:16]}", ignore_errors=True)


def _walk(top: Path) -> set[str]:
    """Find all files of a folder, without hidden folders."""
    paths: set[str] = set()
    for parent, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths |= {(Path(parent) / name).relative_to(top).as_posix() for name in names}
    return paths
