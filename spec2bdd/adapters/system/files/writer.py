"""Planned changes in, the files written whole and in their order out, with an error for each that was not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from spec2bdd.adapters.system.files.atomic_replace import remove_file, replace_file
from spec2bdd.adapters.system.files.temp_files import TempFile, read_mask, write_temp_file
from spec2bdd.errors import FileChangedError, Spec2bddError, WriteInterrupted
from spec2bdd.model import FileChange

if TYPE_CHECKING:
    from concurrent.futures import Executor
from spec2bdd.adapters.system.files.targets import WriteTarget, describe_write_error, resolve_targets

# Waiting for the disk can take nearly all of the time, and many who wait at once are served together.
_WAITING_AT_ONCE = 16
AtOnce = Callable[[Callable[[Any], object], Sequence[Any]], object]

# All files of a batch are open at once, of which some systems allow 256.
_BATCH = 128


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The changes that were made, and an error for each other one."""

    changes: tuple[FileChange, ...] = ()
    errors: tuple[Spec2bddError, ...] = ()


def write_changes(root: Path, changes: Iterable[FileChange]) -> WriteResult:
    """Write the changes in their order, each atomically; one that cannot be written does not keep back the others.

    A change after which nothing is to stand removes its file; of a symbolic link, the link. Where something is written,
    a symbolic link stays one, and the file that it leads to is written. Refused, and left as they are, are files that
    are no longer what they were when they were read, that are read-only or have several names (hard links), that lie
    outside of `root` by their own path, and what the system refuses. No file is ever half written.

    New content is on the disk before a file takes it on, and files of one kind before those of the next kind (step
    files, features, specs), so that the order holds also where the power goes.

    Raises:
        WritingInterrupted: it was, with Ctrl-C.
    """
    batches = list(_split(changes))
    try:
        with open_pool(max(map(len, batches))) as at_once:
            return _join([_write_batch(root, batch, at_once) for batch in batches])
    except KeyboardInterrupt as error:
        raise WriteInterrupted from error


def _join(parts: Sequence[WriteResult]) -> WriteResult:
    """Return what was written altogether."""
    changes = (change for part in parts for change in part.changes)
    return WriteResult(tuple(changes), tuple(error for part in parts for error in part.errors))


def _split(changes: Iterable[FileChange]) -> Iterator[list[FileChange]]:
    """Yield the changes in batches: of one kind, of different files, and not too many."""
    batch: dict[str, FileChange] = {}
    kind = ""
    for change in changes:
        suffix = PurePosixPath(change.path).suffix
        if batch and (suffix != kind or change.path in batch or len(batch) == _BATCH):
            yield list(batch.values())
            batch = {}
        kind = suffix
        batch[change.path] = change
    yield list(batch.values())


def _write_batch(root: Path, batch: Sequence[FileChange], at_once: AtOnce) -> WriteResult:
    """Write a batch: first all content to the disk, then each file in its place, then the names to the disk."""
    places, refused = resolve_targets(root, batch)
    made: list[TempFile] = []
    try:
        temporaries = _write_temporaries(places, made, at_once)
        refusals = [_settle(place, temporary) for place, temporary in zip(places, temporaries, strict=True)]
    except OSError as error:
        if len(places) == 1:
            return WriteResult(errors=(*refused, describe_write_error(error, places[0].change)))
        _remove(made, at_once)
        # One by one they need the least room, and the one that cannot be written is told from the others.
        return _join([WriteResult(errors=refused), *(_write_batch(root, [place.change], at_once) for place in places)])
    finally:
        _remove(made, at_once)
    written = [place for place, error in zip(places, refusals, strict=True) if error is None]
    at_once(_sync_folder, sorted({_find_folder(place) for place in written}))
    return WriteResult(tuple(place.change for place in written), (*refused, *filter(None, refusals)))


def _remove(made: list[TempFile], at_once: AtOnce) -> None:
    """Remove the temporary files that are still there; many at once, as this waits for the disk, too."""
    at_once(TempFile.remove, made)
    made.clear()


def _write_temporaries(places: Sequence[WriteTarget], made: list[TempFile], at_once: AtOnce) -> list[Path | None]:
    """Write the new content of all places beside them, and return where it stands; nothing for a file to be removed."""
    mask = read_mask()
    temporaries = [
        None if content is None else write_temp_file(place.target, content, old=place.old, mask=mask, made=made)
        for place in places
        for content in [place.change.after]
    ]
    at_once(TempFile.sync, made)
    return [temporary.path if temporary else None for temporary in temporaries]


def _settle(place: WriteTarget, temporary: Path | None) -> Spec2bddError | None:
    """Move one file into its place, or remove what stands there, or return the error that kept it from happening."""
    change = place.change
    try:
        if temporary is None or change.after is None:
            settled = remove_file(place.name, place.target, before=change.before)
        else:
            settled = replace_file(temporary, place.target, before=change.before, after=change.after)
    except OSError as error:
        return describe_write_error(error, change)
    if settled:
        return None
    hint = "somebody else wrote it meanwhile; run the command again"
    return FileChangedError("changed since it was read, and was left alone", path=change.path, hint=hint)


def _find_folder(place: WriteTarget) -> Path:
    """Return the folder in which a name was changed."""
    return place.name.parent if place.change.after is None else place.target.parent


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def open_pool(most: int) -> Iterator[AtOnce]:
    """Yield what makes a call with each of many values, `most` at most: the calls wait for the disk together."""
    if most <= 1:
        yield lambda call, values: [call(value) for value in values]
        return
    # Only needed where there is much to write.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_WAITING_AT_ONCE) as pool:
        yield partial(_call_in, pool)


def _call_in(pool: Executor, call: Callable[[Any], object], values: Sequence[Any]) -> None:
    """Make the calls in the threads of a pool; to hand over one value after the other would take longer than most."""
    size = -(-len(values) // _WAITING_AT_ONCE)
    parts = [values[start : start + size] for start in range(0, len(values), size)] if size else []
    for _ in pool.map(lambda part: [call(value) for value in part], parts):
        pass
