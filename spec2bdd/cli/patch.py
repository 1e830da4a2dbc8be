"""The option `--patch FILE`: write the changes of a command to a patch, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spec2bdd.cli.output import write_output_file

if TYPE_CHECKING:
    from spec2bdd.model import Report


def write_patch(file: str | None, command: Callable[[], Report]) -> Report:
    """Run a command, and write the changes that it plans as a patch, if a file is named for it.

    Raises:
        UsageError: the folder of the file does not exist; the command was not run.
        WriteError: the file cannot be written.
    """
    if file is None:
        return command()
    # Before the command, which may run for minutes.
    if not Path(file).absolute().parent.is_dir():
        from spec2bdd.errors import UsageError

        hint = f"create `{Path(file).parent}`, or name another file"
        raise UsageError("the folder of the patch does not exist", path=file, hint=hint)
    report = command()
    # Imported where there is a patch to write.
    from spec2bdd.reporters.diff import render_diff

    # Without changes the file is empty, and not an older patch.
    write_output_file(file, render_diff(report.changes, color=False))
    count = len(report.changes)
    note = f"`{file}` changes {count} {'file' if count == 1 else 'files'}: `git apply {file}`"
    if not count:
        note = f"`{file}` is empty: there is nothing to change"
    return replace(report, notes=(*report.notes, note))
