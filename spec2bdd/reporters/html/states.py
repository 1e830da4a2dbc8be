"""The few states that the page distinguishes by colour and sign, and the counts of them that its charts draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from spec2bdd.model import CriterionExplanation, CriterionVerdict, Tier, Verdict


class State(StrEnum):
    """What a reader wants to know of a criterion; several verdicts share a state."""

    PROVED = "proved"
    FAILED = "failed"
    PENDING = "pending"
    STALE = "stale"
    OPEN = "open"
    WAIVED = "waived"
    WONT = "wont"


COUNTED = (State.PROVED, State.FAILED, State.PENDING, State.STALE, State.OPEN)
"""The states of what acceptance may depend on, in the order in which they are drawn."""

SIGNS: Mapping[State, str] = {
    State.PROVED: "✓",
    State.FAILED: "✗",
    State.PENDING: "○",
    State.STALE: "≠",
    State.OPEN: "?",
    State.WAIVED: "~",
    State.WONT: "☓",
}
"""They differ by shape, so that nothing is lost without colour."""

MEANINGS: Mapping[State, str] = {
    State.PROVED: "passed in the last run, or ticked by a person where it is manual",
    State.FAILED: "a step, hook or clean-up failed",
    State.PENDING: "the steps are not written, or prove nothing yet",
    State.STALE: "something changed since it was run or accepted",
    State.OPEN: "not run, skipped, unverified, or manual and not ticked",
    State.WAIVED: "not required, for a reason that its author gives",
    State.WONT: "left out on purpose",
}

_STATES = {
    Verdict.PASSED: State.PROVED,
    Verdict.FAILED: State.FAILED,
    Verdict.PENDING: State.PENDING,
    Verdict.STALE: State.STALE,
    Verdict.WAIVED: State.WAIVED,
}


def find_state(judgement: CriterionVerdict | None) -> State:
    """Find the state of a criterion; one without a verdict is a won't-have."""
    if judgement is None or judgement.criterion.tier is Tier.WONT:
        return State.WONT
    if judgement.verdict is Verdict.MANUAL and judgement.fulfilled:
        return State.PROVED
    return _STATES.get(judgement.verdict, State.OPEN)


def find_strength_key(entry: CriterionExplanation) -> str:
    """Find the word by which the page selects criteria of that strength; empty where it was not challenged."""
    return str(entry.strength.strength).replace(" ", "-") if entry.strength else ""


def count_states(judgements: Iterable[CriterionVerdict]) -> dict[State, int]:
    """Count the states that acceptance may depend on, also those that do not occur."""
    counts = Counter(map(find_state, judgements))
    return {state: counts[state] for state in COUNTED}
