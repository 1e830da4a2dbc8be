"""Summarize judged specs for an overview of the project."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.status.blockers import list_holds
from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import (
    Criterion,
    CriterionVerdict,
    RuleId,
    ScenarioResult,
    SpecReport,
    Tier,
    Verdict,
)
from spec2bdd.model.explanation import CriterionGroup, SpecOverview
from spec2bdd.model.files import FileState

_TIERS = list(Tier)
_ALWAYS_FIRST = 2
# How many kinds of open work there are, and the place of what was set aside, which comes after what is not read.
_KINDS = 14
_SET_ASIDE = 9


def summarize_spec(report: SpecReport, policy: StatusPolicy) -> SpecOverview:
    """Summarize one judged spec; won't-haves are no part of acceptance."""
    spec = report.spec
    groups: dict[tuple[Tier, tuple[str, ...]], list[CriterionVerdict]] = defaultdict(list)
    for verdict in report.verdicts:
        if verdict.criterion.tier is not Tier.WONT:
            groups[verdict.criterion.tier, verdict.criterion.tags].append(verdict)
    stale = [verdict for verdict in report.verdicts if verdict.verdict is Verdict.STALE and verdict.changed]
    failing = frozenset(reason.line for reason in report.reasons)
    overview = SpecOverview(
        spec.path,
        spec.find_value("feature_id"),
        spec.find_value("name") or spec.title,
        spec.find_value("owner"),
        spec.dialect,
        report.status_before,
        report.status_after,
        tuple(
            _summarize_group(tier, tags, verdicts, failing)
            for (tier, tags), verdicts in sorted(
                groups.items(), key=lambda group: (_TIERS.index(group[0][0]), group[0][1])
            )
        ),
        done=(sum(item.item.box.ticked for item in report.done), len(report.done)),
        changed=dict(sorted(Counter(verdict.changed for verdict in stale).items())),
        states={verdict.changed: verdict.state for verdict in stale if verdict.state is not FileState.CHANGED},
        unmarked=report.changes_status or any(item.ticked or item.unticked for item in report.done),
        unread=(next(iter(spec.unread), 0), (_SET_ASIDE + _KINDS) * len(_TIERS)),
    )
    if overview.urgent:
        return overview
    for blocked in (blocked for blocked in list_holds(report, policy) if blocked.holds):
        item = report.open_item if blocked.completes else None
        place = (item.item.line, item.reason if item.kinds else "") if item else (0, "")
        overview = replace(overview, blocker=blocked.holds[0], blocked=blocked.status, reached=blocked.reached)
        return replace(overview, open_item=place)
    return overview


def _summarize_group(
    tier: Tier, tags: tuple[str, ...], verdicts: Sequence[CriterionVerdict], failing: Collection[int]
) -> CriterionGroup:
    """Count the criteria of one group, and choose the one to work on next; `failing` are the lines that fail it."""
    ranked = [
        (rank, verdict)
        for verdict in verdicts
        if (rank := _rank_urgency(verdict, fails=verdict.criterion.line in failing)) is not None
    ]
    urgency, urgent = min(ranked, key=lambda entry: entry[0], default=(0, None))
    counts = Counter(verdict.verdict for verdict in verdicts)
    stale = [verdict for verdict in verdicts if verdict.verdict is Verdict.STALE]
    return CriterionGroup(
        tier,
        tags,
        # In the order of `Verdict`, whatever the order of the criteria is.
        {verdict: counts[verdict] for verdict in Verdict if counts[verdict]},
        fulfilled=sum(verdict.fulfilled for verdict in verdicts),
        before=Counter(verdict.last for verdict in stale if verdict.last is not None),
        next=_reduce(urgent) if urgent else None,
        # Of criteria that are equally urgent, those of the most important tier come first.
        urgency=urgency * len(_TIERS) + _TIERS.index(tier),
        staleness=Counter(verdict.staleness for verdict in stale),
    )


def _rank_urgency(verdict: CriterionVerdict, *, fails: bool) -> int | None:
    """Rank how urgent a criterion is, in the order in which commands suggest the next step; `None`: nothing to do."""
    located = bool(verdict.step and verdict.step.location)
    open_work = (
        verdict.verdict is Verdict.FAILED,
        # A result that is not marked yet.
        verdict.ticked or verdict.unticked,
        verdict.verdict is Verdict.STALE and verdict.rule is not RuleId.OTHER_FILES,
        verdict.verdict is Verdict.STALE,
        verdict.rule is RuleId.SKIPPED_BY_CODE,
        verdict.verdict is Verdict.PENDING and located,
        verdict.verdict is Verdict.PENDING and not (verdict.unseen or verdict.criterion.box.set_aside),
        verdict.verdict is Verdict.PENDING and verdict.unseen,
        verdict.verdict in (Verdict.NOT_RUN, Verdict.SKIPPED) and verdict.rule is not RuleId.CHILDREN,
        # Set aside by its author.
        verdict.verdict is Verdict.PENDING,
        verdict.verdict is Verdict.UNVERIFIED,
        verdict.verdict is Verdict.MANUAL and not verdict.fulfilled,
        verdict.rule is RuleId.TICK_REWORDED,
        # It waits for those that are nested under it.
        verdict.verdict in (Verdict.NOT_RUN, Verdict.SKIPPED),
    )
    rank = open_work.index(True) if any(open_work) else None
    # What fails and what is to be marked come first, then what fails the check in another way.
    return rank if rank is None or rank < _ALWAYS_FIRST or fails else rank + _KINDS


def _reduce(verdict: CriterionVerdict) -> CriterionVerdict:
    """Leave out of a verdict what only says why it is so: an overview says where to go on."""
    criterion, record, step = verdict.criterion, verdict.record, verdict.step
    if record:
        record = ScenarioResult(record.feature, record.line, record.name, (), failed_at=record.failed_at)
    if step:
        step = replace(step, seconds=0.0, error="", vacuity="")
    kept = Criterion(
        criterion.tier, criterion.text, criterion.box, criterion.line, criterion.column, manual=criterion.manual
    )
    return replace(verdict, criterion=kept, reason=verdict.reason.partition("\n")[0], record=record, step=step)
