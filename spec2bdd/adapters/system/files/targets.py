"""Resolve where a change is written, and refuse targets that must not be replaced."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.system.files.atomic_replace import read_target
from spec2bdd.adapters.system.files.temp_files import remove_stale_temp_files_in
from spec2bdd.errors import FileChangedError, Spec2bddError, WriteError
from spec2bdd.model import FileChange
from spec2bdd.model.values import dataclass

_HINT = "check that the file and its folder are writable and that no other program has the file open"

_HINTS = {
    errno.ENOSPC: "free some disk space, then rerun the command",
    errno.EDQUOT: "free some space in your disk quota, then rerun the command",
    errno.EROFS: "the file system is read-only; remount it writable",
    errno.EBUSY: "the file may be a mount of its own (`docker run -v FILE:FILE`); mount its folder instead",
    errno.EMLINK: "break the hard link: `cp FILE COPY`, then `mv COPY FILE`",
}


@dataclass(frozen=True, slots=True)
class WriteTarget:
    """A change, the file that it writes with all links resolved, the path it names, and the status of the old file."""

    change: FileChange
    target: Path
    name: Path
    old: os.stat_result | None


def resolve_targets(
    root: Path, batch: Sequence[FileChange], folders: dict[Path, Path]
) -> tuple[list[WriteTarget], tuple[Spec2bddError, ...]]:
    """Resolve where changes are written, and build an error for each that is refused.

    `folders` caches the real paths of folders; in each that is new there, leftovers of killed processes are removed.
    """
    targets: list[WriteTarget] = []
    errors: list[Spec2bddError] = []
    for change in batch:
        try:
            targets.append(resolve_target(root, change, folders))
        except WriteError as error:
            errors.append(error)
        except OSError as error:
            errors.append(describe_write_error(error, change))
    return targets, tuple(errors)


def find_refusal(root: Path, change: FileChange, folders: dict[Path, Path]) -> Spec2bddError | None:
    """Find why a change cannot be written, as far as that is known before: nothing is written, or removed, or made.

    `folders` caches the real paths of folders.
    """
    try:
        target = resolve_target(root, change, folders, makes_folders=False)
        content = read_target(target.target) if target.old else None
        # Of a removal, only the result counts.
        if content != change.before and not (change.after is None and content is None):
            return FileChangedError("file changed on disk; not overwritten", path=change.path, hint="rerun the command")
        folder = next(parent for parent in target.target.parents if parent.is_dir())
        if not os.access(folder, os.W_OK | os.X_OK):
            return describe_write_error(OSError(errno.EACCES, os.strerror(errno.EACCES)), change)
    except WriteError as error:
        return error
    except OSError as error:
        return describe_write_error(error, change)
    return None


def resolve_target(
    root: Path, change: FileChange, folders: dict[Path, Path], *, makes_folders: bool = True
) -> WriteTarget:
    """Resolve where a change is written; `folders` caches the real paths of folders.

    Without `makes_folders`, no folder is made, and no leftover of another process is removed.

    Raises:
        WriteError: its path leads out of the project.
        OSError: the file must not be replaced, or the system refuses.
    """
    parts = PurePosixPath(change.path)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise WriteError("the path is outside the project; not written", path=change.path)
    name = root / parts
    old = _read_status(name, follow=False)
    if old and stat.S_ISLNK(old.st_mode):
        # Where links lead in a circle, `Path.resolve` raises a RuntimeError, and reading the status a helpful OSError.
        target = Path(os.path.realpath(name))
        old = _read_status(target)
        _find_folder(root, target.parent, folders, path=change.path, cleans=makes_folders)
    else:
        folder = _find_folder(root, name.parent, folders, path=change.path, cleans=makes_folders)
        target = folder / name.name
    # A rename would replace a read-only file without asking. Root may write any file, but not against the mode.
    if old and not (old.st_mode & 0o222 and os.access(target, os.W_OK)):
        hint = f"run `chmod u+w {change.path}`"
        raise WriteError("cannot write: the file is read-only", path=change.path, hint=hint)
    if change.after is not None and old:
        # The other names of a hard-linked file would silently keep the old content.
        if stat.S_ISREG(old.st_mode) and old.st_nlink > 1:
            reason = f"the file has {old.st_nlink} hard links, and the others would keep the old text"
            raise OSError(errno.EMLINK, reason)
    elif change.after is not None and makes_folders and not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
    return WriteTarget(change, target, name, old)


def _read_status(path: Path, *, follow: bool = True) -> os.stat_result | None:
    """Read the status of a file, nothing if there is none; without `follow`, that of a link itself."""
    try:
        return path.stat(follow_symlinks=follow)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _find_folder(root: Path, folder: Path, folders: dict[Path, Path], *, path: str, cleans: bool) -> Path:
    """Find the real path of a folder that the change of `path` writes in; one outside of the project is refused.

    With `cleans`, leftovers of killed processes are removed there.
    """
    if folder not in folders:
        real = Path(os.path.realpath(folder))
        # A link may come with a pull request, and CI would write wherever it leads.
        if not real.is_relative_to(os.path.realpath(root)):
            hint = "replace the link with a file or folder"
            raise WriteError("a link leads out of the project; nothing was written through it", path=path, hint=hint)
        folders[folder] = real
        if cleans:
            remove_stale_temp_files_in(real)
    return folders[folder]


def describe_write_error(error: OSError, change: FileChange) -> WriteError:
    """Turn an error of the system into one with a hint."""
    hint = _HINTS.get(error.errno or 0, _HINT)
    return WriteError(f"cannot write: {error.strerror or error}", path=change.path, hint=hint)
