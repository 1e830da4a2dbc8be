"""The `run` command: run the features and report verdicts without changing a spec."""

from __future__ import annotations

from spec2bdd.commands._report import _finish, _judge
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.model import Report
from spec2bdd.project.history import record_run
from spec2bdd.project.loader import load_project
from spec2bdd.project.locks import lock_records
from spec2bdd.project.runs import Listener, describe_settings, diagnose_no_features, run_and_store
from spec2bdd.project.selection import may_be_partial, select_run


def run(config: Config, options: Options, *, on_event: Listener) -> Report:
    """Run the features as they stand, and judge the specs without marking them."""
    with lock_records(config, on_event, whole=options.is_whole, writes=True):
        return _run_alone(config, options, on_event)


def _run_alone(config: Config, options: Options, on_event: Listener) -> Report:
    """Run the features while nobody else does, and judge the specs."""
    project = load_project(config)
    chosen = select_run(project, options.choice, options.plan)
    if chosen.nothing:
        return _finish(project, Report("run", notes=chosen.notes), options, problems=project.problems)
    part, known = may_be_partial(chosen.plan), bool(project.library.tags)
    ran = run_and_store(project, chosen.plan, on_event, whole=not part) if known else diagnose_no_features(config)
    judged = _judge(project, ran, options, partial=part)
    report = Report("run", specs=judged.specs, run=ran.run, notes=(*chosen.notes, *judged.notes))
    left_out = () if part else describe_settings(config, judged.specs)
    problems = (*project.problems, *ran.problems, *left_out, *judged.problems, *record_run(project, ran.run))
    return _finish(project, report, options, problems=problems)
