"""The `history --rebuild` command: rebuild the history of runs from record files."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.commands._report import compute_exit_code
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.model import Report
from spec2bdd.project.cache.folder import make_cache
from spec2bdd.project.history import rebuild_history_store
from spec2bdd.project.loader import load_project
from spec2bdd.project.run_diagnostics import refuse_external_reports
from spec2bdd.project.runs import load_runs


def rebuild_history(project: ProjectLocation, records: Sequence[str]) -> Report:
    """Replace the history by the runs in these record files; unreadable files are reported and skipped.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        HistoryError: the history cannot be written.
    """
    config = resolve_config(project)
    loaded = load_project(config, scenarios=False)
    read = load_runs(config, records)
    runs = [run for run in read.runs if run.complete and not run.changed and not run.outdated]
    # What a record says about step modules that are broken now has nothing to do with the history.
    diagnostics = tuple(diagnostic for diagnostic in read.diagnostics if diagnostic.code == "record")
    diagnostics += refuse_external_reports(read)
    note = f"recorded {len(runs)} complete {'run' if len(runs) == 1 else 'runs'}" if runs else ""
    if runs:
        make_cache(config.history.parent)
        replaced = rebuild_history_store(loaded, runs)
        if replaced is None:
            note += ", in place of a history that could not be read"
        elif replaced:
            note += f", in place of {replaced} {'run' if replaced == 1 else 'runs'}"
    else:
        note = "no complete run was found; the history was not changed"
    exit_code = compute_exit_code(failed=False, incomplete=bool(diagnostics))
    return Report("history", diagnostics=diagnostics, notes=(note,), exit_code=exit_code)
