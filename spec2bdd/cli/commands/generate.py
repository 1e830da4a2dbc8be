"""The `generate` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_output_options,
    add_write_options,
    choose_write_mode,
    render_examples,
    verbose_option,
)
from spec2bdd.cli.output import answer, read_config

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    short_help="Generate feature files and stubs for undefined steps.",
    epilog=render_examples(
        "generate",
        "generate --check   # in a hook: is everything up to date?",
        "generate --diff    # what would change?",
        "generate --prune",
    ),
)
@click.option("--prune", is_flag=True, help="Also delete orphaned feature files and unmodified, unused stubs.")
@add_write_options
@add_output_options
@verbose_option
@answer("report")
def generate(*, prune: bool, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Generate feature files and stubs for undefined steps."""
    return spec2bdd.generate(read_config(config), prune=prune, mode=choose_write_mode(check=check or diff))
