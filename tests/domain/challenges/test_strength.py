"""What the strength of a criterion says of the faults that were tried."""

from __future__ import annotations

from spec2bdd.domain.challenges.strength import judge_strength
from spec2bdd.model import Challenge, ChallengedScenario, ChallengeOutcome, Fault

CHECK = "steps/basket_steps.py:9"


def test_the_reason_counts_the_faults_that_ended_a_check_with_another_error() -> None:
    """Such as an assertion in a module of the product: the check may be right, and its place wrong."""
    fault = Fault("altered", "shop.py", 3, ("total: 1 becomes 2",))
    challenges = (
        Challenge(fault, ChallengeOutcome.UNNOTICED),
        Challenge(fault, ChallengeOutcome.TRIPPED, location=CHECK),
        Challenge(fault, ChallengeOutcome.TRIPPED, location="steps/basket_steps.py:3"),
    )
    scenario = ChallengedScenario("a.feature", 3, "Adding", ("ac_1",), challenges, checks=(CHECK,))
    reason = "its checks noticed none of 3 faults; 1 ended a Then step with an error, not with a failed check"
    assert judge_strength("ac_1", [scenario]).reason == reason
