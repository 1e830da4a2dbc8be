"""Find which specs wait for others, and hold a spec back from completion while it waits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import (
    BlockingSpec,
    Cause,
    CauseKind,
    Dependency,
    Diagnostic,
    Severity,
    Spec,
    SpecReport,
    Status,
    describe_blocking,
)

# The number that the name of a file begins with, such as `3.2` in `3.2-basket.md`.
_NUMBER = re.compile(r"\d+(?:\.\d+)+")


def apply_dependencies(reports: Sequence[SpecReport], policy: StatusPolicy, *, hold: bool) -> tuple[SpecReport, ...]:
    """Add to each report what its spec waits for; with `hold`, no spec is complete that waits.

    The outcome does not depend on the order. Specs that wait for each other in a cycle do not hold each other back:
    they are held only by something outside the cycle, or by what one of them lacks itself.
    """
    graph = build_dependency_graph([report.spec for report in reports])
    after = {report.spec.path: report for report in reports}
    complete = {path for path, report in after.items() if _is_complete(report, policy)}
    waiters = _reverse(graph)
    # Propagate from each spec that is not complete to all that wait for it, directly or through others.
    unfinished = [path for path in after if path not in complete] if hold else []
    while unfinished:
        for waiter in waiters[unfinished.pop()]:
            if waiter in complete:
                complete.remove(waiter)
                report = after[waiter]
                word = policy.adapt_to(report.spec).choose_word(Status.REVIEW, report.status_before)
                after[waiter] = replace(report, status_after=word)
                unfinished.append(waiter)
    # Only now is every status final that the others are blocked by.
    settled = []
    for report in reports:
        path, status = report.spec.path, after[report.spec.path].status_after
        dependencies = [after[name] for name in graph[path] if name != path]
        blocking = tuple(
            BlockingSpec(
                dependency.spec.find_value("feature_id") or dependency.spec.derived_id,
                dependency.spec.path,
                dependency.status_after,
            )
            for dependency in dependencies
            if not _is_complete(dependency, policy)
        )
        causes = (Cause(CauseKind.HELD, describe_blocking(blocking)),) if status != report.status_after else ()
        settled.append(replace(report, status_after=status, blocking=blocking, why=(*report.why, *causes)))
    return tuple(settled)


def _is_complete(report: SpecReport, policy: StatusPolicy) -> bool:
    """Whether a spec will be complete after this mark."""
    return policy.adapt_to(report.spec).find_status(report.status_after) is Status.COMPLETE


def build_dependency_graph(specs: Sequence[Spec]) -> Mapping[str, Mapping[str, Dependency]]:
    """Map each spec's path to the paths that it waits for, each with the first word that names it."""
    numbers = [(_NUMBER.match(PurePosixPath(spec.path).name), spec.path) for spec in specs]
    paths = {match[0]: path for match, path in numbers if match}
    # The `feature_id` of a spec outweighs the name of another one's file.
    ids = ((spec.find_value("feature_id") or spec.derived_id, spec.path) for spec in specs)
    paths |= {name.casefold(): path for name, path in ids if name}
    graph: dict[str, dict[str, Dependency]] = {spec.path: {} for spec in specs}
    for spec in specs:
        for dependency in spec.upstream:
            if path := paths.get(dependency.id.casefold()):
                graph[spec.path].setdefault(path, dependency)
    return graph


def find_cycles(specs: Sequence[Spec]) -> Iterator[Diagnostic]:
    """Warn about each spec that waits for itself, directly or through others."""
    graph = build_dependency_graph(specs)
    ids = {spec.path: spec.find_value("feature_id") or spec.path for spec in specs}
    candidates = _find_cyclic(graph)
    for path in sorted(candidates):
        cycle = _find_shortest_cycle(path, graph, candidates)
        if cycle:
            names = " → ".join(f"`{ids[name]}`" for name in cycle)
            dependency = graph[path][cycle[1]]
            message = f"circular dependency: {names}; specs in a cycle do not block each other"
            hint = "remove one of them from `Upstream Dependencies`"
            yield Diagnostic(
                path, dependency.line, dependency.column, Severity.WARNING, "circular-dependency", message, hint
            )


def _reverse(graph: Mapping[str, Iterable[str]]) -> Mapping[str, Sequence[str]]:
    """Reverse a graph: for each path the paths that wait for it."""
    waiters: dict[str, list[str]] = {path: [] for path in graph}
    for path, dependencies in graph.items():
        for dependency in dependencies:
            waiters[dependency].append(path)
    return waiters


def _find_cyclic(graph: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Find the specs that may be in a cycle, or wait for one: what a topological sort leaves over."""
    waiters = _reverse(graph)
    counts = {path: len(list(dependencies)) for path, dependencies in graph.items()}
    free = [path for path, count in counts.items() if not count]
    while free:
        for waiter in waiters[free.pop()]:
            counts[waiter] -= 1
            if not counts[waiter]:
                free.append(waiter)
    return frozenset(path for path, count in counts.items() if count)


def _find_shortest_cycle(start: str, graph: Mapping[str, Iterable[str]], candidates: frozenset[str]) -> tuple[str, ...]:
    """Find the shortest way from a spec back to itself, or nothing, by a breadth-first search."""
    before: dict[str, str] = {}
    reached = [start]
    # The list grows while it is read: it is the queue of the search.
    for path in reached:
        for dependency in graph[path]:
            if dependency == start:
                way = [path]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return (*reversed(way), start)
            if dependency in candidates and dependency not in before:
                before[dependency] = path
                reached.append(dependency)
    return ()
