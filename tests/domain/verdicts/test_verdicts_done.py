"""Done items judged by evidence, and which boxes belong to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from verdict_values import ID, TODAY, make_context, make_diagnostic, make_judgement, make_record, make_run

from spec2bdd.domain.verdicts.done.items import DoneContext, judge_criteria, judge_item
from spec2bdd.domain.verdicts.done.tagged_scenarios import judge_tag
from spec2bdd.model import (
    Benchmark,
    BenchmarkReport,
    Box,
    CommandResult,
    Coverage,
    CriterionVerdict,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileCheck,
    FileChecks,
    Measurement,
    RunFailure,
    TestCounts,
    TestRun,
    Tier,
    Verdict,
)

PASSED, FAILED, PENDING, NOT_RUN, STALE = (
    Verdict.PASSED,
    Verdict.FAILED,
    Verdict.PENDING,
    Verdict.NOT_RUN,
    Verdict.STALE,
)
COVERAGE = EvidenceRequirement("a", coverage="coverage.xml")
JUNIT = EvidenceRequirement("a", junit=("r.xml",))
BENCHMARK = EvidenceRequirement("a", benchmark="b.json")
FILE = EvidenceRequirement("a", file=("docs/a.md",), since="main")
COMMAND = EvidenceRequirement("a", command=("make", "audit"))
CALLED = Benchmark("test_a", "t.py::test_a", {"mean": 0.1, "p95": 0.2})
SLOW = Benchmark("test_b", "t.py::test_b", {"mean": 0.3})


def judge(text: str, demand: EvidenceRequirement, fact: Measurement, *, mark: str = " ") -> DoneItemVerdict:
    """Judge an item by one fact."""
    evidence = DoneContext((), make_context(None), results={(demand, demand.kinds[0]): EvidenceResult(fact)})
    return judge_item(DoneItem(text, Box(mark, 5), 9, 3), [demand], evidence)


# The item, the demand, the fact, the verdict, and a part of the reason.
CASES: dict[str, tuple[str, EvidenceRequirement, Measurement, Verdict, str]] = {
    "enough": (
        "> 85%",
        COVERAGE,
        Coverage(100, 86),
        PASSED,
        "line coverage is 86%, required: > 85% (`coverage.xml`)",
    ),
    "just not enough": ("> 85%", COVERAGE, Coverage(100, 85), FAILED, "is 85%,"),
    "just enough": (">= 85%", COVERAGE, Coverage(100, 85), PASSED, "required: >= 85%"),
    "what rounds up": (">= 85%", COVERAGE, Coverage(100_000, 84_999), FAILED, "is 84.99%"),
    "branches by the item": (
        "Branch coverage >= 50%",
        COVERAGE,
        Coverage(9, 9, 4, 2),
        PASSED,
        "branch coverage is 50%",
    ),
    "lines by the configuration": (
        "Branch coverage >= 60%",
        replace(COVERAGE, rate="line"),
        Coverage(9, 9, 4, 2),
        PASSED,
        "line coverage is 100%",
    ),
    "both": (">= 84%", replace(COVERAGE, rate="combined"), Coverage(9, 9, 4, 2), PASSED, "combined coverage is 84.61%"),
    "no branches": ("branches > 5%", COVERAGE, Coverage(9, 9), NOT_RUN, "no branches in the report"),
    "no number": ("Code is covered", COVERAGE, Coverage(9, 9), NOT_RUN, "no coverage percentage"),
    "a number of the configuration": (
        "Code is covered",
        replace(COVERAGE, minimum=85.5),
        Coverage(9, 9),
        PASSED,
        ">= 85.5%",
    ),
    "the item's own number": ("> 99%", replace(COVERAGE, minimum=5.0), Coverage(100, 99), FAILED, "> 99%"),
    "tests": ("a", JUNIT, TestCounts(3, (), 1), PASSED, "2 tests passed, 1 skipped in `r.xml`"),
    "a test that failed": ("a", JUNIT, TestCounts(3, ("t.a",)), FAILED, "1 of 3 tests failed in `r.xml`: `t.a`"),
    "no tests": ("a", JUNIT, TestCounts(0), NOT_RUN, "no tests ran"),
    "only skipped tests": ("a", JUNIT, TestCounts(2, (), 2), NOT_RUN, "no tests ran in `r.xml`, 2 skipped"),
    "fast": (
        "mean < 200 ms",
        BENCHMARK,
        BenchmarkReport((CALLED,)),
        PASSED,
        "mean of `test_a` is 100 ms, required: < 200 ms",
    ),
    "slow": ("mean < 200 ms", BENCHMARK, BenchmarkReport((CALLED, SLOW)), FAILED, "mean of `test_b` is 300 ms"),
    "at the limit": ("p95 < 200 ms", BENCHMARK, BenchmarkReport((CALLED,)), FAILED, "is 200 ms, required: < 200 ms"),
    "one that is named": (
        "mean < 200 ms",
        replace(BENCHMARK, name="*test_a"),
        BenchmarkReport((CALLED, SLOW)),
        PASSED,
        "`test_a`",
    ),
    "none that is named": (
        "mean < 2 s",
        replace(BENCHMARK, name="x"),
        BenchmarkReport((CALLED,)),
        NOT_RUN,
        "no benchmark named `x`",
    ),
    "no time": ("It is fast", BENCHMARK, BenchmarkReport((CALLED,)), NOT_RUN, "specifies no maximum time"),
    "no statistic": ("It takes < 2 s", BENCHMARK, BenchmarkReport((CALLED,)), NOT_RUN, "specifies no statistic"),
    "a statistic that is not kept": (
        "p95 < 2 s",
        BENCHMARK,
        BenchmarkReport((SLOW,)),
        NOT_RUN,
        "--benchmark-save-data",
    ),
    "time and statistic of the configuration": (
        "It is fast",
        replace(BENCHMARK, statistic="mean", maximum=0.1),
        BenchmarkReport((CALLED,)),
        PASSED,
        "<= 100 ms",
    ),
    "a document": (
        "a",
        FILE,
        FileChecks((FileCheck("docs/a.md", True, True, True),), "main"),
        PASSED,
        "changed since `main`",
    ),
    "the same document": (
        "a",
        FILE,
        FileChecks((FileCheck("d", True, True, False),), "main"),
        NOT_RUN,
        "`d` has not changed",
    ),
    "no document": ("a", FILE, FileChecks((FileCheck("d", False, False, True),), "main"), FAILED, "`d` does not exist"),
    "an empty document": ("a", FILE, FileChecks((FileCheck("d", True, False, True),), "main"), FAILED, "`d` is empty"),
    "a command": ("a", COMMAND, CommandResult(0, "fine"), PASSED, "`make audit` exited with 0: fine"),
    "a command that fails": ("a", COMMAND, CommandResult(3), FAILED, "`make audit` exited with 3"),
}


@pytest.mark.parametrize(("text", "demand", "fact", "verdict", "reason"), CASES.values(), ids=CASES.keys())
def test_a_fact_decides(
    text: str, demand: EvidenceRequirement, fact: Measurement, verdict: Verdict, reason: str
) -> None:
    found = judge(text, demand, fact)
    assert verdict is found.verdict
    assert reason in found.reason


MARKS = [
    (CommandResult(0), " ", "x"),
    (CommandResult(0), "x", "x"),
    (CommandResult(0), "X", "X"),
    (CommandResult(1), "x", " "),
    (CommandResult(1), "X", " "),
    (CommandResult(1), " ", " "),
    (CommandResult(0), "~", "~"),
    (CommandResult(0), "-", "-"),
    (CommandResult(1), "-", "-"),
]


@pytest.mark.parametrize(("fact", "before", "after"), MARKS)
def test_a_box_follows_the_evidence(fact: CommandResult, before: str, after: str) -> None:
    assert after == judge("a", COMMAND, fact, mark=before).mark


@pytest.mark.parametrize("mark", [" ", "x", "X", "~"])
@pytest.mark.parametrize(("old", "verdict"), [(False, NOT_RUN), (True, STALE)])
def test_a_box_stays_where_evidence_is_refused(mark: str, old: bool, verdict: Verdict) -> None:
    evidence = DoneContext(
        (), make_context(None), results={(COVERAGE, EvidenceKind.COVERAGE): EvidenceResult(refusal="why", old=old)}
    )
    found = judge_item(DoneItem("> 5%", Box(mark, 5), 9, 3), [COVERAGE], evidence)
    assert (found.verdict, found.mark, found.reason) == (verdict, mark, "why")


@pytest.mark.parametrize("mark", [" ", "x", "X", "~", "-"])
def test_a_box_without_evidence_is_a_persons(mark: str) -> None:
    found = judge_item(DoneItem("a", Box(mark, 5), 9, 3), [], DoneContext((), make_context(None)))
    assert (Verdict.MANUAL, mark, ()) == (found.verdict, found.mark, found.kinds)


# What two demands say, and what follows.
TOGETHER = [
    (EvidenceResult(CommandResult(0)), EvidenceResult(CommandResult(0)), PASSED),
    (EvidenceResult(CommandResult(0)), EvidenceResult(CommandResult(1)), FAILED),
    (EvidenceResult(CommandResult(1)), EvidenceResult(refusal="a"), FAILED),
    (EvidenceResult(CommandResult(0)), EvidenceResult(refusal="a"), NOT_RUN),
    (EvidenceResult(CommandResult(0)), EvidenceResult(refusal="a", old=True), STALE),
]


@pytest.mark.parametrize(("one", "other", "verdict"), TOGETHER)
@pytest.mark.parametrize("turned", [False, True])
def test_all_evidence_has_to_hold(one: EvidenceResult, other: EvidenceResult, verdict: Verdict, turned: bool) -> None:
    demands = [COMMAND, replace(COMMAND, key="b")]
    facts = (other, one) if turned else (one, other)
    found = {(demand, EvidenceKind.COMMAND): fact for demand, fact in zip(demands, facts, strict=True)}
    assert (
        verdict
        is judge_item(
            DoneItem("a", Box(" ", 5), 9, 3), demands, DoneContext((), make_context(None), results=found)
        ).verdict
    )


def make(verdict: Verdict, mark: str = " ", **changes: Any) -> CriterionVerdict:
    """Make a verdict of a criterion."""
    return make_judgement(verdict, mark, **changes)


MUST, SHOULD = Tier.MUST, Tier.SHOULD
FULFILLED: dict[str, tuple[Sequence[CriterionVerdict], Verdict]] = {
    "all passed": ([make(PASSED), make(PASSED)], PASSED),
    "a person ticked": ([make(Verdict.MANUAL, "x", manual=True)], PASSED),
    "one is waived": ([make(PASSED), make(Verdict.WAIVED, waived="no")], PASSED),
    "a should fails": ([make(PASSED), make(FAILED, tier=SHOULD)], PASSED),
    "one fails": ([make(PASSED), make(FAILED)], FAILED),
    "one is pending": ([make(PASSED), make(PENDING)], PENDING),
    "one fails, one is stale": ([make(STALE), make(FAILED)], FAILED),
    "one is stale": ([make(PASSED), make(STALE)], NOT_RUN),
    "one is unverified": ([make(PASSED), make(Verdict.UNVERIFIED, "x")], NOT_RUN),
    "one was not run": ([make(PASSED), make(NOT_RUN)], NOT_RUN),
    "one was skipped": ([make(Verdict.SKIPPED)], NOT_RUN),
    "a person has not ticked": ([make(Verdict.MANUAL, manual=True)], NOT_RUN),
    "all are waived": ([make(Verdict.WAIVED, waived="no")], NOT_RUN),
    "there are none": ([make(PASSED, tier=SHOULD)], NOT_RUN),
}


@pytest.mark.parametrize(("judgements", "verdict"), FULFILLED.values(), ids=FULFILLED.keys())
def test_criteria_are_evidence_when_all_are_fulfilled(judgements: Sequence[CriterionVerdict], verdict: Verdict) -> None:
    assert verdict is judge_criteria((MUST,), judgements).verdict


def test_several_tiers_are_asked_for_together() -> None:
    assert judge_criteria((MUST, SHOULD), [make(PASSED), make(FAILED, tier=SHOULD)]).verdict is FAILED


FAST = make_record("passed", tags=("fast", ID))
NOT_OURS = make_record("failed", tags=("fast", "ac_9_9"))
TAGGED: dict[str, tuple[TestRun | None, Verdict]] = {
    "one passed": (make_run(FAST), PASSED),
    "one of another spec fails": (make_run(FAST, NOT_OURS), PASSED),
    "one without the tag fails": (make_run(FAST, make_record("failed", tags=(ID,))), PASSED),
    "one has the spec's own tag": (make_run(make_record("passed", tags=("fast", "spec_1_1"))), PASSED),
    "one fails": (make_run(FAST, make_record("failed", tags=("fast", ID))), FAILED),
    "one is pending under wip": (make_run(make_record("pending_warn", tags=("fast", ID))), PENDING),
    "one has no steps": (make_run(make_record(tags=("fast", ID))), PENDING),
    "none has the tag": (make_run(make_record("passed", tags=(ID,))), NOT_RUN),
    "only one of another spec has it": (make_run(NOT_OURS), NOT_RUN),
    "one was left out": (make_run(FAST, make_record("skipped", tags=("fast", ID), status="skipped")), NOT_RUN),
    "one did not end": (make_run(FAST, make_record("passed", tags=("fast", ID), finished=False)), NOT_RUN),
    "there is no run": (None, NOT_RUN),
    "the run died": (make_run(FAST, complete=False), NOT_RUN),
    "the run had a bad file": (make_run(FAST, diagnostics=(make_diagnostic("features/b.feature"),)), NOT_RUN),
    "the run broke at its end": (make_run(FAST, failures=(RunFailure("", "after_all"),)), NOT_RUN),
    "a file was not part of the run": (make_run(FAST, features=("features/a.feature",)), NOT_RUN),
    "a file has changed": (make_run(FAST, digests={**TODAY, "steps/a_steps.py": "other"}), STALE),
    "a file is new": (make_run(FAST, digests={"features/a.feature": "f"}), STALE),
    "a hook around it fails": (make_run(FAST, failures=(RunFailure("features/a.feature", "after_feature"),)), FAILED),
}


@pytest.mark.parametrize(("run", "verdict"), TAGGED.values(), ids=TAGGED.keys())
def test_scenarios_with_a_tag_are_evidence_when_all_of_a_whole_run_passed(
    run: TestRun | None, verdict: Verdict
) -> None:
    assert verdict is judge_tag("fast", frozenset({ID, "spec_1_1"}), make_context(run)).verdict


def test_every_tag_has_to_hold() -> None:
    evidence = DoneContext((), make_context(make_run(FAST)), frozenset({ID}))
    item = DoneItem("a", Box(" ", 5), 9, 3)
    assert judge_item(item, [EvidenceRequirement("a", tags=("fast",))], evidence).verdict is PASSED
    assert judge_item(item, [EvidenceRequirement("a", tags=("fast", "safe"))], evidence).verdict is NOT_RUN
