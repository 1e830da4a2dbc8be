"""The `verify` command: generate, run and mark in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec2bdd.adapters.behave.arguments import check_arguments
from spec2bdd.adapters.behave.preloaded import preload_behave
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.model import DEFAULT_RUN, EVERYTHING, JudgeOptions, Report, RunOptions, Selection, ignore_event
from spec2bdd.project.locks import lock_records

if TYPE_CHECKING:
    from datetime import datetime

    from spec2bdd.project.runs import Listener


def verify(
    project: ProjectLocation = ".",
    *,
    selection: Selection = EVERYTHING,
    run_options: RunOptions = DEFAULT_RUN,
    judge_options: JudgeOptions = JudgeOptions(),  # noqa: B008  It is frozen.
    mode: WriteMode = WriteMode.WRITE,
    marks: bool = True,
    now: datetime | None = None,
    on_event: Listener = ignore_event,
) -> Report:
    """Generate scenarios, run them, and update the specs.

    With another `mode` than `WRITE`, the features are run as they are on disk, and no file changes, not even the
    records of the last run. `now` is the aware time for `updated`; by default the time of the call. `on_event` is
    called with each event of the run as it happens, as for `run`. Without `marks`, the specs stay as they are, and
    `on_event` is also called with `{"event": "generated", "changes": (...)}` once feature and step files were written.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a selected name matches nothing or more than one thing, or an argument cannot be passed to Behave.
        BaselineError: the baseline is asked for, and cannot be read.
        RunError: a feature or step file cannot be read, or the run was started by a step of a run of this project.
    """
    # Before anything is written or waited for.
    check_arguments(run_options.arguments)
    config = resolve_config(project)
    if judge_options.gate_baseline:
        from spec2bdd.commands._baseline import read_baseline

        judge_options = read_baseline(config, judge_options)
    whole = selection.may_be_everything and not run_options.may_be_partial
    with (
        # Taken first: the user's modules are loaded below, and must not be while another run is at work.
        lock_records(config, on_event, whole=whole, writes=mode.writes),
        preload_behave(
            config.root,
            features=config.features,
            steps=config.steps,
            records=config.records.parent if mode.writes else None,
            options=run_options,
            sources=config.sources,
            lines=config.record_lines,
        ) as preloaded,
    ):
        # What plans and judges is imported while the other process loads Behave and the project.
        from spec2bdd.commands.verification import generate_run_and_mark

        return generate_run_and_mark(
            config,
            selection=selection,
            run_options=run_options,
            judge_options=judge_options,
            mode=mode,
            marks=marks,
            now=now,
            on_event=on_event,
            preloaded=preloaded,
        )
