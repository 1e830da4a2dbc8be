"""The command line: arguments in, one pipeline call, its report printed, an exit code out.

Exit codes: 0 it worked and the answer is yes; 1 it worked and the answer is no; 2 it could not be done, wholly or for
some files; 130 interrupted. The answer goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from spec2bdd import __version__

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.config import Config
    from spec2bdd.model import Report

Command = TypeVar("Command", bound=Callable[..., Any])

_WIDEST = 120
_NARROW = 100


def _derive_width() -> int:
    """Return how wide the answer may be: the terminal, but no wider than reads well."""
    # `shutil.get_terminal_size` does nearly the same, but its module costs a tenth of the start.
    if os.environ.get("COLUMNS", "").isdecimal():
        return max(20, min(int(os.environ["COLUMNS"]), _WIDEST))
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            return min(os.get_terminal_size(stream.fileno()).columns, _WIDEST) if stream else _NARROW
        except (OSError, ValueError):
            continue
    return _NARROW


_CONTEXT = {"help_option_names": ["-h", "--help"], "terminal_width": _derive_width()}
_EPILOG = "Exit codes: 0 yes, 1 no, 2 it could not (all) be done, 130 interrupted."


@click.group(context_settings=_CONTEXT, epilog=_EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="spec2bdd")
def main() -> None:
    """Turn the checklists of Markdown specs into Behave features, run them, and tick the boxes that were proved.

    A box is ticked because a scenario passed, and for no other reason. Start with `spec2bdd verify`.
    """


def _add_output_options(command: Command) -> Command:
    """Add the options that every command takes."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Also list what is pending, and why."),
        click.option("-q", "--quiet", is_flag=True, help="Only failures and the summary; no progress."),
        click.option(
            "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to answer on stdout."
        ),
        click.option(
            "--config",
            type=click.Path(exists=True, dir_okay=False),
            help="A pyproject.toml or spec2bdd.toml, in place of the nearest one upward.",
        ),
    ):
        command = option(command)
    return command


def _add_write_options(command: Command) -> Command:
    """Add the options that every command takes that writes."""
    diff = click.option("--diff", is_flag=True, help="Write nothing; show on stdout what would change, as a patch.")
    check = click.option("--check", is_flag=True, help="Write nothing; exit 1 if something would change.")
    return check(diff(command))


_strict = click.option("--strict", is_flag=True, help="Untick boxes that are on trust: ticked before they were proved.")
_gate = click.option(
    "--gate",
    type=click.Choice(["claimed", "all"]),
    default="claimed",
    help="`all`: answer no while any gating criterion is unproved, whatever the spec's status claims.",
)


def _answer(command: Callable[..., Report]) -> Callable[..., None]:
    """Print the report that a command returns, or its error, and exit with the code that says it all."""

    @wraps(command)
    def wrapped(*, output: str, quiet: bool, verbose: bool, **options: Any) -> None:
        """Run the command and answer."""
        from spec2bdd.errors import Spec2bddError

        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            report = command(quiet=quiet, **options)
        except Spec2bddError as error:
            _print_error(error)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted: nothing was marked", err=True)
            sys.exit(130)
        _print_report(report, output=output, quiet=quiet, verbose=verbose, diff=options.get("diff", False))
        sys.exit(report.exit_code)

    return wrapped


@main.command()
@_add_write_options
@_add_output_options
@_answer
def generate(*, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Write a feature file for each spec, and stubs for the steps that nobody has defined."""
    from spec2bdd import pipeline

    return pipeline.generate(_read_config(config), pipeline.Options(check=check or diff))


@main.command()
@_gate
@_add_output_options
@_answer
def run(*, gate: str, config: str | None, quiet: bool) -> Report:
    """Run the features with Behave, and say what the results prove. Marks nothing."""
    from spec2bdd import pipeline

    return _run_live(
        lambda listen: pipeline.run(_read_config(config), pipeline.Options(gate_all=gate == "all"), on_event=listen),
        quiet=quiet,
    )


@main.command()
@click.argument("records", required=False, type=click.Path(dir_okay=False))
@_strict
@_gate
@_add_write_options
@_add_output_options
@_answer
def mark(
    *,
    records: str | None,
    strict: bool,
    gate: str,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Mark the verdicts of the last run into the specs: boxes, `status`, `updated`, and not one other byte.

    RECORDS is the record file of a run; by default the one that `spec2bdd run` left.
    """
    from datetime import datetime
    from pathlib import Path

    from spec2bdd import pipeline

    options = pipeline.Options(check=check or diff, strict=strict, gate_all=gate == "all")
    path = Path(records) if records else None
    return pipeline.mark(_read_config(config), options, now=datetime.now().astimezone(), records=path)


@main.command()
@_strict
@_gate
@_add_write_options
@_add_output_options
@_answer
def verify(*, strict: bool, gate: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:
    """Generate, run and mark in one go: the main job. With --check, only judge what is committed."""
    from datetime import datetime

    from spec2bdd import pipeline

    options = pipeline.Options(check=check or diff, strict=strict, gate_all=gate == "all")
    now = datetime.now().astimezone()
    return _run_live(
        lambda listen: pipeline.verify(_read_config(config), options, now=now, on_event=listen), quiet=quiet
    )


def _read_config(explicit: str | None) -> Config:
    """Return the configuration that holds here."""
    from pathlib import Path

    from spec2bdd.config import read_config

    return read_config(Path.cwd(), explicit=Path(explicit) if explicit else None)


def _run_live(command: Callable[[Callable[..., None]], Report], *, quiet: bool) -> Report:
    """Run a command that starts Behave, with a line of progress on a terminal."""
    if quiet:
        return command(lambda _: None)
    from spec2bdd.reporting.progress import Progress

    with Progress(sys.stderr) as progress:
        return command(progress.update)


def _print_report(report: Report, *, output: str, quiet: bool, verbose: bool, diff: bool) -> None:
    """Print the answer on stdout and the problems on stderr; a diff has stdout for itself, to be piped."""
    if output == "json":
        from spec2bdd.reporting.as_json import render_json

        click.echo(render_json(report), nl=False)
        return
    from spec2bdd.reporting.as_problems import render_problems
    from spec2bdd.reporting.as_text import render_text

    if diff:
        from spec2bdd.reporting.as_diff import render_diff

        _print_patch(render_diff(report.changes, color=_has_color(sys.stdout)))
    if report.problems:
        click.echo(render_problems(report.problems, color=_has_color(sys.stderr)), err=True, color=True, nl=False)
    stream = sys.stderr if diff else sys.stdout
    text = render_text(report, width=_derive_width(), color=_has_color(stream), verbose=verbose, quiet=quiet)
    click.echo(text, file=stream, color=True, nl=False)


def _print_patch(text: str) -> None:
    """Print a patch byte for byte: its line ends and undecodable bytes are those of the files."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()


def _print_error(error: Exception) -> None:
    """Print what kept the command from being done at all."""
    from spec2bdd.errors import Spec2bddError
    from spec2bdd.project import describe_error
    from spec2bdd.reporting.as_problems import render_problems

    assert isinstance(error, Spec2bddError)  # noqa: S101
    click.echo(render_problems([describe_error(error)], color=_has_color(sys.stderr)), err=True, color=True, nl=False)


def _has_color(stream: TextIO) -> bool:
    """Tell whether a stream takes colour: a terminal does, unless NO_COLOR is set; FORCE_COLOR overrules a pipe."""
    if os.environ.get("NO_COLOR"):
        return False
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))
