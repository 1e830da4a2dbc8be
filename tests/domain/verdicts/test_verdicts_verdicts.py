"""What results mean for a criterion: the ways in which green proves nothing, and what else leaves a box alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from grouped import in_one_test
from verdict_values import (
    FEATURE,
    ID,
    OTHER_FEATURE,
    STEPS,
    TODAY,
    judge,
    make_context,
    make_diagnostic,
    make_item,
    make_record,
    make_run,
    make_steps,
)

from spec2bdd.domain.verdicts.criteria import find_gating_criteria, find_no_longer_unverified, is_fulfilled, judge_spec
from spec2bdd.domain.verdicts.scenarios.context import SeenFailing, ignore_vacuity
from spec2bdd.domain.verdicts.scenarios.scenario import judge_record
from spec2bdd.model import (
    Box,
    CriterionStrength,
    ProofSource,
    RunFailure,
    ScenarioResult,
    Strength,
    TestRun,
    Tier,
    TrackedCriterion,
    Verdict,
)

FAILED, PENDING, STALE = Verdict.FAILED, Verdict.PENDING, Verdict.STALE
SKIPPED, NOT_RUN, PASSED = Verdict.SKIPPED, Verdict.NOT_RUN, Verdict.PASSED
UNVERIFIED, MANUAL, WAIVED = Verdict.UNVERIFIED, Verdict.MANUAL, Verdict.WAIVED

GOOD = make_record("passed", "passed")
OTHER = make_record("passed", feature=OTHER_FEATURE)

# A run in which Behave's word for each scenario is `passed` unless the case says otherwise, the verdict that is true,
# and a part of the reason.
NOT_PASSED: dict[str, tuple[TestRun, Verdict, str]] = {
    "the scenario has no steps": (make_run(make_record()), PENDING, "has no steps"),
    "only its background has steps": (
        make_run(make_record("passed", bare=True)),
        PENDING,
        "the scenario has no steps besides its background",
    ),
    "a step of its background failed": (
        make_run(make_record("failed", bare=True)),
        FAILED,
        "step has the status `failed`",
    ),
    "a step is pending": (make_run(make_record("passed", "pending")), PENDING, "not implemented"),
    "a step is pending under @wip": (make_run(make_record("pending_warn")), PENDING, "not implemented"),
    "a step is undefined": (make_run(make_record("undefined")), PENDING, "undefined step"),
    "a step is untested and pending": (make_run(make_record("untested_pending")), PENDING, "not implemented"),
    "a step is untested and undefined": (make_run(make_record("untested_undefined")), PENDING, "not implemented"),
    "a step is untested": (make_run(make_record("passed", "untested")), NOT_RUN, "`untested`"),
    "a step is skipped": (make_run(make_record("passed", "skipped")), SKIPPED, "`skipped`"),
    "a step's status is new to us": (make_run(make_record("passed", "splendid")), NOT_RUN, "`splendid`"),
    "a step failed": (make_run(make_record("failed", "skipped")), FAILED, "`failed`"),
    "Ctrl-C came in a step": (make_run(make_record("error", interrupted=True)), NOT_RUN, "interrupted"),
    "Ctrl-C came in a hook": (
        make_run(make_record("passed", failures=("after_scenario: no",), interrupted=True)),
        NOT_RUN,
        "interrupted",
    ),
    "a step raised": (make_run(make_record("passed", "error")), FAILED, "`error`"),
    "a hook of a step failed": (make_run(make_record("hook_error")), FAILED, "`hook_error`"),
    "a clean-up of a step failed": (make_run(make_record("cleanup_error")), FAILED, "`cleanup_error`"),
    "a step has two definitions": (
        make_run(make_record("ambiguous", "skipped", status="error")),
        NOT_RUN,
        "`ambiguous`",
    ),
    "a step has an unknown definition": (
        make_run(make_record("unknown", status="error")),
        NOT_RUN,
        "`unknown`",
    ),
    "a step behind an unknown one is undefined": (make_run(make_record("unknown", "undefined")), NOT_RUN, "`unknown`"),
    "a step behind an ambiguous one failed": (make_run(make_record("ambiguous", "failed")), FAILED, "`failed`"),
    "the hooks could not be loaded": (
        make_run(
            make_record(status="untested"), diagnostics=(make_diagnostic("environment.py", "environment-import"),)
        ),
        NOT_RUN,
        "nothing was run: `environment.py` cannot be loaded",
    ),
    "its file could not be read": (
        make_run(GOOD, features=(OTHER_FEATURE,), diagnostics=(make_diagnostic(FEATURE),)),
        NOT_RUN,
        f"`{FEATURE}` cannot be read; see its error",
    ),
    "a later step failed behind a pending one": (make_run(make_record("pending", "failed")), FAILED, "`failed`"),
    "a hook of the scenario failed": (
        make_run(make_record("passed", failures=("after_scenario: no",))),
        FAILED,
        "after_scenario: no",
    ),
    "the clean-up failed silently": (
        make_run(make_record("passed", failures=("clean-up: no",))),
        FAILED,
        "clean-up: no",
    ),
    "the scenario says cleanup_error": (
        make_run(make_record("passed", status="cleanup_error")),
        FAILED,
        "cleanup_error",
    ),
    "the scenario says hook_error": (make_run(make_record("passed", status="hook_error")), FAILED, "hook_error"),
    "the scenario says failed": (make_run(make_record("passed", status="failed")), FAILED, "`failed`"),
    "the scenario says untested": (make_run(make_record("passed", status="untested")), NOT_RUN, "`untested`"),
    "the scenario was skipped": (make_run(make_record("untested", status="skipped")), SKIPPED, "not part of this run"),
    "a hook skipped the scenario": (
        make_run(make_record("untested", "skipped", status="skipped", skip_reason="not today")),
        SKIPPED,
        'by a step or hook: "not today"',
    ),
    "a step skipped the rest of the scenario": (
        make_run(make_record("passed", "skipped", skip_reason="")),
        SKIPPED,
        "by a step or hook",
    ),
    "the scenario without steps was skipped": (
        make_run(make_record(status="skipped")),
        SKIPPED,
        "not part of this run",
    ),
    "the run died in the scenario": (
        make_run(make_record("passed", finished=False)),
        NOT_RUN,
        "exited during this scenario",
    ),
    "a hook around the feature failed": (
        make_run(GOOD, failures=(RunFailure(FEATURE, "after_feature: no"),)),
        FAILED,
        "after_feature",
    ),
    "a hook around the run failed": (
        make_run(GOOD, failures=(RunFailure("", "after_all: no"),)),
        NOT_RUN,
        "error outside the scenarios",
    ),
    "there is no scenario": (make_run(), NOT_RUN, "a scenario was not reached"),
    "fewer scenarios than expected": (make_run(GOOD, expected={ID: 2}), NOT_RUN, "a scenario was not reached"),
    "many fewer than expected": (
        make_run(GOOD, expected={ID: 9}),
        NOT_RUN,
        "8 scenarios, each of which was not reached",
    ),
    "an outline without rows next to it": (make_run(GOOD, expected={ID: 2}), NOT_RUN, "a scenario was not reached"),
    "the run died before another": (make_run(GOOD, expected={ID: 2}, complete=False), NOT_RUN, "before Behave exited"),
    "its file was not in the run": (make_run(GOOD, features=(OTHER_FEATURE,)), NOT_RUN, "not part of this run"),
    "another of its scenarios failed": (make_run(GOOD, make_record("failed")), FAILED, "`failed`"),
    "another of its scenarios is pending": (make_run(GOOD, make_record("pending")), PENDING, "not implemented"),
    "another of its scenarios was skipped": (
        make_run(GOOD, make_record(status="skipped")),
        SKIPPED,
        "not part of this run",
    ),
    "another, in a foreign file, failed": (
        make_run(GOOD, replace(OTHER, status="failed")),
        FAILED,
        "Behave reports `failed`",
    ),
    "a hook around another's file failed": (
        make_run(GOOD, OTHER, failures=(RunFailure(OTHER_FEATURE, "no"),)),
        FAILED,
        "no",
    ),
    "its file changed since": (make_run(GOOD, digests={**TODAY, FEATURE: "old"}), STALE, f"`{FEATURE}` has changed"),
    "its file has no digest": (make_run(GOOD, digests={STEPS: "s", "environment.py": "e"}), STALE, FEATURE),
    "another's file changed since": (
        make_run(GOOD, OTHER, digests={**TODAY, OTHER_FEATURE: "old"}),
        STALE,
        OTHER_FEATURE,
    ),
    "a scenario's file is unknown": (make_run(GOOD, replace(GOOD, feature="tmp/x.feature")), STALE, "tmp/x.feature"),
    "a step file changed since": (make_run(GOOD, digests={**TODAY, STEPS: "old"}), STALE, STEPS),
    "a step file is gone since": (make_run(GOOD, digests={**TODAY, "steps/b.py": "t"}), STALE, "steps/b.py"),
    "a step file came since": (make_run(GOOD, digests={FEATURE: "f", "environment.py": "e"}), STALE, STEPS),
    "environment.py changed since": (
        make_run(GOOD, digests={**TODAY, "environment.py": "old"}),
        STALE,
        "environment.py",
    ),
    "a failure of other files proves nothing": (
        make_run(make_record("failed"), digests={**TODAY, STEPS: "old"}),
        STALE,
        STEPS,
    ),
    "nothing has a digest": (make_run(GOOD, digests={}), STALE, "environment.py"),
}

STILL_PASSED: dict[str, TestRun] = {
    "one scenario": make_run(GOOD),
    "two": make_run(GOOD, GOOD),
    "two in two files": make_run(GOOD, OTHER),
    "more than expected, as hooks may add some": make_run(GOOD, GOOD, expected={ID: 1}),
    "none was expected, and one is there": make_run(GOOD, expected={}),
    "a stranger failed": make_run(GOOD, make_record("failed", tags=("ac_1_1_zzz",), status="failed"), expected={ID: 1}),
    "its tag is only the start of the stranger's": make_run(
        GOOD, make_record("failed", tags=(ID + "0",)), expected={ID: 1}
    ),
    "a hook around another file failed": make_run(GOOD, failures=(RunFailure(OTHER_FEATURE, "after_feature: no"),)),
    "another feature file changed since": make_run(GOOD, digests={**TODAY, OTHER_FEATURE: "old"}),
    "the run died elsewhere": make_run(GOOD, complete=False),
    "another feature file could not be read": make_run(GOOD, diagnostics=(make_diagnostic("features/bad.feature"),)),
    "a step module could not be loaded": make_run(GOOD, diagnostics=(make_diagnostic("steps/bad.py", "step-import"),)),
}

# What a criterion is, and what it is then, however well the run went.
WHATEVER_PASSED: dict[str, tuple[TrackedCriterion, Verdict, str]] = {
    "no scenario yet": (make_item(known=False), NOT_RUN, "no scenario yet"),
    "its scenario was edited by hand": (make_item(current=False), STALE, "differs from what `spec2bdd generate`"),
    "its text was reworded since": (make_item("x", current=False), STALE, "scenario differs"),
    "manual": (make_item(changes={"manual": True}, proof=ProofSource.NONE), MANUAL, "not ticked yet"),
    "manual, and reworded after its tick": (
        make_item("x", changes={"manual": True}, proof=ProofSource.NONE, reworded="It is old"),
        MANUAL,
        "ticked while it read `It is old`",
    ),
    "waived": (make_item(changes={"waived": "bought in"}, proof=ProofSource.NONE), WAIVED, "bought in"),
    "waived and manual": (make_item(changes={"waived": "no", "manual": True}, proof=ProofSource.NONE), WAIVED, "no"),
    "partly": (make_item("~", proof=ProofSource.NONE), PENDING, "set aside with `[~]`, but not waived"),
    "dropped": (make_item("-", proof=ProofSource.NONE), PENDING, "set aside with `[-]`, but not waived"),
    "dropped with a reason": (make_item("-", changes={"waived": "no"}, proof=ProofSource.NONE), WAIVED, "no"),
    "a parent without children": (make_item(proof=ProofSource.CHILDREN, files=()), NOT_RUN, "no nested criterion"),
}


@pytest.mark.parametrize(("run", "verdict", "reason"), NOT_PASSED.values(), ids=NOT_PASSED.keys())
def test_behave_says_passed_but_it_is_not(run: TestRun, verdict: Verdict, reason: str) -> None:
    found = judge(make_item(), run)
    assert (found.verdict, found.mark) == (verdict, " ")
    assert reason in found.reason


@in_one_test(("run", "verdict"), [case[:2] for case in NOT_PASSED.values()], ids=NOT_PASSED.keys())
@in_one_test("mark", ["x", "X"])
def test_only_failed_and_pending_take_a_tick_away(mark: str, run: TestRun, verdict: Verdict) -> None:
    assert (" " if verdict in (FAILED, PENDING) else mark) == judge(make_item(mark), run).mark


@pytest.mark.parametrize("run", STILL_PASSED.values(), ids=STILL_PASSED.keys())
@pytest.mark.parametrize(("mark", "after"), [(" ", "x"), ("x", "x"), ("X", "X")])
def test_what_does_not_concern_a_criterion_does_not_stop_it(mark: str, after: str, run: TestRun) -> None:
    found = judge(make_item(mark), run)
    assert (found.verdict, found.reason, found.mark) == (PASSED, "", after)


@pytest.mark.parametrize(("item", "verdict", "reason"), WHATEVER_PASSED.values(), ids=WHATEVER_PASSED.keys())
@pytest.mark.parametrize("run", [None, make_run(GOOD), make_run(make_record("failed"))], ids=["no run", "good", "bad"])
def test_no_run_counts_for_these_and_their_boxes_stay(
    item: TrackedCriterion, verdict: Verdict, reason: str, run: TestRun | None
) -> None:
    found = judge(item, run)
    assert (verdict, item.criterion.box.mark) == (found.verdict, found.mark)
    assert reason in found.reason


@pytest.mark.parametrize("mark", [" ", "x"])
@pytest.mark.parametrize("unverified", [False, True])
@pytest.mark.parametrize("strict", [False, True])
def test_without_a_run_nothing_is_proved_and_nothing_changes(mark: str, unverified: bool, strict: bool) -> None:
    found = judge(make_item(mark, unverified=unverified), None, strict=strict)
    assert (found.verdict, found.reason, found.mark) == (NOT_RUN, "no results yet", mark)


def test_a_feature_file_that_came_since_the_run_makes_it_stale() -> None:
    facts = make_context(make_run(GOOD), today={**TODAY, "features/new.feature": "n"})
    found = judge_spec([make_item(files=(FEATURE, "features/new.feature"))], facts)[0]
    assert (
        found.verdict,
        found.reason,
    ) == (STALE, "`features/new.feature` is new since these results were recorded; run again")


@pytest.mark.parametrize(("mark", "verdict"), [(" ", NOT_RUN), ("x", STALE)])
def test_a_criterion_that_no_run_has_known_is_not_run_unless_it_is_ticked(mark: str, verdict: Verdict) -> None:
    path = "features/new.feature"
    facts = make_context(make_run(GOOD), today={**TODAY, path: "n"})
    item = replace(make_item(mark, files=(path,)), id="ac_9_9_123456")
    found = judge_spec([item], facts)[0]
    assert (verdict, found.reason == "no results yet", mark) == (found.verdict, mark == " ", found.mark)


def test_a_feature_file_that_is_gone_since_the_run_makes_it_stale() -> None:
    facts = make_context(make_run(GOOD, OTHER), today={key: TODAY[key] for key in TODAY if key != OTHER_FEATURE})
    assert judge_spec([make_item()], facts)[0].verdict == STALE


def test_a_hand_written_scenario_needs_no_memory() -> None:
    item = make_item(proof=ProofSource.HAND_WRITTEN, known=False)
    assert judge(item, make_run(GOOD)).verdict == PASSED


@pytest.mark.parametrize("status", ["before_feature", "after_feature"])
def test_the_hooks_of_a_feature_do_not_concern_what_was_left_out(status: str) -> None:
    run = make_run(make_record("untested", status="skipped"), failures=(RunFailure(FEATURE, f"{status}: no"),))
    assert judge(make_item("x"), run).verdict == SKIPPED


def test_the_scenario_and_the_step_that_decided_are_named() -> None:
    bad = make_record("passed", "failed", line=77)
    found = judge(make_item(), make_run(GOOD, bad))
    assert (bad, bad.steps[1]) == (found.record, found.step)


def test_the_scenario_below_the_broken_feature_hook_is_named() -> None:
    found = judge(make_item(), make_run(GOOD, OTHER, failures=(RunFailure(OTHER_FEATURE, "no"),)))
    assert found.record == OTHER


def test_the_reason_is_the_first_line_of_the_error() -> None:
    steps = (replace(make_record("failed").steps[0], error="\n expected 3, found 4\nmore\nand more\n"),)
    assert judge(make_item(), make_run(make_record(steps=steps))).reason == "expected 3, found 4"


# --- trust ----------------------------------------------------------------------------------------------------------

# A box that was ticked before it was generated: the run, what is found, the mark, and whether trust ends.
TRUST: dict[str, tuple[TestRun, Verdict, str, bool]] = {
    "pending": (make_run(make_record("pending")), UNVERIFIED, "x", False),
    "undefined": (make_run(make_record("undefined")), UNVERIFIED, "x", False),
    "no steps": (make_run(make_record()), UNVERIFIED, "x", False),
    "passed": (make_run(GOOD), PASSED, "x", True),
    "failed": (make_run(make_record("failed")), FAILED, " ", True),
    "skipped": (make_run(make_record(status="skipped")), SKIPPED, "x", False),
    "not run": (make_run(), NOT_RUN, "x", False),
    "stale": (make_run(GOOD, digests={}), STALE, "x", False),
}


@pytest.mark.parametrize(("run", "verdict", "mark", "ends"), TRUST.values(), ids=TRUST.keys())
def test_a_trusted_tick_lasts_until_it_is_proved_or_refuted(
    run: TestRun, verdict: Verdict, mark: str, ends: bool
) -> None:
    item = make_item("x", unverified=True)
    found = judge(item, run)
    assert (found.verdict, found.mark) == (verdict, mark)
    assert (frozenset({ID}) if ends else frozenset()) == find_no_longer_unverified([item], [found])


@pytest.mark.parametrize(("run", "verdict", "mark", "ends"), TRUST.values(), ids=TRUST.keys())
def test_strict_trusts_no_tick_and_gives_no_trust_back(run: TestRun, verdict: Verdict, mark: str, ends: bool) -> None:
    item = make_item("x", unverified=True)
    found = judge(item, run, strict=True)
    lost = verdict is UNVERIFIED
    assert (found.verdict, found.mark) == (PENDING if lost else verdict, " " if lost else mark)
    assert (frozenset({ID}) if ends or lost else frozenset()) == find_no_longer_unverified([item], [found])


@pytest.mark.parametrize("item", [make_item("x"), make_item(" ", unverified=True)], ids=["ticked", "unticked"])
def test_other_pending_criteria_are_not_on_trust(item: TrackedCriterion) -> None:
    found = judge(item, make_run(make_record("pending")))
    assert (PENDING, " ", frozenset()) == (found.verdict, found.mark, find_no_longer_unverified([item], [found]))


def test_an_ordinary_criterion_has_no_trust_to_lose() -> None:
    item = make_item("x")
    assert frozenset() == find_no_longer_unverified([item], [judge(item, make_run(make_record("failed")))])


# --- parents --------------------------------------------------------------------------------------------------------

CHILD_IDS = ("ac_1_1_child0", "ac_1_1_child1")


def make_child(number: int, mark: str = " ", *, parent: int = 0, **facts: Any) -> TrackedCriterion:
    """Make a criterion nested under another one."""
    changes: Mapping[str, Any] = {"parent": parent, "box": Box(mark, 20 + number), **facts.pop("changes", {})}
    return make_item(mark, changes=changes, id=CHILD_IDS[number], **facts)


def make_child_run(*statuses: str, **changes: Any) -> TestRun:
    """Make a run with one scenario for each child, whose one step has that status."""
    tags = zip(CHILD_IDS, statuses, strict=False)
    records = [make_record(status, tags=(tag,)) for tag, status in tags]
    return make_run(*records, **{"expected": dict.fromkeys(CHILD_IDS, 1), **changes})


MANUAL_CHILD: dict[str, Any] = {"changes": {"manual": True}, "proof": ProofSource.NONE}
WAIVED_CHILD: dict[str, Any] = {"changes": {"waived": "bought in"}, "proof": ProofSource.NONE}
WONT_CHILD: dict[str, Any] = {"changes": {"tier": Tier.WONT}, "proof": ProofSource.NONE}

# The two children and the statuses of their steps, and what the parent is.
PARENTS: dict[str, tuple[TrackedCriterion, TrackedCriterion, tuple[str, str], Verdict]] = {
    "both passed": (make_child(0), make_child(1), ("passed", "passed"), PASSED),
    "one failed": (make_child(0), make_child(1), ("passed", "failed"), FAILED),
    "one failed, one pending": (make_child(0), make_child(1), ("pending", "failed"), FAILED),
    "one pending": (make_child(0), make_child(1), ("pending", "passed"), PENDING),
    "one skipped": (make_child(0), make_child(1), ("skipped", "passed"), SKIPPED),
    "one untested": (make_child(0), make_child(1), ("passed", "untested"), NOT_RUN),
    "one stale": (make_child(0), make_child(1, current=False), ("passed", "passed"), STALE),
    "one stale, one pending": (make_child(0), make_child(1, current=False), ("pending", "passed"), STALE),
    "one without a scenario yet": (make_child(0), make_child(1, known=False), ("passed", "passed"), NOT_RUN),
    "one waived": (make_child(0), make_child(1, **WAIVED_CHILD), ("passed", "failed"), PASSED),
    "both waived": (make_child(0, **WAIVED_CHILD), make_child(1, **WAIVED_CHILD), ("passed", "passed"), NOT_RUN),
    "one manual and ticked": (make_child(0), make_child(1, "x", **MANUAL_CHILD), ("passed", "failed"), PASSED),
    "one manual and not ticked": (make_child(0), make_child(1, **MANUAL_CHILD), ("passed", "passed"), NOT_RUN),
    "both manual and ticked": (
        make_child(0, "x", **MANUAL_CHILD),
        make_child(1, "x", **MANUAL_CHILD),
        ("passed", "passed"),
        MANUAL,
    ),
    "one manual and ticked, one waived": (
        make_child(0, "x", **MANUAL_CHILD),
        make_child(1, **WAIVED_CHILD),
        ("passed", "passed"),
        MANUAL,
    ),
    "one dropped with a reason": (make_child(0), make_child(1, "-", **WAIVED_CHILD), ("passed", "failed"), PASSED),
    "one set aside": (make_child(0), make_child(1, "~", proof=ProofSource.NONE), ("passed", "passed"), NOT_RUN),
    "one set aside, one failed": (
        make_child(0),
        make_child(1, "-", proof=ProofSource.NONE),
        ("failed", "passed"),
        FAILED,
    ),
    "one won't": (make_child(0), make_child(1, **WONT_CHILD), ("passed", "failed"), PASSED),
    "both won't": (make_child(0, **WONT_CHILD), make_child(1, **WONT_CHILD), ("passed", "passed"), NOT_RUN),
}


@pytest.mark.parametrize(("first", "second", "statuses", "verdict"), PARENTS.values(), ids=PARENTS.keys())
@pytest.mark.parametrize("mark", [" ", "x"])
def test_a_parent_passes_when_its_children_do(
    first: TrackedCriterion, second: TrackedCriterion, statuses: tuple[str, str], verdict: Verdict, mark: str
) -> None:
    parent = make_item(mark, proof=ProofSource.CHILDREN, files=())
    found = judge_spec([parent, first, second], make_context(make_child_run(*statuses)))[0]
    expected = {PASSED: "x", FAILED: " ", PENDING: " "}.get(verdict, mark)
    assert (found.verdict, found.mark) == (verdict, expected)
    assert (verdict is PASSED) == (found.reason == "")


BLIND = CriterionStrength(ID, Strength.BLIND, "its checks noticed none of 3 faults")
REQUIRED: dict[str, dict[str, Any]] = {
    "a failure that was seen before": {"seen_failing": SeenFailing()},
    "a check that noticed a fault": {"strengths": {ID: BLIND}},
    "a challenge": {"strengths": {}},
}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_scenario_with_the_tag_of_a_parent_needs_as_every_other(name: str) -> None:
    parent = make_item(proof=ProofSource.CHILDREN)
    child = make_child(0, "x", files=(), changes={"parent": 0, "manual": True})
    context = replace(make_context(make_run(GOOD)), **REQUIRED[name])
    found = judge_spec([parent, child], context)[0]
    assert (found.verdict, found.mark) == (PENDING, " ")


def test_a_parent_says_what_is_wrong_below_it() -> None:
    parent = make_item(proof=ProofSource.CHILDREN, files=())
    found = judge_spec([parent, make_child(0)], make_context(make_child_run("undefined")))[0]
    assert found.reason == "nested criterion: undefined step `step 10`"


@pytest.mark.parametrize(("mark", "verdict"), [("x", UNVERIFIED), (" ", PENDING)])
@pytest.mark.parametrize("second", ["passed", "pending"])
def test_a_ticked_parent_shares_the_trust_in_its_children(mark: str, verdict: Verdict, second: str) -> None:
    children = [make_child(number, "x", unverified=True) for number in (0, 1)]
    parent = make_item(mark, proof=ProofSource.CHILDREN, files=())
    found = judge_spec([parent, *children], make_context(make_child_run("pending", second)))[0]
    assert (found.verdict, found.mark) == (verdict, mark)


def test_a_ticked_parent_of_children_on_trust_is_unticked_when_nothing_is_trusted() -> None:
    items = [make_item("x", proof=ProofSource.CHILDREN, files=()), make_child(0, "x", unverified=True)]
    found = judge_spec(items, make_context(make_child_run("pending"), strict=True))
    assert [(one.verdict, one.mark) for one in found] == [(PENDING, " "), (PENDING, " ")]


def test_a_parent_is_not_on_trust_with_a_child_that_is_not() -> None:
    items = [make_item("x", proof=ProofSource.CHILDREN, files=()), make_child(0, "x", unverified=True), make_child(1)]
    found = judge_spec(items, make_context(make_child_run("pending", "pending")))
    assert [one.verdict for one in found] == [PENDING, UNVERIFIED, PENDING]


@pytest.mark.parametrize(
    ("status", "verdict"), [("passed", PASSED), ("failed", FAILED), ("pending", PENDING), ("untested", NOT_RUN)]
)
def test_a_scenario_with_the_tag_of_a_parent_has_to_pass_as_well(status: str, verdict: Verdict) -> None:
    run = make_child_run("passed")
    run = replace(run, results=(*run.results, make_record(status)))
    found = judge_spec([make_item(proof=ProofSource.CHILDREN), make_child(0)], make_context(run))[0]
    assert found.verdict == verdict


def test_a_scenario_with_the_tag_of_a_parent_does_not_speak_for_its_children() -> None:
    run = make_child_run("failed")
    run = replace(run, results=(*run.results, GOOD))
    assert judge_spec([make_item(proof=ProofSource.CHILDREN), make_child(0)], make_context(run))[0].verdict == FAILED


@pytest.mark.parametrize(("status", "verdict"), [("passed", PASSED), ("failed", FAILED)])
def test_a_grandchild_decides_for_all_above_it(status: str, verdict: Verdict) -> None:
    middle = make_child(1, proof=ProofSource.CHILDREN, files=())
    items = [make_item(proof=ProofSource.CHILDREN, files=()), middle, make_child(0, parent=1)]
    found = judge_spec(items, make_context(make_child_run(status)))
    assert [one.verdict for one in found] == [verdict] * 3


def test_the_children_of_one_parent_say_nothing_of_another() -> None:
    items = [
        make_item(proof=ProofSource.CHILDREN, files=()),
        make_child(0),
        make_item(proof=ProofSource.CHILDREN, files=(), id="ac_1_1_other"),
        make_child(1, parent=2),
    ]
    found = judge_spec(items, make_context(make_child_run("passed", "failed")))
    assert [one.verdict for one in found] == [PASSED, PASSED, FAILED, FAILED]


# --- what is not judged, and what gates -------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [" ", "x", "~"])
def test_wont_haves_are_never_judged(mark: str) -> None:
    wont = make_item(mark, changes={"tier": Tier.WONT}, proof=ProofSource.NONE)
    assert judge_spec([wont], make_context(make_run(GOOD))) == ()


FULFILLED = {PASSED: True, WAIVED: True, FAILED: False, PENDING: False, STALE: False, SKIPPED: False, NOT_RUN: False}


@pytest.mark.parametrize(("verdict", "fulfilled"), [*FULFILLED.items(), (UNVERIFIED, False)])
@pytest.mark.parametrize("mark", [" ", "x"])
def test_a_box_fulfils_nothing_but_a_manual_criterion(verdict: Verdict, fulfilled: bool, mark: str) -> None:
    found = replace(judge(make_item(mark), None), verdict=verdict)
    assert is_fulfilled(found) == fulfilled


@pytest.mark.parametrize(("mark", "fulfilled"), [(" ", False), ("x", True), ("X", True), ("~", False), ("-", False)])
def test_a_manual_criterion_counts_by_its_box(mark: str, fulfilled: bool) -> None:
    found = judge(make_item(mark, changes={"manual": True}), make_run(GOOD))
    assert (found.verdict, is_fulfilled(found)) == (MANUAL, fulfilled)


def test_acceptance_waits_for_the_tiers_of_the_gate_that_are_not_waived() -> None:
    items = [
        make_item(id="must"),
        make_item(id="should", changes={"tier": Tier.SHOULD}),
        make_item(id="waived", changes={"waived": "bought in"}),
        make_item("~", id="aside"),
        make_item(id="manual", changes={"manual": True}),
        make_item(id="parent", proof=ProofSource.CHILDREN, files=()),
        make_item(id="child", changes={"tier": Tier.COULD, "waived": "bought in", "parent": 5}),
    ]
    found = judge_spec(items, make_context(None))
    # A parent of which only a waived criterion is left still gates.
    assert [one.id for one in find_gating_criteria(found, (Tier.MUST,))] == ["must", "aside", "manual", "parent"]
    both = [one.id for one in find_gating_criteria(found, (Tier.MUST, Tier.SHOULD))]
    assert both == ["must", "should", "aside", "manual", "parent"]


GREEN = make_run(GOOD)

SAID: dict[str, tuple[TrackedCriterion, TestRun, Verdict, str]] = {
    "a person judges it": (
        make_item(changes={"manual": True}),
        GREEN,
        MANUAL,
        "not ticked yet",
    ),
    "it is waived": (make_item(changes={"waived": "no users"}), GREEN, WAIVED, "no users"),
    "it is set aside": (make_item("-"), GREEN, PENDING, "set aside with `[-]`, but not waived"),
    "it has no scenario yet": (
        make_item(known=False, current=False),
        GREEN,
        NOT_RUN,
        "no scenario yet",
    ),
    "its scenario is another one by now": (
        make_item(current=False),
        GREEN,
        STALE,
        "scenario differs from what `spec2bdd generate` writes",
    ),
    "it was reworded": (
        make_item(reworded="It worked"),
        GREEN,
        STALE,
        f"wording changed (was `It worked`); run `spec2bdd accept {ID}`",
    ),
    "it was reworded, and not generated since": (
        make_item(reworded="It worked", current=False),
        GREEN,
        STALE,
        "wording changed (was `It worked`); run `spec2bdd generate`",
    ),
    "it was reworded and is pending": (
        make_item(reworded="It worked"),
        make_run(make_record("pending")),
        STALE,
        f"wording changed (was `It worked`); run `spec2bdd accept {ID}`",
    ),
    "it was reworded and failed": (
        make_item(reworded="It worked"),
        make_run(make_record("failed")),
        FAILED,
        "step has the status `failed`",
    ),
    "it was ticked before": (
        make_item("x", unverified=True),
        make_run(make_record()),
        UNVERIFIED,
        "ticked before spec2bdd generated its scenario; the scenario has no steps",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_keeps_it_from_passing_is_described_in_these_words(name: str) -> None:
    item, run, verdict, reason = SAID[name]
    assert (judge(item, run).verdict, judge(item, run).reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("mark", "run", "after"),
    [
        (" ", GREEN, "x"),
        ("x", GREEN, "x"),
        ("X", GREEN, "X"),
        ("x", make_run(make_record("failed")), " "),
        ("X", make_run(make_record("pending")), " "),
        (" ", make_run(make_record("failed")), " "),
        ("/", make_run(make_record("failed")), "/"),
        ("/", GREEN, "x"),
        ("x", make_run(make_record("skipped")), "x"),
        ("~", GREEN, "~"),
        ("-", make_run(make_record("failed")), "-"),
    ],
)
def test_a_box_holds_this_after_that_run(mark: str, run: TestRun, after: str) -> None:
    assert after == judge(make_item(mark), run).mark


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        make_record("passed", finished=False),
        make_record("passed", "untested"),
        make_record("passed", "splendid"),
        make_record("skipped", status="skipped"),
    ],
)
def test_whatever_keeps_it_from_passing_the_scenario_is_named(record: ScenarioResult) -> None:
    assert record == judge(make_item(), make_run(record)).record


def test_a_scenario_that_has_nothing_of_its_own_is_shown() -> None:
    record = make_record("passed", bare=True)
    found = judge_record(record)
    assert (found.verdict, found.record, found.step) == (PENDING, record, None)


def test_where_a_project_wants_it_every_step_of_a_run_can_fail() -> None:
    run = make_run(make_record(), make_record("passed", "failed"))
    steps = tuple(replace(step, vacuous=True) for step in make_steps("passed", "failed"))
    vacuous = replace(run, results=(run.results[0], replace(run.results[1], steps=steps)))
    assert vacuous != run
    assert run == ignore_vacuity(vacuous)
    assert run.complete
