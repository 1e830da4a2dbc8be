"""The command `run`: its arguments in, one pipeline call, its report out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spec2bdd.cli.answering import answer, read_config
from spec2bdd.cli.choosing import add_choice_options, derive_choice
from spec2bdd.cli.live import run_live
from spec2bdd.cli.options import add_output_options, commands_option, gate_option

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command()
@add_choice_options
@commands_option
@gate_option
@add_output_options
@answer
def run(
    *, only: tuple[str, ...], failed: bool, since: str, gate: str, commands: bool, config: str | None, quiet: bool
) -> Report:
    """Run the features with Behave, and say what the results prove. Marks nothing."""
    from spec2bdd import pipeline

    options = pipeline.Options(
        choice=derive_choice(only, failed=failed, since=since), gate_all=gate == "all", commands=commands
    )
    return run_live(lambda listen: pipeline.run(read_config(config), options, on_event=listen), quiet=quiet)
