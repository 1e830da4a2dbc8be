"""A `RunPlan` in, plain facts for another process and for the records out, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spec2bdd.model import RunPlan


def describe_plan(plan: RunPlan) -> dict[str, Any]:
    """Return a plan as facts for JSON."""
    return {
        "jobs": plan.jobs,
        "timeout": plan.timeout,
        "retries": plan.retries,
        "shard": None if plan.shard is None else list(plan.shard),
        "only": None if plan.only is None else sorted(plan.only),
        "features": None if plan.features is None else sorted(plan.features),
        "arguments": list(plan.arguments),
    }


def parse_plan(facts: Mapping[str, Any]) -> RunPlan:
    """Return the plan that `describe_plan` described.

    Raises:
        KeyError: a fact is missing.
        TypeError: a fact is of another kind.
        ValueError: the shard is none.
    """
    shard, only, features = facts["shard"], facts["only"], facts["features"]
    if shard is not None:
        part, parts = shard
        shard = int(part), int(parts)
    return RunPlan(
        jobs=int(facts["jobs"]),
        timeout=None if facts["timeout"] is None else float(facts["timeout"]),
        retries=int(facts["retries"]),
        shard=shard,
        only=None if only is None else frozenset(map(str, only)),
        features=None if features is None else frozenset(map(str, features)),
        arguments=tuple(map(str, facts["arguments"])),
    )
