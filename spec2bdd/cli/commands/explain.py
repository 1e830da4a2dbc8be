"""The command `explain`: its arguments in, why boxes are as they are out."""

from __future__ import annotations

import sys

import click

import spec2bdd
from spec2bdd.cli.options import config_option, format_option, render_examples
from spec2bdd.cli.output import exit_on_error, has_color, print_problems, read_config
from spec2bdd.cli.terminal import measure_width


@click.command(
    short_help="Say why a box is as it is, and what to type next.",
    epilog=render_examples("explain 3.2", 'explain 3.2 "#4"', "explain ac_3_2_5f3a9c"),
)
@click.argument("spec")
@click.argument("criterion", required=False, default="")
@format_option
@config_option
def explain(*, spec: str, criterion: str, output: str, config: str | None) -> None:
    """Say why a box is as it is: the verdict, the rule, the run, the step, and what to type next.

    SPEC is a path, a `feature_id`, or a part of a name. CRITERION is an id (`ac_3_2_5f3a9c`), a number (`#4`), or a
    part of the text; without it, all criteria of the spec are shown, and what holds its status back. Only the last
    records are read: nothing is run, and nothing is written.
    """
    with exit_on_error():
        explanation = spec2bdd.explain(read_config(config), spec, criterion)
    print_problems(explanation.problems)
    if output == "json":
        from spec2bdd.reporters.json.explanation import render_explanation_json

        click.echo(render_explanation_json(explanation), nl=False)
        return
    from spec2bdd.reporters.text.explanation import render_explanation

    text = render_explanation(explanation, width=measure_width(), color=has_color(sys.stdout))
    click.echo(text, color=True, nl=False)
