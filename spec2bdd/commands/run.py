"""The `run` command: run the features and report verdicts without changing a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec2bdd.adapters.behave.arguments import check_arguments
from spec2bdd.adapters.behave.preloaded import preload_behave
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.model import DEFAULT_RUN, EVERYTHING, JudgeOptions, Report, RunOptions, Selection, ignore_event
from spec2bdd.project.locks import lock_records

if TYPE_CHECKING:
    from spec2bdd.project.runs import Listener


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
        lock_records(config, on_event, whole=whole, writes=True),
        preload_behave(
            config.root,
            features=config.features,
            steps=config.steps,
            records=config.records.parent,
            options=run_options,
            sources=config.sources,
            lines=config.record_lines,
        ) as preloaded,
    ):
        # What plans and judges is imported while the other process loads Behave and the project.
        from spec2bdd.commands.verification import run_and_judge

        return run_and_judge(
            config,
            selection=selection,
            run_options=run_options,
            judge_options=judge_options,
            on_event=on_event,
            preloaded=preloaded,
        )
