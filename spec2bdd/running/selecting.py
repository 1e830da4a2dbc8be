"""A plan and the scenarios of a project in the order of their files in, those that the plan leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from spec2bdd.model import RunPlan


def find_left_out(scenarios: Sequence[tuple[str, Any]], plan: RunPlan) -> Iterable[Any]:
    """Return the scenarios that a run shall not touch; each comes with the path of its feature file.

    Shards are runs of neighbours in the order of the files: disjoint, together everything, and the same everywhere.
    """
    count = len(scenarios)
    return [
        scenario
        for index, (path, scenario) in enumerate(scenarios)
        if not (_is_in_shard(index, count, plan) and _is_asked_for(path, scenario, plan))
    ]


def _is_in_shard(index: int, count: int, plan: RunPlan) -> bool:
    """Tell whether the shard of the plan holds the scenario with that index."""
    return plan.shard is None or index * plan.shard[1] // count + 1 == plan.shard[0]


def _is_asked_for(path: str, scenario: Any, plan: RunPlan) -> bool:
    """Tell whether a scenario stands in one of the files and carries one of the tags that were asked for."""
    if plan.features is not None and path not in plan.features:
        return False
    return plan.only is None or not plan.only.isdisjoint(map(str, scenario.effective_tags))
