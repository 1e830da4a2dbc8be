"""Who else is at work in this project in, the turn to read and write there out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from spec2bdd.adapters.behave.launcher import is_nested_run
from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.errors import RunError
from spec2bdd.project.cache_dir import make_cache
from spec2bdd.project.runs import Listener


@contextmanager
def lock_project(config: Config, *, writes: bool) -> Iterator[None]:
    """Keep other spec2bdd processes from the project while one reads it in order to write; a check disturbs nobody."""
    if not writes:
        yield
        return
    with files.folder_lock(config.root):
        files.remove_stale_temp_files(config.root, {config.specs, config.features, config.steps})
        yield


@contextmanager
def lock_records(config: Config, on_event: Listener, *, whole: bool, writes: bool) -> Iterator[None]:
    """Let one whole run at a time write its records, and none while runs of a part write theirs; the others wait.

    A check has records of its own. Where there can be no folder for records, the run itself says so.

    Raises:
        RunError: it would have to wait for a run whose step has started it.
    """
    if not writes:
        yield
        return
    folder = config.records.parent
    with suppress(RunError):
        make_cache(folder)
    with files.folder_lock(
        folder, shared=not whole, longest=math.inf, on_wait=partial(_tell_of_wait, folder, on_event)
    ):
        yield


def _tell_of_wait(folder: Path, on_event: Listener) -> None:
    """Tell that there is a run to be waited for, if it can come to its end meanwhile."""
    if is_nested_run(folder):
        message = "a step of a run of this project has started another one, and each would wait for the other"
        raise RunError(message, hint="use `verify --check`, which keeps no records, or a copy of the project")
    on_event({"event": "wait"})
