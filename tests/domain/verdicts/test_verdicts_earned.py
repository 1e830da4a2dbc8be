"""Random criteria and runs, judged a second time by a plainer implementation of the promise: only earned ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_values import (
    FEATURE,
    OTHER_FEATURE,
    STEPS,
    TODAY,
    make_context,
    make_diagnostic,
    make_item,
    make_run,
    make_spec,
    make_steps,
)

from spec2bdd.domain.verdicts.criteria import find_no_longer_unverified, judge_spec
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.status.status import StatusPolicy, compute_status
from spec2bdd.model import (
    Box,
    CriterionVerdict,
    ProofSource,
    RunFailure,
    ScenarioResult,
    Status,
    TestRun,
    Tier,
    TrackedCriterion,
    Verdict,
)

IDS = ["ac_1", "ac_2", "ac_3", "ac_4"]
FILES = [FEATURE, OTHER_FEATURE]
STEP_STATUSES = [
    "passed",
    "failed",
    "error",
    "pending",
    "pending_warn",
    "undefined",
    "untested",
    "skipped",
    "hook_error",
    "cleanup_error",
    "untested_pending",
    "ambiguous",
    "unknown",
    "nonsense",
]
SCENARIO_STATUSES = ["passed", "failed", "error", "untested", "skipped", "hook_error", "cleanup_error", "nonsense"]


def mostly(usual: object, *others: object) -> st.SearchStrategy[object]:
    """Draw the usual value much more often than each of the others: a pass needs everything to be right."""
    return st.sampled_from([usual] * (6 * len(others) or 1) + list(others))


@st.composite
def draw_record(draw: st.DrawFn) -> ScenarioResult:
    """Draw a scenario of one or two criteria that is good unless something is not."""
    statuses = draw(st.lists(mostly("passed", *STEP_STATUSES[1:]), min_size=1, max_size=3))
    steps = [
        replace(step, kind=draw(st.sampled_from(["given", "then"])), vacuous=bool(draw(mostly(False, True))))
        for step in make_steps(*map(str, statuses))
    ]
    empty = draw(mostly(False, True))
    return ScenarioResult(
        feature=str(draw(mostly(FEATURE, OTHER_FEATURE, "tmp/strange.feature"))),
        line=1,
        name="It works",
        tags=tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True))),
        status=str(draw(mostly("passed", *SCENARIO_STATUSES[1:]))),
        finished=bool(draw(mostly(True, False))),
        steps=() if empty else tuple(steps),
        failures=() if draw(mostly(True, False)) else ("after_scenario: no",),
    )


@st.composite
def draw_run(draw: st.DrawFn) -> TestRun:
    """Draw a run that holds most criteria's scenarios, from most of today's files."""
    records = tuple(draw(st.lists(draw_record(), max_size=6)))
    counts = {key: sum(key in record.tags for record in records) for key in IDS}
    more = draw(st.dictionaries(st.sampled_from(IDS), st.integers(-1, 2), max_size=1))
    stale = draw(mostly({}, {FEATURE: "old"}, {OTHER_FEATURE: "old"}, {STEPS: "old"}, {"steps/new.py": "n"}))
    assert isinstance(stale, dict)
    digests = {**TODAY, **stale}
    digests.pop(str(draw(mostly("", *TODAY))), None)
    failures = draw(mostly((), *((RunFailure(path, "no"),) for path in ("", FEATURE, OTHER_FEATURE))))
    assert isinstance(failures, tuple)
    diagnostics = draw(
        mostly((), (make_diagnostic("environment.py", "environment-import"),), (make_diagnostic(FEATURE),))
    )
    return make_run(
        *records,
        complete=bool(draw(mostly(True, False))),
        expected={key: counts[key] + more.get(key, 0) for key in IDS if counts[key] + more.get(key, 0) > 0},
        features=tuple(FILES) if draw(mostly(True, False)) else (FEATURE,),
        digests=digests,
        failures=failures,
        diagnostics=diagnostics,
    )


@st.composite
def draw_items(draw: st.DrawFn) -> list[TrackedCriterion]:
    """Draw criteria with ids of their own, some nested under an earlier one."""
    items: list[TrackedCriterion] = []
    for index, key in enumerate(IDS[: draw(st.integers(1, 4))]):
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        changes = {
            "box": Box(str(draw(mostly(" ", "x", "X", "~", "-"))), 10 + index),
            "tier": draw(mostly(Tier.MUST, Tier.SHOULD, Tier.WONT)),
            "manual": draw(mostly(False, True)),
            "waived": draw(mostly("", "bought in")),
            "parent": parent,
        }
        item = make_item(
            changes=changes,
            id=key,
            proof=draw(mostly(ProofSource.GENERATED, ProofSource.HAND_WRITTEN, ProofSource.NONE)),
            known=draw(mostly(True, False)),
            current=draw(mostly(True, False)),
            files=draw(mostly((FEATURE,), (OTHER_FEATURE,), (FEATURE, OTHER_FEATURE), ())),
        )
        items.append(replace(item, unverified=item.criterion.box.ticked and bool(draw(st.booleans()))))
    parents = {item.criterion.parent for item in items}
    return [
        replace(item, proof=ProofSource.CHILDREN, files=item.files if draw(mostly(False, True)) else ())
        if index in parents
        else item
        for index, item in enumerate(items)
    ]


FACTS = st.builds(make_context, st.none() | draw_run() | draw_run() | draw_run(), strict=st.booleans())


# --- the promise, read plainly ----------------------------------------------------------------------------------------


def is_proved_by_scenarios(item: TrackedCriterion, run: TestRun | None) -> bool:
    """Whether each clause of the promise holds, one after the other."""
    if run is None or not item.current or (item.proof is ProofSource.GENERATED and not item.known):
        return False
    mine = [record for record in run.results if item.id in record.tags]
    if not mine or len(mine) < run.expected.get(item.id, 0):
        return False
    for record in mine:
        every_step_passed = record.steps and {"passed"} == {step.status for step in record.steps}
        if not (every_step_passed and record.finished and record.status == "passed" and not record.failures):
            return False
        # Each `Then` can fail, or, if there is none, some other step can.
        outcomes = [step for step in record.steps if step.kind == "then"]
        if any(step.vacuous for step in outcomes) or (not outcomes and all(step.vacuous for step in record.steps)):
            return False
    used = {*item.files, *(record.feature for record in mine)}
    if "environment-import" in {diagnostic.code for diagnostic in run.diagnostics}:
        return False
    if any(failure.feature in ("", *(record.feature for record in mine)) for failure in run.failures):
        return False
    if not set(item.files) <= set(run.features):
        return False
    code_then = {(path, digest) for path, digest in run.digests.items() if not path.endswith(".feature")}
    code_now = {(path, digest) for path, digest in TODAY.items() if not path.endswith(".feature")}
    return code_then == code_now and all(path in TODAY and run.digests.get(path) == TODAY[path] for path in used)


def is_open(item: TrackedCriterion) -> bool:
    """Whether a criterion is one that results can prove at all."""
    criterion = item.criterion
    return (
        criterion.tier is not Tier.WONT
        and not criterion.manual
        and not criterion.waived
        and criterion.box.mark in " xX"
    )


def is_proved(index: int, items: Sequence[TrackedCriterion], run: TestRun | None) -> bool:
    """Whether a criterion is proved, by its scenarios or by those nested under it."""
    item = items[index]
    if not is_open(item):
        return False
    if item.proof is not ProofSource.CHILDREN:
        return is_proved_by_scenarios(item, run)
    below = [
        n for n, other in enumerate(items) if other.criterion.parent == index and other.criterion.tier != Tier.WONT
    ]
    proved = [n for n in below if is_proved(n, items, run)]
    settled = [n for n in below if is_settled_by_people(n, items, run)]
    own = is_proved_by_scenarios(item, run) if item.files else None
    return own is not False and len(proved) + len(settled) == len(below) and bool(proved or own)


def is_settled_by_people(index: int, items: Sequence[TrackedCriterion], run: TestRun | None) -> bool:
    """Whether a criterion is out of the way although nothing proves it."""
    item = items[index]
    if item.criterion.waived:
        return True
    if item.criterion.manual:
        return item.criterion.box.ticked
    if not is_open(item) or item.proof is not ProofSource.CHILDREN or item.files:
        return False
    below = [
        n for n, other in enumerate(items) if other.criterion.parent == index and other.criterion.tier != Tier.WONT
    ]
    people = below and all(is_settled_by_people(n, items, run) for n in below)
    # If everything under it is up to people, so is the criterion: by its box, unless all of it was waived.
    waived = people and all(is_waived(n, items) for n in below)
    return bool(people and (waived or item.criterion.box.ticked))


def is_waived(index: int, items: Sequence[TrackedCriterion]) -> bool:
    """Whether a criterion, or all of what is under it, was waived."""
    item = items[index]
    if item.criterion.waived:
        return True
    below = [
        n for n, other in enumerate(items) if other.criterion.parent == index and other.criterion.tier != Tier.WONT
    ]
    return (
        is_open(item)
        and item.proof is ProofSource.CHILDREN
        and not item.files
        and bool(below)
        and all(is_waived(n, items) for n in below)
    )


def may_lose_tick(items: Sequence[TrackedCriterion], run: TestRun | None) -> bool:
    """Whether the run holds anything at all that could take a tick away."""
    if run is None:
        return False
    words = {word for record in run.results for word in (record.status, *(step.status for step in record.steps))}
    good = {"passed", "skipped", "untested", "nonsense", "ambiguous", "unknown"}
    bad = words & {*STEP_STATUSES, *SCENARIO_STATUSES} - good
    empty = any(not record.steps for record in run.results)
    vacuous = any(step.vacuous for record in run.results for step in record.steps)
    return bool(bad or empty or vacuous or run.failures or any(record.failures for record in run.results))


# --- the properties ---------------------------------------------------------------------------------------------------


def find_run(facts: JudgingContext) -> TestRun | None:
    """The run that is judged by."""
    return facts.runs[0].run if facts.runs else None


def judge_all(items: Sequence[TrackedCriterion], facts: JudgingContext) -> dict[int, CriterionVerdict]:
    """The verdicts by the index of their criterion."""
    found = {judgement.id: judgement for judgement in judge_spec(items, facts)}
    return {index: found[item.id] for index, item in enumerate(items) if item.id in found}


@given(draw_items(), FACTS)
@settings(max_examples=600, deadline=None)
def test_a_box_is_ticked_if_and_only_if_every_clause_of_the_promise_holds(
    items: list[TrackedCriterion], facts: JudgingContext
) -> None:
    for index, found in judge_all(items, facts).items():
        proved = is_proved(index, items, find_run(facts))
        assert proved == (found.verdict is Verdict.PASSED)
        assert (proved and not items[index].criterion.box.ticked) == found.ticked


@given(draw_items(), FACTS)
@settings(max_examples=300, deadline=None)
def test_no_box_loses_its_tick_without_a_result_that_says_so(
    items: list[TrackedCriterion], facts: JudgingContext
) -> None:
    for found in judge_all(items, facts).values():
        if found.unticked:
            assert may_lose_tick(items, find_run(facts))
            assert found.verdict in (Verdict.FAILED, Verdict.PENDING)
        if found.verdict not in (Verdict.FAILED, Verdict.PENDING, Verdict.PASSED):
            assert found.criterion.box.mark == found.mark


@given(draw_items(), FACTS)
def test_no_run_of_other_code_changes_any_box(items: list[TrackedCriterion], facts: JudgingContext) -> None:
    foreign = make_context(find_run(facts), strict=facts.strict, today={**TODAY, STEPS: "another day"})
    assert all(found.criterion.box.mark == found.mark for found in judge_spec(items, foreign))


@given(draw_items(), FACTS)
def test_a_second_mark_of_the_same_run_changes_nothing(items: list[TrackedCriterion], facts: JudgingContext) -> None:
    first = judge_all(items, facts)
    settled = find_no_longer_unverified(items, list(first.values()))
    marked = [
        replace(
            item,
            criterion=replace(item.criterion, box=replace(item.criterion.box, mark=first[index].mark)),
            unverified=item.unverified and item.id not in settled,
        )
        if index in first
        else item
        for index, item in enumerate(items)
    ]
    for index, found in judge_all(marked, facts).items():
        assert first[index].mark == found.mark


@given(draw_items(), FACTS, st.sampled_from(Status), st.text("x ", max_size=2))
def test_no_spec_is_promoted_while_a_gating_criterion_is_unproved(
    items: list[TrackedCriterion], facts: JudgingContext, status: Status, done: str
) -> None:
    found = judge_all(items, facts)
    after = compute_status(make_spec(status, done=done), list(found.values()), StatusPolicy())
    musts = [index for index in found if items[index].criterion.tier is Tier.MUST and not is_waived(index, items)]
    ready = [is_proved(n, items, find_run(facts)) or is_settled_by_people(n, items, find_run(facts)) for n in musts]
    rank = list(Status).index
    if after in (Status.REVIEW, Status.COMPLETE) and rank(Status(after)) > rank(status):
        assert musts
        assert all(ready)
    if after == Status.COMPLETE != status:
        assert done
        assert " " not in done
    assert after != Status.DRAFT or status is Status.DRAFT
    if find_run(facts) is None and not any(ready):
        assert status == after
