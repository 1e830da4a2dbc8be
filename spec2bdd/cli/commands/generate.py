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
)
from spec2bdd.cli.output import answer, read_config
from spec2bdd.cli.parsing import Command

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    cls=Command,
    short_help="Generate feature files and stubs for undefined steps.",
    epilog=render_examples(
        "generate",
        "generate --check   # in a hook: is everything up to date?",
        "generate --diff    # what would change?",
        "generate 3.2 specs/4.1-till.md",
        "generate --prune",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--prune", is_flag=True, help="Also delete orphaned feature files and unmodified, unused stubs.")
@add_write_options
@add_output_options
@answer("report")
def generate(
    *,
    names: tuple[str, ...],
    prune: bool,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Generate feature files and stubs for undefined steps.

    NAME is a spec (`3.2`, a path, or a part of its name), a criterion, or a feature file. Only the feature files and
    stubs of these specs are written; by default, those of all specs.
    """
    mode = choose_write_mode(check=check or diff)
    return spec2bdd.generate(read_config(config), names=names, prune=prune, mode=mode)
