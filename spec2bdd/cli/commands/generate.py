"""The `generate` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spec2bdd.cli.options import add_output_options, add_write_options, render_examples, verbose_option
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
    from spec2bdd.project.generate_cache import load_cached_report

    settings = read_config(config)
    # The cache only knows what a `generate` without `--prune` found.
    cached = None if prune else load_cached_report(settings, check=check or diff)
    if cached:
        return cached
    from spec2bdd.commands.generate import generate as generate_command
    from spec2bdd.commands.options import Options

    return generate_command(settings, Options(check=check or diff, prune=prune))
