"""What the history of a criterion says of it, line by line."""

from __future__ import annotations

from spec2bdd.model import CriterionHistory, Observation, Verdict
from spec2bdd.reporters.text.history import describe_history

PASSED = Observation("ac_a", "run-1", "2026-01-02T03:04:05+00:00", Verdict.PASSED, "w")


def test_runs_without_a_result_are_counted_in_one_line() -> None:
    assert list(describe_history(CriterionHistory(5))) == ["pending in all 5 runs"]


def test_changes_are_those_between_passed_and_not_passed() -> None:
    history = CriterionHistory(9, first_passed=PASSED, changes=1)
    assert list(describe_history(history)) == [
        "first passed 2026-01-02T03:04:05+00:00; never failed",
        "result changed once in 9 runs",
    ]
