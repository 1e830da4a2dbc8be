"""The `new` command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_output_options,
    add_preview_options,
    choose_write_mode,
    render_examples,
)
from spec2bdd.cli.output import answer, read_config
from spec2bdd.cli.parsing import Command
from spec2bdd.errors import UsageError

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


# Without a suffix, it may be stdin or what a shell makes of a command.
_MARKDOWN = ("", ".md", ".markdown", ".mdown", ".txt")


@click.command(
    cls=Command,
    short_help="Write a new spec from a template, or from an issue.",
    epilog=render_examples(
        'new 3.2 "Book returns"',
        'new 3.2 "Book returns" --owner Ana --diff',
        "new 3.2 --from-issue issue.md",
    ),
)
@click.argument("feature_id", metavar="ID")
@click.argument("words", nargs=-1, metavar="[NAME]")
@click.option("--owner", metavar="NAME", default="", help="Owner of the spec, by default the `user.name` of git.")
@click.option(
    "--from-issue",
    "issue_file",
    metavar="FILE",
    help="Take the criteria and texts from an issue: a file with its Markdown, or `-` for stdin.",
)
@add_preview_options
@add_output_options
@answer("decision")
def new(
    *,
    feature_id: str,
    words: tuple[str, ...],
    owner: str,
    issue_file: str | None,
    dry_run: bool,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Write a new spec from a template, with its front matter filled in. No file is overwritten.

    ID is the `feature_id`, which no other spec may have. NAME is optional if the issue of `--from-issue` has a title.
    What is left to be filled in is in brackets; `spec2bdd lint` reports such fields and criteria.
    """
    # Imported here: `--help` must not load the project.
    from spec2bdd.cli.stdin import read_input

    # Else the first line of any file would become the name of the feature.
    if issue_file and Path(issue_file).suffix.lower() not in _MARKDOWN:
        hint = "name a file such as `issue.md`, or pass the text with `--from-issue -`"
        raise UsageError(f"`{issue_file}` is not a Markdown file", hint=hint)
    content = read_input(issue_file) if issue_file else None
    if not words and content is None:
        message = f"missing argument `NAME`: `{feature_id}` was taken for the id"
        raise UsageError(message, hint='for example: `spec2bdd new 3.2 "Book returns"`')
    mode = choose_write_mode(check=check or diff, patch=dry_run)
    return spec2bdd.new(
        read_config(config),
        feature_id,
        " ".join(words),
        owner=owner,
        issue=content,
        issue_path="stdin" if issue_file == "-" else issue_file or "",
        mode=mode,
    )
