"""Describe a run of a part of the scenarios: how many it has run, and of how many others earlier runs have results."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.model import RunOptions, TestRun


def describe_partial_run(plan: RunOptions, run: TestRun, older: Sequence[TestRun]) -> str:
    """Describe how few scenarios a run has run, and what judges the others; empty where nothing limits it.

    `older` are the earlier runs whose results count as well.
    """
    left_out = [result for result in run.results if result.left_out]
    is_named = plan.only is not None or plan.features is not None
    if not is_named and not (plan.may_be_partial and left_out):
        return ""
    count = sum(result.status != "skipped" for result in run.results)
    every = "all " if 1 < count == len(run.results) and run.complete else ""
    shard = "shard {}/{}: ".format(*run.shard) if run.shard else ""
    ran = f"{shard}{every}{count} {'scenario was' if count == 1 else 'scenarios were'} run"
    # Its line may have changed since.
    known = {(result.feature, result.name) for earlier in older for result in earlier.results if not result.left_out}
    judged = sum((result.feature, result.name) in known for result in left_out)
    if not left_out:
        return ran
    if not judged:
        return f"{ran}; all others are left out"
    if rest := len(left_out) - judged:
        others = f"{judged} {'other is' if judged == 1 else 'others are'} judged by earlier runs"
        return f"{ran}; {others}, {rest} {'is' if rest == 1 else 'are'} left out"
    return f"{ran}; all others are judged by earlier runs"
