"""The commands about one criterion: their arguments in, one pipeline call each, its report out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from spec2bdd.cli.options import add_output_options, add_write_options, choose_write_mode, render_examples
from spec2bdd.cli.output import answer, read_config

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from collections.abc import Callable

    from spec2bdd.commands.decide import PlannedDecision
    from spec2bdd.model import Report
    from spec2bdd.project.loader import Project


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
    from spec2bdd.commands.accept import accept as accept_command

    return accept_command(read_config(config), criterion, mode=choose_write_mode(check=check or diff))


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
    from spec2bdd.commands.eject import eject as eject_command

    return eject_command(read_config(config), criterion, mode=choose_write_mode(check=check or diff))


@click.command(
    short_help="Waive one criterion for a reason.",
    epilog=render_examples('waive "3.2#4" --reason "not before the move"'),
)
@click.argument("criterion")
@click.option("--reason", required=True, help="Why nobody asks for it now; it stands behind the text in the spec.")
@add_write_options
@add_output_options
@answer
def waive(*, criterion: str, reason: str, **options: Any) -> Report:
    """Waive one criterion for a reason: its box becomes `[~]`, and the reason stands behind its text.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_waiver

    return _decide("waive", lambda project: plan_waiver(project, criterion, reason), **options)


@click.command(short_help="Ask for a waived criterion again.", epilog=render_examples('unwaive "3.2#4"'))
@click.argument("criterion")
@add_write_options
@add_output_options
@answer
def unwaive(*, criterion: str, **options: Any) -> Report:
    """Ask for a waived criterion again: the reason goes, and its box is empty.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_unwaiver

    return _decide("unwaive", lambda project: plan_unwaiver(project, criterion), **options)


@click.command(
    short_help="Have one criterion judged by people.",
    epilog=render_examples('manual "easy to read"', 'manual "easy to read" --off'),
)
@click.argument("criterion")
@click.option("--off", is_flag=True, help="Have it proved by scenarios again.")
@add_write_options
@add_output_options
@answer
def manual(*, criterion: str, off: bool, **options: Any) -> Report:
    """Have one criterion judged by people: `(manual)` stands behind its text, and its box is theirs.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_manual

    return _decide("manual", lambda project: plan_manual(project, criterion, off=off), **options)


@click.command(
    short_help="Tick one criterion that people judge.",
    epilog=render_examples('tick "easy to read"', 'tick "easy to read" --off'),
)
@click.argument("criterion")
@click.option("--off", is_flag=True, help="Take the tick away.")
@add_write_options
@add_output_options
@answer
def tick(*, criterion: str, off: bool, **options: Any) -> Report:
    """Tick one criterion that people judge; no other box is ticked by hand.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_tick

    return _decide("tick", lambda project: plan_tick(project, criterion, off=off), **options)


def _decide(
    command: str,
    plan: Callable[[Project], PlannedDecision],
    *,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Write what was decided, or only show it."""
    from spec2bdd.commands.decide import decide

    return decide(command, read_config(config), plan, mode=choose_write_mode(check=check or diff))
