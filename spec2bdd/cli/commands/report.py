"""The `report` command."""

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
    short_help="Write the whole project as one HTML page.",
    epilog=render_examples("report --format html:report.html"),
)
@format_option("documentation")
@config_option
def report(*, outputs: Sequence[Output], config: str | None) -> None:
    """Write the whole project as one page for people who use no terminal: specs, verdicts, proofs and history.

    The page is one file that loads nothing, so that it opens from disk and as an artifact of CI. Only the last records
    are read: nothing is run, and no file of the project is written. Without `--format html:FILE`, a summary is printed.
    Exit status: 0, or 2 if something could not be read.
    """
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        has_page = any(output.format == "html" for output in outputs)
        documentation = spec2bdd.report(read_config(config), texts=has_page)
    answer = Answer("documentation", documentation, documentation.diagnostics)
    sys.exit(documentation.exit_code if print_answer(answer, outputs) else 2)
