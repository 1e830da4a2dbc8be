"""The commands for programs that use the command line: `capabilities` and `schema`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from spec2bdd.cli.formats import Output, format_option
from spec2bdd.cli.options import render_examples
from spec2bdd.cli.output import exit_on_error, print_answer
from spec2bdd.cli.parsing import Command


@click.command(
    cls=Command,
    short_help="List commands, formats, codes, dialects and schemas.",
    epilog=render_examples("capabilities --format json"),
)
@format_option("capabilities")
@click.pass_context
def capabilities(context: click.Context, *, outputs: Sequence[Output]) -> None:
    """List what this version can do: commands with their options and formats, exit codes, dialects, codes, schemas.

    With `--format json`, programs and coding assistants need no other documentation of the command line.
    """
    from spec2bdd.cli.capabilities import collect_capabilities
    from spec2bdd.cli.main import main
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        found = collect_capabilities(main, context.find_root())
    sys.exit(0 if print_answer(Answer("capabilities", found), outputs) else 2)


@click.command(
    cls=Command,
    short_help="Print JSON Schemas of JSON output, configuration, front matter.",
    epilog=render_examples(
        "schema",
        "schema report          # the JSON of `verify` and `run`",
        "schema documentation   # the JSON of `report`",
        "schema config > spec2bdd.schema.json",
    ),
)
@click.argument("name", required=False, metavar="[NAME]")
def schema(*, name: str | None) -> None:
    """Print a JSON Schema: of what a command prints with `--format json`, of the configuration, or of front matter.

    Without NAME, the names are listed, with what each is for: `report` is the JSON of `verify` and `run`, and
    `documentation` that of `spec2bdd report`.
    """
    from spec2bdd.cli.schemas import list_schemas, render_schema

    with exit_on_error():
        if name:
            click.echo(render_schema(name), nl=False)
            return
        infos = list(list_schemas())
        width = max(len(info.name) for info in infos)
        for info in infos:
            click.echo(f"{info.name:{width}}  {info.title}")
