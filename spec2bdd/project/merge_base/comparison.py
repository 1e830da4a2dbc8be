"""Compare the criteria that a branch newly claims with its merge base, and remember the results by content."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from spec2bdd import __version__
from spec2bdd.adapters.behave.launcher import OnEvent
from spec2bdd.adapters.git.merge_base import MergeBase, find_commit_before, find_merge_base
from spec2bdd.adapters.git.worktree import remove_abandoned_worktrees
from spec2bdd.config import Config
from spec2bdd.config.errors import render_setting
from spec2bdd.config.key_positions import locate_errors
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.verdicts.merge_base import EXISTING, BaseClaims
from spec2bdd.errors import ConfigError, MergeBaseError, UnknownBaseError
from spec2bdd.model import BaseComparison, BaseOutcome, Diagnostic, RunOptions, TestRun, TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.project.cache.remembered import read_remembered, write_remembered
from spec2bdd.project.loader import Project
from spec2bdd.project.merge_base.changes import Changes, compute_checks_digest, find_changes
from spec2bdd.project.merge_base.checkout import compare_products
from spec2bdd.project.merge_base.claims import read_claims
from spec2bdd.text.normalize import to_comparison_key

_NAME = "merge-base.json"
# Raised when what is remembered has another shape.
_VERSION = 2
# How many states of the checks are remembered, as of several branches.
_MOST_STATES = 50
# Without a time limit of the project, a scenario may take this many times as long as today, and so many seconds.
_TIMES, _LEAST_SECONDS = 10, 60.0
_Remembered = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The comparisons that are known, by criterion id, and the criteria that wait for one.

    `base`, `changes` and `key` are what they wait to be compared with; `error` is why that cannot be done.
    """

    known: Mapping[str, BaseComparison]
    waiting: tuple[TrackedCriterion, ...] = ()
    base: MergeBase | None = None
    changes: Changes | None = None
    key: str = ""
    claims_nothing: bool = False
    error: MergeBaseError | None = None


def recall_comparisons(project: Project, runs: Sequence[TestRun], ids: Collection[str] | None = None) -> Comparisons:
    """Find what is known of criteria at the merge base without running anything; by default, of all."""
    items = [
        (plan.spec.path, item)
        for plan in project.plans
        for item in plan.tracked
        if item.files and (ids is None or item.id in ids)
    ]
    name = project.config.base or "main"
    tagged = BaseComparison(BaseOutcome.EXISTING, name, reason=f"it has the tag `@{EXISTING}`")
    known = {item.id: tagged for _, item in items if _is_existing(item.id, runs)}
    try:
        base = find_merge_base(project.config.root, project.config.base)
        changes = find_changes(project, base, base.commit)
        claims = read_claims(project, base, changes.paths)
        claimed = {
            item.id: BaseComparison(BaseOutcome.CLAIMED, base.name, base.commit)
            for path, item in items
            if claims.includes(item.id, path, to_comparison_key(item.criterion.text))
        }
        known |= claimed
        waiting = [item for _, item in items if item.id not in known]
        return (
            _recall_waiting(project, base, changes, claims, known, waiting)
            if waiting
            else Comparisons(known, base=base)
        )
    except MergeBaseError as error:
        reason = f"cannot be compared with `{name}`: {error.message}"
        unknown = BaseComparison(BaseOutcome.UNKNOWN, name, reason=reason)
        others = {item.id: unknown for _, item in items if item.id not in known}
        return Comparisons({**known, **others}, error=error if others else None)


def compare_criteria(
    project: Project,
    runs: Sequence[TestRun],
    ids: Collection[str],
    *,
    options: RunOptions,
    on_event: OnEvent,
    keep: bool,
) -> Comparisons:
    """Compare criteria that pass with the merge base, except where what is remembered still holds.

    With `keep`, the results are remembered.
    """
    found = recall_comparisons(project, runs, ids)
    base, changes = found.base, found.changes
    if not found.waiting or base is None or changes is None:
        if base:
            remove_abandoned_worktrees(base.top)
        return found
    error: MergeBaseError | None = None
    try:
        compared = compare_products(
            project,
            base,
            changes,
            found.waiting,
            options=replace(options, timeout=options.timeout or _choose_timeout(found.waiting, runs)),
            on_event=on_event,
            claims_nothing=found.claims_nothing,
        )
    except (MergeBaseError, OSError) as cause:
        error = cause if isinstance(cause, MergeBaseError) else MergeBaseError(f"cannot check it out: {cause.strerror}")
        reason = f"could not be run at `{base.name}`: {error.message}"
        unknown = BaseComparison(BaseOutcome.UNKNOWN, base.name, reason=reason)
        compared = dict.fromkeys((item.id for item in found.waiting), unknown)
    if keep:
        _remember(project.config, found.key, compared)
    return Comparisons({**found.known, **compared}, error=error)


