"""Small values to judge: a criterion, its scenario as recorded, and the run that ran it from today's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext, build_context
from spec2bdd.model import (
    Box,
    Criterion,
    CriterionVerdict,
    Diagnostic,
    DoneItem,
    Field,
    ProofSource,
    ScenarioResult,
    Severity,
    Spec,
    StepResult,
    TestRun,
    Tier,
    TrackedCriterion,
    Verdict,
)

ID = "ac_1_1_abc123"
FEATURE = "features/a.feature"
OTHER_FEATURE = "features/b.feature"
STEPS = "steps/a_steps.py"
TODAY: Mapping[str, str] = {FEATURE: "f", OTHER_FEATURE: "g", STEPS: "s", "environment.py": "e"}


def make_item(mark: str = " ", *, changes: Mapping[str, Any] | None = None, **facts: Any) -> TrackedCriterion:
    """Make a must criterion that a generated scenario proves; `changes` are those to the criterion itself."""
    criterion = replace(Criterion(Tier.MUST, "It works", Box(mark, 10), line=3, column=1), **(changes or {}))
    item = TrackedCriterion(criterion, ID, ProofSource.GENERATED, known=True, current=True, files=(FEATURE,))
    return replace(item, **facts)


def make_steps(*statuses: str) -> tuple[StepResult, ...]:
    """Make one step for each status."""
    return tuple(StepResult("Then", "then", f"step {n}", n, status) for n, status in enumerate(statuses, 10))


def make_diagnostic(path: str, code: str = "feature-syntax") -> Diagnostic:
    """Make an error of a run for a file that could not be used."""
    return Diagnostic(path, 1, 1, Severity.ERROR, code, "it is bad")


def make_record(*statuses: str, **changes: Any) -> ScenarioResult:
    """Make a scenario that Behave calls passed, whatever its steps say."""
    record = ScenarioResult(FEATURE, 5, "It works", (ID, "must"), "passed", finished=True, steps=make_steps(*statuses))
    return replace(record, **changes)


def make_run(*records: ScenarioResult, **changes: Any) -> TestRun:
    """Make a whole run of today's files that expected one scenario of the criterion for each record."""
    features = (FEATURE, OTHER_FEATURE)
    run = TestRun("r", complete=True, expected={ID: len(records)}, features=features, digests=TODAY, results=records)
    return replace(run, **changes)


def make_context(run: TestRun | None, *, strict: bool = False, today: Mapping[str, str] = TODAY) -> JudgingContext:
    """Build the context to judge by; today's files are those of the runs that `make_run` makes."""
    return build_context([run] if run else [], today, strict=strict)


def judge(item: TrackedCriterion, run: TestRun | None, *, strict: bool = False) -> CriterionVerdict:
    """Judge one criterion by a run of today's files."""
    return judge_spec([item], make_context(run, strict=strict))[0]


def make_judgement(
    verdict: Verdict, mark: str = " ", *, statuses: Sequence[str] = (), **changes: Any
) -> CriterionVerdict:
    """Make a verdict as `judge_spec` would; `statuses` are those of the steps of the scenario that decided it."""
    criterion = make_item(mark, changes=changes).criterion
    after = {Verdict.PASSED: "x", Verdict.FAILED: " ", Verdict.PENDING: " "}.get(verdict, mark)
    record = make_record(*statuses) if statuses else None
    return CriterionVerdict(criterion, ID, verdict, record=record, mark=mark if mark in "~-" else after)


def make_spec(status: str = "Draft", *, done: str = "", **changes: Any) -> Spec:
    """Make a spec with that status and a definition of done whose boxes hold the characters of `done`."""
    items = tuple(DoneItem(f"item {n}", Box(mark, 900 + n), 90 + n, 1) for n, mark in enumerate(done))
    fields = (Field("status", status, 2, 1, 8, 8 + len(status)),)
    return replace(Spec("specs/a.md", b"", fields, done_items=items), **changes)
