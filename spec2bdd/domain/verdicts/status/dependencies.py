"""The specs of a project as judged in, the same with what each waits for, and held back where that is wanted, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import BlockingSpec, Cause, CauseKind, Dependency, Diagnostic, Severity, Spec, SpecReport, Status

_NUMBER = re.compile(r"\d+(?:\.\d+)+")


def apply_dependencies(reports: Sequence[SpecReport], rules: StatusPolicy, *, hold: bool) -> tuple[SpecReport, ...]:
    """Return the reports with what each spec waits for; with `hold`, none is complete that waits.

    The outcome does not depend on the order. Specs that wait for each other in a circle keep none of themselves back:
    they are held only by something outside the circle, or by what one of them lacks itself.
    """
    waits = build_dependency_graph([report.spec for report in reports])
    after = {report.spec.path: report for report in reports}
    complete = {path for path, report in after.items() if _is_complete(report, rules)}
    waiters = _turn(waits)
    unfinished = [path for path in after if path not in complete] if hold else []
    while unfinished:
        for waiter in waiters[unfinished.pop()]:
            if waiter in complete:
                complete.remove(waiter)
                after[waiter] = replace(after[waiter], status_after=rules.find_name(Status.REVIEW))
                unfinished.append(waiter)
    return tuple(_tell(report, after, waits[report.spec.path], rules=rules) for report in reports)


def build_dependency_graph(specs: Sequence[Spec]) -> Mapping[str, Mapping[str, Dependency]]:
    """Return the paths of the specs that each spec waits for, each with the first word that names it."""
    paths = {name: spec.path for spec in specs for name in _find_names(spec)}
    # What a spec says of itself weighs more than the name of another one's file.
    paths |= {spec.find_value("feature_id").casefold(): spec.path for spec in specs if spec.find_value("feature_id")}
    waits: dict[str, dict[str, Dependency]] = {spec.path: {} for spec in specs}
    for spec in specs:
        for one in spec.upstream:
            if path := paths.get(one.id.casefold()):
                waits[spec.path].setdefault(path, one)
    return waits


def find_cycles(specs: Sequence[Spec]) -> Iterator[Diagnostic]:
    """Yield a warning for each spec that waits for itself, by way of others or at once."""
    waits = build_dependency_graph(specs)
    ids = {spec.path: spec.find_value("feature_id") or spec.path for spec in specs}
    left = _find_circular(waits)
    for path in sorted(left):
        way = _find_way(path, waits, left)
        if way:
            names = " → ".join(f"`{ids[one]}`" for one in way)
            place = waits[path][way[1]]
            message = f"it waits for itself: {names}; specs in a circle do not hold each other back"
            hint = "take one of them out of `Upstream Dependencies`"
            yield Diagnostic(path, place.line, place.column, Severity.WARNING, "dependency-circle", message, hint)


def _find_names(spec: Spec) -> Iterator[str]:
    """Yield the names that a spec answers to: the number that its file's name begins with."""
    match = _NUMBER.match(PurePosixPath(spec.path).name)
    if match:
        yield match[0]


def _is_complete(report: SpecReport, rules: StatusPolicy) -> bool:
    """Tell whether a spec will be complete after this mark."""
    return rules.find_status(report.status_after) is Status.COMPLETE


def _tell(
    report: SpecReport, held: Mapping[str, SpecReport], waits: Iterable[str], *, rules: StatusPolicy
) -> SpecReport:
    """Return the report of one spec with what it waits for, and why it is held."""
    paths = [path for path in waits if path != report.spec.path]
    others = [held[path] for path in paths if not _is_complete(held[path], rules)]
    blocking = tuple(
        BlockingSpec(other.spec.find_value("feature_id"), other.spec.path, other.status_after) for other in others
    )
    after = held[report.spec.path].status_after
    names = ", ".join(f"{one.feature_id or one.path} ({one.status or 'no status'})" for one in blocking)
    why = (Cause(CauseKind.HELD, f"waits for {names}"),) if after != report.status_after else ()
    return replace(report, status_after=after, blocking=blocking, why=(*report.why, *why))


def _turn(waits: Mapping[str, Iterable[str]]) -> Mapping[str, Sequence[str]]:
    """Return who waits for each spec."""
    waiters: dict[str, list[str]] = {path: [] for path in waits}
    for path, others in waits.items():
        for other in others:
            waiters[other].append(path)
    return waiters


def _find_circular(waits: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the specs that may stand in a circle: those that are left when nobody is who waits for nobody."""
    waiters = _turn(waits)
    counts = {path: len(list(others)) for path, others in waits.items()}
    free = [path for path, count in counts.items() if not count]
    while free:
        for waiter in waiters[free.pop()]:
            counts[waiter] -= 1
            if not counts[waiter]:
                free.append(waiter)
    return frozenset(path for path, count in counts.items() if count)


def _find_way(start: str, waits: Mapping[str, Iterable[str]], left: frozenset[str]) -> tuple[str, ...]:
    """Return the shortest way from a spec back to itself, or nothing."""
    before: dict[str, str] = {}
    reached = [start]
    for path in reached:
        for other in waits[path]:
            if other == start:
                way = [path]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return (*reversed(way), start)
            if other in left and other not in before:
                before[other] = path
                reached.append(other)
    return ()
