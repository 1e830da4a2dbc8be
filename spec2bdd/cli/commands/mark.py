"""The `mark` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import spec2bdd
from spec2bdd.cli.options import (
    add_judgement_options,
    add_mark_options,
    baseline_option,
    build_judge_options,
    choose_write_mode,
    commands_option,
    gate_option,
    patch_option,
    render_examples,
    strict_option,
    trust_external_option,
    verbose_option,
)
from spec2bdd.cli.output import answer, read_config
from spec2bdd.cli.parsing import Command

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from spec2bdd.model import Report


@click.command(
    cls=Command,
    short_help="Write verdicts from recorded runs into the specs.",
    epilog=render_examples("mark --diff", "mark shards/*.ndjson", "mark --patch marks.patch"),
)
@click.argument("records", nargs=-1, metavar="[RECORDS]...")
@click.option(
    "--partial", is_flag=True, help="Mark what was run, even if shards are missing; what was left out fails nothing."
)
@patch_option
@strict_option
@commands_option
@trust_external_option
@gate_option
@baseline_option
@add_mark_options
@add_judgement_options
@verbose_option
@answer("judgement")
def mark(
    *,
    records: tuple[str, ...],
    partial: bool,
    patch: str | None,
    strict: bool,
    gate: str | None,
    update_baseline: bool,
    commands: bool,
    trust_external: bool,
    check: bool,
    diff: bool,
    config: str | None,
    quiet: bool,  # noqa: ARG001
) -> Report:
    """Write verdicts from recorded runs into the specs.

    Only checkboxes, `status` and `updated` change; with `marks` in the configuration, also comments or table cells of
    criteria that have no box.

    RECORDS are record files, folders of them, or patterns such as `shards/*.ndjson`, from one or more runs. By
    default, the last full run and later partial runs are used. Of a run that was divided, all shards are needed,
    unless other runs of the same files have results of all scenarios. `--partial` marks what there is.

    External reports (Cucumber or Behave JSON, JUnit XML) are read too: they can untick boxes, and tick them only with
    `--trust-external`.
    """
    from spec2bdd.cli.patch import write_patch

    judge_options = build_judge_options(
        gate,
        update_baseline=update_baseline,
        strict=strict,
        commands=commands,
        partial=partial,
        trust_external=trust_external,
    )
    mode = choose_write_mode(check=check or diff, patch=bool(patch))
    return write_patch(
        patch,
        lambda: spec2bdd.mark(read_config(config), records=records, judge_options=judge_options, mode=mode),
    )
