"""The `lint` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

import spec2bdd
from spec2bdd.cli.formats import Output, check_formats, format_option
from spec2bdd.cli.options import choose_write_mode, config_option, render_examples
from spec2bdd.cli.output import exit_on_error, print_answer, read_config

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    short_help="Check specs for problems; fix the mechanical ones.",
    epilog=render_examples(
        "lint", "lint --fix", "lint specs/3.2-basket.md --diff", "lint --explain-reading specs/3.2-basket.md"
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--fix", is_flag=True, help="Fix missing checkboxes, quoting and mixed list markers.")
@click.option("--diff", is_flag=True, help="Write nothing; print what --fix would change as a patch.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 also if --fix would change something.")
@format_option("lint", "reading")
@click.option("--explain-reading", "explained", type=_FILE, help="Explain how each checkbox in FILE is classified.")
@click.option("-q", "--quiet", is_flag=True, help="Hide suggestions.")
@config_option
def lint(
    *,
    paths: tuple[Path, ...],
    fix: bool,
    diff: bool,
    check: bool,
    outputs: Sequence[Output],
    explained: Path | None,
    quiet: bool,
    config: str | None,
) -> None:
    """Check specs for problems, each reported with its location and a hint; fix the mechanical ones.

    PATHS are files or folders; by default, all specs are checked. Exit status: 0 nothing but suggestions, 1 findings,
    2 something could not be read.
    """
    from spec2bdd.reporters.registry import Answer

    # The two answers of the command do not have the same formats.
    check_formats(outputs, "reading" if explained else "lint")
    with exit_on_error():
        if explained:
            from spec2bdd.commands.explain_reading import explain_reading

            reading = Answer("reading", explain_reading(read_config(config), explained))
            sys.exit(0 if print_answer(reading, outputs) else 2)
        # `--diff` and `--check` are about the fixes, with or without `--fix`.
        mode = choose_write_mode(check=diff or check)
        report = spec2bdd.lint(read_config(config), paths=paths, fix=fix or diff or check, mode=mode)
    complete = print_answer(Answer("lint", report, report.diagnostics), outputs, quiet=quiet, diff=diff)
    sys.exit(report.exit_code if complete else 2)
