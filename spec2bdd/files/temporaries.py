"""New content for a file in, a temporary file beside it out; and those removed whose process was killed."""

from __future__ import annotations

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from spec2bdd.files.finding import walk_folders

# In a container each process may have the number of the one before it: a word of its own tells them apart.
_OWN_WORD = secrets.token_hex(4)
_TEMPORARY = re.compile(r"\.spec2bdd-(\d{1,9})-([0-9a-f]{8})-\w+\.tmp", re.ASCII)


def derive_mode(target: Path, mask: int) -> int:
    """Return the permission bits that a file shall have: those of the old one, or what the umask leaves."""
    return stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~mask


def read_mask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_temporary(target: Path, content: bytes, *, mode: int, made: list[Path]) -> Path:
    """Write a file beside its target, with its owner, until it is on the disk; it is noted in `made` at once.

    Raises:
        OSError: the system refused.
    """
    prefix = f".spec2bdd-{os.getpid()}-{_OWN_WORD}-"
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=".tmp")
    temporary = Path(name)
    made.append(temporary)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        _copy_owner(target, temporary)
        temporary.chmod(mode)
        os.fsync(stream.fileno())
    return temporary


def _copy_owner(target: Path, temporary: Path) -> None:
    """Give the written file the owner of the old one, where we may: root must not take a file from its author."""
    if os.name == "posix" and target.exists():
        owner = target.stat()
        with suppress(OSError):
            os.chown(temporary, owner.st_uid, owner.st_gid)


def sweep_folders(root: Path, folders: Iterable[str]) -> None:
    """Remove what killed processes of ours left below these folders, and beside the files that links there lead to."""
    for folder in folders:
        for parent, names in walk_folders(root / folder):
            _remove_leftovers(parent, names)
            links = (parent / name for name in names if (parent / name).is_symlink())
            for place in {Path(os.path.realpath(link)).parent for link in links}:
                sweep_folder(place)


def sweep_folder(folder: Path) -> None:
    """Remove what killed processes of ours left in one folder."""
    with suppress(OSError):
        _remove_leftovers(folder, [path.name for path in folder.iterdir()])


def _remove_leftovers(folder: Path, names: Iterable[str]) -> None:
    """Remove those of the files that are temporary files of a process that is gone."""
    for name in _find_leftovers(names):
        with suppress(OSError):
            (folder / name).unlink()


def _find_leftovers(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of temporary files whose process no longer runs."""
    for name in names:
        match = _TEMPORARY.fullmatch(name)
        if match and not _is_running(int(match[1]), word=match[2]):
            yield name


def _is_running(process: int, *, word: str) -> bool:
    """Tell whether the process of that number and word is there; one that is not ours to ask counts as there."""
    if process == os.getpid():
        return word == _OWN_WORD
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
