"""Find what is in a cycle of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_cyclic_edges(graph: Mapping[str, Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Find the edges between nodes that reach each other: those of all cycles, and no others.

    The nodes that reach each other are found in two searches (Kosaraju): one for the order in which nodes are finished,
    one against the edges in the reverse of that order.
    """
    reverse: dict[str, list[str]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            reverse[target].append(node)
    finished: list[str] = []
    seen: set[str] = set()
    for root in graph:
        # Not recursive: a chain may be as long as there are nodes.
        stack = [(root, iter(graph[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            node, targets = stack[-1]
            if new := next((target for target in targets if target not in seen), None):
                seen.add(new)
                stack.append((new, iter(graph[new])))
            else:
                finished.append(node)
                stack.pop()
    component: dict[str, str] = {}
    for root in reversed(finished):
        reached = [root] if root not in component else []
        while reached:
            node = reached.pop()
            if node not in component:
                component[node] = root
                reached += [source for source in reverse[node] if source not in component]
    edges = ((node, target) for node, targets in graph.items() for target in targets)
    return frozenset((node, target) for node, target in edges if component[node] == component[target])
