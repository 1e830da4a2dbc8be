"""Notice that files in a folder were written, with the library watchfiles."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from spec2bdd.errors import SystemCallError, UsageError

# Files that are written at about the same time are one save: milliseconds without a further one, and in all.
_QUIET, _LONGEST = 50, 500
# How often the thread looks whether it has to end, in milliseconds.
_PAUSE = 200
_IGNORED = (".spec2bdd", ".nox", ".ruff_cache", "venv")


class FileEvents:
    """The events of a folder; its `fileno` is readable when something was written there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        self._ended = threading.Event()
        self._error = ""
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def fileno(self) -> int:
        """Return what can be waited for with `select`."""
        return self._read

    def start(self) -> None:
        """Start to follow; the first event is that this has begun."""
        self._thread.start()

    def take(self) -> None:
        """Take the events that have come.

        Raises:
            SystemCallError: the folder cannot be watched.
        """
        os.read(self._read, 1 << 16)
        if self._error:
            hint = "on Linux, raise `fs.inotify.max_user_watches`, or set `WATCHFILES_FORCE_POLLING=1`"
            raise SystemCallError(f"cannot watch the files: {self._error}", hint=hint)

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()
        os.close(self._read)
        os.close(self._write)

    def _follow(self) -> None:
        """Write a byte into the pipe for each save."""
        try:
            try:
                self._pass_on([str(self._root)], recursive=True)
            except PermissionError:
                # The library follows nothing after the first folder that may not be read.
                while not self._ended.is_set():
                    folders = [parent for parent, *_ in os.walk(self._root) if os.access(parent, os.R_OK | os.X_OK)]
                    self._pass_on(folders, recursive=False)
        except Exception as error:  # noqa: BLE001  The library has exceptions of its own; the main thread reports it.
            self._error = str(error)
            os.write(self._write, b".")

    def _pass_on(self, folders: list[str], *, recursive: bool) -> None:
        """Pass events on, first that this has begun; if not `recursive`, until there is a new folder."""
        from watchfiles import Change, DefaultFilter, watch

        is_wanted = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *_IGNORED))
        events = watch(
            *folders,
            # What is above the folder does not count.
            watch_filter=lambda change, path: is_wanted(change, os.path.relpath(path, self._root)),
            debounce=_LONGEST,
            step=_QUIET,
            stop_event=self._ended,
            rust_timeout=_PAUSE,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=recursive,
        )
        first = True
        with closing(events):
            for changes in events:
                if changes or first:
                    os.write(self._write, b".")
                first = False
                added = [path for change, path in changes if change is Change.added]
                if not recursive and any(map(os.path.isdir, added)):
                    return


@contextmanager
def follow_files(root: Path) -> Iterator[FileEvents]:
    """Follow the files in a folder until the block ends.

    Raises:
        UsageError: watchfiles is not installed.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError as error:
        hint = "install it next to spec2bdd: `python -m pip install watchfiles`"
        raise UsageError("`watch` needs the library watchfiles", hint=hint) from error
    events = FileEvents(root)
    events.start()
    try:
        yield events
    finally:
        events.stop()
