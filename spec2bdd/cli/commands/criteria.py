"""The commands about single criteria: `accept`, `eject`, `waive`, `unwaive`, `manual` and `tick`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

import spec2bdd
from spec2bdd.cli.options import add_output_options, add_write_options, choose_write_mode, render_examples
from spec2bdd.cli.output import answer, read_config
from spec2bdd.cli.parsing import Command

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report

Function = TypeVar("Function", bound=Callable[..., Any])

criteria_argument = click.argument("criteria", nargs=-1, required=True, metavar="CRITERION...")


def add_decision_options(command: Function) -> Function:
    """Add the options of every command that records a decision."""
    return add_write_options(add_output_options(command))


@click.command(
    cls=Command,
    short_help="Accept the new wording of criteria, or list what was reworded.",
    epilog=render_examples("accept", "accept ac_3_2_5f3a9c --diff", 'accept "3.2#4" 4.1'),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@add_decision_options
@answer("decision")
def accept(*, names: tuple[str, ...], **options: Any) -> Report:
    """Accept the new wording of criteria; they are no longer stale.

    NAME is a criterion: an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text; or a spec, for
    all of its reworded criteria. Without NAME, the reworded criteria are listed with their old and new texts, and
    nothing is written.
    """
    return _call(spec2bdd.accept, names, **options)


@click.command(
    cls=Command,
    short_help="Move generated scenarios to a hand-written feature file.",
    epilog=render_examples("eject ac_3_2_5f3a9c", 'eject "an item can be added" --diff'),
)
@criteria_argument
@add_decision_options
@answer("decision")
def eject(*, criteria: tuple[str, ...], **options: Any) -> Report:
    """Move the generated scenarios of criteria to a hand-written feature file, with their tags.

    The file is next to the generated one, such as `features/3_2_login_own.feature`; `generate` never writes it.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.
    """
    return _call(spec2bdd.eject, criteria, **options)


@click.command(
    cls=Command,
    short_help="Waive criteria for a reason.",
    epilog=render_examples('waive "3.2#4" --reason "postponed to 2.0"'),
)
@criteria_argument
@click.option("--reason", metavar="TEXT", required=True, help="Reason, recorded next to the criterion.")
@add_decision_options
@answer("decision")
def waive(*, criteria: tuple[str, ...], **options: Any) -> Report:
    """Waive criteria: their boxes become `[~]`, and the reason is recorded next to them.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.

    The feature file is updated, so the results of its other criteria are stale until the next `spec2bdd verify`.
    """
    return _call(spec2bdd.waive, criteria, **options)


@click.command(cls=Command, short_help="Remove waivers.", epilog=render_examples('unwaive "3.2#4"'))
@criteria_argument
@add_decision_options
@answer("decision")
def unwaive(*, criteria: tuple[str, ...], **options: Any) -> Report:
    """Remove the waivers of criteria: the reasons are removed, and the boxes are empty again.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.

    The feature file is updated, so the results of its other criteria are stale until the next `spec2bdd verify`.
    """
    return _call(spec2bdd.unwaive, criteria, **options)


@click.command(
    cls=Command,
    short_help="Have criteria verified by a person instead of scenarios.",
    epilog=render_examples('manual "easy to read"', 'manual "easy to read" --off'),
)
@criteria_argument
@click.option("--off", is_flag=True, help="Verify them with scenarios again.")
@add_decision_options
@answer("decision")
def manual(*, criteria: tuple[str, ...], **options: Any) -> Report:
    """Let a person verify criteria: `(manual)` is added after the text, and `spec2bdd tick` ticks the box.

    A box that is ticked keeps its tick, and counts as proved; `spec2bdd tick --off` unticks it.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text.

    The feature file is updated, so the results of its other criteria are stale until the next `spec2bdd verify`.
    """
    return _call(spec2bdd.manual, criteria, **options)


@click.command(
    cls=Command,
    short_help="Tick manual criteria.",
    epilog=render_examples('tick "easy to read"', 'tick "easy to read" --off'),
)
@criteria_argument
@click.option("--off", is_flag=True, help="Untick them.")
@add_decision_options
@answer("decision")
def tick(*, criteria: tuple[str, ...], **options: Any) -> Report:
    """Tick criteria that are marked `(manual)`.

    All others are ticked by `spec2bdd verify` and `spec2bdd mark` when their scenarios pass.

    CRITERION is an id (`ac_3_2_5f3a9c`), a number in a spec (`3.2#4`), or a part of the text. The status is updated
    where the last results allow it.
    """
    return _call(spec2bdd.tick, criteria, **options)


def _call(
    function: Callable[..., Report],
    names: tuple[str, ...],
    *,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
    **options: Any,
) -> Report:
    """Call the function of the public API that a command runs."""
    return function(read_config(config), *names, mode=choose_write_mode(check=check or diff), **options)
