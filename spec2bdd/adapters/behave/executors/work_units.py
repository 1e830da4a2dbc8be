"""Split the scenarios of a project into work units for the workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.model import Diagnostic, RunOptions
from spec2bdd.model.values import dataclass

# No unit takes more than this part of a worker's share of the run, so that the workers end at about the same time.
_PARTS_PER_WORKER = 4
# The tag of a scenario that must not run at the same time as any other.
SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class CollectedFeature:
    """What parsing a feature file shows; of each scenario its effective tags, sorted, and its name."""

    file: int
    path: str
    tags: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    expected: Mapping[str, int] | None = None
    diagnostic: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """Scenarios of one file, by their positions in it, that one worker runs one after the other.

    `first` is the number of the file's first scenario in the records. A serial unit runs while no other unit does; an
    urgent one runs before those that are not.
    """

    file: int
    first: int
    scenarios: tuple[int, ...]
    seconds: float = 0.0
    serial: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """What an idle worker asks for: a unit of the feature that it has open, or, without a file, any unit."""

    file: int | None = None


def number_first_scenarios(features: Sequence[CollectedFeature]) -> list[int]:
    """List the number of each file's first scenario; scenarios are numbered through the whole run."""
    firsts, total = [], 0
    for feature in features:
        firsts.append(total)
        total += len(feature.tags)
    return firsts


def select_scenarios(
    features: Sequence[CollectedFeature], plan: RunOptions, shards: Sequence[int] = ()
) -> list[tuple[int, ...]]:
    """Select for each file the positions of the scenarios that a plan asks for.

    `shards` has the shard of each scenario by its number, if the plan asks for one.
    """

    def is_selected(feature: CollectedFeature, place: int, number: int) -> bool:
        """Whether the plan asks for the scenario at this place of its file, which has this number in all files."""
        if plan.shard is not None and shards[number] != plan.shard[0]:
            return False
        if plan.features is not None and feature.path not in plan.features:
            return False
        if plan.only is None or not plan.only.isdisjoint(feature.tags[place]) or feature.path in plan.also:
            return True
        return bool(plan.scenarios) and (feature.path, feature.names[place]) in plan.scenarios

    return [
        tuple(place for place in range(len(feature.tags)) if is_selected(feature, place, first + place))
        for feature, first in zip(features, number_first_scenarios(features), strict=True)
    ]


def find_empty_features(features: Sequence[CollectedFeature], plan: RunOptions) -> frozenset[int]:
    """Find the files of features without scenarios that a plan asks for: Behave calls the hooks of these, too."""
    # Shards divide scenarios; the first one has the rest, too.
    is_asked = plan.only is None and (plan.shard is None or plan.shard[0] == 1)
    return frozenset(
        feature.file
        for feature in features
        if not feature.tags
        and feature.expected is not None
        and (plan.features is None or feature.path in plan.features)
        and (is_asked or feature.path in plan.also)
    )


def split_into_work_units(
    features: Sequence[CollectedFeature],
    selected: Sequence[Sequence[int]],
    *,
    jobs: int,
    durations: Mapping[str, Sequence[float]],
    whole: bool = False,
    single: bool = False,
    urgent: frozenset[str] = frozenset(),
    empty: frozenset[int] = frozenset(),
) -> list[WorkUnit]:
    """Split the selected scenarios into units, in the order of the files.

    `durations` holds the seconds of the scenarios of each file in their order, as far as they are known. A file is one
    unit for a single worker, or where `whole` asks for it; otherwise, with `single`, every scenario is one. Scenarios
    with a tag of `urgent` are in units of their own. The files of `empty` are units without scenarios.
    """
    known = [second for seconds in durations.values() for second in seconds]
    average = sum(known) / len(known) if known else 1.0
    seconds: list[Sequence[float]] = []
    for feature in features:
        last = durations.get(feature.path, ())
        # With another number of scenarios than last time, their positions mean nothing any longer.
        seconds.append(last if len(last) == len(feature.tags) else [average] * len(feature.tags))
    total = sum(seconds[file][place] for file, places in enumerate(selected) for place in places)
    most = total / (jobs * _PARTS_PER_WORKER) if jobs > 1 and not whole else total + 1
    if single and not whole:
        most = -1.0
    units: list[WorkUnit] = []
    for feature, first, places in zip(features, number_first_scenarios(features), selected, strict=True):
        groups: dict[tuple[bool, bool], list[int]] = {}
        has_serial = any(SERIAL in feature.tags[place] for place in places)
        for place in places:
            # A single worker runs every scenario alone anyway.
            is_serial = jobs > 1 and (has_serial if whole else SERIAL in feature.tags[place])
            is_urgent = not whole and not urgent.isdisjoint(feature.tags[place])
            groups.setdefault((is_serial, is_urgent), []).append(place)
        for (is_serial, is_urgent), group in sorted(groups.items()):
            for part in _split_by_seconds(group, seconds[feature.file], most=most):
                took = sum(seconds[feature.file][place] for place in part)
                units.append(WorkUnit(feature.file, first, part, took, serial=is_serial, urgent=is_urgent))
        if feature.file in empty:
            units.append(WorkUnit(feature.file, first, ()))
    return units


def _split_by_seconds(places: Sequence[int], seconds: Sequence[float], *, most: float) -> Iterator[tuple[int, ...]]:
    """Yield groups of neighbours that take at most `most` seconds together, unless a single one takes longer."""
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
