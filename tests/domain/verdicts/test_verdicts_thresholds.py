"""Limits in the words of done items: what is read as one, and what is left to the configuration."""

from __future__ import annotations

from fractions import Fraction

import pytest

from spec2bdd.domain.verdicts.done.thresholds import Comparison, Threshold, find_duration, find_percent, find_statistic

PERCENT = {
    "Code coverage > 85%": (">", "85"),
    "Code coverage >85 %": (">", "85"),
    "Code coverage >= 90 %": (">=", "90"),
    "Code coverage ≥ 90%": (">=", "90"),
    "Coverage of at least 80 percent": (">=", "80"),
    "Coverage above 85%": (">", "85"),
    "Coverage over 85%": (">", "85"),
    "More than 85% of the code is covered": (">", "85"),
    "Coverage is greater than 85.5%": (">", "85.5"),
    "Coverage exceeds 85,5 %": (">", "85.5"),
    "Minimum 80% coverage": (">=", "80"),
    "Coverage (min. 80%)": (">=", "80"),
    "Coverage must not fall below 80%": (">=", "80"),
    "Coverage never drops under 80%": (">=", "80"),
    "No less than 80% coverage": (">=", "80"),
    "80% or more coverage": (">=", "80"),
    "80%+ coverage": (">=", "80"),
    "Code coverage 85%": (">=", "85"),
    "Test coverage: 85%": (">=", "85"),
    "Coverage is 100%": (">=", "100"),
    "100% coverage": (">=", "100"),
}
NO_PERCENT = [
    "",
    "Code coverage is good",
    "Code coverage > 85",
    "Coverage >= 0.85",
    "Coverage grows by 5%",
    "Reach 85% some day",
    "Coverage below 85%",
    "Coverage is at most 85%",
    "Coverage must not exceed 85%",
    "Line coverage > 85% and branch coverage > 70%",
    "Coverage > 850%",
    "Coverage > v1.85%",
]


@pytest.mark.parametrize(("text", "limit"), PERCENT.items(), ids=PERCENT.keys())
def test_a_percentage_is_read_with_its_comparison(text: str, limit: tuple[str, str]) -> None:
    found = find_percent(text)
    assert found is not None
    assert (found.comparison, str(float(found.number)).removesuffix(".0")) == limit


@pytest.mark.parametrize("text", NO_PERCENT)
def test_what_may_mean_something_else_is_no_percentage(text: str) -> None:
    assert find_percent(text) is None


DURATIONS = {
    "p95 < 200 ms": ("<", "1/5"),
    "mean below 1.5 s": ("<", "3/2"),
    "The search answers in under 2 seconds": ("<", "2"),
    "Median at most 100ms": ("<=", "1/10"),
    "Mean ≤ 50 µs": ("<=", "1/20000"),
    "Mean ≤ 50 μs": ("<=", "1/20000"),
    "Mean ≤ 50 us": ("<=", "1/20000"),
    "Answers within 2 s": ("<=", "2"),
    "No more than 1,500 ms": ("<=", "3/2"),
    "No more than 1,5 s": ("<=", "3/2"),
    "must not exceed 2 minutes": ("<=", "120"),
    "faster than 10 ns": ("<", "1/100000000"),
    "p99 in less than 1 second": ("<", "1"),
    "200 ms or less": ("<=", "1/5"),
}
NO_DURATION = ["", "It is fast", "p95 200 ms", "longer than 2 s", "at least 2 s", "< 200", "< 1 s and < 2 s", "< 5 %"]


@pytest.mark.parametrize(("text", "limit"), DURATIONS.items(), ids=DURATIONS.keys())
def test_a_duration_is_read_with_its_comparison_in_seconds(text: str, limit: tuple[str, str]) -> None:
    found = find_duration(text)
    assert found is not None
    assert (found.comparison, str(found.number)) == limit


@pytest.mark.parametrize("text", NO_DURATION)
def test_what_allows_no_time_is_no_duration(text: str) -> None:
    assert find_duration(text) is None


@pytest.mark.parametrize(
    ("comparison", "admitted"),
    [
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
        (">", [False, False, True]),
        (">=", [False, True, True]),
    ],
)
def test_a_limit_admits_what_its_comparison_says(comparison: str, admitted: list[bool]) -> None:
    limit = Threshold(Comparison(comparison), Fraction(2))
    assert admitted == [limit.admits(Fraction(value)) for value in (1, 2, 3)]


STATISTICS = {
    "p95 < 200 ms": "p95",
    "P99 ": "p99",
    "the 95th percentile is ": "p95",
    "mean ": "mean",
    "the average ": "mean",
    "Median ": "median",
    "the maximum is ": "max",
    "": "",
    "the meaning is ": "",
    "p100 ": "",
}


@pytest.mark.parametrize(("text", "name"), STATISTICS.items(), ids=STATISTICS.keys())
def test_a_statistic_is_named_in_words(text: str, name: str) -> None:
    assert find_statistic(text) == name
