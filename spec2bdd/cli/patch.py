"""A command that plans changes in, its report out, with the changes left as a patch in the file that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec2bdd.model import Report


def write_patch(typed: str | None, command: Callable[[], Report]) -> Report:
    """Run a command, and write the changes that it plans as a patch, if a file is named for it.

    Raises:
        ConfigError: the folder of the file is not there; the command was not run.
        WriteError: the file cannot be written.
    """
    if typed is None:
        return command()
    path = _find_place(typed)
    report = command()
    _write_patch(path, report)
    return replace(report, notes=(*report.notes, _describe(typed, report)))


def _find_place(typed: str) -> Path:
    """Return where the patch is to stand."""
    from spec2bdd.errors import ConfigError

    path = Path(typed).absolute()
    if path.parent.is_dir():
        return path
    hint = f"make the folder `{Path(typed).parent}` first, or name another file"
    raise ConfigError("there is no such folder for the patch", path=typed, hint=hint)


def _write_patch(path: Path, report: Report) -> None:
    """Write the patch, whole or not at all."""
    from spec2bdd.adapters.system import files
    from spec2bdd.model import FileChange
    from spec2bdd.reporters.diff import render_diff

    patch = render_diff(report.changes, color=False).encode("utf-8", "surrogateescape")
    change = FileChange(path.name, files.read_file(path.parent, path.name), patch)
    for error in files.write_changes(path.parent, [change]).errors:
        raise error


def _describe(typed: str, report: Report) -> str:
    """Say what stands in the patch, and what to do with it."""
    count = len(report.changes)
    if not count:
        return f"`{typed}` is empty: there is nothing to change"
    return f"`{typed}` changes {count} {'file' if count == 1 else 'files'}: `git apply {typed}`"
