"""The reasons of verdicts in full: `explain` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from verdict_values import (
    FEATURE,
    ID,
    OTHER_FEATURE,
    TODAY,
    make_context,
    make_diagnostic,
    make_item,
    make_judgement,
    make_record,
    make_run,
)

from spec2bdd.domain.verdicts.criteria import build_child_ruling, judge_parent
from spec2bdd.domain.verdicts.done.items import DoneContext, judge_criteria, judge_item
from spec2bdd.domain.verdicts.done.tagged_scenarios import judge_tag
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import (
    Benchmark,
    BenchmarkReport,
    Box,
    CommandResult,
    Coverage,
    CriterionVerdict,
    DoneItem,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileCheck,
    FileChecks,
    Measurement,
    RuleId,
    RunFailure,
    TestCounts,
    TestRun,
    Tier,
    Verdict,
)

PASSED, FAILED, PENDING, NOT_RUN = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING, Verdict.NOT_RUN
SKIPPED, STALE, TRUST, MANUAL = Verdict.SKIPPED, Verdict.STALE, Verdict.UNVERIFIED, Verdict.MANUAL
JUNIT = EvidenceRequirement("a", junit=("r.xml", "s.xml"))
COVERAGE = EvidenceRequirement("a", coverage="coverage.xml")
BENCHMARK = EvidenceRequirement("a", benchmark="b.json")
FILE = EvidenceRequirement("a", file=("docs/a.md",), since="main")
COMMAND = EvidenceRequirement("a", command=("make", "audit"))


def make_timings(seconds: float) -> BenchmarkReport:
    """Make one benchmark that takes so long on average."""
    return BenchmarkReport((Benchmark("test_a", "t.py::test_a", {"mean": seconds}),))


def make_documents(count: int) -> FileChecks:
    """Make so many files that are there and have changed."""
    return FileChecks(tuple(FileCheck(f"d{n}", there=True, filled=True, changed=True) for n in range(count)), "main")


FACTS: list[tuple[str, EvidenceRequirement, Measurement, Verdict, str]] = [
    ("a", JUNIT, TestCounts(1), PASSED, "1 test passed in `r.xml`, `s.xml`"),
    ("a", JUNIT, TestCounts(2), PASSED, "2 tests passed in `r.xml`, `s.xml`"),
    ("a", JUNIT, TestCounts(3, (), 2), PASSED, "1 test passed, 2 skipped in `r.xml`, `s.xml`"),
    ("a", JUNIT, TestCounts(0), NOT_RUN, "no tests ran in `r.xml`, `s.xml`"),
    ("a", JUNIT, TestCounts(9, ("a", "b", "c")), FAILED, "3 of 9 tests failed in `r.xml`, `s.xml`: `a`, `b`, `c`"),
    (
        "a",
        JUNIT,
        TestCounts(9, ("a", "b", "c", "d")),
        FAILED,
        "4 of 9 tests failed in `r.xml`, `s.xml`: `a`, `b`, `c` and 1 more",
    ),
    (
        "It is covered",
        COVERAGE,
        Coverage(9, 9),
        NOT_RUN,
        "the item specifies no coverage percentage",
    ),
    ("branches > 5%", COVERAGE, Coverage(9, 9), NOT_RUN, "no branches in the report; measure them or set `rate`"),
    (
        "BRANCH > 5%",
        COVERAGE,
        Coverage(9, 9, 2, 2),
        PASSED,
        "branch coverage is 100%, required: > 5% (`coverage.xml`)",
    ),
    ("mean < 2 s", BENCHMARK, make_timings(1.0), PASSED, "mean of `test_a` is 1 s, required: < 2 s"),
    ("mean < 2 s", BENCHMARK, make_timings(0.001), PASSED, "mean of `test_a` is 1 ms, required: < 2 s"),
    ("mean < 2 s", BENCHMARK, make_timings(1.5e-6), PASSED, "mean of `test_a` is 1.5 µs, required: < 2 s"),
    ("mean < 2 s", BENCHMARK, make_timings(2.5e-8), PASSED, "mean of `test_a` is 25 ns, required: < 2 s"),
    ("It is fast", BENCHMARK, make_timings(1), NOT_RUN, "the item specifies no maximum time"),
    ("It takes < 2 s", BENCHMARK, make_timings(1), NOT_RUN, "the item specifies no statistic such as `mean` or `p95`"),
    ("median < 2 s", BENCHMARK, make_timings(1), NOT_RUN, "`test_a` has no `median` in `b.json`"),
    (
        "p95 < 2 s",
        BENCHMARK,
        make_timings(1),
        NOT_RUN,
        "`test_a` has no `p95` in `b.json`; keep the raw data: `--benchmark-save-data`",
    ),
    ("a", FILE, make_documents(2), PASSED, "changed since `main`: `d0`, `d1`"),
    ("a", FILE, make_documents(5), PASSED, "changed since `main`: `d0`, `d1`, `d2` and 2 more"),
    ("a", COMMAND, CommandResult(0), PASSED, "`make audit` exited with 0"),
    ("a", COMMAND, CommandResult(2, "bad"), FAILED, "`make audit` exited with 2: bad"),
]


@pytest.mark.parametrize(("text", "demand", "fact", "verdict", "reason"), FACTS)
def test_a_fact_is_described_in_these_words(
    text: str, demand: EvidenceRequirement, fact: Measurement, verdict: Verdict, reason: str
) -> None:
    item = DoneItem(text, Box(" ", 5), 9, 3)
    evidence = DoneContext((), make_context(None), results={(demand, demand.kinds[0]): EvidenceResult(fact)})
    found = judge_item(item, [demand], evidence)
    assert (item, verdict, reason, demand.kinds, ()) == (
        found.item,
        found.verdict,
        found.reason,
        found.kinds,
        found.refused,
    )


def test_what_is_refused_is_handed_on_with_its_hint() -> None:
    refusal = EvidenceResult(refusal="it is too old", hint="make it again", old=True)
    item = DoneItem("a", Box("x", 5), 9, 3)
    found = judge_item(
        item, [COMMAND], DoneContext((), make_context(None), results={(COMMAND, EvidenceKind.COMMAND): refusal})
    )
    assert (found.refused, found.verdict, found.reason) == ((refusal,), STALE, "it is too old")
    assert (
        (nobody := judge_item(item, [COMMAND], DoneContext((), make_context(None)))).verdict,
        nobody.reason,
        nobody.refused,
    ) == (NOT_RUN, "evidence was not collected", ())
    manual = judge_item(item, [], DoneContext((), make_context(None)))
    assert (manual.item, manual.reason, manual.mark) == (item, "no evidence configured: ticked", "x")


def test_several_reasons_are_listed_together_each_once() -> None:
    demands = [replace(COMMAND, key=key) for key in "abc"]
    facts = (CommandResult(1, "x"), CommandResult(1, "x"), CommandResult(2, "y"))
    found = {(demand, EvidenceKind.COMMAND): EvidenceResult(fact) for demand, fact in zip(demands, facts, strict=True)}
    judged = judge_item(DoneItem("a", Box(" ", 5), 9, 3), demands, DoneContext((), make_context(None), results=found))
    assert judged.reason == "`make audit` exited with 1: x; `make audit` exited with 2: y"
    found[demands[0], EvidenceKind.COMMAND] = EvidenceResult(CommandResult(0, "fine"))
    judged = judge_item(DoneItem("a", Box(" ", 5), 9, 3), demands, DoneContext((), make_context(None), results=found))
    assert judged.reason == "`make audit` exited with 1: x; `make audit` exited with 2: y"


def make(verdict: Verdict, tier: Tier = Tier.MUST, line: int = 3) -> CriterionVerdict:
    """Make a verdict of a criterion in a line."""
    return make_judgement(verdict, tier=tier, line=line)


CRITERIA: list[tuple[Sequence[Tier], Sequence[CriterionVerdict], Verdict, str]] = [
    ((Tier.MUST,), [], NOT_RUN, "no must criteria"),
    ((Tier.MUST, Tier.SHOULD), [], NOT_RUN, "no must or should criteria"),
    ((Tier.MUST,), [make(PASSED)], PASSED, "1 must criterion proved"),
    ((Tier.MUST,), [make(PASSED), make(PASSED)], PASSED, "2 must criteria proved"),
    ((Tier.MUST, Tier.SHOULD), [make(PASSED)] * 3, PASSED, "3 must or should criteria proved"),
    ((Tier.MUST,), [make(STALE), make(FAILED, line=8)], FAILED, "must criterion failed (line 8)"),
    ((Tier.MUST,), [make(PASSED), make(STALE, line=5)], NOT_RUN, "must criterion stale (outdated, line 5)"),
]


@pytest.mark.parametrize(("tiers", "judgements", "verdict", "reason"), CRITERIA)
def test_criteria_are_described_in_these_words(
    tiers: Sequence[Tier], judgements: Sequence[CriterionVerdict], verdict: Verdict, reason: str
) -> None:
    found = judge_criteria(tiers, judgements)
    assert (found.verdict, found.reason) == (verdict, reason)
    item = DoneItem("a", Box(" ", 5), 9, 3)
    judged = judge_item(
        item, [EvidenceRequirement("a", criteria=tuple(tiers))], DoneContext(judgements, make_context(None))
    )
    assert (judged.verdict, judged.reason) == (verdict, reason)


FAST = make_record("passed", tags=("fast", ID), line=7)
WHOLE = "the run is incomplete, so there may be more scenarios with `@fast`"
TAGGED: list[tuple[TestRun | None, Verdict, str]] = [
    (None, NOT_RUN, "no run"),
    (make_run(FAST), PASSED, "1 scenario with `@fast` passed"),
    (make_run(FAST, replace(FAST, line=9)), PASSED, "2 scenarios with `@fast` passed"),
    (make_run(make_record("passed", tags=(ID,))), NOT_RUN, "no scenario of this spec has the tag `@fast`"),
    (make_run(replace(FAST, status="failed", failures=("it broke",))), FAILED, f"`{FEATURE}:7` is failed: it broke"),
    (make_run(replace(FAST, status="skipped")), NOT_RUN, f"`{FEATURE}:7` is skipped: not part of this run"),
    (make_run(FAST, complete=False), NOT_RUN, WHOLE),
    (make_run(FAST, diagnostics=(make_diagnostic("features/b.feature"),)), NOT_RUN, WHOLE),
    (make_run(FAST, failures=(RunFailure("", "after_all"),)), NOT_RUN, WHOLE),
    (
        make_run(FAST, features=(FEATURE,)),
        NOT_RUN,
        f"`{OTHER_FEATURE}` was not part of this run and may contain scenarios with `@fast`",
    ),
    (
        make_run(FAST, digests={**TODAY, "steps/a_steps.py": "other"}),
        STALE,
        "`steps/a_steps.py` has changed since these results were recorded; run again",
    ),
]


@pytest.mark.parametrize(("run", "verdict", "reason"), TAGGED)
def test_a_tag_is_described_in_these_words(run: TestRun | None, verdict: Verdict, reason: str) -> None:
    found = judge_tag("fast", {ID}, make_context(run))
    assert (found.verdict, found.reason) == (verdict, reason)


def test_contradictory_results_of_a_tag_pass_only_where_that_is_wanted() -> None:
    tried = replace(FAST, tries=(replace(FAST, status="failed", failures=("it broke",)),))
    facts = make_context(make_run(tried))
    assert judge_tag("fast", {ID}, replace(facts, flaky_passes=True)).verdict is PASSED
    assert PASSED is not judge_tag("fast", {ID}, facts).verdict


def test_plain_green_but_not_passed_because_a_step_that_passed_had_raised() -> None:
    record = make_record("passed", "passed")
    raised = replace(record.steps[1], error="it broke\nfor good")
    record = replace(record, steps=(record.steps[0], raised))
    assert Ruling(FAILED, "Behave reports `passed`, but it broke", record, raised) == judge_record(record)


def test_plain_green_but_not_passed_because_something_around_it_failed() -> None:
    record = make_record("passed", failures=("before_scenario: it broke", "clean-up: so did this"))
    assert Ruling(FAILED, "before_scenario: it broke; clean-up: so did this", record) == judge_record(record)
    record = make_record("passed", status="cleanup_error")
    assert Ruling(FAILED, "Behave reports `cleanup_error`", record) == judge_record(record)


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        ("undefined", "", "undefined step `step 10`"),
        ("pending", "later", "step not implemented"),
        ("failed", "first line\nsecond", "first line"),
        ("error", "", "step has the status `error`"),
    ],
)
def test_a_step_is_described_in_these_words(status: str, error: str, reason: str) -> None:
    record = make_record(status)
    record = replace(record, steps=(replace(record.steps[0], error=error),))
    assert judge_record(record).reason == reason


def test_parents_are_described_in_these_words() -> None:
    child, parent = make_item().criterion, make_item("x").criterion
    assert judge_parent(parent, []).reason == "no nested criterion is required"
    below = RuleId.CHILDREN
    said = "a nested manual criterion is not ticked"
    assert Ruling(NOT_RUN, said, rule=below) == build_child_ruling(child, Ruling(MANUAL))
    broke = "nested criterion: it broke"
    assert Ruling(FAILED, broke, rule=below) == build_child_ruling(child, Ruling(FAILED, "it broke"))
    assert Ruling(STALE, "nested criterion: stale", rule=below) == build_child_ruling(child, Ruling(STALE))
    assert Ruling(PASSED) == judge_parent(parent, [Ruling(PASSED, "x")])
    believed = Ruling(PASSED, "another tool says so", external_only=True)
    assert judge_parent(parent, [believed, Ruling(PASSED, "x")]) == believed
    assert Ruling(PENDING, "unverified") == judge_parent(child, [Ruling(TRUST, "unverified")])
    assert Ruling(TRUST, "unverified") == judge_parent(parent, [Ruling(TRUST, "unverified")])
    assert Ruling(SKIPPED, "not part of this run") == judge_parent(
        parent, [Ruling(SKIPPED, "not part of this run"), Ruling(PASSED)]
    )
