"""The `challenge` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from spec2bdd.cli.formats import Output, find_stdout_format, format_option
from spec2bdd.cli.options import config_option, render_examples
from spec2bdd.cli.output import exit_on_error, print_answer, read_config, run_live
from spec2bdd.cli.params import CountType, JobsType, SecondsType
from spec2bdd.cli.parsing import Command
from spec2bdd.cli.run_options import RunFlags


@click.command(
    cls=Command,
    short_help="Put faults into the product and see whether the checks notice.",
    epilog=render_examples("challenge", "challenge 3.2 -j auto -v", "challenge --all --format sarif:challenges.sarif"),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="Try every fault, not only those up to the first that is noticed.")
@click.option(
    "--max-faults", type=CountType(), help="Try at most N faults for each scenario; 60 by default without `--all`."
)
@click.option("--most", type=CountType(), hidden=True, help="The former name of `--max-faults`.")
@click.option("--budget", type=SecondsType(), help="Start no further fault after this time.")
@click.option(
    "--forget", is_flag=True, help="Forget what the checks noticed before: what they no longer notice is accepted."
)
@click.option(
    "-j",
    "--jobs",
    metavar="N|auto",
    type=JobsType(),
    help="Number of scenarios that are challenged at a time; by default, `jobs` of the configuration, or 1.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only blind criteria and the summary.")
@click.option("-v", "--verbose", is_flag=True, help="List all criteria, with every fault that was tried.")
@format_option("challenge")
@config_option
def challenge(
    *,
    names: tuple[str, ...],
    every: bool,
    max_faults: int | None,
    most: int | None,
    budget: float | None,
    forget: bool,
    jobs: int | str | None,
    quiet: bool,
    verbose: bool,
    outputs: Sequence[Output],
    config: str | None,
) -> None:
    """Put faults into the product, one at a time, and see whether the checks of passed criteria notice.

    A criterion notices if a check of its steps fails because of a fault. It is blind if faults reach it and no check
    fails: its steps would pass whatever the product does. NAME is a spec, a criterion, or a feature file; by default,
    all criteria that `spec2bdd status` shows as passed are challenged. No file of the project is changed.

    Exit code: 1 if a criterion is blind, or no longer notices what it noticed before.
    """
    from spec2bdd.adapters.behave.challenger import ChallengeOptions
    from spec2bdd.commands.challenge import challenge as challenge_project
    from spec2bdd.reporters.registry import Answer

    with exit_on_error():
        settings = read_config(config)
        run_options = RunFlags(jobs).build_run_options(settings)
        options = ChallengeOptions(
            every, max_faults or most, jobs=run_options.jobs, budget=budget, timeout=run_options.timeout, forget=forget
        )
        report = run_live(
            lambda listen: challenge_project(settings, names=names, options=options, on_event=listen),
            quiet=quiet or find_stdout_format(outputs) != "text",
        )
    answer = Answer("challenge", report, report.diagnostics)
    complete = print_answer(answer, outputs, quiet=quiet, verbose=verbose)
    sys.exit(report.exit_code if complete else 2)
