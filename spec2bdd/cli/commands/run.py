"""The command `run`: its arguments in, one pipeline call, its report out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_output_options,
    add_selection_options,
    commands_option,
    derive_selection,
    gate_option,
    render_examples,
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
@answer
def run(
    *,
    asked: RunFlags,
    only: tuple[str, ...],
    failed: bool,
    since: str,
    gate: str,
    commands: bool,
    config: str | None,
    quiet: bool,
) -> Report:
    """Run the features with Behave, and say what the results prove. Marks nothing.

    What stands behind `--` goes to Behave, such as `-- --tags @smoke -D browser=firefox`.
    """
    settings = read_config(config)
    return run_live(
        lambda listen: spec2bdd.run(
            settings,
            selection=derive_selection(only, failed=failed, since=since),
            run_options=asked.derive_plan(settings),
            judge_options=spec2bdd.JudgeOptions(gate_all=gate == "all", commands=commands),
            on_event=listen,
        ),
        quiet=quiet,
    )
