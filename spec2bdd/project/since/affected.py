"""Find what has to run again because of the changes since a revision, and whose earlier results still count."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.adapters.behave.lines.program import parse_values
from spec2bdd.domain.changes.selection import select_affected
from spec2bdd.domain.planning.affected import find_affected_features
from spec2bdd.model.values import dataclass
from spec2bdd.project.assessment import find_criterion_ids
from spec2bdd.project.loader import Project
from spec2bdd.project.runs import load_last_runs
from spec2bdd.project.since.base import read_changes_since
from spec2bdd.project.since.changes import find_unknowable, load_line_runs, read_changes_of_code

# How many reasons are shown.
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Affected:
    """What is affected: `everything`, or criteria by their ids, scenarios by file and name, and whole feature files.

    `note` says how much and why.

    `kept` are the results of earlier runs that count, as in `RunOptions`; with `is_news`, they have to be recorded even
    if nothing is run, since files have changed since these runs.
    """

    note: str
    everything: bool = False
    criteria: frozenset[str] = frozenset()
    scenarios: frozenset[tuple[str, str]] = frozenset()
    features: frozenset[str] = frozenset()
    kept: dict[str, tuple[str, ...]] | None = None
    is_news: bool = False


def find_affected(project: Project, since: str, arguments: Sequence[str]) -> Affected:
    """Find what the changes since a revision can affect, committed or not.

    `arguments` are those of Behave that give values to the steps.

    Raises:
        UsageError: git cannot compare.
    """
    config = project.config
    changes = read_changes_since(config.root, since)
    paths = {change.path for change in changes}
    if not config.record_lines:
        if unknowable := find_unknowable(config, changes, known=False):
            return Affected(f"{unknowable} since `{since}`, and may affect everything", everything=True)
        features = find_affected_features(project.plans, paths, known=project.digests.keys())
        nothing = f"no scenario is affected by the changes since `{since}`: nothing was run"
        return Affected("" if features else nothing, features=features)
    runs = load_line_runs(config, load_last_runs(config).runs, parse_values(arguments))
    count = sum(bool(tracked.files) for plan in project.plans for tracked in plan.tracked)
    everything = f"runs all {count} criteria: "
    if not any(not run.doubt for run in runs):
        why = runs[-1].doubt if runs else "the last run recorded no lines"
        return Affected(f"{everything}{why}", everything=True)
    digests = {path: digest for path, digest in project.digests.items() if path.endswith(".feature")}
    code = read_changes_of_code(config, changes)
    chosen = select_affected(runs, code, features=digests, criteria=find_criterion_ids(project))
    features = chosen.features | (paths & digests.keys())
    reasons = [*chosen.reasons]
    reasons += [f"`{path}` has changed since `{since}`" for path in sorted(features - chosen.features)]
    proved = [
        tracked
        for plan in project.plans
        for tracked in plan.tracked
        if tracked.id in chosen.criteria or not features.isdisjoint(tracked.files)
    ]
    note = f"runs {len(proved)} of {count} criteria: {_join_reasons(reasons, since)}"
    if chosen.is_all:
        # As a whole run, it replaces the results of other files.
        return Affected(note, everything=True)
    return Affected(
        note,
        criteria=chosen.criteria,
        scenarios=chosen.scenarios,
        features=features,
        kept=dict(chosen.kept),
        is_news=any(run.changes or run.doubt for run in runs),
    )


def _join_reasons(reasons: Sequence[str], since: str) -> str:
    """Join the first reasons, and count the others."""
    if not reasons:
        return f"nothing that a scenario runs or reads has changed since `{since}`"
    rest = len(reasons) - _MOST_REASONS
    more = [f"{rest} more {'reason' if rest == 1 else 'reasons'}"] if rest > 0 else []
    return "; ".join([*reasons[:_MOST_REASONS], *more])
