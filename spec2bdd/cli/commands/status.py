"""The `status` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import spec2bdd
from spec2bdd.cli.formats import Output, check_formats, format_option
from spec2bdd.cli.options import config_option, render_examples
from spec2bdd.cli.output import collect_nothing, exit_on_error, print_answer, read_config
from spec2bdd.cli.params import ChoiceType
from spec2bdd.cli.parsing import Command
from spec2bdd.errors import UsageError


@click.command(
    cls=Command,
    short_help="Show the whole project at a glance, or one spec.",
    epilog=render_examples("status", "status 3.2", "status --status review --owner ana", "status --format json"),
)
@click.argument("name", required=False, default="", metavar="[NAME]")
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Only specs of this owner.")
@click.option("--status", "statuses", metavar="STATUS", multiple=True, help="Only specs with this status.")
@click.option(
    "--tier", "tiers", type=ChoiceType("must", "should", "could"), multiple=True, help="Only criteria of this tier."
)
@click.option("--dialect", "dialects", metavar="NAME", multiple=True, help="Only specs in this dialect.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only criteria that have this tag in their spec.")
@click.option("-v", "--verbose", is_flag=True, help="List all specs, however many there are.")
@format_option("status", "spec-status")
@config_option
@collect_nothing()
def status(
    *,
    name: str,
    owners: tuple[str, ...],
    statuses: tuple[str, ...],
    tiers: tuple[str, ...],
    dialects: tuple[str, ...],
    tags: tuple[str, ...],
    verbose: bool,
    outputs: Sequence[Output],
    config: str | None,
) -> None:
    """Show the whole project at a glance: each spec's status, a bar for each tier, what is open and what to do next.

    NAME is a spec (`3.2`, a path, or a part of its name): its criteria are shown, each with its last verdict and what
    has changed since. The options that filter can be repeated: values of one option are alternatives, different
    options must all match. Only the last records are read: nothing is run, and no file of the project is written.

    Exit code: 0, or 2 if something could not be read, or the last run was aborted.
    """
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        check_formats(outputs, "spec-status" if name else "status", command="status")
        if name and (owners or statuses or tiers or dialects or tags):
            raise UsageError("NAME cannot be combined with filters", hint="leave out NAME or the filters")
        if name:
            explanation = spec2bdd.status_of_spec(read_config(config), name)
            answer, exit_code = Answer("spec-status", explanation, explanation.diagnostics), explanation.exit_code
        else:
            from spec2bdd.model.explanation import OverviewFilter
            from spec2bdd.model.spec import Tier

            wanted = OverviewFilter(owners, statuses, tuple(map(Tier, tiers)), dialects, tags)
            overview = spec2bdd.status(read_config(config), wanted=wanted)
            answer, exit_code = Answer("status", overview, overview.diagnostics), overview.exit_code
    sys.exit(exit_code if print_answer(answer, outputs, verbose=verbose) else 2)
