"""Verdicts: what the results mean for a criterion, here and at the merge base, and the rules that decide."""

from __future__ import annotations

import re
from enum import StrEnum

from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Criterion
from spec2bdd.model.test_run import ScenarioResult, StepResult
from spec2bdd.model.values import dataclass


class Verdict(StrEnum):
    """What the results mean for a criterion."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    STALE = "stale"
    SKIPPED = "skipped"
    NOT_RUN = "not run"
    MANUAL = "manual"
    WAIVED = "waived"
    # Ticked before spec2bdd met it, and not proved yet.
    UNVERIFIED = "unverified"


class RuleId(StrEnum):
    """The rules that decide verdicts; `explain` cites them.

    Every verdict has a rule of the same value. The others are more exact: they say why the verdict is that.
    """

    # The verdicts' own rules.
    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    STALE = "stale"
    SKIPPED = "skipped"
    NOT_RUN = "not run"
    MANUAL = "manual"
    WAIVED = "waived"
    UNVERIFIED = "unverified"
    # The more exact ones.
    VACUOUS = "vacuous"
    UNDEFINED = "undefined"
    NO_SCENARIO = "no scenario"
    NO_STEPS = "no steps"
    NO_EXAMPLES = "no examples"
    SET_ASIDE = "set aside"
    REWORDED = "reworded"
    REWORDED_NOT_GENERATED = "reworded, not generated"
    TICK_REWORDED = "reworded after a tick"
    BAD_FILE = "bad file"
    BROKEN_RUN = "broken run"
    SKIPPED_BY_CODE = "skipped by code"
    OTHER_FILES = "other files"
    NEVER_RED = "never red"
    GREEN_AT_BASE = "green at base"
    NOT_COMPARED = "not compared"
    BLIND = "blind"
    WEAKER = "weaker"
    NOT_CHALLENGED = "not challenged"
    CHILDREN = "children"
    CHILDREN_WAIVED = "children waived"
    WONT = "wont"


# What the local pool writes of a scenario that it stopped at the time limit.
_TIMED_OUT = re.compile(r"timed out after \d[\d.e+-]* s")
_REWORDED = (RuleId.REWORDED, RuleId.REWORDED_NOT_GENERATED)
_RED = (RuleId.NEVER_RED, RuleId.GREEN_AT_BASE, RuleId.NOT_COMPARED)


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
    def is_impossible(self) -> bool:
        """Whether nothing could be run there, for a reason that is not one of the criterion."""
        return self.outcome is BaseOutcome.UNKNOWN and not self.commit

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


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict of one criterion, the reason in words, and the scenario and step that decided it, if any did.

    `rule` is set where a more exact rule than the verdict's own decided.
    `flaky` is set if results of one commit contradict each other, `external_only` if a report of another tool calls it
    passed and nothing else is known. Of a stale criterion, `last` is the verdict of the results that no longer count,
    if there are any, and `changed` the file because of which they do not, if it is known, with its `state`.
    `comparison` is that with the merge base, where the project requires one and every step passed.
    """

    criterion: Criterion
    id: str
    verdict: Verdict
    reason: str = ""
    record: ScenarioResult | None = None
    step: StepResult | None = None
    mark: str = " "
    flaky: bool = False
    external_only: bool = False
    rule: RuleId | None = None
    last: Verdict | None = None
    changed: str = ""
    state: FileState = FileState.CHANGED
    comparison: BaseComparison | None = None

    @property
    def label(self) -> str:
        """The verdict in words; of a stale one, whether the criterion was reworded or its results are outdated."""
        if self.rule is RuleId.BROKEN_RUN:
            # The scenarios may have passed, but not the run.
            return f"{self.verdict} (run failed)"
        return f"{self.verdict} ({self.staleness})" if self.staleness else str(self.verdict)

    @property
    def staleness(self) -> str:
        """Why it is stale: `reworded` or `outdated`; empty if it is not, or has the verdict of a nested criterion."""
        # The reason of the nested one says why.
        if self.verdict is not Verdict.STALE or self.rule is RuleId.CHILDREN:
            return ""
        return "reworded" if self.rule in _REWORDED else "outdated"

    @property
    def timed_out(self) -> bool:
        """Whether it failed because a scenario was stopped at the time limit."""
        return self.verdict is Verdict.FAILED and bool(_TIMED_OUT.fullmatch(self.reason))

    @property
    def ticked(self) -> bool:
        """Whether this mark ticks the box."""
        return self.mark == "x" and not self.criterion.box.ticked

    @property
    def fulfilled(self) -> bool:
        """Whether it no longer blocks acceptance: passed, waived, or manual and ticked by a person."""
        if self.verdict is Verdict.MANUAL:
            return self.criterion.box.ticked
        return self.verdict in (Verdict.PASSED, Verdict.WAIVED)

    @property
    def unseen(self) -> bool:
        """Whether every step passed, and only `require-red` keeps the criterion from being passed."""
        return self.rule in _RED

    @property
    def unticked(self) -> bool:
        """Whether this mark unticks the box."""
        return self.criterion.box.ticked and self.mark == " "
