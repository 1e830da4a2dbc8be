"""Require that what a branch newly claims fails at its merge base (`require-red = "base"`).

A criterion is newly claimed if it passes and was not ticked at the merge base in its current wording. Then today's
scenarios and steps are run with the product of the merge base: if they pass there as well, they prove nothing of this
branch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import (
    BaseComparison,
    BaseOutcome,
    BoxKind,
    Criterion,
    CriterionVerdict,
    RuleId,
    TrackedCriterion,
    Verdict,
)
from spec2bdd.model.values import dataclass

# The tag of scenarios that document what is there already.
EXISTING = "existing"
_OUTCOMES = {
    BaseOutcome.RED: "red there and green here",
    BaseOutcome.GREEN: "green there as well",
    BaseOutcome.EXISTING: f"not compared because of `@{EXISTING}`",
    BaseOutcome.UNKNOWN: "not known",
}
# What lets a pass count.
_PROVED = (BaseOutcome.RED, BaseOutcome.CLAIMED, BaseOutcome.EXISTING)


@dataclass(frozen=True, slots=True)
class BaseClaims:
    """The criteria of the merge base: the wordings that were ticked, by id and by the path of the spec.

    The wording of a criterion that was not ticked is empty. Ids come first: a spec may have been moved since.
    """

    by_id: Mapping[str, str] = field(default_factory=dict)
    by_path: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def includes(self, id_: str, path: str, wording: str) -> bool:
        """Whether a criterion was claimed there with the wording that it has now."""
        if id_ in self.by_id:
            return self.by_id[id_] == wording
        return wording in self.by_path.get(path, frozenset())


def is_claimed(criterion: Criterion) -> bool:
    """Whether a spec claims a criterion: its box is ticked, or it has no place for a mark."""
    return criterion.box.ticked or criterion.box.kind is BoxKind.NONE


def judge_at_base(at_base: Ruling, *, control: Ruling, everything_ran: bool, claims_nothing: bool) -> tuple[bool, str]:
    """Judge whether a criterion that does not pass at the merge base is red there, and say why.

    `control` is the ruling in the same checkout with today's product: what does not pass there either fails for another
    reason than the product. `everything_ran` is false where hooks could not be loaded or `before_all` failed, which
    says nothing about a single scenario, unless the merge base `claims_nothing` at all, as before the first product.
    """
    reason = at_base.reason.strip().partition("\n")[0] or str(at_base.verdict)
    if control.verdict is not Verdict.PASSED:
        why = control.reason.strip().partition("\n")[0] or str(control.verdict)
        return False, f"it does not pass in a new checkout of today's files either: {why}"
    if at_base.verdict in (Verdict.FAILED, Verdict.PENDING):
        return True, reason
    if not everything_ran:
        return claims_nothing, reason
    # A step module that the product of the merge base keeps from loading is why its steps do not run.
    return at_base.rule is RuleId.BAD_FILE, reason


def require_red_at_base(
    item: TrackedCriterion, ruling: Ruling, comparison: BaseComparison | None, *, strict: bool
) -> Ruling:
    """Downgrade a pass that is not seen to fail at the merge base, unless the branch does not newly claim it.

    A pass there as well unticks the box. Where nothing is known of it, the box stays, so that a ticked one is
    unverified; `strict` trusts no tick, except where nothing can be compared, as with a base that does not exist.
    """
    if ruling.verdict is not Verdict.PASSED:
        return ruling
    ruling = replace(ruling, comparison=comparison)
    if comparison and comparison.outcome in _PROVED:
        return ruling
    if comparison and comparison.outcome is BaseOutcome.GREEN:
        reason = f"passed, but passes at `{comparison.base}` as well"
        return replace(ruling, verdict=Verdict.PENDING, reason=reason, rule=RuleId.GREEN_AT_BASE)
    trusts = not strict or (comparison is not None and comparison.is_impossible)
    verdict = Verdict.UNVERIFIED if item.criterion.box.ticked and trusts else Verdict.PENDING
    why = comparison.reason if comparison else "not compared since the last change; run `spec2bdd verify`"
    if ruling.external_only:
        why = "known only from a report of another tool, which cannot be run at the merge base"
    return replace(ruling, verdict=verdict, reason=f"passed, but {why}", rule=RuleId.NOT_COMPARED)


def describe_comparisons(verdicts: Iterable[CriterionVerdict]) -> Iterator[str]:
    """Describe in one line what became at the merge base of the criteria that a branch newly claims."""
    comparisons = (verdict.comparison for verdict in verdicts)
    compared = [comparison for comparison in comparisons if comparison and comparison.outcome in _OUTCOMES]
    counts = Counter(comparison.outcome for comparison in compared)
    parts = [f"{counts[outcome]} {words}" for outcome, words in _OUTCOMES.items() if counts[outcome]]
    if compared:
        yield f"newly claimed since `{compared[0].base}`: {', '.join(parts)}"
