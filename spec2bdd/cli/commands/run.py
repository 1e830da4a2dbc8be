"""The `run` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_judgement_options,
    add_selection_options,
    build_judge_options,
    build_selection,
    commands_option,
    gate_option,
    render_examples,
    verbose_option,
)
from spec2bdd.cli.output import answer, read_config, run_live
from spec2bdd.cli.parsing import BehaveCommand
from spec2bdd.cli.run_options import RunFlags, add_run_options

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    cls=BehaveCommand,
    short_help="Run the features and report verdicts; change no spec.",
    epilog=render_examples("run", "run 3.2 -j auto", "run --failed", "run 3.2 -- --tags @smoke"),
)
@click.option("--pdb", is_flag=True, help="Start pdb at each failure and `breakpoint()`; one process, no time limit.")
@add_run_options
@add_selection_options
@commands_option
@gate_option
@add_judgement_options
@verbose_option
@answer("run")
def run(
    *,
    run_flags: RunFlags,
    names: tuple[str, ...],
    only: tuple[str, ...],
    pdb: bool,
    failed: bool,
    since: str,
    gate: str | None,
    commands: bool,
    config: str | None,
    quiet: bool,
) -> Report:
    """Run the features and report verdicts without changing specs, features or steps.

    NAME is a spec (`3.2`, a path, or a part of its name), a criterion (`3.2#4`, an id, or a part of its text), or a
    feature file; by default, everything is run. Arguments after `--` are passed to Behave, e.g.
    `-- --tags @smoke -D browser=firefox`.
    """
    with run_flags.keep_standby(debugger=pdb):
        settings = read_config(config)
        # Progress goes to stderr: stdout is for the answer.
        return run_live(
            lambda listen: spec2bdd.run(
                settings,
                selection=build_selection(names, only, failed=failed, since=since),
                run_options=run_flags.build_run_options(settings, debugger=pdb),
                judge_options=build_judge_options(gate, commands=commands),
                on_event=listen,
            ),
            quiet=quiet,
            plain=pdb,
        )
