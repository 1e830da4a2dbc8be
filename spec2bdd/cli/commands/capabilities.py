"""The `capabilities` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from spec2bdd.cli.formats import Output, format_option
from spec2bdd.cli.options import render_examples
from spec2bdd.cli.output import exit_on_error, print_answer
from spec2bdd.cli.parsing import Command


@click.command(
    cls=Command,
    short_help="List commands, formats, codes, dialects and schemas.",
    epilog=render_examples("capabilities --format json"),
)
@format_option("capabilities")
@click.pass_context
def capabilities(context: click.Context, *, outputs: Sequence[Output]) -> None:
    """List what this version can do: commands with their options and formats, exit codes, dialects, codes, schemas.

    With `--format json`, programs and coding assistants need no other documentation of the command line.
    """
    from spec2bdd.cli.capabilities import collect_capabilities
    from spec2bdd.cli.main import main
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        found = collect_capabilities(main, context.find_root())
    sys.exit(0 if print_answer(Answer("capabilities", found), outputs) else 2)
