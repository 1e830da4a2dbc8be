"""The command `lint`: its arguments in, its report printed in the format that was asked for, the exit code out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import choose_write_mode, config_option, render_examples
from spec2bdd.cli.output import exit_on_error, has_color, print_patch, read_config
from spec2bdd.cli.terminal import measure_width

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    short_help="Say what is amiss with the specs; mend what is mechanical.",
    epilog=render_examples(
        "lint", "lint --fix", "lint specs/3.2-basket.md --diff", "lint --explain-reading specs/3.2-basket.md"
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what is mechanical: missing boxes, quotes, mixed list markers.")
@click.option("--diff", is_flag=True, help="Write nothing; show on stdout what --fix would change, as a patch.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 also if --fix would change something.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="How to answer on stdout; `github` makes annotations of a workflow.",
)
@click.option(
    "--explain-reading", "explained", type=_FILE, help="Say of each checkbox in FILE how it is read, and why."
)
@click.option("-q", "--quiet", is_flag=True, help="No advice: only what makes the answer no.")
@config_option
def lint(
    *,
    paths: tuple[Path, ...],
    fix: bool,
    diff: bool,
    check: bool,
    output: str,
    explained: Path | None,
    quiet: bool,
    config: str | None,
) -> None:
    """Say what is amiss with the specs, each with its place and what to type; mend what is mechanical.

    PATHS are files or folders; by default all specs are looked at. Exit codes: 0 nothing but advice, 1 findings,
    2 something could not be read.
    """
    with exit_on_error():
        if explained:
            _explain(explained, config, output=output)
            return
        mode = choose_write_mode(check=diff or check)
        report = spec2bdd.lint(read_config(config), paths=paths, fix=fix or diff or check, mode=mode)
    _print_findings(report, output=output, quiet=quiet, diff=diff)
    sys.exit(report.exit_code)


def _print_findings(report: Report, *, output: str, quiet: bool, diff: bool) -> None:
    """Print the findings on stdout, or on stderr where a diff has stdout for itself."""
    if output == "json":
        from spec2bdd.reporters.json.lint import render_findings_json

        click.echo(render_findings_json(report), nl=False)
    elif output == "sarif":
        from spec2bdd.reporters.sarif import render_sarif

        click.echo(render_sarif(report), nl=False)
    elif output == "github":
        from spec2bdd.reporters.github import render_github

        click.echo(render_github(report.problems), nl=False)
    else:
        _print_text(report, quiet=quiet, diff=diff)


def _print_text(report: Report, *, quiet: bool, diff: bool) -> None:
    """Print the answer for a terminal."""
    from spec2bdd.reporters.text.lint import render_findings

    if diff:
        from spec2bdd.reporters.diff import render_diff

        print_patch(render_diff(report.changes, color=has_color(sys.stdout)))
    stream = sys.stderr if diff else sys.stdout
    text = render_findings(report, width=measure_width(), color=has_color(stream), quiet=quiet)
    click.echo(text, file=stream, color=True, nl=False)


def _explain(path: Path, config: str | None, *, output: str) -> None:
    """Print how one file is read."""
    from spec2bdd.commands.explain_reading import explain_reading

    name, checkboxes = explain_reading(read_config(config), path)
    if output == "json":
        from spec2bdd.reporters.json.lint import render_reading_json

        click.echo(render_reading_json(name, checkboxes), nl=False)
        return
    from spec2bdd.reporters.text.checkboxes import render_reading

    text = render_reading(name, checkboxes, width=measure_width(), color=has_color(sys.stdout))
    click.echo(text, color=True, nl=False)
