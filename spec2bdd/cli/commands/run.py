"""The `run` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_output_options,
    add_selection_options,
    build_selection,
    commands_option,
    gate_option,
    render_examples,
    verbose_option,
)
from spec2bdd.cli.output import answer, read_config, run_live
from spec2bdd.cli.run_options import RunFlags, add_run_options

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(epilog=render_examples("run", "run --only 3.2 -j auto", "run --failed", "run -- --tags @smoke"))
@add_run_options
@add_selection_options
@commands_option
@gate_option
@add_output_options
@verbose_option
@answer("run")
def run(
    *,
    run_flags: RunFlags,
    only: tuple[str, ...],
    failed: bool,
    since: str,
    gate: str,
    commands: bool,
    config: str | None,
    quiet: bool,
) -> Report:
    """Run the features and report verdicts without changing any file.

    Arguments after `--` are passed to Behave, e.g. `-- --tags @smoke -D browser=firefox`.
    """
    settings = read_config(config)
    # Progress goes to stderr: stdout is for the answer.
    return run_live(
        lambda listen: spec2bdd.run(
            settings,
            selection=build_selection(only, failed=failed, since=since),
            run_options=run_flags.build_run_options(settings),
            judge_options=spec2bdd.JudgeOptions(gate_all=gate == "all", commands=commands),
            on_event=listen,
        ),
        quiet=quiet,
    )
