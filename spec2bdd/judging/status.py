"""The judgements of a spec and its present status in, the status that is true out, and the answer with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from spec2bdd.judging.parents import is_set_aside
from spec2bdd.judging.verdicts import find_gating, is_fulfilled
from spec2bdd.model import Judgement, Problem, Severity, Spec, Tier, Verdict

_REGRESSED = (Verdict.FAILED, Verdict.PENDING)


class Status(StrEnum):
    """The four statuses that spec2bdd sets; any other belongs to its author and is kept."""

    DRAFT = "Draft"
    IN_PROGRESS = "In Progress"
    REVIEW = "Review"
    COMPLETE = "Complete"


def find_status(text: str) -> Status | None:
    """Return the status that a text names, in any case and with any blanks or dashes, or nothing."""
    plain = " ".join(text.replace("-", " ").replace("_", " ").split()).casefold()
    return next((status for status in Status if status.casefold() == plain), None)


def derive_status(spec: Spec, judgements: Sequence[Judgement], gate: Sequence[Tier]) -> str:
    """Return the status that a spec shall have; its own, letter by letter, where nothing speaks against it."""
    written = spec.find_value("status")
    current = find_status(written)
    if current is None:
        return written
    derived = _derive(spec, judgements, gate, current=current)
    return written if derived is current else derived.value


def _derive(spec: Spec, judgements: Sequence[Judgement], gate: Sequence[Tier], *, current: Status) -> Status:
    """Return the true status of a spec that has one of the four."""
    gating = find_gating(judgements, gate)
    if gating and all(is_fulfilled(found) for found in gating):
        done = bool(spec.done_items) and all(item.box.ticked for item in spec.done_items)
        return Status.COMPLETE if done else Status.REVIEW
    # What the author put aside blocks the way up; no result asks for the way down.
    regressed = any(found.verdict in _REGRESSED and not is_set_aside(found.criterion) for found in gating)
    if regressed and current in (Status.REVIEW, Status.COMPLETE):
        return Status.IN_PROGRESS
    if current is Status.DRAFT and _is_begun(judgements):
        return Status.IN_PROGRESS
    return current


def _is_begun(judgements: Sequence[Judgement]) -> bool:
    """Tell whether somebody has implemented a step of the spec."""
    ran = ("passed", "failed", "error")
    return any(step.status in ran for found in judgements if found.record for step in found.record.steps)


def find_reasons(
    judgements: Sequence[Judgement], gate: Sequence[Tier], *, status: str, everything: bool = False
) -> tuple[str, ...]:
    """Return why the answer for a spec is no; nothing if it is yes.

    It is no when a gating criterion fails, a proved one no longer passes, or a spec that claims Review or Complete has
    a gating criterion unproved. `everything` wants every gating criterion fulfilled, whatever the status.
    """
    gating = find_gating(judgements, gate)
    claims = everything or find_status(status) in (Status.REVIEW, Status.COMPLETE)
    reasons = [
        _describe(found, status, gating=found in gating, claims=claims, everything=everything) for found in judgements
    ]
    return tuple(reason for reason in reasons if reason)


def _describe(found: Judgement, status: str, *, gating: bool, claims: bool, everything: bool) -> str:
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


def find_foreign_status(spec: Spec) -> tuple[Problem, ...]:
    """Return a warning if the spec has a status of its author's own, which is kept whatever the verdicts say."""
    field = spec.find_field("status")
    if field is None or not field.value or find_status(field.value):
        return ()
    message = f"the status `{field.value}` is none of {', '.join(f'`{status}`' for status in Status)}; it is kept"
    return (Problem(spec.path, field.line, field.column, Severity.WARNING, "foreign-status", message),)
