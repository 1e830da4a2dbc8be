"""The `init` command."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import add_preview_options, choose_write_mode, quiet_option, render_examples
from spec2bdd.cli.output import answer, print_answer
from spec2bdd.cli.params import ChoiceType
from spec2bdd.cli.parsing import Command

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    cls=Command,
    short_help="Set up a project: configuration, folders, CI, hooks, agents.",
    epilog=render_examples("init", "init --dry-run", "init --ci github --pre-commit --agents --yes"),
)
@click.option("--ci", type=ChoiceType("github", "gitlab"), help="Add a job that runs `verify --check`.")
@click.option(
    "--pre-commit",
    "hooks",
    is_flag=True,
    help="Add hooks to `.pre-commit-config.yaml`; `pre-commit install -t pre-commit -t pre-push` activates them.",
)
@click.option("--agents", is_flag=True, help="Add instructions for coding assistants to `AGENTS.md`.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking; without a terminal, nothing is asked anyway.")
@add_preview_options
@quiet_option
@answer("decision")
def init(
    *,
    ci: str | None,
    hooks: bool,
    agents: bool,
    yes: bool,
    dry_run: bool,
    check: bool,
    diff: bool,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Set up the project in the current folder: configuration, folders and, on request, files of other tools.

    No file is overwritten. Lines are only added at the end of a file that exists, where that is safe; otherwise the
    lines to add are printed. On a terminal, the plan is shown first.
    """
    from spec2bdd.commands.options import WriteMode
    from spec2bdd.reporters.registry import Answer

    mode = choose_write_mode(check=check or diff, patch=dry_run)
    if mode.writes and not yes and sys.stdin and sys.stdin.isatty() and sys.stdout.isatty():
        plan = spec2bdd.init(ci=ci or "", hooks=hooks, agents=agents, mode=WriteMode.PLAN)
        print_answer(Answer("decision", plan, plan.diagnostics), ())
        if plan.changes and not click.confirm("\nWrite this?", default=True, err=True):
            sys.exit(1)
        # The notes of the plan are on the screen already.
        return replace(spec2bdd.init(ci=ci or "", hooks=hooks, agents=agents, mode=mode), notes=())
    return spec2bdd.init(ci=ci or "", hooks=hooks, agents=agents, mode=mode)
