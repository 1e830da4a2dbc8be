"""The judgements of a spec and its present status in, the status that is true out, and the answer with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spec2bdd.domain.verdicts.criteria import find_gating_criteria, is_fulfilled
from spec2bdd.model import (
    Cause,
    CauseKind,
    CriterionVerdict,
    Diagnostic,
    DoneItemVerdict,
    Severity,
    Spec,
    Status,
    Tier,
    Verdict,
)

_REGRESSED = (Verdict.FAILED, Verdict.PENDING)


@dataclass(frozen=True, slots=True)
class StatusPolicy:
    """How a project wants its statuses: the tiers that gate, its own names, and the ceiling without a done list."""

    gate: Sequence[Tier] = (Tier.MUST,)
    names: Mapping[Status, str] = field(default_factory=dict)
    without_done: Status = Status.REVIEW

    def find_name(self, status: Status) -> str:
        """Return what a status is called in this project."""
        return self.names.get(status, status.value)

    def find_status(self, text: str) -> Status | None:
        """Return the status that a text names, in any case and with any blanks or dashes, or nothing."""
        plain = _fold(text)
        return next((status for status in Status if _fold(self.find_name(status)) == plain), None)


def _fold(text: str) -> str:
    """Return a text in the form in which names of statuses are compared."""
    return " ".join(text.replace("-", " ").replace("_", " ").split()).casefold()


def derive_status(
    spec: Spec, judgements: Sequence[CriterionVerdict], rules: StatusPolicy, done: Sequence[DoneItemVerdict] = ()
) -> str:
    """Return the status that a spec shall have; its own, letter by letter, where nothing speaks against it.

    `done` are the judgements of its done items, whose boxes count as they will be.
    """
    written = spec.find_value("status")
    current = rules.find_status(written)
    if current is None:
        return written
    marks = [found.mark for found in done] or [item.box.mark for item in spec.done_items]
    highest = _find_ceiling(marks, rules, current=current, proved=not any(is_unproved(found) for found in done))
    derived = _derive(judgements, rules, current=current, highest=highest)
    return written if derived is current else rules.find_name(derived)


def _find_ceiling(marks: Sequence[str], rules: StatusPolicy, *, current: Status, proved: bool) -> Status:
    """Return how far the done items let a spec go; a tick that no evidence stands behind keeps what there is."""
    if not marks:
        return rules.without_done
    ticked = all(mark in ("x", "X") for mark in marks)
    return Status.COMPLETE if ticked and (proved or current is Status.COMPLETE) else Status.REVIEW


def is_unproved(found: DoneItemVerdict) -> bool:
    """Tell whether evidence is asked for a done item, and does not hold today; its box may be ticked all the same."""
    return bool(found.kinds) and found.verdict is not Verdict.PASSED


def _derive(judgements: Sequence[CriterionVerdict], rules: StatusPolicy, *, current: Status, highest: Status) -> Status:
    """Return the true status of a spec that has one of the four."""
    gating = find_gating_criteria(judgements, rules.gate)
    if gating and all(is_fulfilled(found) for found in gating):
        return highest
    # What the author put aside blocks the way up; no result asks for the way down.
    regressed = any(_has_regressed(found) for found in gating)
    if regressed and current in (Status.REVIEW, Status.COMPLETE):
        return Status.IN_PROGRESS
    if current is Status.DRAFT and _is_begun(judgements):
        return Status.IN_PROGRESS
    return current


def _has_regressed(found: CriterionVerdict) -> bool:
    """Tell whether a result takes a status back."""
    return found.verdict in _REGRESSED and not found.criterion.box.set_aside


def find_demotion_causes(
    spec: Spec,
    judgements: Sequence[CriterionVerdict],
    rules: StatusPolicy,
    *,
    done: Sequence[DoneItemVerdict],
    after: str,
) -> tuple[Cause, ...]:
    """Find what demotes the status of a spec; nothing where it is promoted or stays."""
    ranks = list(Status)
    old, new = rules.find_status(spec.find_value("status")), rules.find_status(after)
    if old is None or new is None or ranks.index(new) >= ranks.index(old):
        return ()
    if new is Status.IN_PROGRESS:
        gone = [found for found in find_gating_criteria(judgements, rules.gate) if _has_regressed(found)]
        return tuple(
            Cause(
                CauseKind.DEMOTED,
                f"line {found.criterion.line}: a {found.criterion.tier} criterion is {found.verdict}",
            )
            for found in gone
        )
    if not spec.done_items:
        return (Cause(CauseKind.DEMOTED, "there is no definition of done"),)
    marks = [found.mark for found in done] or [item.box.mark for item in spec.done_items]
    unticked = [item for item, mark in zip(spec.done_items, marks, strict=True) if mark not in "xX"]
    return tuple(Cause(CauseKind.DEMOTED, f"line {item.line}: `{item.text}` is not done") for item in unticked)


def _is_begun(judgements: Sequence[CriterionVerdict]) -> bool:
    """Tell whether somebody has implemented a step of the spec."""
    ran = ("passed", "failed", "error")
    return any(step.status in ran for found in judgements if found.record for step in found.record.steps)


def find_failure_reasons(
    judgements: Sequence[CriterionVerdict],
    rules: StatusPolicy,
    *,
    status: str,
    everything: bool = False,
    done: Sequence[DoneItemVerdict] = (),
) -> tuple[str, ...]:
    """Return why the answer for a spec is no; nothing if it is yes.

    It is no when a gating criterion fails, a proved one no longer passes, evidence unticks a done item, or a spec that
    claims Review or Complete has a gating criterion unproved. `everything` wants every gating criterion fulfilled,
    whatever the status.
    """
    gating = find_gating_criteria(judgements, rules.gate)
    claims = everything or rules.find_status(status) in (Status.REVIEW, Status.COMPLETE)
    reasons = [
        _describe(found, status, gating=found in gating, claims=claims, everything=everything) for found in judgements
    ]
    reasons += [f"line {one.item.line}: was ticked, and {one.reason}" for one in done if one.unticked]
    return tuple(reason for reason in reasons if reason)


def _describe(found: CriterionVerdict, status: str, *, gating: bool, claims: bool, everything: bool) -> str:
    """Return why one criterion makes the answer no, or nothing."""
    what = f"line {found.criterion.line}: "
    if gating and found.verdict is Verdict.FAILED:
        return f"{what}a {found.criterion.tier} criterion fails"
    if found.criterion.box.ticked and found.verdict in _REGRESSED:
        return f"{what}was ticked, and is {found.verdict}"
    # Trust does not count against a status that a spec has already; it proves nothing where all is asked for.
    kept = is_fulfilled(found) or (found.verdict is Verdict.ON_TRUST and not everything)
    if gating and claims and not kept:
        claim = "every gating criterion is asked for" if everything else f"the spec says `{status}`"
        return f"{what}{claim}, but a {found.criterion.tier} criterion is {found.verdict}"
    return ""


def check_known_status(spec: Spec, rules: StatusPolicy) -> tuple[Diagnostic, ...]:
    """Return a warning if the spec has a status of its author's own, which is kept whatever the verdicts say."""
    found = spec.find_field("status")
    if found is None or not found.value or rules.find_status(found.value):
        return ()
    names = ", ".join(f"`{rules.find_name(status)}`" for status in Status)
    message = f"the status `{found.value}` is none of {names}; it is kept"
    return (Diagnostic(spec.path, found.line, found.column, Severity.WARNING, "foreign-status", message),)
