"""The `trace` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from spec2bdd.cli.formats import Output, format_option
from spec2bdd.cli.options import config_option, render_examples, since_option
from spec2bdd.cli.output import collect_nothing, exit_on_error, print_answer, read_config
from spec2bdd.cli.parsing import Command


@click.command(
    cls=Command,
    short_help="Trace PRD sections to specs, criteria, scenarios, steps and results.",
    epilog=render_examples(
        "trace 3.2",
        "trace steps/book_returns_steps.py:12",
        "trace @smoke PRD-4.2",
        "trace --gaps --check",
        "trace shop/till.py:94",
        "trace --untested --since main",
        "trace --format openfasttrace:trace.oreqm",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--gaps", "only_gaps", is_flag=True, help="List only the gaps: what lacks a link up or down.")
@click.option("--untested", is_flag=True, help="List the lines of the product that no criterion runs.")
@since_option("With --untested: only in files that changed")
@click.option(
    "--check",
    "gaps_fail",
    is_flag=True,
    help="Exit 1 if there are gaps or, with --untested, lines that no criterion runs.",
)
@click.option("-v", "--verbose", is_flag=True, help="Without NAME, list the steps as well.")
@format_option("trace")
@config_option
@collect_nothing()
def trace(
    *,
    names: tuple[str, ...],
    only_gaps: bool,
    untested: bool,
    since: str,
    gaps_fail: bool,
    verbose: bool,
    outputs: Sequence[Output],
    config: str | None,
) -> None:
    """Trace sections of the PRD and the plan to specs, criteria, scenarios, step definitions and last results.

    NAME is traced in both directions; by default, the whole project is traced. It is one of:

    \b
      a spec or a criterion           3.2, 3.2#4
      a feature file or a step file   features/3_2_till.feature, steps/till_steps.py
      a line of such a file           steps/till_steps.py:12
      a line of the product           shop/till.py:94
      a tag                           @smoke
      a section of the PRD or plan    PRD-4.2, plan-3

    With `record-lines` in the configuration, a line of the product is traced to the criteria that run it, and in any
    case to those that notice a fault there. Won't-haves are traced as well; other commands do not count them.

    The formats `mermaid` and `dot` draw the dependencies between specs; `needs` is for Sphinx-Needs. Step files are
    loaded to find their definitions; nothing is run or written.
    """  # noqa: D301  The paragraph with `\b` is not wrapped.
    from spec2bdd.commands.tracing.trace import trace as trace_project
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        traced = trace_project(
            read_config(config), names=names, only_gaps=only_gaps, check=gaps_fail, untested=untested, since=since
        )
    complete = print_answer(Answer("trace", traced, traced.diagnostics), outputs, verbose=verbose)
    sys.exit(traced.exit_code if complete else 2)
