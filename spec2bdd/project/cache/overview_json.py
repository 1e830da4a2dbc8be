"""Turn an overview into JSON and back: rows instead of objects, since a project may have thousands of specs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spec2bdd.model import Box, BoxKind, Criterion, CriterionVerdict, RuleId, ScenarioResult, StepResult, TestRun
from spec2bdd.model.explanation import CriterionGroup, ProjectOverview, SpecOverview, UnlinkedFailure
from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Tier
from spec2bdd.model.verdict import Verdict

# A lookup takes a fifth of the time of a call of the class.
_TIERS: dict[str, Tier] = {tier.value: tier for tier in Tier}
_KINDS: dict[str, BoxKind] = {kind.value: kind for kind in BoxKind}
_VERDICTS: dict[str, Verdict] = {verdict.value: verdict for verdict in Verdict}


def overview_to_json(overview: ProjectOverview) -> Any:
    """Turn an overview without errors, and without failures of its run, into JSON."""
    runs, first = (overview.run,) if overview.run else (), overview.unlinked_first
    return {
        "runs": [[one.id, one.complete, one.started, one.commit, one.shard] for one in (*overview.older, *runs)],
        "unlinked": overview.unlinked,
        "unlinked_counts": overview.unlinked_counts,
        "unlinked_first": first and [first.feature, first.line, first.pending, first.orphan],
        "warnings": overview.warnings,
        "notes": overview.notes,
        "specs": [
            [
                *(spec.path, spec.feature_id, spec.name, spec.owner, spec.dialect, spec.status, spec.status_after),
                [_group_to_json(group) for group in spec.groups],
                *(spec.done, spec.changed, spec.blocker, spec.states, spec.blocked, spec.reached, spec.unmarked),
                *(spec.open_item, spec.unread),
            ]
            for spec in overview.specs
        ],
    }


def overview_from_json(document: Any) -> ProjectOverview:
    """Turn the JSON back into the overview.

    Raises:
        ValueError, TypeError, KeyError: it is not that of an overview.
    """
    specs = []
    for *facts, groups, done, changed, blocker, states, blocked, reached, unmarked, item, unread in document["specs"]:
        path, feature_id, name, owner, dialect, status, status_after = facts
        criteria = tuple(map(_group_from_json, groups))
        head = (path, feature_id, name, owner, dialect, status, status_after)
        waits = (changed, blocker, _states_from_json(states), blocked, reached, unmarked)
        places = ((item[0], item[1]), (unread[0], unread[1]))
        specs.append(SpecOverview(*head, criteria, (done[0], done[1]), *waits, *places))
    *older, run = tuple(map(_run_from_json, document["runs"])) or (None,)
    unlinked, warnings, notes = document["unlinked"], document["warnings"], tuple(document["notes"])
    first = document["unlinked_first"] and UnlinkedFailure(*document["unlinked_first"])
    overview = ProjectOverview(tuple(specs), run=run, unlinked=unlinked, warnings=warnings, notes=notes)
    counts = document["unlinked_counts"]
    return replace(overview, unlinked_first=first, older=tuple(older), unlinked_counts=counts)


def _run_from_json(row: Any) -> TestRun:
    """Turn a row back into a run."""
    id_, complete, started, commit, shard = row
    part = (shard[0], shard[1]) if shard else None
    # With a break that counts, the overview has an error, and is not kept.
    return TestRun(id_, complete, started=started, commit=commit, shard=part, is_past=not complete)


def _group_to_json(group: CriterionGroup) -> list[Any]:
    """Turn one group into a row."""
    criterion = group.next and _next_to_json(group.next)
    counts = (group.verdicts, group.fulfilled, group.before)
    return [group.tier, group.tags, *counts, criterion, group.urgency, group.staleness]


def _group_from_json(row: list[Any]) -> CriterionGroup:
    """Turn a row back into a group."""
    tier, tags, verdicts, fulfilled, before, criterion, urgency, staleness = row
    return CriterionGroup(
        _TIERS[tier],
        tuple(tags),
        {_VERDICTS[name]: count for name, count in verdicts.items()},
        fulfilled,
        {_VERDICTS[name]: count for name, count in before.items()},
        criterion and _next_from_json(_TIERS[tier], criterion),
        urgency,
        staleness,
    )


def _states_from_json(states: dict[str, str]) -> dict[str, FileState]:
    """Turn the states of files back into values."""
    return {path: FileState(state) for path, state in states.items()}


def _next_to_json(verdict: CriterionVerdict) -> list[Any]:
    """Turn the criterion to work on next into a row."""
    criterion, record, step = verdict.criterion, verdict.record, verdict.step
    box = criterion.box
    return [
        [criterion.text, criterion.line, criterion.column, criterion.manual],
        [box.mark, box.offset, box.length, box.kind],
        [verdict.id, verdict.verdict, verdict.reason, verdict.mark, verdict.flaky, verdict.external_only],
        [verdict.rule, verdict.last, verdict.changed, verdict.state],
        record and [record.feature, record.line, record.name, record.failed_at],
        step and [step.keyword, step.kind, step.text, step.line, step.status, step.location, step.vacuous],
    ]


def _next_from_json(tier: Tier, row: list[Any]) -> CriterionVerdict:
    """Turn a row back into the criterion to work on next."""
    (text, line, column, manual), (box, offset, length, kind), facts, (rule, last, changed, state), record, step = row
    id_, verdict, reason, mark, flaky, external_only = facts
    if record:
        feature, record_line, name, failed_at = record
        record = ScenarioResult(feature, record_line, name, (), failed_at=failed_at)
    if step:
        keyword, step_kind, step_text, step_line, step_status, location, vacuous = step
        step = StepResult(keyword, step_kind, step_text, step_line, step_status, location=location, vacuous=vacuous)
    return CriterionVerdict(
        Criterion(tier, text, Box(box, offset, length, _KINDS[kind]), line, column, manual=manual),
        id_,
        _VERDICTS[verdict],
        reason,
        record,
        step,
        mark,
        flaky,
        external_only,
        rule and RuleId(rule),
        last and _VERDICTS[last],
        changed,
        FileState(state),
    )
