"""The `schema` command."""

from __future__ import annotations

import click

from spec2bdd.cli.options import render_examples
from spec2bdd.cli.output import exit_on_error
from spec2bdd.cli.parsing import Command


@click.command(
    cls=Command,
    short_help="Print JSON Schemas of answers, configuration, front matter.",
    epilog=render_examples("schema", "schema report", "schema config > spec2bdd.schema.json"),
)
@click.argument("name", required=False, metavar="[NAME]")
def schema(*, name: str | None) -> None:
    """Print a JSON Schema: of what a command answers with `--format json`, of the configuration, or of front matter.

    Without NAME, the names are listed.
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
