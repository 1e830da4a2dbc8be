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


def has_all_results(runs: Sequence[TestRun]) -> bool:
    """Whether runs of one tree, not only shards, have a result of every scenario, or keep an earlier one.

    A run that ended early does not know the scenarios that it did not reach.
    """
    if all(run.shard for run in runs) or not any(run.complete for run in runs):
        return False
    results = [result for run in runs for result in run.results]
    known = {(result.feature, result.line, result.name) for result in results if not result.left_out}
    kept = {name for run in runs for names in run.kept.values() for name in names}
    return all(
        (result.feature, result.line, result.name) in known
        or not kept.isdisjoint((*result.tags, f"{result.feature}:{result.line}"))
        for result in results
        if result.left_out
    )


def check_shards(runs: Sequence[TestRun], diagnostics: Sequence[Diagnostic] = ()) -> None:
    """Check that the runs hold every shard of the newest tree, all divided in the same way.

    No shard is missing where other runs of that tree have results of all scenarios. `diagnostics` are those of the
    record files, of which one may be the missing shard.

    Raises:
        RecordError: a shard is missing, or the shards do not fit together.
    """
    current = [run for run in runs if not run.outdated]
    newest = [run for run in current if run.tree == current[-1].tree]
    shards = sorted((*run.shard[::-1], run.partition) for run in newest if run.shard)
    if not shards or has_all_results(newest):
        return
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
            run_it = f"run {'it' if len(missing) == 1 else 'them'} with `spec2bdd run --shard {missing[0]}/{count}`"
            more = ", ..." if missing[1:] else ""
            hint = f"{run_it}{more}, name the records of all shards, or mark what was run with `--partial`"
        else:
            message = f"the {count} shards were divided in different ways: scenarios may be missing, or run twice"
            hint = "run all shards with the same `--durations`"
        errors.append(RecordError(message, hint=hint))
    first, *others = errors
    damaged = [RecordError(error.message, path=error.path, line=error.line, hint=error.hint) for error in diagnostics]
    first.others = (*others, *damaged)
    raise first
