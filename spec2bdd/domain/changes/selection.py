"""Choose which scenarios have to run again after changes, and whose earlier results still are those of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from spec2bdd.domain.changes.effects import ChangedFile, find_effect
from spec2bdd.model import RunLines, ScenarioLines, ScenarioResult, TestRun
from spec2bdd.model.values import dataclass

_Place = tuple[str, int, str]
"""The file, the line and the name of a scenario."""


@dataclass(frozen=True, slots=True)
class LineRun:
    """A run with the lines of its scenarios, and what has changed since it.

    `doubt` says why it is not known what has changed, or what that affects; then its results prove nothing of today.
    """

    run: TestRun
    lines: RunLines
    changes: tuple[ChangedFile, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSelection:
    """What has to run again, and why.

    `criteria` are the ids of the criteria with a scenario that is affected, `scenarios` those without a criterion, by
    file and name, `features` the feature files that are run whole, and `is_all` is set where that is everything. `kept`
    names, by the id of a run, the criteria whose results in it are those of today; a scenario without a criterion is
    named by its place, such as `features/own.feature:3`.
    """

    criteria: frozenset[str] = frozenset()
    scenarios: frozenset[tuple[str, str]] = frozenset()
    features: frozenset[str] = frozenset()
    is_all: bool = False
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


def select_affected(
    runs: Sequence[LineRun],
    changes: Sequence[ChangedFile],
    *,
    features: Mapping[str, str],
    criteria: frozenset[str],
) -> ChangeSelection:
    """Select what the changes can affect, and what no run, of which the oldest comes first, has a result of.

    `features` are the digests of today's feature files, and `criteria` the ids of all criteria.
    """
    reasons: dict[str, None] = {}
    new: set[str] = set()
    affected: set[str] = set()
    kept: dict[str, set[str]] = {}
    scenarios: dict[str, list[ScenarioResult]] = {}
    for path, digest in features.items():
        listed = next((run for run in reversed(runs) if _has_listed(run.run, path, digest)), None)
        if listed is None:
            new.add(path)
            reasons[f"`{path}` is new or has changed"] = None
            continue
        for result in listed.run.results:
            if result.feature == path:
                for name in _name_proofs(result, criteria):
                    scenarios.setdefault(name, []).append(result)
    histories = [_History(run, features) for run in runs]
    for name, results in scenarios.items():
        reason, keeping = _judge(results, histories, changes)
        if reason:
            affected.add(name)
            reasons[reason] = None
        for run in keeping:
            kept.setdefault(run, set()).add(name)
    unlinked = [result for name in affected - criteria for result in scenarios[name]]
    return ChangeSelection(
        frozenset(affected & criteria),
        frozenset((result.feature, result.name) for result in unlinked),
        frozenset(new),
        affected == scenarios.keys(),
        {run: tuple(sorted(names)) for run, names in sorted(kept.items())},
        tuple(reasons),
    )


class _History:
    """What one run knows of each scenario whose feature file is that of today."""

    def __init__(self, known: LineRun, features: Mapping[str, str]) -> None:
        self.known = known
        same = {path for path, digest in features.items() if known.run.digests.get(path) == digest}
        self._results = {
            _find_place(result): result
            for result in known.run.results
            if result.feature in same and result.status not in ("skipped", "untested")
        }
        lines = known.lines.scenarios
        self._lines: dict[_Place, ScenarioLines] = {(part.feature, part.line, part.name): part for part in lines}

    def find_result(self, result: ScenarioResult) -> ScenarioResult | None:
        """Find the result of a scenario in this run."""
        return self._results.get(_find_place(result))

    def find_effect(self, result: ScenarioResult, changes: Sequence[ChangedFile]) -> str:
        """Find how changes can affect a scenario that has a result in this run."""
        lines = self._lines.get(_find_place(result))
        if lines is None:
            return f"the lines of `{result.feature}:{result.line}` are not known"
        return find_effect(lines, self.known.lines, changes)

    def find_outdated(self, result: ScenarioResult) -> str:
        """Find why the result of a scenario in this run may not be that of today; nothing if it is."""
        if self.known.doubt:
            return self.known.doubt
        effect = self.find_effect(result, self.known.changes)
        # Whether a step can fail also depends on code that it does not run.
        own = self._results[_find_place(result)]
        if not effect and self.known.changes and any(step.vacuous for step in own.steps):
            return f"`{result.feature}:{result.line}` has a step that cannot fail"
        return effect


def _judge(
    results: Sequence[ScenarioResult],
    histories: Sequence[_History],
    changes: Sequence[ChangedFile],
) -> tuple[str, list[str]]:
    """Find why the scenarios of a criterion have to run again, or nothing, and the runs whose results are of today."""
    keeping: list[_History] = []
    outdated = ""
    for history in histories:
        own = [result for result in results if history.find_result(result)]
        reason = next(filter(None, map(history.find_outdated, own)), "")
        outdated = reason or outdated
        if own and not reason:
            keeping.append(history)
    kept = [history.known.run.id for history in keeping]
    for result in results:
        newest = next((history for history in reversed(keeping) if history.find_result(result)), None)
        if newest is None:
            return outdated or f"`{result.feature}:{result.line}` has no result", kept
        if effect := newest.find_effect(result, changes):
            return effect, kept
    return "", kept


def _has_listed(run: TestRun, path: str, digest: str) -> bool:
    """Whether a run lists all scenarios of a feature file as it is today."""
    return run.complete and path in run.loaded and run.digests.get(path) == digest


def _name_proofs(result: ScenarioResult, criteria: frozenset[str]) -> Iterable[str]:
    """Name the criteria that a scenario proves, or else the scenario by its place."""
    return [tag for tag in dict.fromkeys(result.tags) if tag in criteria] or [f"{result.feature}:{result.line}"]


def _find_place(result: ScenarioResult) -> _Place:
    """Find the place of a scenario."""
    return result.feature, result.line, result.name
