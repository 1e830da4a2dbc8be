"""The geometry of the charts: numbers that a template draws, in units of a hundredth of the width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.model import Verdict
from spec2bdd.model.history import TimelineRun
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.html.states import State

WIDTH, HEIGHT = 600.0, 160.0

_DRAWN = ((Verdict.PASSED, State.PROVED), (Verdict.PENDING, State.PENDING), (Verdict.FAILED, State.FAILED))


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: where it begins and how long it is, in percent."""

    state: State
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Area:
    """A band of the chart over time, as the points of a polygon."""

    state: State
    points: str


def build_bar(counts: Mapping[State, int]) -> tuple[Segment, ...]:
    """Build a bar of all counts that are not zero; each of them can be seen."""
    shown = {state: count for state, count in counts.items() if count}
    whole = sum(shown.values())
    # A sliver of a hundred is wide enough to be seen, and the others make room for it.
    widths = {state: max(count / whole * 100, 1.2) for state, count in shown.items()}
    scale = 100 / sum(widths.values()) if widths else 1
    segments, start = [], 0.0
    for state, count in shown.items():
        width = widths[state] * scale
        segments.append(Segment(state, count, round(start, 2), round(width, 2)))
        start += width
    return tuple(segments)


def build_areas(runs: Sequence[TimelineRun]) -> tuple[Area, ...]:
    """Build the bands of passed, pending and failed criteria over the runs, from the bottom up."""
    most = max((sum(run.counts.values()) for run in runs), default=0)
    if len(runs) < 2 or not most:
        return ()
    step = WIDTH / (len(runs) - 1)
    below = [0] * len(runs)
    areas = []
    for verdict, state in _DRAWN:
        above = [low + run.counts.get(verdict, 0) for low, run in zip(below, runs, strict=True)]
        upper = [(step * number, HEIGHT - HEIGHT * count / most) for number, count in enumerate(above)]
        lower = [(step * number, HEIGHT - HEIGHT * count / most) for number, count in enumerate(below)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *reversed(lower)])
        areas.append(Area(state, points))
        below = above
    return tuple(areas)
