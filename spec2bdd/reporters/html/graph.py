"""Lay out which specs wait for which: a column for each level of dependencies, the first on the left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from spec2bdd.model.values import dataclass

NODE_WIDTH, NODE_HEIGHT = 180, 34
_COLUMN, _ROW = 240, 48
# A larger picture says less than the lists of each spec.
_MOST_NODES = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A spec in the picture, with the place of its upper left corner."""

    key: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Graph:
    """The picture: its size, the specs, and a path for each dependency, from the spec that comes first."""

    width: int = 0
    height: int = 0
    nodes: tuple[Node, ...] = ()
    paths: tuple[str, ...] = ()


def build_graph(upstream: Mapping[str, Sequence[str]]) -> Graph:
    """Lay out the specs that depend on each other; nothing where there are none, or more than can be seen."""
    linked = {key for key, others in upstream.items() if others}
    linked |= {other for key in linked for other in upstream[key]}
    if not linked or len(linked) > _MOST_NODES:
        return Graph()
    order = [key for key in upstream if key in linked]
    levels = dict.fromkeys(order, 0)
    # So often at most; specs that wait for each other would never come to an end.
    for _ in order:
        for key in order:
            levels[key] = min(max((levels[other] + 1 for other in upstream[key]), default=0), len(order) - 1)
    columns: dict[int, list[str]] = defaultdict(list)
    for key in order:
        columns[levels[key]].append(key)
    places = {
        key: (number * _COLUMN, row * _ROW)
        for number, level in enumerate(sorted(columns))
        for row, key in enumerate(columns[level])
    }
    paths = []
    for key in order:
        for other in upstream[key]:
            (x, y), (left, top) = places[other], places[key]
            x, y, top = x + NODE_WIDTH, y + NODE_HEIGHT // 2, top + NODE_HEIGHT // 2
            bend = max((left - x) // 2, 24)
            paths.append(f"M{x},{y} C{x + bend},{y} {left - bend},{top} {left},{top}")
    height = max(len(column) for column in columns.values()) * _ROW - _ROW + NODE_HEIGHT
    return Graph(
        len(columns) * _COLUMN - _COLUMN + NODE_WIDTH,
        height,
        tuple(Node(key, *place) for key, place in places.items()),
        tuple(paths),
    )
