"""What commands take that run features: a click command in, the same with the options that choose what is run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spec2bdd.cli.options import Command

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.project.selection import Choice


def add_choice_options(command: Command) -> Command:
    """Add the options that choose what is run; several leave what all of them name."""
    for option in (
        click.option("--since", metavar="REV", default="", help="Run only what may be affected by changes since REV."),
        click.option("--failed", is_flag=True, help="Run only what did not pass in the last records."),
        click.option(
            "--only",
            metavar="NAME",
            multiple=True,
            help="Run only this criterion, spec or feature file: an id, `3.2#4`, a path, or a part of the text. "
            "Can be given several times.",
        ),
    ):
        command = option(command)
    return command


def derive_choice(only: tuple[str, ...], *, failed: bool, since: str) -> Choice:
    """Return what the options choose."""
    from spec2bdd.project.selection import Choice

    return Choice(only, failed, since)
