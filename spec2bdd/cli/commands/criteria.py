"""The commands about one criterion: `accept`, `eject`, `waive`, `unwaive`, `manual` and `tick`."""

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
    short_help="Accept the new wording of a criterion.",
    epilog=render_examples("accept ac_3_2_5f3a9c --diff", 'accept "3.2#4"'),
)
@click.argument("criterion")
@add_write_options
@add_output_options
@answer("report")
def accept(*, criterion: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Accept the new wording of a criterion; it is no longer stale.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.accept import accept as accept_command

    return accept_command(read_config(config), criterion, mode=choose_write_mode(check=check or diff))


@click.command(
    short_help="Move a generated scenario to a hand-written feature file.",
    epilog=render_examples("eject ac_3_2_5f3a9c", 'eject "an item can be added" --diff'),
)
@click.argument("criterion")
@add_write_options
@add_output_options
@answer("report")
def eject(*, criterion: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Move a generated scenario to a hand-written feature file, with its tag.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.eject import eject as eject_command

    return eject_command(read_config(config), criterion, mode=choose_write_mode(check=check or diff))


@click.command(
    short_help="Waive a criterion for a reason.",
    epilog=render_examples('waive "3.2#4" --reason "not before the move"'),
)
@click.argument("criterion")
@click.option("--reason", required=True, help="Reason, recorded next to the criterion.")
@add_write_options
@add_output_options
@answer("report")
def waive(*, criterion: str, reason: str, **options: Any) -> Report:
    """Waive a criterion: its box becomes `[~]`, and the reason is recorded next to it.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_waiver

    return _decide("waive", lambda project: plan_waiver(project, criterion, reason), **options)


@click.command(short_help="Remove a waiver.", epilog=render_examples('unwaive "3.2#4"'))
@click.argument("criterion")
@add_write_options
@add_output_options
@answer("report")
def unwaive(*, criterion: str, **options: Any) -> Report:
    """Remove a waiver: the reason is removed, and the box is empty again.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_unwaiver

    return _decide("unwaive", lambda project: plan_unwaiver(project, criterion), **options)


@click.command(
    short_help="Mark a criterion as manually verified.",
    epilog=render_examples('manual "easy to read"', 'manual "easy to read" --off'),
)
@click.argument("criterion")
@click.option("--off", is_flag=True, help="Verify it with scenarios again.")
@add_write_options
@add_output_options
@answer("report")
def manual(*, criterion: str, off: bool, **options: Any) -> Report:
    """Mark a criterion as manually verified: `(manual)` is added after its text, and `spec2bdd tick` ticks its box.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    from spec2bdd.commands.decide import plan_manual

    return _decide("manual", lambda project: plan_manual(project, criterion, off=off), **options)


@click.command(
    short_help="Tick a manual criterion.",
    epilog=render_examples('tick "easy to read"', 'tick "easy to read" --off'),
)
@click.argument("criterion")
@click.option("--off", is_flag=True, help="Untick it.")
@add_write_options
@add_output_options
@answer("report")
def tick(*, criterion: str, off: bool, **options: Any) -> Report:
    """Tick a manual criterion. No other box can be ticked by hand.

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
    """Write the planned decision, or only show it."""
    from spec2bdd.commands.decide import decide

    return decide(command, read_config(config), plan, mode=choose_write_mode(check=check or diff))
