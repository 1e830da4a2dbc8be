"""The `verify` command: generate, run and mark in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from spec2bdd.commands.generate import _generate
from spec2bdd.commands.mark import _mark
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.model import Report
from spec2bdd.project.history import record_run
from spec2bdd.project.loader import load_project
from spec2bdd.project.locks import lock_records
from spec2bdd.project.runs import Listener, run_and_store, run_features
from spec2bdd.project.selection import may_be_partial, select_run


def verify(config: Config, options: Options, *, now: datetime, on_event: Listener) -> Report:
    """Generate, run and mark in one go; with `check`, judge the committed features and write nothing."""
    generated, _ = _generate(config, options)
    with lock_records(config, on_event, whole=options.is_whole, writes=options.writes):
        return _verify_alone(config, generated, options, now=now, on_event=on_event)


def _verify_alone(config: Config, generated: Report, options: Options, *, now: datetime, on_event: Listener) -> Report:
    """Run what was generated while nobody else does, and mark it."""
    project = load_project(config)
    chosen = select_run(project, options.choice, options.plan)
    generated = replace(generated, command="verify", notes=(*generated.notes, *chosen.notes))
    if chosen.nothing:
        return generated
    if options.writes:
        ran = run_and_store(project, chosen.plan, on_event, whole=not may_be_partial(chosen.plan))
    else:
        with TemporaryDirectory() as folder:
            # A check leaves no trace, not even of its records.
            ran = run_features(project, Path(folder) / "records", on_event, plan=chosen.plan)
    report = _mark(generated, project, ran, options, now=now, partial=may_be_partial(chosen.plan))
    # A run is judged by what was remembered before it.
    forgotten = record_run(project, ran.run) if options.writes else ()
    return replace(report, problems=(*report.problems, *forgotten))
