"""The command `history`: its arguments in, what is remembered of earlier runs out, or the memory made anew."""

from __future__ import annotations

import sys

import click

import spec2bdd
from spec2bdd.cli.options import config_option, format_option, render_examples
from spec2bdd.cli.output import exit_on_error, has_color, print_problems, read_config
from spec2bdd.cli.terminal import measure_width


@click.command(
    short_help="Say when criteria first passed and last failed.",
    epilog=render_examples("history 3.2", 'history 3.2 "#4"', "history --rebuild kept/*.ndjson"),
)
@click.argument("names", nargs=-1, required=True, metavar="SPEC [CRITERION] | --rebuild RECORDS...")
@click.option("--rebuild", is_flag=True, help="Make the memory anew from the record files that are named instead.")
@format_option
@config_option
def history(*, names: tuple[str, ...], rebuild: bool, output: str, config: str | None) -> None:
    """Say when each criterion of a spec first passed and last failed, how steady it is, and how long it takes.

    SPEC is a path, a `feature_id`, or a part of a name. CRITERION is an id (`ac_3_2_5f3a9c`), a number (`#4`), or a
    part of the text. What is remembered are runs on this machine, in `.spec2bdd/history.db`. RECORDS are record files
    that were kept.
    """
    if rebuild:
        _rebuild(names, config)
    if len(names) > 2:
        raise click.UsageError("name a spec, and one criterion at most")
    with exit_on_error():
        explanation = spec2bdd.explain(read_config(config), *names)
    print_problems(explanation.problems)
    if output == "json":
        from spec2bdd.reporters.json.history import render_history_json

        click.echo(render_history_json(explanation), nl=False)
        return
    from spec2bdd.reporters.text.history import render_history

    text = render_history(explanation, width=measure_width(), color=has_color(sys.stdout))
    click.echo(text, color=True, nl=False)


def _rebuild(records: tuple[str, ...], config: str | None) -> None:
    """Make the memory anew, say what was found, and exit."""
    with exit_on_error():
        from spec2bdd.commands.history import rebuild_history

        report = rebuild_history(read_config(config), records)
    print_problems(report.problems)
    click.echo("\n".join(report.notes))
    sys.exit(report.exit_code)
