"""The `run` command: run the features and report verdicts without changing a spec."""

from __future__ import annotations

from dataclasses import replace

from spec2bdd.commands._report import finish_report
from spec2bdd.commands.options import WriteMode, ignore_event
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.model import DEFAULT_RUN, Report, RunOptions
from spec2bdd.project.assessment import JudgeOptions, judge_project
from spec2bdd.project.history import record_run
from spec2bdd.project.loader import load_project
from spec2bdd.project.locks import lock_records
from spec2bdd.project.runs import Listener, describe_settings, diagnose_no_features, run_and_store
from spec2bdd.project.selection import EVERYTHING, Selection, is_whole_run, may_be_partial, select_run


def run(
    project: ProjectLocation = ".",
    *,
    selection: Selection = EVERYTHING,
    run_options: RunOptions = DEFAULT_RUN,
    judge_options: JudgeOptions = JudgeOptions(),  # noqa: B008  It is frozen.
    on_event: Listener = ignore_event,
) -> Report:
    """Run the features with Behave and judge the specs by the results; no spec is changed.

    The records of the run are kept for `mark`. `on_event` is called with each event of the run as it happens: what
    docs/records.md describes, and `{"event": "wait"}` while another run in this project has to end first.

    Raises:
        ConfigError: the configuration is invalid, a selected name matches no criterion or several, or there are no
            specs.
        RunError: a feature or step file cannot be read, or the run was started by a step of a run of this project.
    """
    config = resolve_config(project)
    with lock_records(config, on_event, whole=is_whole_run(selection, run_options), writes=True):
        loaded = load_project(config)
        selected = select_run(loaded, selection, run_options)
        if selected.nothing:
            report = Report("run", notes=selected.notes)
            return finish_report(loaded, report, problems=loaded.problems, mode=WriteMode.WRITE)
        partial = may_be_partial(selected.plan)
        if loaded.library.tags:
            runs = run_and_store(loaded, selected.plan, on_event, whole=not partial)
        else:
            runs = diagnose_no_features(config)
        assessed = judge_project(loaded, runs.runs, replace(judge_options, partial=partial), runs.reports)
        report = Report("run", specs=assessed.specs, run=runs.run, notes=(*selected.notes, *assessed.notes))
        problems = [*loaded.problems, *runs.problems]
        # A run of a part leaves criteria without results on purpose; no setting of Behave is to blame.
        problems += () if partial else describe_settings(config, assessed.specs)
        problems += [*assessed.problems, *record_run(loaded, runs.run)]
        return finish_report(loaded, report, problems=problems, mode=WriteMode.WRITE)
