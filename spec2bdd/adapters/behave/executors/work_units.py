"""The scenarios of a project and how long they took last time in, units of work for the workers out, longest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spec2bdd.model import Diagnostic, RunOptions

# A feature is cut where it would keep one worker busy for more than this part of its share.
_PARTS_PER_WORKER = 4
SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class CollectedFeature:
    """What the first look at a feature file shows; of each scenario its effective tags, sorted."""

    file: int
    path: str
    tags: tuple[tuple[str, ...], ...] = ()
    expected: Mapping[str, int] | None = None
    problem: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """Some scenarios of one file, by their places in it, that one worker runs one after the other.

    `first` is the number of the file's first scenario in the records. A serial unit is run while no other one is.
    """

    file: int
    first: int
    scenarios: tuple[int, ...]
    seconds: float = 0.0
    serial: bool = False


def number_first_scenarios(sketches: Sequence[CollectedFeature]) -> list[int]:
    """Return the number of the first scenario of each file."""
    firsts, total = [], 0
    for sketch in sketches:
        firsts.append(total)
        total += len(sketch.tags)
    return firsts


def select_scenarios(sketches: Sequence[CollectedFeature], plan: RunOptions) -> list[tuple[int, ...]]:
    """Return the places of the scenarios that a plan asks for, for each file.

    Shards are runs of neighbours in the order of the files: disjoint, together everything, and the same everywhere.
    """
    total = sum(len(sketch.tags) for sketch in sketches)
    return [
        tuple(
            place
            for place, tags in enumerate(sketch.tags)
            if _is_in_shard(first + place, total, plan) and _is_asked_for(sketch.path, tags, plan)
        )
        for sketch, first in zip(sketches, number_first_scenarios(sketches), strict=True)
    ]


def _is_in_shard(number: int, total: int, plan: RunOptions) -> bool:
    """Tell whether the shard of the plan holds the scenario with that number."""
    return plan.shard is None or number * plan.shard[1] // total + 1 == plan.shard[0]


def _is_asked_for(path: str, tags: Sequence[str], plan: RunOptions) -> bool:
    """Tell whether a scenario stands in one of the files and carries one of the tags that were asked for."""
    if plan.features is not None and path not in plan.features:
        return False
    return plan.only is None or not plan.only.isdisjoint(tags)


def split_into_work_units(
    sketches: Sequence[CollectedFeature],
    chosen: Sequence[Sequence[int]],
    *,
    jobs: int,
    durations: Mapping[str, Sequence[float]],
    whole: bool = False,
) -> list[WorkUnit]:
    """Return the units of work in the order in which they are handed out.

    `durations` holds the seconds of the scenarios of each file in their order, as far as they are known. A file is one
    unit for a single worker, or where `whole` asks for it.
    """
    seconds = [_guess_seconds(sketch, durations) for sketch in sketches]
    total = sum(seconds[file][place] for file, places in enumerate(chosen) for place in places)
    most = total / (jobs * _PARTS_PER_WORKER) if jobs > 1 and not whole else total + 1
    units: list[WorkUnit] = []
    for sketch, first, places in zip(sketches, number_first_scenarios(sketches), chosen, strict=True):
        serial = [place for place in places if SERIAL in sketch.tags[place]] if jobs > 1 else []
        for group, alone in (([place for place in places if place not in serial], False), (serial, True)):
            for part in _cut(group, seconds[sketch.file], most=most):
                took = sum(seconds[sketch.file][place] for place in part)
                units.append(WorkUnit(sketch.file, first, part, took, serial=alone))
    return sorted(units, key=lambda unit: (unit.serial, -unit.seconds)) if jobs > 1 else units


def _guess_seconds(sketch: CollectedFeature, durations: Mapping[str, Sequence[float]]) -> list[float]:
    """Return how long each scenario of a file may take; where nothing fits, all take the same."""
    known = durations.get(sketch.path, ())
    if len(known) == len(sketch.tags):
        return list(known)
    every = [second for values in durations.values() for second in values]
    return [sum(every) / len(every) if every else 1.0] * len(sketch.tags)


def _cut(places: Sequence[int], seconds: Sequence[float], *, most: float) -> Iterator[tuple[int, ...]]:
    """Yield runs of neighbours that take no longer than `most` together, unless one alone does."""
    part: list[int] = []
    took = 0.0
    for place in places:
        if part and took + seconds[place] > most:
            yield tuple(part)
            part, took = [], 0.0
        part.append(place)
        took += seconds[place]
    if part:
        yield tuple(part)
