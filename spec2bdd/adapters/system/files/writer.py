"""Write planned changes: each file whole, all in their order, with an error for each that could not be written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from spec2bdd.adapters.system.files.atomic_replace import remove_file, replace_file
from spec2bdd.adapters.system.files.targets import (
    WriteTarget,
    describe_write_error,
    find_refusal,
    resolve_targets,
)
from spec2bdd.adapters.system.files.temp_files import read_mask, remove_temp_file, write_temp_file
from spec2bdd.errors import FileChangedError, Spec2bddError, WriteError, WriteInterrupted
from spec2bdd.model import FileChange
from spec2bdd.model.values import dataclass

# Waiting for the disk takes nearly all of the time, and it serves many requests at once.
_THREADS = 16
# Each batch waits for the disk, and needs the space of its files in addition to that of the old ones.
_BATCH_SIZE = 512
# Calls a function with each value.
CallEach = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The changes that were made, and an error for each other one."""

    changes: tuple[FileChange, ...] = ()
    errors: tuple[Spec2bddError, ...] = ()


def write_changes(root: Path, changes: Iterable[FileChange]) -> WriteResult:
    """Write changes in their order, each atomically; one that cannot be written does not prevent the others.

    A change without new content removes its file; of a symbolic link, the link. Otherwise a symbolic link stays one,
    and the file that it leads to is written. These are refused and stay as they are: files that changed since they were
    read, that are read-only or have several names (hard links), that are outside of `root` by their own path, that need
    a change that was refused, and what the system refuses. No file is ever half written.

    Of changes that need each other, all are looked at before one is written. If one of them is refused only then, as
    where the disk is full, the others are taken back.

    New content is on the disk before a file gets it, and files of one kind before those of the next kind (step files,
    features, specs), so that a power failure keeps the order, too.

    Raises:
        WriteInterrupted: by Ctrl-C; what was not written yet is as it was.
    """
    planned = list(changes)
    errors = _find_refusals(root, planned)
    refused = {error.path for error in errors}
    batches = list(_split(change for change in planned if change.path not in refused))
    try:
        with open_pool(max(map(len, batches))) as call_each:
            written = _join([WriteResult(errors=errors), *_write_batches(root, batches, call_each, refused=refused)])
            return _undo_dependent(root, written, call_each)
    except KeyboardInterrupt as error:
        raise WriteInterrupted from error


def _find_refusals(root: Path, changes: Sequence[FileChange]) -> tuple[Spec2bddError, ...]:
    """Find those of the changes that need others, or are needed, which cannot be written, and what needs these."""
    paths = {change.path for change in changes}
    needed = frozenset().union(*(change.needs for change in changes)) & paths
    first = {change.path: change for change in reversed(changes)}
    linked = [change for change in first.values() if change.path in needed or change.needs & paths]
    folders: dict[Path, Path] = {}
    errors = {change.path: error for change in reversed(linked) if (error := find_refusal(root, change, folders))}
    return (*errors.values(), *_refuse_dependent(changes, set(errors)))


def _refuse_dependent(changes: Sequence[FileChange], refused: set[str]) -> Iterator[WriteError]:
    """Refuse the changes that need one which is refused, and those that need these, and add their paths."""
    hint = "rerun the command once that file can be written"
    while missing := {
        change.path: min(change.needs & refused)
        for change in changes
        if change.path not in refused and change.needs & refused
    }:
        refused.update(missing)
        for path, cause in missing.items():
            yield WriteError(f"not written, because `{cause}` was not", path=path, hint=hint)


def _undo_dependent(root: Path, written: WriteResult, call_each: CallEach) -> WriteResult:
    """Undo the changes that need one which was refused after they had been made, the last one first."""
    refused = {error.path for error in written.errors}
    errors = {error.path: error for error in _refuse_dependent(written.changes, refused)}
    made = [change for change in reversed(written.changes) if change.path in errors]
    if not made:
        return written
    inverse = [FileChange(change.path, change.after, change.before) for change in made]
    back = _join(list(_write_batches(root, list(_split(inverse)), call_each, refused=set())))
    taken = {change.path for change in back.changes}
    kept = tuple(change for change in written.changes if change.path not in taken)
    return WriteResult(kept, (*written.errors, *(error for path, error in errors.items() if path in taken)))


