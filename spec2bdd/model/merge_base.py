"""What became of a criterion at the merge base: whether today's scenarios fail with the product that was there."""

from __future__ import annotations

from enum import StrEnum

from spec2bdd.model.values import dataclass


class BaseOutcome(StrEnum):
    """What a comparison with the merge base says about a criterion that passes today."""

    # Its scenarios fail with the product of the merge base.
    RED = "red"
    # They pass there as well, so that nothing of this branch is needed for them.
    GREEN = "green"
    # It was ticked at the merge base already, so that it is not a claim of this branch.
    CLAIMED = "claimed"
    # The tag of its scenarios says that it documents what is there already.
    EXISTING = "existing"
    # They could not be run there, or were not yet.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BaseComparison:
    """The comparison of one criterion with the merge base.

    `base` is the name of the branch that it is compared with, and `commit` the one whose product was run, if any.
    `reason` says what failed there, or why the outcome is what it is.
    """

    outcome: BaseOutcome
    base: str = ""
    commit: str = ""
    reason: str = ""

    @property
    def summary(self) -> str:
        """Describe it in one line."""
        where = f"{self.base or 'the merge base'}{f' ({self.commit[:7]})' if self.commit else ''}"
        why = f": {self.reason}" if self.reason else ""
        match self.outcome:
            case BaseOutcome.RED:
                return f"red at {where}, green here{why}"
            case BaseOutcome.GREEN:
                return f"green at {where} and here{why}"
            case BaseOutcome.CLAIMED:
                return f"ticked at {where} already"
            case BaseOutcome.EXISTING:
                return f"not compared with {where}{why}"
        return self.reason