def diagnose_base_error(config: Config, error: MergeBaseError) -> Diagnostic:
    """Turn an error that keeps all criteria from being compared into a diagnostic, at the key that causes it."""
    if not isinstance(error, UnknownBaseError) or not config.base:
        hints = filter(None, (error.hint, error.setting))
        return replace(diagnose_error(error), hint=", or ".join(hints))
    at_key = locate_errors(ConfigError("").inside("base"), config.root / config.file)
    message = f"invalid {render_setting('base', config.base)}: {error.message}"
    found = replace(diagnose_error(error, path=at_key.path), message=message)
    return replace(found, line=at_key.line, column=at_key.column)


def _recall_waiting(
    project: Project,
    base: MergeBase,
    changes: Changes,
    claims: BaseClaims,
    known: Mapping[str, BaseComparison],
    waiting: Sequence[TrackedCriterion],
) -> Comparisons:
    """Find what is known of criteria that are newly claimed, and what the others are to be compared with.

    Raises:
        MergeBaseError: the product is the one that is committed on the base itself, and there is no commit before.
    """
    if base.is_base and not changes.product:
        # On the base itself, after the commit: what it was before.
        changes = find_changes(project, base, find_commit_before(base))
        base = replace(base, name=f"{base.name}~1")
    if not changes.product:
        same = BaseComparison(BaseOutcome.GREEN, base.name, changes.commit, "the product is the same")
        return Comparisons({**known, **dict.fromkeys((item.id for item in waiting), same)}, base=base)
    key = compute_checks_digest(project, base, changes, (__version__, sys.version, project.config.vacuous))
    remembered = {
        id_: BaseComparison(BaseOutcome(outcome), base.name, changes.commit, reason)
        for id_, (outcome, reason) in _read_states(project.config).get(key, {}).items()
    }
    left = tuple(item for item in waiting if item.id not in remembered)
    claims_nothing = not any(claims.by_id.values())
    known = {**known, **{item.id: remembered[item.id] for item in waiting if item.id in remembered}}
    return Comparisons(known, left, base, changes, key, claims_nothing)


def _choose_timeout(items: Sequence[TrackedCriterion], runs: Sequence[TestRun]) -> float:
    """Choose how long a scenario may take that may wait in vain for what the product does not do there."""
    ids = {item.id for item in items}
    records = [record for run in runs for record in run.results if not ids.isdisjoint(record.tags)]
    longest = max((sum(step.seconds for step in record.steps) for record in records), default=0.0)
    return max(_TIMES * longest, _LEAST_SECONDS)


def _is_existing(id_: str, runs: Sequence[TestRun]) -> bool:
    """Whether all scenarios of a criterion in the newest run with any say that they document what is there already."""
    records = next((run.results_by_tag[id_] for run in reversed(runs) if id_ in run.results_by_tag), ())
    return bool(records) and all(EXISTING in record.tags for record in records)


def _remember(config: Config, key: str, compared: Mapping[str, BaseComparison]) -> None:
    """Remember results; why something could not be run may be gone the next time, so that is not remembered."""
    states = dict(_read_states(config))
    results = {
        id_: [str(comparison.outcome), comparison.reason]
        for id_, comparison in compared.items()
        if comparison.outcome is not BaseOutcome.UNKNOWN
    }
    states[key] = {**states.pop(key, {}), **results}
    kept = {state: states[state] for state in [*states][-_MOST_STATES:]}
    write_remembered(config, _NAME, kept, version=_VERSION)


def _read_states(config: Config) -> _Remembered:
    """Read what is remembered, by the digest of the checks."""
    states: _Remembered = read_remembered(config, _NAME, version=_VERSION)
    return states
