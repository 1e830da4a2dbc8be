"""What several runs mean together: the newest result of each scenario, nothing lost, contradictions reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_values import FEATURE, ID, OTHER_FEATURE, STEPS, TODAY, make_diagnostic, make_item, make_record

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.scenarios.context import build_context
from spec2bdd.model import CriterionVerdict, RunFailure, ScenarioResult, TestRun, Verdict

FAILED, PENDING, STALE = Verdict.FAILED, Verdict.PENDING, Verdict.STALE
SKIPPED, NOT_RUN, PASSED = Verdict.SKIPPED, Verdict.NOT_RUN, Verdict.PASSED

GOOD = make_record("passed")
BAD = make_record("failed", status="failed")
LATER = make_record("pending", status="error")
LEFT_OUT = make_record("untested", status="skipped")
DIED = make_record("passed", status="untested", finished=False)
SECOND: dict[str, Any] = {"line": 9, "name": "It still works"}


def make_run(hour: int, *records: ScenarioResult, **changes: Any) -> TestRun:
    """Make a whole run of today's files that began at that hour and expected one scenario."""
    started = f"2026-11-25T{hour:02}:00:00.000000+00:00"
    run = TestRun(f"r{hour}", complete=True, expected={ID: 1}, features=(FEATURE, OTHER_FEATURE), digests=TODAY)
    return replace(run, results=records, started=started, **changes)


def judge(*runs: TestRun, flaky_passes: bool = False) -> CriterionVerdict:
    """Judge one criterion by several runs."""
    return judge_spec([make_item()], build_context(runs, TODAY, flaky_passes=flaky_passes))[0]


# Several runs, and what they mean together.
TOGETHER: dict[str, tuple[Sequence[TestRun], Verdict, str]] = {
    "the newest passed": ([make_run(1, BAD), make_run(2, GOOD)], PASSED, ""),
    "the newest failed": ([make_run(1, GOOD), make_run(2, BAD)], FAILED, "`failed`"),
    "the newest is pending": ([make_run(1, GOOD), make_run(2, LATER)], PENDING, "not implemented"),
    "left out of the newest": ([make_run(1, GOOD), make_run(2, LEFT_OUT)], PASSED, ""),
    "failed, and left out of the newest": ([make_run(1, BAD), make_run(2, LEFT_OUT)], FAILED, "`failed`"),
    "left out of all": ([make_run(1, LEFT_OUT), make_run(2, LEFT_OUT)], SKIPPED, "not part of this run"),
    "the newest died in it": ([make_run(1, GOOD), make_run(2, DIED, complete=False)], PASSED, ""),
    "died in it, and left out": (
        [make_run(1, DIED, complete=False), make_run(2, LEFT_OUT)],
        NOT_RUN,
        "exited during this ",
    ),
    "the newest died before it": ([make_run(1, GOOD), make_run(2, complete=False)], PASSED, ""),
    "each reached one of two": (
        [make_run(1, GOOD, expected={ID: 2}), make_run(2, replace(GOOD, **SECOND), expected={ID: 2})],
        PASSED,
        "",
    ),
    "both reached the same of two": (
        [make_run(1, GOOD, expected={ID: 2}), make_run(2, GOOD, expected={ID: 2})],
        NOT_RUN,
        "a scenario was not reached",
    ),
    "one of two was left out of both": (
        [make_run(hour, GOOD, replace(LEFT_OUT, **SECOND), expected={ID: 2}) for hour in (1, 2)],
        SKIPPED,
        "not part of this run",
    ),
    "only one of them read both files, and lost one": (
        [
            make_run(1, GOOD, replace(GOOD, **SECOND), features=(FEATURE,), expected={ID: 2}),
            make_run(2, features=(OTHER_FEATURE,), expected={ID: 1}, complete=False),
        ],
        NOT_RUN,
        "a scenario was not reached",
    ),
    "what one lost is not made up for by another file": (
        [
            make_run(1, GOOD, features=(FEATURE,), expected={ID: 2}, complete=False),
            make_run(2, replace(GOOD, feature=OTHER_FEATURE), features=(OTHER_FEATURE,), expected={ID: 1}),
        ],
        NOT_RUN,
        "a scenario was not reached",
    ),
    "the newest is of other files": ([make_run(1, GOOD), make_run(2, BAD, digests={STEPS: "new"})], PASSED, ""),
    "all are of other files": (
        [make_run(hour, GOOD, digests={**TODAY, STEPS: "old"}) for hour in (1, 2)],
        STALE,
        f"`{STEPS}` has changed since these results were recorded",
    ),
    "the newest could not load its hooks": (
        [make_run(1, GOOD), make_run(2, diagnostics=(make_diagnostic("environment.py", "environment-import"),))],
        PASSED,
        "",
    ),
    "the newest broke": ([make_run(1, BAD), make_run(2, GOOD, failures=(RunFailure("", "no"),))], FAILED, "`failed`"),
    "a hook of the feature failed in the newest": (
        [make_run(1, GOOD), make_run(2, GOOD, failures=(RunFailure(FEATURE, "after_feature: no"),))],
        FAILED,
        "after_feature: no",
    ),
    "they began at one moment": ([make_run(1, GOOD), make_run(1, BAD, id="r0")], FAILED, "`failed`"),
}

