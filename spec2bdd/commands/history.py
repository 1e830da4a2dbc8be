"""The `history` command: rebuild the history of runs from record files."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.config import Config
from spec2bdd.model import Report
from spec2bdd.project.cache_dir import make_cache
from spec2bdd.project.history import rebuild_history_store
from spec2bdd.project.loader import load_project
from spec2bdd.project.runs import load_runs, refuse_external_reports


def rebuild_history(config: Config, records: Sequence[str]) -> Report:
    """Make the memory of runs anew from record files; those that cannot be read do not hide the others.

    Raises:
        HistoryError: it cannot be written.
    """
    project = load_project(config)
    read = load_runs(config, records)
    runs = [run for run in read.runs if run.complete]
    problems = tuple(problem for problem in read.problems if problem.code == "record") + refuse_external_reports(read)
    if runs:
        make_cache(config.history.parent)
        rebuild_history_store(project, runs)
    notes = (f"{len(runs)} whole {'run is' if len(runs) == 1 else 'runs are'} remembered",)
    return Report("history", problems=problems, notes=notes, exit_code=2 if problems else 0)
