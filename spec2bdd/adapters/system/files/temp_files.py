"""New content for a file in, a temporary file beside it out; and those removed whose process was killed."""

from __future__ import annotations

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from spec2bdd.adapters.system.files.discovery import walk_folders

# In a container each process may have the number of the one before it: a word of its own tells them apart.
_OWN_WORD = secrets.token_hex(4)
_TEMPORARY = re.compile(r"\.spec2bdd-(\d{1,9})-([0-9a-f]{8})-\w+\.tmp", re.ASCII)


@dataclass(frozen=True, slots=True)
class TempFile:
    """A file beside its target with the new content, still open: it need not be on the disk yet."""

    path: Path
    stream: IO[bytes]

    def sync(self) -> None:
        """Wait until the file is on the disk, and close it.

        Raises:
            OSError: the system refused.
        """
        os.fsync(self.stream.fileno())
        self.stream.close()

    def remove(self) -> None:
        """Remove the file, if it is there; whatever cannot be removed is swept up later."""
        with suppress(OSError):
            self.stream.close()
        with suppress(OSError):
            self.path.unlink()


def derive_mode(old: os.stat_result | None, mask: int) -> int:
    """Return the permission bits that a file shall have: those of the old one, or what the umask leaves."""
    return stat.S_IMODE(old.st_mode) if old else 0o666 & ~mask


def read_mask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_temp_file(
    target: Path, content: bytes, *, old: os.stat_result | None, mask: int, made: list[TempFile]
) -> TempFile:
    """Write a file beside its target, with owner and permissions of the old one; it is noted in `made` at once.

    Raises:
        OSError: the system refused.
    """
    prefix = f".spec2bdd-{os.getpid()}-{_OWN_WORD}-"
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=".tmp")
    temporary = TempFile(Path(name), os.fdopen(handle, "wb"))
    made.append(temporary)
    temporary.stream.write(content)
    temporary.stream.flush()
    _copy_owner(old, temporary)
    temporary.path.chmod(derive_mode(old, mask))
    return temporary


def _copy_owner(old: os.stat_result | None, temporary: TempFile) -> None:
    """Give the written file the owner of the old one, where we may: root must not take a file from its author."""
    if os.name == "posix" and old:
        with suppress(OSError):
            os.chown(temporary.path, old.st_uid, old.st_gid)


def remove_stale_temp_files(root: Path, folders: Iterable[str]) -> None:
    """Remove what killed processes of ours left below these folders, and beside the files that links there lead to."""
    for folder in folders:
        for parent, names in walk_folders(root / folder):
            _remove_leftovers(parent, names)
            links = (parent / name for name in names if (parent / name).is_symlink())
            for place in {Path(os.path.realpath(link)).parent for link in links}:
                remove_stale_temp_files_in(place)


def remove_stale_temp_files_in(folder: Path) -> None:
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
