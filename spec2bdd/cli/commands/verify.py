"""The `verify` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_judgement_options,
    add_mark_options,
    add_selection_options,
    baseline_option,
    build_judge_options,
    build_selection,
    choose_write_mode,
    commands_option,
    gate_option,
    patch_option,
    render_examples,
    strict_option,
    verbose_option,
)
from spec2bdd.cli.output import answer, read_config, run_live
from spec2bdd.cli.parsing import BehaveCommand
from spec2bdd.cli.run_options import RunFlags, add_run_options

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    cls=BehaveCommand,
    epilog=render_examples(
        "verify",
        "verify --check   # in CI: write nothing, only judge and compare",
        'verify 3.2 "4.1#2"',
        "verify --failed -v",
    ),
)
@add_run_options
@add_selection_options
@patch_option
@strict_option
@commands_option
@gate_option
@baseline_option
@add_mark_options
@add_judgement_options
@verbose_option
@answer("judgement")
def verify(
    *,
    run_flags: RunFlags,
    names: tuple[str, ...],
    only: tuple[str, ...],
    failed: bool,
    since: str,
    patch: str | None,
    strict: bool,
    gate: str | None,
    update_baseline: bool,
    commands: bool,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,
) -> Report:
    """Generate scenarios, run them, and update the specs.

    NAME is a spec (`3.2`, a path, or a part of its name), a criterion (`3.2#4`, an id, or a part of its text), or a
    feature file; by default, everything is run. With `--check`, nothing is written: the features are run as they
    are. Arguments after `--` are passed to Behave, e.g. `-- --tags @smoke -D browser=firefox`.
    """
    from spec2bdd.cli.patch import write_patch

    judge_options = build_judge_options(gate, update_baseline=update_baseline, strict=strict, commands=commands)

    with run_flags.keep_standby():
        settings = read_config(config)
        return write_patch(
            patch,
            lambda: run_live(
                lambda listen: spec2bdd.verify(
                    settings,
                    selection=build_selection(names, only, failed=failed, since=since),
                    run_options=run_flags.build_run_options(settings),
                    judge_options=judge_options,
                    mode=choose_write_mode(check=check or diff, patch=bool(patch)),
                    on_event=listen,
                ),
                quiet=quiet,
            ),
        )
