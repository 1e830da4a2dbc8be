"""The commands about one criterion: their arguments in, one pipeline call each, its report out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spec2bdd.cli.options import add_output_options, add_write_options, render_examples
from spec2bdd.cli.output import answer, read_config

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    short_help="Accept the new wording of one criterion.",
    epilog=render_examples("accept ac_3_2_5f3a9c --diff", 'accept "3.2#4"'),
)
@click.argument("criterion")
@add_write_options
@add_output_options
@answer
def accept(*, criterion: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Accept the new wording of one criterion: its steps still prove it, so it is stale no more.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands import pipeline

    return pipeline.accept(read_config(config), criterion, pipeline.Options(check=check or diff))


@click.command(
    short_help="Make the generated scenario of one criterion your own.",
    epilog=render_examples("eject ac_3_2_5f3a9c", 'eject "an item can be added" --diff'),
)
@click.argument("criterion")
@add_write_options
@add_output_options
@answer
def eject(*, criterion: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Make the generated scenario of one criterion your own: it moves to a feature file that is yours, with its tag.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands import pipeline

    return pipeline.eject(read_config(config), criterion, pipeline.Options(check=check or diff))
