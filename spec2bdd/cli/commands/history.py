"""The `history` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import spec2bdd
from spec2bdd.cli.formats import Output, check_formats, format_option
from spec2bdd.cli.options import config_option, render_examples
from spec2bdd.cli.output import exit_on_error, print_answer, read_config
from spec2bdd.cli.parsing import Command
from spec2bdd.errors import UsageError


@click.command(
    cls=Command,
    short_help="Show the pass/fail history of criteria.",
    epilog=render_examples("history 3.2", 'history 3.2 "#4"', "history --rebuild kept/*.ndjson"),
)
@click.argument("names", nargs=-1, metavar="NAME [CRITERION] | --rebuild RECORDS...")
@click.option("--rebuild", is_flag=True, help="Replace the history with the runs in record files.")
@format_option("history", "rebuilt-history")
@config_option
def history(*, names: tuple[str, ...], rebuild: bool, outputs: Sequence[Output], config: str | None) -> None:
    """Show the history of criteria: when each first passed and last failed, how often that changed, how long it takes.

    NAME is a spec (`3.2`, a path, or a part of its name) or a criterion (`3.2#4`, an id, or a part of its text).
    CRITERION selects one of a spec: an id, a number (`#4`), or a part of the text. The history covers the runs on this
    machine, in `.spec2bdd/history.db`. RECORDS are record files of earlier runs, or patterns of them.
    """
    from spec2bdd.reporters.registry import Answer

    exit_code = 0
    with exit_on_error():
        # Before anything is read: a wrong format is an error of usage, and so is a name that is missing.
        if not names:
            example = "history --rebuild kept/*.ndjson" if rebuild else "history 3.2"
            missing = "RECORDS" if rebuild else "NAME"
            raise UsageError(f"missing argument `{missing}`", hint=f"for example: `spec2bdd {example}`")
        check_formats(
            outputs,
            "rebuilt-history" if rebuild else "history",
            command=f"history{' --rebuild' if rebuild else ''}",
        )
        if rebuild:
            from spec2bdd.commands.history import rebuild_history

            report = rebuild_history(read_config(config), names)
            exit_code, answer = report.exit_code, Answer("rebuilt-history", report, report.diagnostics)
        # `--rebuild` takes any number of records, so the argument does too.
        elif len(names) > 2:
            raise UsageError(f"unexpected argument `{names[2]}`", hint='for example: `spec2bdd history 3.2 "#4"`')
        else:
            explanation = spec2bdd.explain(read_config(config), *names)
            exit_code, answer = explanation.exit_code, Answer("history", explanation, explanation.diagnostics)
    sys.exit(exit_code if print_answer(answer, outputs) else 2)
