"""The recorded results of criteria, arranged by runs."""

from __future__ import annotations

import pytest

from spec2bdd.domain.verdicts.timeline import MOST_RUNS, build_timeline
from spec2bdd.model import Observation, Timeline, TimelineRun, Verdict

PASSED, FAILED, PENDING = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING


def observe(criterion: str, **verdicts: Verdict) -> list[Observation]:
    """Build the observations of a criterion, by runs such as `r1`."""
    return [Observation(criterion, run, f"2026-11-{run[1:]:0>2}", verdict, "w") for run, verdict in verdicts.items()]


def test_a_criterion_that_a_run_left_out_counts_with_its_result_before() -> None:
    seen = [
        *observe("a", r1=PENDING, r2=PASSED, r3=FAILED),
        *observe("b", r1=PASSED, r3=PASSED),
        *observe("c", r2=FAILED),
    ]
    assert build_timeline(seen, {"a", "b", "c"}) == Timeline(
        (
            TimelineRun("r1", "2026-11-01", "", {PASSED: 1, FAILED: 0, PENDING: 1}),
            TimelineRun("r2", "2026-11-02", "", {PASSED: 2, FAILED: 1, PENDING: 0}),
            TimelineRun("r3", "2026-11-03", "", {PASSED: 1, FAILED: 2, PENDING: 0}),
        ),
        {"a": "opf", "b": "p-p", "c": "-f-"},
        {},
    )


def test_criteria_that_are_gone_are_left_out_with_the_runs_that_had_no_others() -> None:
    seen = [*observe("a", r2=PASSED), *observe("gone", r1=PASSED, r2=FAILED)]
    timeline = build_timeline(seen, {"a"})
    assert ([run.id for run in timeline.runs], timeline.results) == (["r2"], {"a": "p"})


def test_only_the_newest_runs_are_kept_apart_and_the_last_result_before_them() -> None:
    runs = {f"r{number}": PASSED for number in range(2, MOST_RUNS + 2)}
    seen = [*observe("a", r1=FAILED, **runs), *observe("b", r1=FAILED)]
    timeline = build_timeline(seen, {"a", "b"})
    assert (len(timeline.runs), timeline.results["a"]) == (MOST_RUNS, "p" * MOST_RUNS)
    assert timeline.before == {"a": "f", "b": "f"}
    assert timeline.runs[0].counts == {PASSED: 1, FAILED: 1, PENDING: 0}


def see(criterion: str, started: str, verdict: Verdict) -> Observation:
    """Build the observation of a criterion by the run that began then."""
    return Observation(criterion, started, started, verdict, "w")


def test_the_older_runs_of_a_day_count_as_one_so_that_a_week_can_be_looked_back_on() -> None:
    today = [f"2026-11-20T{number // 60:02}:{number % 60:02}" for number in range(MOST_RUNS)]
    seen = [
        see("a", "2026-10-01T09:00", FAILED),
        see("a", "2026-11-12T09:00", PENDING),
        see("a", "2026-11-12T11:00", PASSED),
        *(see("a", started, FAILED) for started in today),
        see("b", "2026-11-12T10:00", FAILED),
        see("b", "2026-11-19T10:00", PASSED),
    ]
    timeline = build_timeline(seen, {"a", "b"})
    assert [run.id for run in timeline.runs] == ["2026-11-12T11:00", "2026-11-19T10:00", *today]
    assert timeline.results == {"a": "p-" + "f" * MOST_RUNS, "b": "fp" + "-" * MOST_RUNS}
    assert timeline.before == {"a": "f"}
    assert timeline.runs[0].counts == {PASSED: 1, FAILED: 1, PENDING: 0}


@pytest.mark.parametrize(
    ("started", "kept"),
    [
        ("2026-11-10T00:00", True),
        ("2026-11-09T23:59", False),
        ("2026-11-20", True),
    ],
)
def test_older_runs_are_kept_for_ten_days_before_the_last_one(started: str, kept: bool) -> None:
    newest = [f"2026-11-20T10:{number:02}" for number in range(MOST_RUNS)]
    seen = [
        Observation("a", run, when, PASSED, "w")
        for run, when in [("old", started), *((f"r{day}", day) for day in newest)]
    ]
    timeline = build_timeline(seen, {"a"})
    assert [run.id for run in timeline.runs] == [*(["old"] if kept else []), *(f"r{day}" for day in newest)]
    assert timeline.before == ({} if kept else {"a": "p"})


@pytest.mark.parametrize("last", ["", "unknown", "0001-01-05T10:00"])
def test_where_the_time_of_the_last_run_is_none_only_the_newest_runs_are_kept(last: str) -> None:
    runs = {f"r{number:02}": last for number in range(MOST_RUNS + 1)}
    timeline = build_timeline([Observation("a", run, when, FAILED, "w") for run, when in runs.items()], {"a"})
    assert [run.id for run in timeline.runs] == list(runs)[1:]


def test_there_is_no_timeline_without_a_history() -> None:
    assert build_timeline((), {"a"}) == Timeline()