A, B = {"commit": "a" * 40}, {"commit": "b" * 40}
TRIED = replace(GOOD, tries=(BAD,))

# Results that contradict each other, and how the reason begins.
FLAKY: dict[str, tuple[Sequence[TestRun], str]] = {
    "passed and failed at one commit": (
        [make_run(1, GOOD, **A), make_run(2, BAD, **A)],
        "flaky: passed and did not pass at commit aaaaaaa: step has the status `failed`",
    ),
    "failed and passed at one commit": ([make_run(1, BAD, **A), make_run(2, GOOD, **A)], "flaky: passed and did"),
    "pending and passed at one commit": ([make_run(1, LATER, **A), make_run(2, GOOD, **A)], "flaky: passed and did"),
    "passed when it was tried again": (
        [make_run(1, TRIED)],
        "flaky: passed only on retry: step has the status `failed`",
    ),
    "died, and passed when it was tried again": (
        [make_run(1, replace(GOOD, tries=(DIED,)))],
        "flaky: passed only on retry: Behave exited",
    ),
    "passed at once and when it was tried again, at one commit": (
        [make_run(1, TRIED, **A), make_run(2, GOOD, **A)],
        "flaky: passed only on retry",
    ),
}

NOT_FLAKY: dict[str, tuple[Sequence[TestRun], Verdict]] = {
    "repaired by a commit": ([make_run(1, BAD, **A), make_run(2, GOOD, **B)], PASSED),
    "broken by a commit": ([make_run(1, GOOD, **A), make_run(2, BAD, **B)], FAILED),
    "repaired where something differs from the commit": ([make_run(1, BAD, **A), make_run(2, GOOD)], PASSED),
    "passed twice": ([make_run(1, GOOD, **A), make_run(2, GOOD, **A)], PASSED),
    "failed twice, in two ways": ([make_run(1, BAD, **A), make_run(2, LATER, **A)], PENDING),
    "left out and passed": ([make_run(1, LEFT_OUT, **A), make_run(2, GOOD, **A)], PASSED),
    "died and passed": ([make_run(1, DIED, **A), make_run(2, GOOD, **A)], PASSED),
    "failed at each try": ([make_run(1, replace(BAD, tries=(BAD,)))], FAILED),
    "tried again long ago": ([make_run(1, TRIED, **A), make_run(2, GOOD, **B)], PASSED),
    "contradictory in other files": ([make_run(1, BAD, **A, digests={}), make_run(2, GOOD, **A)], PASSED),
}


@pytest.mark.parametrize(("runs", "verdict", "reason"), TOGETHER.values(), ids=TOGETHER.keys())
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_runs_mean_this_together_in_any_order(
    runs: Sequence[TestRun], verdict: Verdict, reason: str, turned: bool
) -> None:
    found = judge(*(reversed(runs) if turned else runs))
    assert found.verdict == verdict
    assert reason in found.reason
    assert not found.flaky


