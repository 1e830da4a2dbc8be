"""A command in, its answer on stdout, the problems on stderr and the exit code out; the one place that catches."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO

import click

from spec2bdd.cli.terminal import measure_width

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.config import Config
    from spec2bdd.model import Diagnostic, Report


def answer(command: Callable[..., Report]) -> Callable[..., None]:
    """Print the report that a command returns, or its error, and exit with the code that says it all."""

    @wraps(command)
    def wrapped(*, output: str, quiet: bool, verbose: bool, **options: Any) -> None:
        """Run the command and answer."""
        # A command makes thousands of values that all live until it ends: to look them through is a tenth of its time.
        gc.set_threshold(20_000, 20, 20)
        with exit_on_error():
            # Who asks for JSON is a program: stderr has no progress for it, only what went wrong.
            report = command(quiet=quiet or output == "json", **options)
        _print_report(report, output=output, quiet=quiet, verbose=verbose, diff=options.get("diff", False))
        sys.exit(report.exit_code)

    return wrapped


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print what kept a command from being done at all, and exit with the code for it."""
    from spec2bdd.errors import Spec2bddError, WriteInterrupted

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        yield
    except Spec2bddError as error:
        _print_error(error)
        sys.exit(2)
    except WriteInterrupted:
        click.echo(
            "interrupted while files were written: each is whole, old or new; the same command does the rest", err=True
        )
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("interrupted: nothing was marked", err=True)
        sys.exit(130)


def read_config(explicit: str | None) -> Config:
    """Return the configuration that holds here."""
    from pathlib import Path

    from spec2bdd import config

    return config.read_config(Path.cwd(), explicit=Path(explicit) if explicit else None)


def _print_report(report: Report, *, output: str, quiet: bool, verbose: bool, diff: bool) -> None:
    """Print the answer on stdout and the problems on stderr; a diff has stdout for itself, to be piped."""
    if output == "json":
        from spec2bdd.reporters.json.report import render_json

        click.echo(render_json(report), nl=False)
        return
    from spec2bdd.reporters.text.diagnostics import render_problems
    from spec2bdd.reporters.text.report import render_text

    if diff:
        from spec2bdd.reporters.diff import render_diff

        print_patch(render_diff(report.changes, color=has_color(sys.stdout)))
    if report.problems:
        click.echo(render_problems(report.problems, color=has_color(sys.stderr)), err=True, color=True, nl=False)
    stream = sys.stderr if diff else sys.stdout
    text = render_text(report, width=measure_width(), color=has_color(stream), verbose=verbose, quiet=quiet)
    click.echo(text, file=stream, color=True, nl=False)


def print_problems(problems: Sequence[Diagnostic]) -> None:
    """Print problems on stderr, if there are any."""
    from spec2bdd.reporters.text.diagnostics import render_problems

    if problems:
        click.echo(render_problems(problems, color=has_color(sys.stderr)), err=True, color=True, nl=False)


def print_patch(text: str) -> None:
    """Print a patch byte for byte: its line ends and undecodable bytes are those of the files."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()


def _print_error(error: Exception) -> None:
    """Print what kept the command from being done at all."""
    from spec2bdd.diagnostics.from_error import diagnose_error
    from spec2bdd.errors import Spec2bddError
    from spec2bdd.reporters.text.diagnostics import render_problems

    assert isinstance(error, Spec2bddError)  # noqa: S101
    problems = [diagnose_error(each) for each in (error, *getattr(error, "others", ()))]
    click.echo(render_problems(problems, color=has_color(sys.stderr)), err=True, color=True, nl=False)


def has_color(stream: TextIO) -> bool:
    """Tell whether a stream takes colour: a terminal does, unless NO_COLOR is set; FORCE_COLOR overrules a pipe."""
    if os.environ.get("NO_COLOR"):
        return False
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def run_live(command: Callable[[Callable[..., None]], Report], *, quiet: bool) -> Report:
    """Run a command that starts Behave, with its progress on stderr."""
    if quiet:
        return command(lambda _: None)
    from spec2bdd.reporters.terminal.progress import Progress

    verbose = bool(click.get_current_context().params.get("verbose"))
    with Progress(sys.stderr, verbose=verbose) as progress:
        return command(progress.update)
