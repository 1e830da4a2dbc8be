"""Find what a branch changes: today's verdicts, compared with what the specs of its base claimed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.merge_base import is_claimed
from spec2bdd.model import (
    CriterionStrength,
    CriterionVerdict,
    ProofSource,
    RuleId,
    Spec,
    SpecReport,
    Strength,
    Tier,
    Verdict,
)
from spec2bdd.model.history import BaseCriterion, StatusTransition, Transition, TransitionKind
from spec2bdd.text.normalize import to_comparison_key

_ORDER = list(TransitionKind)
_TIERS = list(Tier)


def list_base_criteria(plans: Iterable[SpecPlan]) -> list[BaseCriterion]:
    """List the criteria of the specs of a base."""
    return [
        BaseCriterion(
            item.id,
            plan.spec.path,
            criterion.line,
            criterion.tier,
            criterion.text,
            claimed=is_claimed(criterion),
            set_aside=criterion.manual or bool(criterion.waived) or criterion.tier is Tier.WONT,
            manual=criterion.manual and not criterion.waived and criterion.tier is not Tier.WONT,
            # Of a parent, that is said of the criteria nested under it.
            unverified=item.unverified or item.proof is ProofSource.CHILDREN,
        )
        for plan in plans
        for item in plan.tracked
        for criterion in [item.criterion]
    ]


def find_transitions(
    specs: Sequence[SpecReport],
    base: Sequence[BaseCriterion],
    strengths: Mapping[str, CriterionStrength],
    restepped: Collection[str] = (),
    recoded: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[Transition], tuple[int, int]]:
    """Find the criteria of which something changed since the base; and how many stayed proved, and open.

    A criterion is known again by its id, or by its wording: in the same spec, or in another one. `strengths` are those
    that are known, by id, and `restepped` the ids of criteria whose scenarios have other steps than at the base.
    `recoded` says by id how the code of the steps of a criterion differs.
    """
    verdicts = [(spec.spec.path, verdict) for spec in specs for verdict in spec.verdicts]
    matches = _match(verdicts, base)
    transitions: list[Transition] = []
    proved = still_open = 0
    for number, (path, verdict) in enumerate(verdicts):
        before = matches.get(number)
        kind, strength = _find_kind(verdict, before), strengths.get(verdict.id)
        if kind is None and verdict.verdict is Verdict.PASSED and strength and strength.strength is Strength.WEAKER:
            kind = TransitionKind.WEAKER
        if kind is None and verdict.verdict is Verdict.PASSED and verdict.id in restepped:
            kind = TransitionKind.RESTEPPED
        if kind is None and verdict.verdict is Verdict.PASSED and verdict.id in recoded:
            kind = TransitionKind.RECODED
        if kind is None:
            is_proved, is_counted = verdict.verdict is Verdict.PASSED, not _is_set_aside(verdict)
            proved += is_counted and is_proved
            still_open += is_counted and not is_proved
            continue
        criterion = verdict.criterion
        is_reworded = before is not None and not _has_same_wording(verdict, before)
        transitions.append(
            Transition(
                kind,
                verdict.id,
                path,
                criterion.line,
                criterion.tier,
                criterion.text,
                before=before.text if before and is_reworded else "",
                verdict=verdict.verdict,
                reason=_explain(verdict, before, kind, recoded),
                ticked=criterion.box.ticked,
                comparison=verdict.comparison,
                strength=strength,
                rule=verdict.rule,
            )
        )
    found = {id(criterion) for criterion in matches.values()}
    transitions += [
        Transition(TransitionKind.REMOVED, gone.id, gone.path, gone.line, gone.tier, gone.text)
        for gone in base
        if gone.claimed and (gone.manual or not gone.set_aside) and id(gone) not in found
    ]
    transitions.sort(key=lambda item: (_ORDER.index(item.kind), item.path, item.line))
    return transitions, (proved, still_open)


def find_status_transitions(specs: Sequence[SpecReport], base: Iterable[SpecPlan]) -> list[StatusTransition]:
    """Find the specs whose status is another one than at the base; a spec is known again by its id or its path.

    One that is not among the specs of the base is called new.
    """
    statuses = {name: plan.spec.find_value("status") for plan in base for name in _name(plan.spec)}
    transitions = []
    for report in specs:
        spec = report.spec
        before = next((statuses[name] for name in _name(spec) if name in statuses), None)
        after = spec.find_value("status")
        if (before or "") != after:
            transitions.append(StatusTransition(spec.path, before or "", after, is_new=before is None))
    return transitions


def _explain(
    verdict: CriterionVerdict, before: BaseCriterion | None, kind: TransitionKind, recoded: Mapping[str, str]
) -> str:
    """Explain what has changed, or else the verdict."""
    if before and kind is TransitionKind.LOWERED:
        return f"was {before.tier}"
    # Another reason is the one by which it was called weaker.
    is_shown = kind in (TransitionKind.RECODED, TransitionKind.RESTEPPED, TransitionKind.WEAKER)
    return "; ".join(filter(None, (verdict.reason, recoded.get(verdict.id, "") if is_shown else "")))


def _match(verdicts: Sequence[tuple[str, CriterionVerdict]], base: Sequence[BaseCriterion]) -> dict[int, BaseCriterion]:
    """Match today's criteria, by their number, with those of the base, each with at most one."""
    now = [(verdict.id, path, to_comparison_key(verdict.criterion.text)) for path, verdict in verdicts]
    then = [(criterion.id, criterion.path, to_comparison_key(criterion.text)) for criterion in base]
    matches: dict[int, int] = {}
    for places in ((0,), (1, 2), (2,)):
        left: dict[tuple[str, ...], list[int]] = {}
        taken = set(matches.values())
        for number, names in enumerate(then):
            if number not in taken:
                left.setdefault(tuple(names[place] for place in places), []).append(number)
        for number, names in enumerate(now):
            candidates = left.get(tuple(names[place] for place in places), [])
            if number not in matches and candidates:
                matches[number] = candidates.pop(0)
    return {number: base[match] for number, match in matches.items()}


