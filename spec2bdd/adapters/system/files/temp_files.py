"""Write temporary files next to their targets, and remove those of processes that were killed."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.system.files.discovery import walk_folders
from spec2bdd.adapters.system.process_tree import is_running

# In containers, processes often get the same id again; a random word distinguishes them.
_OWN_WORD = os.urandom(4).hex()
_TEMPORARY = re.compile(r"\.spec2bdd-(\d{1,9})-([0-9a-f]{8})-\w+\.tmp", re.ASCII)

# Attributes that are computed from the content of a file, by the integrity checks of Linux.
_OF_CONTENT = frozenset({"security.evm", "security.ima"})
# The errors of a file system without extended attributes.
_WITHOUT_ATTRIBUTES = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def compute_file_mode(old: os.stat_result | None, mask: int) -> int:
    """Choose the permission bits of a file: those of the old one, or by default those that the umask allows."""
    return stat.S_IMODE(old.st_mode) if old else 0o666 & ~mask


def read_mask() -> int:
    """Read the umask of this process."""
    # It can be read only by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_temp_file(target: Path, content: bytes, *, old: os.stat_result | None, mask: int, made: list[Path]) -> Path:
    """Write a file next to its target and to the disk, with owner and permissions of the old one.

    It is added to `made` before anything can fail, so that the caller can remove it.

    Raises:
        OSError: the system refused.
    """
    # In the same folder: a rename is atomic within one file system only.
    prefix = f".spec2bdd-{os.getpid()}-{_OWN_WORD}-"
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=".tmp")
    temporary = Path(name)
    made.append(temporary)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        # Where root writes, the file must remain its author's.
        if os.name == "posix" and old:
            _keep_owner(temporary, old)
        # After the owner, whose change resets some bits.
        mode = compute_file_mode(old, mask)
        try:
            temporary.chmod(mode)
        except PermissionError:
            # On some file systems, such as FAT, files have the permissions of the mount, and no others can be set.
            if old and stat.S_IMODE(temporary.stat().st_mode) != mode:
                raise
        if old:
            # After the permissions, which are a part of an access control list.
            _copy_attributes(target, temporary)
        os.fsync(stream.fileno())
    return temporary


def _keep_owner(path: Path, old: os.stat_result) -> None:
    """Give a file the owner and the group of another one, or the group alone: only root may give files away."""
    try:
        os.chown(path, old.st_uid, old.st_gid)
    except OSError:
        with suppress(OSError):
            os.chown(path, -1, old.st_gid)


def remove_temp_file(temporary: Path) -> None:
    """Remove a file, if it exists; one that cannot be removed is left for `remove_stale_temp_files`."""
    with suppress(OSError):
        temporary.unlink()


def _copy_attributes(source: Path, target: Path) -> None:
    """Copy the extended attributes of a file, access control lists among them.

    Raises:
        OSError: one of them cannot be copied, and would be lost.
    """
    # Only Linux has these functions.
    if not hasattr(os, "listxattr"):
        return
    try:
        names = [name for name in os.listxattr(source) if name not in _OF_CONTENT]
    except OSError as error:
        if error.errno in _WITHOUT_ATTRIBUTES:
            return
        raise
    for name in names:
        try:
            value = os.getxattr(source, name)
            # The system sets some of them itself, such as the label of SELinux, and lets only root set them.
            if value != _find_attribute(target, name):
                os.setxattr(target, name, value)
        except OSError as error:
            reason = f"cannot keep its extended attribute `{name}` ({error.strerror})"
            raise OSError(error.errno, reason) from error


def _find_attribute(path: Path, name: str) -> bytes | None:
    with suppress(OSError):
        return os.getxattr(path, name)
    return None


def remove_stale_temp_files(root: Path, folders: Iterable[str]) -> None:
    """Remove the temporary files of killed processes below folders, and next to the targets of links there."""
    for folder in folders:
        for parent, names in walk_folders(root / folder):
            _remove_leftovers(parent, names)
            links = (parent / name for name in names if (parent / name).is_symlink())
            for target_folder in {Path(os.path.realpath(link)).parent for link in links}:
                remove_stale_temp_files_in(target_folder)


def remove_stale_temp_files_in(folder: Path) -> None:
    """Remove the temporary files of killed processes in one folder."""
    with suppress(OSError):
        _remove_leftovers(folder, [path.name for path in folder.iterdir()])


def has_temp_files(folder: str) -> bool:
    """Whether a folder has temporary files, which may be those of a process that was killed."""
    with suppress(OSError):
        return any(map(_TEMPORARY.fullmatch, os.listdir(folder)))  # noqa: PTH208  For thousands of folders.
    return False


def _remove_leftovers(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        match = _TEMPORARY.fullmatch(name)
        if match and not _is_running(int(match[1]), word=match[2]):
            with suppress(OSError):
                (folder / name).unlink()


def _is_running(process: int, *, word: str) -> bool:
    """Whether the process with an id and word is running; where that is unknown, it is taken as running."""
    return word == _OWN_WORD if process == os.getpid() else is_running(process)