@pytest.mark.parametrize(("runs", "reason"), FLAKY.values(), ids=FLAKY.keys())
def test_contradictory_results_of_one_commit_are_flaky_and_no_pass(runs: Sequence[TestRun], reason: str) -> None:
    found = judge(*runs)
    assert (found.verdict, found.flaky) == (FAILED, True)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("runs", [case[0] for case in FLAKY.values()], ids=FLAKY.keys())
def test_flaky_results_pass_where_that_is_configured_and_are_still_reported(runs: Sequence[TestRun]) -> None:
    found = judge(*runs, flaky_passes=True)
    assert (found.verdict, found.flaky) == (PASSED, True)
    assert found.reason.startswith("flaky: ")


@pytest.mark.parametrize(("runs", "verdict"), NOT_FLAKY.values(), ids=NOT_FLAKY.keys())
def test_a_repair_is_not_flaky(runs: Sequence[TestRun], verdict: Verdict) -> None:
    found = judge(*runs)
    assert (found.verdict, found.flaky) == (verdict, False)


def test_a_scenario_that_failed_twice_in_a_row_stays_failed_where_flaky_passes() -> None:
    assert judge(make_run(1, replace(BAD, tries=(BAD,))), flaky_passes=True).verdict == FAILED


# --- the properties ---------------------------------------------------------------------------------------------------

RECORDS = [GOOD, BAD, LATER, LEFT_OUT, DIED, TRIED]


@st.composite
def draw_run(draw: st.DrawFn) -> TestRun:
    """Draw a run of two scenarios that may be lost, left out, or of other files."""
    places: list[dict[str, Any]] = [{}, SECOND]
    records = [replace(draw(st.sampled_from(RECORDS)), **place) for place in places if draw(st.integers(0, 4))]
    digests = draw(st.sampled_from([TODAY, TODAY, TODAY, {}]))
    commit = draw(st.sampled_from(["", "a" * 40, "b" * 40]))
    run = make_run(draw(st.integers(0, 6)), *records, expected={ID: 2}, digests=digests, commit=commit)
    return replace(run, id=f"{draw(st.integers())}", complete=draw(st.booleans()))


RUNS = st.lists(draw_run(), max_size=5, unique_by=lambda run: run.id)


def summarize(found: CriterionVerdict) -> tuple[object, ...]:
    """List what must not depend on the order of runs."""
    return found.verdict, found.reason, found.flaky, found.mark, found.record


@given(RUNS, st.randoms(), st.booleans())
@settings(deadline=None)
def test_neither_order_nor_repetition_of_runs_matters(runs: list[TestRun], random: Any, flaky_passes: bool) -> None:
    shuffled = [*runs, *runs[:2]]
    random.shuffle(shuffled)
    assert summarize(judge(*runs, flaky_passes=flaky_passes)) == summarize(judge(*shuffled, flaky_passes=flaky_passes))


@given(RUNS, st.sets(st.integers(0, 1)))
@settings(deadline=None)
def test_a_run_that_left_everything_out_changes_no_verdict_that_there_is(runs: list[TestRun], seen: set[int]) -> None:
    places: list[dict[str, Any]] = [{}, SECOND]
    empty = make_run(9, *(replace(LEFT_OUT, **places[number]) for number in sorted(seen)), expected={ID: 2})
    before, after = judge(*runs), judge(*runs, empty)
    if before.verdict in (PASSED, FAILED, PENDING):
        assert summarize(before) == summarize(after)
    else:
        assert after.verdict in (STALE, SKIPPED, NOT_RUN)


@given(draw_run())
@settings(deadline=None)
def test_the_halves_of_a_run_mean_what_the_whole_means(run: TestRun) -> None:
    halves = [
        replace(
            run,
            id=f"{run.id} {number}",
            results=tuple(
                record if (record.line == 9) == bool(number) else replace(LEFT_OUT, line=record.line, name=record.name)
                for record in run.results
            ),
        )
        for number in (0, 1)
    ]
    assert summarize(judge(run)) == summarize(judge(*halves))
    assert summarize(judge(run)) == summarize(judge(run, *halves))