def _find_kind(verdict: CriterionVerdict, before: BaseCriterion | None) -> TransitionKind | None:
    """Find what became of a criterion; None where nothing did."""
    was_claimed = before is not None and before.claimed and not before.set_aside
    is_same = was_claimed and before is not None and _has_same_wording(verdict, before)
    if _is_set_aside(verdict):
        is_wont = verdict.criterion.tier is Tier.WONT
        # A box that a person had ticked was a proof as well.
        was_proved = was_claimed or (before is not None and before.claimed and before.manual)
        is_known = before is not None and before.set_aside and (not before.manual or verdict.verdict is Verdict.MANUAL)
        return None if is_known or (is_wont and not was_proved) else TransitionKind.EXEMPTED
    # What was proved there is no tick from before: its feature file was generated without what was known of it.
    is_trusted = verdict.rule not in (RuleId.NEVER_RED, RuleId.NOT_COMPARED) and is_same
    if verdict.verdict is Verdict.UNVERIFIED and is_trusted and before is not None and not before.unverified:
        return TransitionKind.LOST
    is_lower = before is not None and _TIERS.index(verdict.criterion.tier) > _TIERS.index(before.tier)
    match verdict.verdict:
        case Verdict.PASSED | Verdict.UNVERIFIED if is_same and is_lower:
            return TransitionKind.LOWERED
        case Verdict.PASSED:
            return None if is_same else TransitionKind.PROVED
        case Verdict.UNVERIFIED if is_same:
            return None
        case Verdict.STALE if was_claimed:
            return TransitionKind.STALE
    if is_same:
        return TransitionKind.LOST
    is_new = before is None or before.set_aside or not _has_same_wording(verdict, before)
    return TransitionKind.UNPROVED if is_new or verdict.criterion.box.ticked else None


def _is_set_aside(verdict: CriterionVerdict) -> bool:
    """Whether a criterion needs no proof."""
    return verdict.verdict in (Verdict.MANUAL, Verdict.WAIVED) or verdict.criterion.tier is Tier.WONT


def _has_same_wording(verdict: CriterionVerdict, before: BaseCriterion) -> bool:
    """Whether a criterion has the wording that it had at the base, but for typography."""
    return to_comparison_key(verdict.criterion.text) == to_comparison_key(before.text)


def _name(spec: Spec) -> list[str]:
    """Name a spec by its id, if it has one, and by its path."""
    return [*filter(None, [spec.find_value("feature_id")]), spec.path]
