"""The specs of a trace and what they wait for, as nodes and edges of a graph to be drawn."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model.trace import Trace
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.terminal.escape import render_visible
from spec2bdd.reporters.trace.exchange import build_ids


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A spec: an id of letters, digits and underscores, and the lines that are shown, each in one line."""

    id: str
    name: str
    status: str
    is_cyclic: bool


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """That a spec waits for another one; `is_cyclic` if that one waits for it as well."""

    source: str
    target: str
    is_cyclic: bool


def list_nodes(trace: Trace) -> Iterator[GraphNode]:
    """List the traced specs and those that they wait for."""
    ids = build_ids(trace)
    for spec in (*trace.specs, *trace.upstream):
        name = render_visible(" ".join(f"{spec.feature_id} {spec.name}".split())) or render_visible(spec.path)
        status = render_visible(" ".join(spec.status.split())) or "no status"
        yield GraphNode(ids[spec.path], name, status, bool(spec.cyclic))


def list_edges(trace: Trace) -> Iterator[GraphEdge]:
    """List the dependencies, those of one spec after the other."""
    ids = build_ids(trace)
    for spec in (*trace.specs, *trace.upstream):
        for path in spec.depends_on:
            yield GraphEdge(ids[spec.path], ids[path], path in spec.cyclic)
