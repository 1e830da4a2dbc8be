"""The `verify` command: generate, run and mark in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from spec2bdd.commands.generation import write_generated
from spec2bdd.commands.mark import write_marks
from spec2bdd.commands.options import WriteMode, ignore_event
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.model import DEFAULT_RUN, Report, RunOptions
from spec2bdd.project.assessment import JudgeOptions
from spec2bdd.project.history import record_run
from spec2bdd.project.loader import load_project
from spec2bdd.project.locks import lock_records
from spec2bdd.project.runs import Listener, run_and_store, run_features
from spec2bdd.project.selection import EVERYTHING, Selection, is_whole_run, may_be_partial, select_run


def verify(
    project: ProjectLocation = ".",
    *,
    selection: Selection = EVERYTHING,
    run_options: RunOptions = DEFAULT_RUN,
    judge_options: JudgeOptions = JudgeOptions(),  # noqa: B008  It is frozen.
    mode: WriteMode = WriteMode.WRITE,
    now: datetime | None = None,
    on_event: Listener = ignore_event,
) -> Report:
    """Generate scenarios, run them, and update the specs.

    With another `mode` than `WRITE`, the committed features are run, and no file changes, not even the records of the
    last run. `now` is the aware time for `updated`; by default the time of the call.

    Raises:
        ConfigError: the configuration is invalid, a selected name matches no criterion or several, or there are no
            specs.
        RunError: a feature or step file cannot be read, or the run was started by a step of a run of this project.
    """
    config, now = resolve_config(project), now or datetime.now().astimezone()
    generated, _ = write_generated(config, mode=mode)
    with lock_records(config, on_event, whole=is_whole_run(selection, run_options), writes=mode.writes):
        loaded = load_project(config)
        selected = select_run(loaded, selection, run_options)
        generated = replace(generated, command="verify", notes=(*generated.notes, *selected.notes))
        if selected.nothing:
            return generated
        partial = may_be_partial(selected.plan)
        if mode.writes:
            runs = run_and_store(loaded, selected.plan, on_event, whole=not partial)
        else:
            with TemporaryDirectory() as folder:
                runs = run_features(loaded, Path(folder) / "records", on_event, plan=selected.plan)
        judge_options = replace(judge_options, partial=partial)
        report = write_marks(generated, loaded, runs, judge_options=judge_options, mode=mode, now=now)
        # The run is recorded after it was judged: `require_red` looks at the runs before it.
        not_recorded = record_run(loaded, runs.run) if mode.writes else ()
        return replace(report, problems=(*report.problems, *not_recorded))
