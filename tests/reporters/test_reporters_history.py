"""What the history of a criterion says of it, line by line."""

from __future__ import annotations

from spec2bdd.model import CriterionHistory, Observation, Verdict
from spec2bdd.reporters.text.history import describe_history

PASSED = Observation("ac_a", "run-1", "2026-01-02T03:04:05+00:00", Verdict.PASSED, "w")


def test_runs_without_a_result_are_counted_in_one_line() -> None:
    assert list(describe_history(CriterionHistory(5))) == ["pending in all 5 runs"]


def test_a_result_that_never_changed_is_a_pass_in_all_runs_or_only_a_number_of_runs() -> None:
    passing = CriterionHistory(3, first_passed=PASSED)
    # Pending in some of these runs, and failed in the last one: no change, but not the same result.
    failing = CriterionHistory(28, last_failed=PASSED)
    assert [list(describe_history(history))[1] for history in (passing, failing)] == [
        "passed in all 3 runs",
        "recorded in 28 runs",
    ]


def test_changes_are_those_between_passed_and_not_passed() -> None:
    history = CriterionHistory(9, first_passed=PASSED, changes=1)
    assert list(describe_history(history)) == [
        "first passed 2026-01-02T03:04:05+00:00; never failed",
        "result changed once in 9 runs",
    ]
