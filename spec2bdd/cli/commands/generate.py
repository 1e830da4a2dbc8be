"""The command `generate`: its arguments in, one pipeline call, its report out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import add_output_options, add_write_options, choose_write_mode, render_examples
from spec2bdd.cli.output import answer, read_config

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    short_help="Write feature files, and stubs for the steps that are missing.",
    epilog=render_examples(
        "generate",
        "generate --check   # in a hook: is all of it up to date?",
        "generate --diff    # what would it write?",
        "generate --prune",
    ),
)
@click.option(
    "--prune", is_flag=True, help="Also remove features whose spec is gone, and unused stubs that nobody has touched."
)
@add_write_options
@add_output_options
@answer
def generate(*, prune: bool, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Write a feature file for each spec, and stubs for the steps that nobody has defined."""
    return spec2bdd.generate(read_config(config), prune=prune, mode=choose_write_mode(check=check or diff))
