"""The `explain` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import spec2bdd
from spec2bdd.cli.formats import Output, format_option
from spec2bdd.cli.options import config_option, render_examples
from spec2bdd.cli.output import exit_on_error, print_answer, read_config
from spec2bdd.cli.parsing import Command


@click.command(
    cls=Command,
    short_help="Explain a verdict and suggest the next command.",
    epilog=render_examples("explain 3.2", 'explain 3.2 "#4"', "explain ac_3_2_5f3a9c"),
)
@click.argument("spec", metavar="NAME")
@click.argument("criterion", required=False, default="", metavar="[CRITERION]")
@format_option("explanation")
@config_option
def explain(*, spec: str, criterion: str, outputs: Sequence[Output], config: str | None) -> None:
    """Explain a verdict: the rule, the run, and the step that decided it; and suggest the next command.

    NAME is a spec (`3.2`, a path, or a part of its name) or a criterion (`3.2#4`, an id, or a part of its text). For a
    spec, all criteria are explained, and what blocks its next status; CRITERION selects one: an id, a number (`#4`), or
    a part of the text. Only the last records are read: nothing is run, and nothing is written.
    """
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        explanation = spec2bdd.explain(read_config(config), spec, criterion)
    complete = print_answer(Answer("explanation", explanation, explanation.diagnostics), outputs)
    sys.exit(explanation.exit_code if complete else 2)
