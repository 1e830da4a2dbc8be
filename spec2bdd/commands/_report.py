"""The last stage of every command: write the planned changes, complete the report, compute the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from spec2bdd.adapters.system import files
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import Config
from spec2bdd.config.tables import name_tables, name_tables_in_diagnostics
from spec2bdd.diagnostics.broken_edits import join_broken_edits
from spec2bdd.diagnostics.codes import is_configurable
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.diagnostics.levels import add_default_hint, finalize_diagnostics
from spec2bdd.diagnostics.suppressions import MARK
from spec2bdd.model import Diagnostic, FileChange, Report, Severity
from spec2bdd.project.loader import Project
from spec2bdd.project.outcome import PlannedChanges


def apply_changes(config: Config, changes: Sequence[FileChange], mode: WriteMode) -> PlannedChanges:
    """Write the changes if the mode asks for it; a change that cannot be written does not block the others.

    The result holds the changes that were made (or planned), and an error for each that was refused.
    """
    if not mode.writes:
        return PlannedChanges(tuple(changes))
    with files.folder_lock(config.root):
        written = files.write_changes(config.root, changes)
    return PlannedChanges(written.changes, diagnostics=tuple(diagnose_error(error) for error in written.errors))


def merge_changes(changes: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """Merge several changes of the same file into one, from its first content to its last."""
    merged: dict[str, FileChange] = {}
    for change in changes:
        earlier = merged.get(change.path)
        if earlier:
            change = replace(change, before=earlier.before, needs=earlier.needs | change.needs)
        merged[change.path] = change
    return tuple(merged.values())


def compute_exit_code(*, failed: bool, incomplete: bool) -> int:
    """Compute the exit code of a command: 0 for success, 1 where a check failed, 2 where something was not done."""
    return 2 if incomplete else int(failed)


def finalize_for_project(project: Project, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Finalize diagnostics as the project wants them, each once; suggestions are left to `lint`."""
    # `verify` gets some diagnostics twice, and those of its first part have their hint already.
    each = dict.fromkeys(name_tables_in_diagnostics(map(add_default_hint, diagnostics), project.config))
    known = join_broken_edits(each)
    # Suppression comments are read from the files that diagnostics point to, and from no others.
    texts: dict[str, str] = {}
    for path in {diagnostic.path for diagnostic in known} & project.contents.keys():
        with suppress(OSError):
            # The project did not keep the bytes of all files.
            content = project.contents[path] or files.read_file(project.config.root, path) or b""
            # The texts of thousands of specs would be the largest part of all memory in use.
            if MARK.encode() in content:
                texts[path] = content.decode("utf-8", "replace")
    finalized = finalize_diagnostics(known, texts, project.config.lint)
    return tuple(diagnostic for diagnostic in finalized if diagnostic.severity is not Severity.SUGGESTION)


def soften_levels(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Make warnings of what only the configuration calls an error: a command that shows a project checks nothing."""
    return tuple(
        replace(diagnostic, severity=Severity.WARNING)
        if diagnostic.severity is Severity.ERROR and is_configurable(diagnostic.code)
        else diagnostic
        for diagnostic in diagnostics
    )


def finish_report(project: Project, report: Report, *, diagnostics: Iterable[Diagnostic], mode: WriteMode) -> Report:
    """Add the diagnostics to a report, each once and as the configuration wants them, and compute the exit code.

    A check failed where a spec does not keep what its status claims, a scenario without a criterion fails, a diagnostic
    is an error, or `CHECK` would change a file. An error outside the scenarios of a run counts unless the run is past.
    """
    shown = finalize_for_project(project, diagnostics)
    errors = [diagnostic for diagnostic in shown if diagnostic.severity is Severity.ERROR]
    # An error whose level cannot be configured means that a file was not read, not run or not written.
    is_incomplete = any(not is_configurable(diagnostic.code) for diagnostic in errors)
    is_incomplete |= any(not failure.feature for run in report.runs if not run.is_past for failure in run.failures)
    is_failed = bool(errors) or any(not spec.passed for spec in report.specs)
    is_failed |= mode is WriteMode.CHECK and bool(report.changes)
    report = replace(report, unlinked_fails=project.config.unlinked == "fail")
    is_failed |= bool(report.failing)
    exit_code = compute_exit_code(failed=is_failed, incomplete=is_incomplete)
    notes = tuple(name_tables(note, project.config) for note in report.notes)
    # A worktree and a submodule have a file of that name.
    root = project.config.root.absolute()
    versioned = any((folder / ".git").exists() for folder in (root, *root.parents))
    report = replace(report, wrote=mode.writes, diagnostics=shown, exit_code=exit_code, notes=notes)
    return replace(report, versioned=versioned)
