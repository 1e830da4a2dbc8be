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
from spec2bdd.cli.params import FileType
from spec2bdd.cli.parsing import Command
from spec2bdd.cli.stdin import STDIN, read_input
from spec2bdd.errors import UsageError


@click.command(
    cls=Command,
    short_help="Check how specs are written, and apply fixes.",
    epilog=render_examples("lint", "lint --fix", "lint 3.2 --diff", "lint --explain-reading specs/3.2-basket.md"),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--fix",
    is_flag=True,
    help="Fix missing and malformed checkboxes, malformed headings, quoting and mixed list markers.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 also if --fix would change something.")
@click.option("--diff", is_flag=True, help="Like --check, and print what --fix would change as a patch.")
@click.option("-q", "--quiet", is_flag=True, help="Hide suggestions.")
@format_option("lint", "reading", limits={"--explain-reading": "reading"})
@click.option(
    "--explain-reading",
    "explained",
    type=FileType(exists=True),
    help="Explain how each checkbox in FILE is classified.",
)
@click.option(
    "--stdin-filename",
    "stdin_name",
    metavar="PATH",
    help="Check the text of stdin as if it were this file, which need not exist; for editors.",
)
@config_option
def lint(
    *,
    paths: tuple[str, ...],
    fix: bool,
    diff: bool,
    check: bool,
    outputs: Sequence[Output],
    explained: str | None,
    stdin_name: str | None,
    quiet: bool,
    config: str | None,
) -> None:
    """Check how specs are written, and apply fixes. Each diagnostic has its location and a hint.

    PATH is a file, a folder, or the name or `feature_id` of a spec; by default, all specs are checked. Exit code: 0
    nothing but suggestions, 1 errors or warnings, 2 something could not be read.
    """
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        # The two answers of the command do not have the same formats.
        command = "lint --explain-reading" if explained else "lint"
        check_formats(outputs, "reading" if explained else "lint", command=command)
        if explained:
            from spec2bdd.commands.explain_reading import explain_reading

            reading = Answer("reading", explain_reading(read_config(config), Path(explained)))
            sys.exit(0 if print_answer(reading, outputs) else 2)
        unsaved = {}
        if stdin_name:
            if paths or fix:
                other = f"`{paths[0]}`" if paths else "`--fix`"
                hint = "leave it out; `--diff` prints the fixes as a patch"
                raise UsageError(f"{other} cannot be used with `--stdin-filename`", hint=hint)
            unsaved = {stdin_name: read_input(STDIN)}
        # `--diff` and `--check` are about the fixes, with or without `--fix`.
        mode = choose_write_mode(check=diff or check)
        report = spec2bdd.lint(read_config(config), paths=paths, fix=fix or diff or check, mode=mode, unsaved=unsaved)
    complete = print_answer(Answer("lint", report, report.diagnostics), outputs, quiet=quiet, diff=diff)
    sys.exit(report.exit_code if complete else 2)
