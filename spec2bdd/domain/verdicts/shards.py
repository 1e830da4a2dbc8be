"""Check that runs hold all shards of a project, and describe how a shard was cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from spec2bdd.errors import RecordError
from spec2bdd.model import Diagnostic, RunOptions, TestRun


def describe_shard(plan: RunOptions, run: TestRun) -> tuple[str, ...]:
    """Describe how many scenarios had no duration, where durations were asked for to divide the scenarios."""
    if not run.shard or plan.durations is None:
        return ()
    shard = "shard {}/{}".format(*run.shard)
    names = plan.without_durations
    missing = (
        [f"{' and '.join(f'`{name}`' for name in names)} {'do' if names[1:] else 'does'} not exist"] if names else []
    )
    if not plan.durations:
        why = missing[0] if missing else "no earlier durations were found"
        return (f"{shard}: {why}, so all scenarios count the same",)
    notes = [f"{shard}: {missing[0]}"] if missing else []
    if run.estimated:
        verb = "scenario has" if run.estimated == 1 else "scenarios have"
        notes.append(f"{shard}: {run.estimated} {verb} no earlier duration; the median of the feature was used")
    return tuple(notes)


def check_shards(runs: Sequence[TestRun], diagnostics: Sequence[Diagnostic] = ()) -> None:
    """Check that the runs hold every shard of the newest tree, all divided in the same way.

    `diagnostics` are those of the record files, of which one may be the missing shard.

    Raises:
        RecordError: a shard is missing, or the shards do not fit together.
    """
    current = [run for run in runs if not run.outdated]
    if not current or any(run.tree == current[-1].tree and not run.shard for run in current):
        return
    shards = sorted(
        ((*run.shard[::-1], run.partition) for run in current if run.shard and run.tree == current[-1].tree),
    )
    errors: list[RecordError] = []
    for count, group in groupby(shards, key=lambda shard: shard[0]):
        members = list(group)
        partitions = {partition for _, _, partition in members}
        found = [{part for _, part, other in members if other == partition} for partition in sorted(partitions)]
        if any(len(parts) == count for parts in found):
            return
        missing = sorted(set(range(1, count + 1)).difference(*found))
        if missing:
            names = ", ".join(f"{part}/{count}" for part in missing)
            message = f"shard {names} is missing" if len(missing) == 1 else f"shards {names} are missing"
            hint = "add the records, or mark what was run with `--partial`"
        else:
            message = f"the {count} shards were divided in different ways: scenarios may be missing, or run twice"
            hint = "run all shards with the same `--durations`"
        errors.append(RecordError(message, hint=hint))
    first, *others = errors
    damaged = [RecordError(error.message, path=error.path, line=error.line, hint=error.hint) for error in diagnostics]
    first.others = (*others, *damaged)
    raise first
