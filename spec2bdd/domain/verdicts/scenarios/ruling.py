"""What was found of a criterion or one of its scenarios: a verdict with its reason, and which of several counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spec2bdd.model import RuleId, ScenarioResult, StepResult, Verdict

# The worst of several verdicts decides, in this order; what is waived, or ticked by a person, stands in nobody's way,
# but where there is nothing else, nothing was proved.
_ORDER = (
    Verdict.FAILED,
    Verdict.STALE,
    Verdict.PENDING,
    Verdict.SKIPPED,
    Verdict.NOT_RUN,
    Verdict.ON_TRUST,
    Verdict.PASSED,
    Verdict.MANUAL,
    Verdict.WAIVED,
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with its reason, and the scenario and step that decided it; `flaky` if the results contradict.

    `on_word` is set if a report of another tool calls it passed, and nothing else is known. `rule` is set where a more
    exact rule than the verdict's own decided: whoever replaces the verdict of a ruling sets the rule as well.
    """

    verdict: Verdict
    reason: str = ""
    record: ScenarioResult | None = None
    step: StepResult | None = None
    flaky: bool = False
    on_word: bool = False
    rule: RuleId | None = None


def find_worst(findings: Sequence[Ruling]) -> Ruling:
    """Return the finding that decides; there must be one."""
    return min(findings, key=lambda found: (_ORDER.index(found.verdict), not found.flaky, not found.on_word))
