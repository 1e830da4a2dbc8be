"""A ruling on a scenario, a criterion or a done item, and which of several rulings counts."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.model import BaseComparison, RuleId, ScenarioResult, StepResult, Verdict
from spec2bdd.model.files import FileState
from spec2bdd.model.values import dataclass

# A scenario with one of these ran far enough to say something; other verdicts only say why it did not.
RESULTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)

# The worst of several verdicts decides, in this order. What is waived, or ticked by a person, blocks nothing, but where
# there is nothing else, nothing was proved.
_ORDER = (
    Verdict.FAILED,
    Verdict.STALE,
    Verdict.PENDING,
    Verdict.SKIPPED,
    Verdict.NOT_RUN,
    Verdict.UNVERIFIED,
    Verdict.PASSED,
    Verdict.MANUAL,
    Verdict.WAIVED,
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with its reason, and the scenario and step that decided it; `flaky` if the results contradict.

    `external_only` is set if a report of another tool calls it passed, and nothing else is known. `rule` is set where a
    more exact rule than the verdict's own decided: code that replaces the verdict of a ruling sets the rule as well.
    `last`, `changed`, `state` and `comparison` are those of `CriterionVerdict`.
    """

    verdict: Verdict
    reason: str = ""
    record: ScenarioResult | None = None
    step: StepResult | None = None
    flaky: bool = False
    external_only: bool = False
    rule: RuleId | None = None
    last: Verdict | None = None
    changed: str = ""
    state: FileState = FileState.CHANGED
    comparison: BaseComparison | None = None


def find_worst(rulings: Sequence[Ruling]) -> Ruling:
    """Find the ruling that decides; there must be at least one."""
    # Nearly every criterion has one scenario in one run.
    if len(rulings) == 1:
        return rulings[0]
    # Of equal verdicts one that is flaky, or known from a report only, decides: it must not be hidden by the others.
    return min(rulings, key=lambda ruling: (_ORDER.index(ruling.verdict), not ruling.flaky, not ruling.external_only))
