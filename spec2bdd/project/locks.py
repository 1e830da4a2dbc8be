"""Locks that serialise spec2bdd processes in one project."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from spec2bdd.adapters.behave.launcher import is_nested_run
from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.errors import RunError
from spec2bdd.project.cache.folder import make_cache

if TYPE_CHECKING:
    from spec2bdd.project.runs import Listener


@contextmanager
def lock_project(config: Config, *, writes: bool) -> Iterator[None]:
    """Lock the project from reading it to writing there; a check locks nothing."""
    if not writes:
        yield
        return
    with files.folder_lock(config.root):
        # Under the lock, no temporary file belongs to a process that is still writing.
        patterns = (*config.specs, *(str(PurePosixPath(path).parent) for path in config.plan if config.plan_boxes))
        files.remove_stale_temp_files(config.root, {*map(files.find_base, patterns), config.features, config.steps})
        yield


@contextmanager
def lock_records(config: Config, on_event: Listener, *, whole: bool, writes: bool) -> Iterator[None]:
    """Let one whole run at a time write its records, and none while partial runs write theirs; the others wait.

    A check has its own records. Where the folder for records cannot be made, the run itself reports that.

    Raises:
        RunError: it would have to wait for a run whose step has started it, which would be a deadlock.
    """
    if not writes:
        yield
        return
    folder = config.records.parent
    with suppress(RunError):
        make_cache(folder)
    with files.folder_lock(
        # Runs take as long as they take: there is no time after which waiting would be wrong.
        folder,
        shared=not whole,
        longest=math.inf,
        on_wait=partial(_announce_wait, folder, on_event),
    ):
        yield


def _announce_wait(folder: Path, on_event: Listener) -> None:
    """Report that another run has to be waited for, unless that run waits for this one."""
    if is_nested_run(folder):
        message = "cannot start a run from a step of another run of the same project: each would wait for the other"
        raise RunError(message, hint="use `verify --check`, which writes no records, or a copy of the project")
    on_event({"event": "wait"})
