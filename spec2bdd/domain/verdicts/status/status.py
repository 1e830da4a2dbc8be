"""Compute the status of a spec from its verdicts, and whether the spec passes, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache

from spec2bdd.domain.verdicts.criteria import describe_criterion, find_gating_criteria, is_fulfilled
from spec2bdd.model import (
    Cause,
    CauseKind,
    CriterionVerdict,
    Diagnostic,
    DoneItemVerdict,
    FailureKind,
    FailureReason,
    Severity,
    Spec,
    Status,
    Tier,
    Verdict,
)
from spec2bdd.model.spec import name_tiers
from spec2bdd.model.values import dataclass
from spec2bdd.text.suggest import suggest

_REGRESSED = (Verdict.FAILED, Verdict.PENDING)


@dataclass(frozen=True, slots=True)
class StatusPolicy:
    """How a project configures statuses: the tiers that gate, its own names, and the ceiling without a done list.

    `words` are those of the dialect of one spec: all that mean a status, the one that is written first.
    """

    gate: Sequence[Tier] = (Tier.MUST,)
    names: Mapping[Status, str] = field(default_factory=dict)
    without_done: Status = Status.REVIEW
    words: Sequence[tuple[str, Status]] = ()

    def adapt_to(self, spec: Spec) -> StatusPolicy:
        """Return the policy for a spec, whose dialect may have words of its own for the statuses."""
        return replace(self, words=spec.statuses) if spec.statuses else self

    def find_name(self, status: Status) -> str:
        """Return what a status is called in this project; nothing if the dialect has no word for it."""
        if self.words and status not in self.names:
            return next((word for word, named in self.words if named is status), "")
        return self.names.get(status, status.value)

    def choose_word(self, status: Status, written: str) -> str:
        """Choose the word for a new status; where the dialect has none, what is written stays.

        In a dialect without a word for a review, a draft that could be reviewed is in progress.
        """
        word = self.find_name(status)
        if not word and status is Status.REVIEW and self.find_status(written) is Status.DRAFT:
            word = self.find_name(Status.IN_PROGRESS)
        return word or written

    def find_status(self, text: str) -> Status | None:
        """Find the status that a text names, in any case and with any spaces or dashes, or nothing."""
        folded = _fold(text)
        words = [*((self.find_name(status), status) for status in Status), *self.words]
        return next((status for word, status in words if word and _fold(word) == folded), None)


# A project has few statuses, and asks for them once for each spec.
@lru_cache(maxsize=256)
def _fold(text: str) -> str:
    """Fold a text to the form in which names of statuses are compared."""
    return " ".join(text.replace("-", " ").replace("_", " ").split()).casefold()


def compute_status(
    spec: Spec, verdicts: Sequence[CriterionVerdict], policy: StatusPolicy, done: Sequence[DoneItemVerdict] = ()
) -> str:
    """Compute the status that a spec gets; its own, letter by letter, where nothing contradicts it.

    `done` are the verdicts on its done items, whose boxes count as they will be.
    """
    written = spec.find_value("status")
    current = policy.find_status(written)
    # A status of the author's own is kept: what it means is not known.
    if current is None:
        return written
    gating = find_gating_criteria(verdicts, policy.gate)
    status = current
    if gating and all(is_fulfilled(verdict) for verdict in gating):
        status = _find_highest(spec, policy, done, current=current)
    elif current is Status.DRAFT:
        # A draft is in progress once any of its steps is implemented, whatever the step says.
        statuses = {step.status for verdict in verdicts if verdict.record for step in verdict.record.steps}
        status = Status.IN_PROGRESS if statuses & {"passed", "failed", "error"} else current
    elif any(_has_regressed(verdict) for verdict in gating):
        status = Status.IN_PROGRESS
    return written if status is current else policy.choose_word(status, written)


def _find_highest(spec: Spec, policy: StatusPolicy, done: Sequence[DoneItemVerdict], *, current: Status) -> Status:
    """Find how far the done items let a spec advance."""
    marks = _list_marks(spec, done)
    if not marks:
        # A dialect with words of its own may have no place for a definition of done, so what is complete stays so.
        return current if spec.statuses and current is Status.COMPLETE else policy.without_done
    # A tick that the evidence does not support keeps a spec complete that is so, but does not make it complete.
    proved = not any(verdict.is_unproved for verdict in done)
    ticked = all(mark in ("x", "X") for mark in marks)
    return Status.COMPLETE if ticked and (proved or current is Status.COMPLETE) else Status.REVIEW


def _list_marks(spec: Spec, done: Sequence[DoneItemVerdict]) -> list[str]:
    """List the marks of the done items as they will be; unjudged, as they are."""
    return [verdict.mark for verdict in done] or [item.box.mark for item in spec.done_items]


def _has_regressed(verdict: CriterionVerdict) -> bool:
    """Whether a result demotes the status; a criterion that was set aside only blocks the promotion."""
    return verdict.verdict in _REGRESSED and not verdict.criterion.box.set_aside


def hold_unread(spec: Spec, after: str, policy: StatusPolicy) -> tuple[str, tuple[Cause, ...]]:
    """Hold back the promotion of a spec in which something among the criteria was not read, with the reasons.

    What was not read may be a criterion that does not hold.
    """
    written = spec.find_value("status")
    # The members are in the order of progress.
    ranks = list(Status)
    old, new = policy.find_status(written), policy.find_status(after)
    if not spec.unread or old is None or new is None or ranks.index(new) <= ranks.index(old):
        return after, ()
    texts = (f"line {line}: something that looks like a criterion is not read" for line in spec.unread)
    return written, tuple(Cause(CauseKind.HELD, text) for text in texts)


def find_demotion_causes(
    spec: Spec,
    verdicts: Sequence[CriterionVerdict],
    policy: StatusPolicy,
    *,
    done: Sequence[DoneItemVerdict],
    after: str,
) -> tuple[Cause, ...]:
    """Find what demotes the status of a spec to `after`; nothing where it is promoted or stays."""
    # The members are in the order of progress.
    ranks = list(Status)
    old, new = policy.find_status(spec.find_value("status")), policy.find_status(after)
    if old is None or new is None or ranks.index(new) >= ranks.index(old):
        return ()
    if new is Status.IN_PROGRESS:
        gating = find_gating_criteria(verdicts, policy.gate)
        texts = [describe_criterion(verdict) for verdict in gating if _has_regressed(verdict)]
    elif not spec.done_items:
        texts = ["no definition of done"]
    else:
        # Complete became Review: only a done item can be the cause.
        marks = _list_marks(spec, done)
        unticked = [item for item, mark in zip(spec.done_items, marks, strict=True) if mark not in "xX"]
        texts = [f"definition-of-done item not ticked (line {item.line}): {item.text}" for item in unticked]
    return tuple(Cause(CauseKind.DEMOTED, text) for text in texts)


def find_failure_reasons(
    verdicts: Sequence[CriterionVerdict],
    policy: StatusPolicy,
    *,
    status: str,
    everything: bool = False,
    done: Sequence[DoneItemVerdict] = (),
) -> tuple[FailureReason, ...]:
    """Find why a spec fails the check; nothing if it passes.

    It fails when a criterion of the gate fails, a proved one no longer passes, evidence unticks a done item, or a spec
    that claims Review or Complete has a criterion of the gate unproved. `everything` requires every criterion of the
    gate to be fulfilled, whatever the status.
    """
    # By identity: to compare each verdict with all others would take most of the time of a large spec.
    gating = {id(verdict) for verdict in find_gating_criteria(verdicts, policy.gate)}
    claims = everything or policy.find_status(status) in (Status.REVIEW, Status.COMPLETE)
    claim = f"all {name_tiers(policy.gate)} are required" if everything else f"status is `{status}`"
    reasons = []
    for verdict in verdicts:
        criterion, is_gating = verdict.criterion, id(verdict) in gating
        # Trust does not count against a status that a spec has already; it proves nothing where everything is required.
        kept = is_fulfilled(verdict) or (verdict.verdict is Verdict.UNVERIFIED and not everything)
        if is_gating and verdict.verdict is Verdict.FAILED:
            kind, text = FailureKind.FAILED, f"{criterion.tier} criterion failed"
        elif criterion.box.ticked and verdict.verdict in _REGRESSED:
            kind, text = FailureKind.REGRESSED, f"ticked criterion is now {verdict.verdict}"
        elif is_gating and claims and not kept:
            words = {Verdict.NOT_RUN: "has not been run", Verdict.MANUAL: "is manual and not ticked"}
            is_what = words.get(verdict.verdict, f"is {verdict.label}")
            if verdict.external_only:
                is_what = "passed in an external report only"
            if verdict.verdict is Verdict.NOT_RUN and verdict.record and verdict.record.status == "passed":
                # Its reason says what keeps the pass from counting, such as an error in `after_all`.
                is_what = "passed, but does not count"
            kind, text = FailureKind.UNPROVED, f"{claim}, but 1 {criterion.tier} criterion {is_what}"
        else:
            continue
        reasons.append(FailureReason(kind, criterion.line, text))
    reasons += [
        FailureReason(FailureKind.DONE, verdict.item.line, "ticked definition-of-done item fails", verdict.reason)
        for verdict in done
        if verdict.unticked
    ]
    return tuple(reasons)


def check_known_status(spec: Spec, policy: StatusPolicy) -> tuple[Diagnostic, ...]:
    """Warn if the spec has a status of its author's own, which is kept whatever the verdicts say."""
    field = spec.find_field("status")
    if field is None or not field.value or policy.find_status(field.value):
        return ()
    names = ", ".join(f"`{name}`" for status in Status if (name := policy.find_name(status)))
    message = f"unknown status `{field.value}`; it is kept"
    known = {name.casefold(): name for status in Status if (name := policy.find_name(status))}
    close = suggest(field.value.casefold(), known)
    hint = f"did you mean `{known[close]}`?" if close else f"use one of {names}"
    return (Diagnostic(spec.path, field.line, field.column, Severity.WARNING, "unknown-status", message, hint),)


def raise_set_aside(diagnostics: Iterable[Diagnostic], spec: Spec, policy: StatusPolicy) -> Iterator[Diagnostic]:
    """Make a warning of a criterion that is set aside, where the status of its spec says that it is proved."""
    claimed = policy.find_status(spec.find_value("status")) in (Status.REVIEW, Status.COMPLETE)
    gating = {criterion.line for criterion in spec.criteria if criterion.tier in policy.gate} if claimed else set()
    for item in diagnostics:
        is_blocking = item.code == "set-aside" and item.line in gating
        yield replace(item, severity=Severity.WARNING) if is_blocking else item
