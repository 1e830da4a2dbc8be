"""The commands of the loop: their arguments in, one pipeline call each, its report out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from spec2bdd.cli.answering import answer, read_config
from spec2bdd.cli.options import add_output_options, add_write_options, gate_option, strict_option

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command()
@add_write_options
@add_output_options
@answer
def generate(*, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:  # noqa: ARG001
    """Write a feature file for each spec, and stubs for the steps that nobody has defined."""
    from spec2bdd import pipeline

    return pipeline.generate(read_config(config), pipeline.Options(check=check or diff))


@click.command()
@gate_option
@add_output_options
@answer
def run(*, gate: str, config: str | None, quiet: bool) -> Report:
    """Run the features with Behave, and say what the results prove. Marks nothing."""
    from spec2bdd import pipeline

    return _run_live(
        lambda listen: pipeline.run(read_config(config), pipeline.Options(gate_all=gate == "all"), on_event=listen),
        quiet=quiet,
    )


@click.command()
@click.argument("records", required=False, type=click.Path(dir_okay=False))
@strict_option
@gate_option
@add_write_options
@add_output_options
@answer
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
    return pipeline.mark(read_config(config), options, now=datetime.now().astimezone(), records=path)


@click.command()
@strict_option
@gate_option
@add_write_options
@add_output_options
@answer
def verify(*, strict: bool, gate: str, check: bool, diff: bool, config: str | None, quiet: bool) -> Report:
    """Generate, run and mark in one go: the main job. With --check, only judge what is committed."""
    from datetime import datetime

    from spec2bdd import pipeline

    options = pipeline.Options(check=check or diff, strict=strict, gate_all=gate == "all")
    now = datetime.now().astimezone()
    return _run_live(
        lambda listen: pipeline.verify(read_config(config), options, now=now, on_event=listen), quiet=quiet
    )


def _run_live(command: Callable[[Callable[..., None]], Report], *, quiet: bool) -> Report:
    """Run a command that starts Behave, with a line of progress on a terminal."""
    if quiet:
        return command(lambda _: None)
    from spec2bdd.reporting.progress import Progress

    with Progress(sys.stderr) as progress:
        return command(progress.update)
