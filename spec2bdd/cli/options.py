"""What several commands take: a click command in, the same with more options out; how wide they answer; examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from spec2bdd.commands.options import WriteMode
    from spec2bdd.model import Selection

Command = TypeVar("Command", bound=Callable[..., Any])


def render_examples(*commands: str) -> str:
    """Return the end of a command's help: command lines to copy, which click is told not to wrap."""
    return "\n".join(("\b", "Examples:", *(f"  spec2bdd {command}".rstrip() for command in commands)))


config_option = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    help="A pyproject.toml or spec2bdd.toml, in place of the nearest one upward.",
)
format_option = click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to answer on stdout."
)
strict_option = click.option(
    "--strict", is_flag=True, help="Untick boxes that are on trust: ticked before they were proved."
)
gate_option = click.option(
    "--gate",
    type=click.Choice(["claimed", "all"]),
    default="claimed",
    help="`all`: answer no while any gating criterion is unproved, whatever the spec's status claims; by default "
    "(`claimed`), only where it claims Review or Complete.",
)
commands_option = click.option(
    "--allow-commands",
    "commands",
    is_flag=True,
    help="Run the commands that the configuration names as evidence for the definition of done.",
)
trust_foreign_option = click.option(
    "--trust-foreign",
    is_flag=True,
    help="Take the word of reports of other tools for what passed; the summary says where.",
)


patch_option = click.option(
    "--patch",
    type=click.Path(dir_okay=False),
    help="Write nothing but this file: a patch of what would change, which `git apply` takes.",
)


def add_output_options(command: Command) -> Command:
    """Add the options that every command takes."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Also list what is pending, and why."),
        click.option("-q", "--quiet", is_flag=True, help="Only failures and the summary; no progress."),
        format_option,
        config_option,
    ):
        command = option(command)
    return command


def add_write_options(command: Command) -> Command:
    """Add the options that every command takes that writes."""
    diff = click.option("--diff", is_flag=True, help="Write nothing; show on stdout what would change, as a patch.")
    check = click.option("--check", is_flag=True, help="Write nothing; exit 1 if something would change.")
    return check(diff(command))


def add_selection_options(command: Command) -> Command:
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


def derive_selection(only: tuple[str, ...], *, failed: bool, since: str) -> Selection:
    """Return what the options choose."""
    from spec2bdd.model import Selection

    return Selection(only, failed, since)


def choose_write_mode(*, check: bool, patch: bool = False) -> WriteMode:
    """Choose what a command does with its changes: `--check` and `--diff` win over `--patch`."""
    from spec2bdd.commands.options import WriteMode

    if check:
        return WriteMode.CHECK
    return WriteMode.PLAN if patch else WriteMode.WRITE