def _write_batches(
    root: Path, batches: Sequence[Sequence[FileChange]], call_each: CallEach, *, refused: set[str]
) -> Iterator[WriteResult]:
    """Write batches, without the changes that need one which was refused; add to those."""
    folders: dict[Path, Path] = {}
    for batch in batches:
        errors = tuple(_refuse_dependent(batch, refused))
        written = _write_batch(root, [change for change in batch if change.path not in refused], folders, call_each)
        refused.update(error.path for error in written.errors)
        yield replace(written, errors=(*written.errors, *errors))


def _split(changes: Iterable[FileChange]) -> Iterator[list[FileChange]]:
    """Split the changes into batches: of one kind, of different files that need none of it, and of limited size."""
    batch: dict[str, FileChange] = {}
    kind = ""
    for change in changes:
        suffix = PurePosixPath(change.path).suffix
        is_apart = suffix != kind or change.path in batch or not change.needs.isdisjoint(batch)
        if batch and (is_apart or len(batch) == _BATCH_SIZE):
            yield list(batch.values())
            batch = {}
        kind = suffix
        batch[change.path] = change
    yield list(batch.values())


def _join(results: Sequence[WriteResult]) -> WriteResult:
    changes = (change for result in results for change in result.changes)
    return WriteResult(tuple(changes), tuple(error for result in results for error in result.errors))


def _write_batch(
    root: Path, batch: Sequence[FileChange], folders: dict[Path, Path], call_each: CallEach
) -> WriteResult:
    """Write a batch: first all content to the disk, then each file to its place, then the names to the disk."""
    targets, refused = resolve_targets(root, batch, folders)
    made: list[Path] = []
    mask = read_mask()

    def write(target: WriteTarget) -> Path | None:
        content = target.change.after
        if content is None:
            return None
        return write_temp_file(target.target, content, old=target.old, mask=mask, made=made)

    try:
        temporaries = call_each(write, targets)
        refusals = [_apply(target, temporary) for target, temporary in zip(targets, temporaries, strict=True)]
    except OSError as error:
        if len(targets) == 1:
            return WriteResult(errors=(*refused, describe_write_error(error, targets[0].change)))
        call_each(remove_temp_file, made)
        made.clear()
        # One by one they need the least space, and only the one that cannot be written fails.
        singles = [_write_batch(root, [target.change], folders, call_each) for target in targets]
        return _join([WriteResult(errors=refused), *singles])
    finally:
        call_each(remove_temp_file, made)
    written = [target for target, error in zip(targets, refusals, strict=True) if error is None]
    # Removing affects the folder of the link, writing that of the file that it leads to.
    changed = {target.name.parent if target.change.after is None else target.target.parent for target in written}
    call_each(_sync_folder, sorted(changed))
    return WriteResult(tuple(target.change for target in written), (*refused, *filter(None, refusals)))


def _apply(target: WriteTarget, temporary: Path | None) -> Spec2bddError | None:
    """Move one file to its place, or remove the old one; return the error that prevented it."""
    change = target.change
    try:
        if temporary is None or change.after is None:
            applied = remove_file(target.name, target.target, before=change.before)
        else:
            applied = replace_file(temporary, target.target, before=change.before, after=change.after)
    except OSError as error:
        return describe_write_error(error, change)
    if applied:
        return None
    return FileChangedError("file changed on disk; not overwritten", path=change.path, hint="rerun the command")


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def open_pool(most: int) -> Iterator[CallEach]:
    """Yield a function that makes up to `most` calls, in threads where there are several."""
    if most <= 1:
        yield lambda call, values: [call(value) for value in values]
        return
    # The import costs start-up time, and is needed only where there is much to write.
    from concurrent.futures import ThreadPoolExecutor, wait

    with ThreadPoolExecutor(_THREADS) as pool:

        def call_each(call: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
            # One task for each thread: a task for each value would cost more than most of the calls.
            size = -(-len(values) // _THREADS) or 1
            parts = [values[start : start + size] for start in range(0, len(values), size)]
            tasks = [pool.submit(lambda part: [call(value) for value in part], part) for part in parts]
            try:
                # Results raise the errors of the calls.
                return [result for task in tasks for result in task.result()]
            finally:
                # What an error or Ctrl-C has interrupted may not go on while it is cleaned up.
                wait(tasks)

        yield call_each
