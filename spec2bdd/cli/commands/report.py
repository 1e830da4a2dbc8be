"""The `report` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import click

import spec2bdd
from spec2bdd.cli.formats import Output, check_formats, find_stdout_format, format_option
from spec2bdd.cli.options import config_option, render_examples, since_option
from spec2bdd.cli.output import collect_nothing, exit_on_error, print_answer, read_config
from spec2bdd.cli.params import CountType
from spec2bdd.cli.parsing import Command
from spec2bdd.errors import UsageError

if TYPE_CHECKING:
    from spec2bdd.config import Config
    from spec2bdd.reporters.registry import Answer

_PORT = 8712


@click.command(
    cls=Command,
    short_help="Summarize the project, or write it as one HTML page.",
    epilog=render_examples(
        "report --format html:report.html",
        "report --format junit:junit.xml --format csv:verdicts.csv",
        "report --since main --format markdown:comment.md",
        "report --serve",
    ),
)
@click.option("--serve", is_flag=True, help="Serve the page on this machine, and reload it when a run has ended.")
@click.option("--port", type=CountType(), metavar="PORT", help="Port of `--serve`, 8712 by default.")
@since_option("Report what this branch changes")
@format_option("documentation", "branch", limits={"--since": "branch"})
@config_option
def report(*, serve: bool, port: int | None, since: str, outputs: Sequence[Output], config: str | None) -> None:
    """Summarize the project, or write it as one HTML page: specs, verdicts, proofs and history.

    The page of `--format html:FILE` is one file that loads nothing, so that it opens from disk and as an artifact of
    CI; with `--serve`, browsers on this machine can read it until Ctrl-C. Other formats are for other tools, such as
    `junit` for CI, `csv` for spreadsheets and `badge-svg` for a README. Only the last records are read: nothing is run,
    and no file of the project is written.

    With `--since`, it lists the criteria that a branch newly proves, loses, makes stale, leaves unproved, removes,
    exempts or puts into a lower tier, and proved ones with other steps, changed step code or weaker checks.

    Exit code: 0, or 2 if something could not be read or written, or the last run was aborted; with
    `--since`, 1 if the branch loses a criterion or makes one stale, or if a ticked one is not proved.
    """
    with exit_on_error():
        if serve:
            if outputs or since:
                other = "--since" if since else "--format"
                raise UsageError(f"`--serve` cannot be combined with `{other}`", hint="leave out one of them")
            serve_page(read_config(config), port=port or _PORT)
            return
        if port is not None:
            raise UsageError("`--port` is only used with `--serve`", hint="add `--serve`, or leave out `--port`")
    if since:
        write_branch(since, outputs, config=config)
    else:
        write_project(outputs, config=config)


@collect_nothing()
def write_branch(since: str, outputs: Sequence[Output], *, config: str | None) -> NoReturn:
    """Report what this branch changes, and exit."""
    from spec2bdd.commands.reporting.branch import report_branch
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        check_formats(outputs, "branch", command="report --since")
        branch = report_branch(read_config(config), since=since)
    complete = print_answer(Answer("branch", branch, branch.diagnostics), outputs)
    sys.exit(branch.exit_code if complete else 2)


@collect_nothing()
def write_project(outputs: Sequence[Output], *, config: str | None) -> NoReturn:
    """Report the whole project, and exit."""
    from spec2bdd.adapters.system.process_pool import parallel_map
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        check_formats(outputs, "documentation", command="report")
        has_page = any(output.format == "html" for output in outputs)
        documentation = spec2bdd.report(read_config(config), texts=has_page)
    answer = Answer("documentation", documentation, documentation.diagnostics, spread=parallel_map)
    complete = print_answer(answer, outputs, config=config)
    pages = [output.file for output in outputs if output.format == "html" and output.file]
    if complete and pages and find_stdout_format(outputs) == "text":
        click.echo(f"the page is in `{pages[0]}`")
    if not outputs:
        click.echo(f"next: {describe_next(answer)}")
    sys.exit(documentation.exit_code if complete else 2)


def describe_next(answer: Answer) -> str:
    """Describe the next step: that of the other commands where results are stale, else the page."""
    from spec2bdd.model import Verdict
    from spec2bdd.reporters.next_step.after_command import find_next
    from spec2bdd.reporters.summary import find_report, list_counted

    summary = find_report(answer)
    is_stale = any(item.verdict is Verdict.STALE for spec in summary.specs for item in list_counted(spec))
    page = "write the page with `spec2bdd report --format html:report.html`"
    return (find_next(summary) if is_stale else "") or page


def serve_page(config: Config, *, port: int) -> None:
    """Serve the page of a project until Ctrl-C."""
    from spec2bdd.commands.reporting.serve import create_report_server
    from spec2bdd.reporters.html.page import render_page

    server = create_report_server(config, lambda documentation: render_page(documentation, live=True), port=port)
    with suppress(KeyboardInterrupt):
        click.echo(f"serving {server.url} (Ctrl-C stops it)")
        server.run()
