"""The option `--patch FILE`: write the changes of a command to a patch, and nothing else."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from spec2bdd.cli.output import write_output_file
from spec2bdd.errors import UsageError

if TYPE_CHECKING:
    from spec2bdd.model import Report


def write_patch(file: str | None, command: Callable[[], Report]) -> Report:
    """Run a command, and write the changes that it plans as a patch, if a file is named for it.

    Raises:
        UsageError: it is no file.
        WriteError: the file cannot be written.
    """
    if file is None:
        return command()
    if file == "-":
        raise UsageError("`-` names no file", hint="to print the patch on stdout, use `--diff`")
    report = command()
    # Imported where there is a patch to write.
    from spec2bdd.reporters.diff import render_diff

    # Without changes the file is empty, and not an older patch.
    write_output_file(file, render_diff(report.changes, color=False))
    count = len(report.changes)
    if not count:
        return replace(report, notes=(*report.notes, f"`{file}` is empty: there is nothing to change"))
    note = f"`{file}` changes {count} {'file' if count == 1 else 'files'}: `git apply {shlex.quote(file)}`"
    return replace(report, notes=(*report.notes, note), patch=file)
