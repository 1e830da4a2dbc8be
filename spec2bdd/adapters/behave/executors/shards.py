"""Divide the scenarios of a project into shards that take about the same time, in the same way on every machine."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from statistics import median

from spec2bdd.adapters.behave.executors.work_units import CollectedFeature
from spec2bdd.model.values import dataclass

# Whole microseconds add up to the same sum everywhere. No scenario counts as nothing, or as more than a century.
_PER_SECOND = 1_000_000
_LONGEST = 3_000_000_000.0


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """The shard of each scenario by its number, from 1; `digest` is the same for the same shards of the same files.

    `seconds` are those that each scenario is expected to take, by the path of its file; `estimated` counts those of
    which no duration is known.
    """

    shards: tuple[int, ...]
    digest: str
    seconds: Mapping[str, Sequence[float]]
    estimated: int = 0


def plan_shards(
    features: Sequence[CollectedFeature], *, count: int, durations: Mapping[str, Mapping[str, float]]
) -> ShardPlan:
    """Divide the scenarios of all features, in the order of the files, into `count` shards.

    `durations` are the seconds of scenarios by the path of their file and their name. One without takes the median of
    its file, or else of all; without any, all scenarios take the same time.
    """
    known = [
        [_find_usable(durations.get(feature.path, {}).get(name)) for name in feature.names] for feature in features
    ]
    everything = [seconds for of_feature in known for seconds in of_feature if seconds is not None]
    typical = median(everything) if everything else 1.0
    seconds: dict[str, list[float]] = {}
    for feature, of_feature in zip(features, known, strict=True):
        usual = median([value for value in of_feature if value is not None] or [typical])
        seconds[feature.path] = [usual if value is None else value for value in of_feature]
    shards = assign_shards([value for feature in features for value in seconds[feature.path]], count)
    content = [count, [[feature.path, len(feature.names)] for feature in features], shards]
    digest = hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest()
    return ShardPlan(tuple(shards), digest, seconds, sum(value is None for row in known for value in row))


def assign_shards(seconds: Sequence[float], count: int) -> list[int]:
    """Assign each scenario to one of `count` shards: consecutive ones, each with about the same sum of seconds.

    A scenario belongs to the shard in whose part of the total time its middle is. So no shard takes longer than its
    part of the total and the longest scenario together.
    """
    weights = [max(round(min(value, _LONGEST) * _PER_SECOND), 1) for value in seconds]
    ends = list(accumulate(weights))
    return [(2 * end - weight) * count // (2 * ends[-1]) + 1 for end, weight in zip(ends, weights, strict=True)]


def _find_usable(seconds: float | None) -> float | None:
    """Return a duration, or None for what is none."""
    return seconds if seconds is not None and math.isfinite(seconds) and seconds >= 0 else None
