"""Touch the disk: find and read files, and write planned changes so that each file is old or new, whole."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NoReturn

from spec2bdd.errors import FileChangedError, WriteError
from spec2bdd.model import Change

_TEMPORARY = re.compile(r"\.spec2bdd-(\d{1,9})-\w+\.tmp", re.ASCII)
_IGNORED_FOLDERS = {".git", ".spec2bdd", ".venv", "__pycache__", "node_modules", "venv"}


def find_files(root: Path, folder: str, *, suffix: str) -> list[str]:
    """Return the files below `folder` with that suffix, sorted, from `root`, with `/`; links are not walked into."""
    found: list[str] = []
    for parent, folders, names in os.walk(root / folder):
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        paths = (Path(parent) / name for name in names if name.endswith(suffix))
        found += [path.relative_to(root).as_posix() for path in paths if path.is_file()]
    return sorted(found)


def find_unreadable(root: Path, folder: str, *, suffix: str) -> list[tuple[str, str]]:
    """Return what below `folder` hides files from us, sorted, each with the reason: closed folders and broken links."""
    found: list[tuple[str, str]] = []
    refused: list[OSError] = []
    for parent, folders, names in os.walk(root / folder, onerror=refused.append):
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        links = (Path(parent) / name for name in names if name.endswith(suffix))
        broken = (path for path in links if path.is_symlink() and not path.exists())
        found += [(path.relative_to(root).as_posix(), "the link leads nowhere") for path in broken]
    # A folder that is not there hides nothing.
    refused = [error for error in refused if not isinstance(error, FileNotFoundError)]
    found += [(Path(error.filename).relative_to(root).as_posix(), str(error.strerror)) for error in refused]
    return sorted(found)


def read_file(root: Path, path: str) -> bytes | None:
    """Return the bytes of a file, or nothing if there is no such file."""
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None


def apply_changes(root: Path, changes: Iterable[Change]) -> None:
    """Write the changes in their order, each atomically; stop at the first that cannot be written.

    A change after which nothing is to stand removes its file; of a symbolic link, the link.

    A symbolic link stays one, and the file that it leads to is written. A hard link cannot be kept: the file's other
    names go on with the old content.

    Raises:
        FileChangedError: a file is no longer what it was when it was read; it is left as it is.
        WriteError: the path leads out of `root`, or the system refused; the file is left as it is.
    """
    swept: set[Path] = set()
    for change in changes:
        target = _find_target(root, change.path)
        if target.parent not in swept:
            swept.add(target.parent)
            _sweep_leftovers(target.parent)
        try:
            if change.after is None:
                _remove_file(target, root / change.path, change=change)
            else:
                _write_atomically(target, change, change.after)
        except OSError as error:
            hint = "check that you may write the file and its folder, and that the disk is not full"
            raise WriteError(f"cannot write: {error.strerror or error}", path=change.path, hint=hint) from error


def _find_target(root: Path, path: str) -> Path:
    """Return the file to write, behind all links; a path that climbs out of the root by itself is refused."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise WriteError("the path leads out of the project, and was not written", path=path)
    # `Path.resolve` would raise an error of no use where links lead in a circle.
    return Path(os.path.realpath(root / path))


def _remove_file(target: Path, name: Path, *, change: Change) -> None:
    """Remove one file, if it is still what was read; one that is gone already is as it should be."""
    _refuse_unwritable(target)
    if _read_target(target) not in (change.before, None):
        _refuse_changed(change)
    name.unlink(missing_ok=True)
    _sync_folder(name.parent)


def _refuse_changed(change: Change) -> NoReturn:
    """Raise the error for a file that somebody else has written meanwhile."""
    hint = "somebody else wrote it meanwhile; run the command again"
    raise FileChangedError("changed since it was read, and was left alone", path=change.path, hint=hint)


def _write_atomically(target: Path, change: Change, content: bytes) -> None:
    """Write one file beside its target and move it into place, if the target is still what was read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _refuse_unwritable(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".spec2bdd-{os.getpid()}-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _copy_owner(target, temporary)
        temporary.chmod(_derive_mode(target))
        if _read_target(target) != change.before:
            _refuse_changed(change)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _refuse_unwritable(target: Path) -> None:
    """Refuse to replace a file that its owner made read-only: a rename would not ask, nor would root be asked."""
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise PermissionError(errno.EACCES, "the file is read-only")


def _copy_owner(target: Path, temporary: Path) -> None:
    """Give the written file the owner of the old one, where we may: root must not take a file from its author."""
    if os.name == "posix" and target.exists():
        owner = target.stat()
        with suppress(OSError):
            os.chown(temporary, owner.st_uid, owner.st_gid)


def _derive_mode(target: Path) -> int:
    """Return the permission bits that the written file shall have: the old file's, or what the umask leaves."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _read_target(target: Path) -> bytes | None:
    """Return what stands at the target now."""
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Make the rename durable, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep_leftovers(folder: Path) -> None:
    """Remove temporary files of our own whose process was killed."""
    for path in _find_leftovers(folder):
        with suppress(OSError):
            path.unlink()


def _find_leftovers(folder: Path) -> Iterator[Path]:
    """Yield our temporary files in a folder whose process no longer runs."""
    with suppress(OSError):
        for path in folder.iterdir():
            match = _TEMPORARY.fullmatch(path.name)
            if match and not _is_running(int(match[1])):
                yield path


def _is_running(process: int) -> bool:
    """Tell whether a process of that number is there; one that is not ours counts as there."""
    if os.name != "posix":
        # Elsewhere the question itself is a signal that would end the process.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
