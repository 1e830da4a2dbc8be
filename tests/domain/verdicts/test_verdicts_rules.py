"""Which rule decides on a criterion: the most exact one, found with the facts, and always one that the docs have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from verdict_values import (
    FEATURE,
    ID,
    OTHER_FEATURE,
    TODAY,
    judge,
    make_context,
    make_diagnostic,
    make_item,
    make_judgement,
    make_record,
    make_run,
    make_steps,
)

from spec2bdd.domain.verdicts.criteria import judge_parent, judge_spec
from spec2bdd.domain.verdicts.rules import RULES, find_rule
from spec2bdd.domain.verdicts.scenarios.context import SeenFailing
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import (
    Box,
    CriterionVerdict,
    ProofSource,
    RuleId,
    RunFailure,
    ScenarioResult,
    StepResult,
    TestRun,
    Tier,
    TrackedCriterion,
    Verdict,
)

DOCS = Path(__file__).parents[3]
VACUOUS = StepResult("Then", "then", "it works", 9, "passed", vacuous=True)
ITEM = make_item()
TRUSTED = make_item("x", unverified=True)
PASSED = make_run(make_record("passed"))
FAILED = make_run(make_record("failed", status="failed"))
PENDING = make_run(make_record("pending", status="error"))
CANNOT_FAIL = make_run(make_record(steps=(VACUOUS,)))
# The words of a user's exception may be those of a reason of our own.
RAISED = "after_all: the socket cannot be closed"


def judge_with_red(item: TrackedCriterion) -> CriterionVerdict:
    """Judge a criterion whose steps passed, where a check counts only once it was seen to fail."""
    return judge_spec([item], replace(make_context(PASSED), seen_failing=SeenFailing()))[0]


DECIDED: dict[str, tuple[CriterionVerdict, RuleId]] = {
    "all passed": (judge(ITEM, PASSED), RuleId.PASSED),
    "it failed": (judge(ITEM, FAILED), RuleId.FAILED),
    "it is set aside": (judge(make_item("~"), PASSED), RuleId.SET_ASIDE),
    "it is manual": (judge(make_item(changes={"manual": True}), PASSED), RuleId.MANUAL),
    "it is waived": (judge(make_item(changes={"waived": "no users"}), PASSED), RuleId.WAIVED),
    "it was never red": (judge_with_red(ITEM), RuleId.NEVER_RED),
    "it was never red, and is unverified": (judge_with_red(make_item("x")), RuleId.NEVER_RED),
    "its step cannot fail": (judge(ITEM, CANNOT_FAIL), RuleId.VACUOUS),
    "its step is not written": (judge(ITEM, PENDING), RuleId.PENDING),
    "all its steps are those of a background": (
        judge(ITEM, make_run(make_record("passed", bare=True))),
        RuleId.NO_STEPS,
    ),
    "its scenario has no steps": (judge(ITEM, make_run(make_record())), RuleId.NO_STEPS),
    "it is unverified": (judge(TRUSTED, CANNOT_FAIL), RuleId.UNVERIFIED),
    "its words are others": (judge(make_item(reworded="old"), PASSED), RuleId.REWORDED),
    "its words are others, and its scenario is not": (
        judge(make_item(reworded="old", current=False), PASSED),
        RuleId.REWORDED_NOT_GENERATED,
    ),
    "its words are others, and it failed": (judge(make_item(reworded="old"), FAILED), RuleId.FAILED),
    "its files are others": (judge(ITEM, make_run(make_record("passed"), digests={})), RuleId.OTHER_FILES),
    "it was left out": (judge(ITEM, make_run(make_record("untested", status="skipped"))), RuleId.SKIPPED),
    "two definitions match its step": (judge(ITEM, make_run(make_record("ambiguous"))), RuleId.BAD_FILE),
    "the definition of its step is unknown": (judge(ITEM, make_run(make_record("unknown"))), RuleId.BAD_FILE),
    "its step did not run": (judge(ITEM, make_run(make_record("untested"))), RuleId.NOT_RUN),
    "its file cannot be read": (
        judge(ITEM, make_run(features=(OTHER_FEATURE,), expected={}, diagnostics=(make_diagnostic(FEATURE),))),
        RuleId.BAD_FILE,
    ),
    "its file was not part of the run": (
        judge(ITEM, make_run(features=(OTHER_FEATURE,), expected={})),
        RuleId.NOT_RUN,
    ),
    "nothing was loaded": (
        judge(ITEM, make_run(diagnostics=(make_diagnostic("environment.py", "environment-import"),))),
        RuleId.BAD_FILE,
    ),
    "it was not reached": (judge(ITEM, make_run(expected={ID: 1})), RuleId.NOT_RUN),
    "the run broke in words like ours": (
        judge(ITEM, make_run(make_record("passed"), failures=(RunFailure("", RAISED),))),
        RuleId.BROKEN_RUN,
    ),
    "a step of its own scenario has no definition": (
        judge(replace(ITEM, proof=ProofSource.HAND_WRITTEN), make_run(make_record("undefined", status="undefined"))),
        RuleId.UNDEFINED,
    ),
    "a step of a generated scenario has no definition": (
        judge(ITEM, make_run(make_record("undefined", status="undefined"))),
        RuleId.PENDING,
    ),
    "results contradict each other": (
        judge(ITEM, make_run(make_record("passed", tries=(make_record(steps=(VACUOUS,)),)))),
        RuleId.FAILED,
    ),
}


@pytest.mark.parametrize("name", DECIDED)
def test_the_most_exact_rule_is_named(name: str) -> None:
    verdict, rule = DECIDED[name]
    assert verdict.rule or RuleId(verdict.verdict) == rule
    found = find_rule(ITEM, verdict)
    # Of what can fail or be pending, only that is named which is.
    is_general = rule in (RuleId.FAILED, RuleId.PENDING)
    general = replace(RULES[rule], sentence=found.sentence) if is_general else RULES[rule]
    assert found == general


SENTENCES: dict[str, tuple[CriterionVerdict, str]] = {
    "a step": (judge(ITEM, FAILED), "a step failed"),
    "the time limit": (
        replace(judge(ITEM, FAILED), reason="timed out after 0.5 s"),
        "a scenario that exceeds the time limit fails",
    ),
    "a step that says that something timed out": (
        replace(judge(ITEM, FAILED), reason="timed out after 3 s of waiting"),
        "a step failed",
    ),
    "a hook": (
        judge(ITEM, make_run(make_record("passed", failures=("before_scenario: no",)))),
        "the hook `before_scenario` failed",
    ),
    "a hook around the feature": (
        judge(ITEM, make_run(make_record("passed"), failures=(RunFailure(FEATURE, "after_feature: no"),))),
        "the hook `after_feature` failed",
    ),
    "a clean-up": (judge(ITEM, make_run(make_record("passed", failures=("clean-up: no",)))), "a clean-up failed"),
    "its status": (
        judge(ITEM, make_run(make_record("passed", status="failed"))),
        "the scenario failed outside of its steps",
    ),
    "one of two tries": (
        DECIDED["results contradict each other"][0],
        "results of one commit that contradict each other count as failed",
    ),
    "a stub": (judge(ITEM, PENDING), "a step is not implemented"),
    "a step without a definition": (judge(ITEM, make_run(make_record("undefined"))), "a step is undefined"),
    "a background": (
        judge(ITEM, make_run(make_record("passed", bare=True))),
        "a scenario without steps of its own proves nothing",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_names_the_one_cause_that_applied(name: str) -> None:
    verdict, sentence = SENTENCES[name]
    assert find_rule(ITEM, verdict).sentence == sentence


BELOW: dict[str, tuple[TrackedCriterion, TestRun, RuleId]] = {
    "failed": (ITEM, FAILED, RuleId.CHILDREN),
    "pending": (ITEM, PENDING, RuleId.CHILDREN),
    "set aside": (make_item("~"), PASSED, RuleId.CHILDREN),
    "manual": (make_item(changes={"manual": True}), PASSED, RuleId.CHILDREN),
    "in other words": (make_item(reworded="old"), PASSED, RuleId.CHILDREN),
    "vacuous": (ITEM, CANNOT_FAIL, RuleId.VACUOUS),
    "without steps": (ITEM, make_run(make_record()), RuleId.NO_STEPS),
    "without a known definition": (ITEM, make_run(make_record("unknown")), RuleId.BAD_FILE),
    "passed": (ITEM, PASSED, RuleId.PASSED),
}


@pytest.mark.parametrize("name", BELOW)
def test_a_parent_has_the_rule_that_is_true_of_it_as_well(name: str) -> None:
    child, run, rule = BELOW[name]
    parent = make_item(id="ac_parent", proof=ProofSource.CHILDREN, files=())
    nested = replace(child, criterion=replace(child.criterion, parent=0))
    verdict, _ = judge_spec([parent, nested], make_context(run))
    assert find_rule(parent, verdict).place == RULES[rule].place


@pytest.mark.parametrize("record", [make_record(), make_record("passed", bare=True)])
def test_a_parent_knows_that_a_scenario_under_it_has_no_steps(record: ScenarioResult) -> None:
    parent = make_item(id="ac_parent", proof=ProofSource.CHILDREN, files=())
    nested = replace(ITEM, criterion=replace(ITEM.criterion, parent=0))
    verdict, _ = judge_spec([parent, nested], make_context(make_run(record)))
    assert (RuleId.NO_STEPS, record) == (verdict.rule, verdict.record)


def test_the_words_of_a_reason_decide_nothing() -> None:
    parent = make_item(id="ac_parent", proof=ProofSource.CHILDREN, files=(FEATURE,))
    steps = tuple(replace(step, error="a criterion under it cannot be read") for step in make_steps("failed"))
    record = make_record(steps=steps, tags=("ac_parent", "must"), status="failed")
    run = make_run(record, expected={"ac_parent": 1}, digests=TODAY)
    assert find_rule(parent, judge(parent, run)).place == RULES[RuleId.FAILED].place


def test_what_is_not_wanted_is_not_judged() -> None:
    wont = make_item(changes={"tier": Tier.WONT})
    assert find_rule(ITEM, None) is RULES[RuleId.WONT]
    assert find_rule(wont, make_judgement(Verdict.PENDING)) is RULES[RuleId.WONT]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_rule_of_its_own(verdict: Verdict) -> None:
    item = make_item(changes={"box": Box("x", 10)})
    found = find_rule(item, make_judgement(verdict))
    assert found == replace(RULES[RuleId(verdict)], sentence=found.sentence)


def test_every_rule_has_a_sentence() -> None:
    assert list(RuleId) == sorted(RULES, key=list(RuleId).index)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_in_the_documentation(name: RuleId) -> None:
    page, _, anchor = RULES[name].place.partition("#")
    headings = [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert anchor in [heading.strip("# ").lower().replace(" ", "-") for heading in headings]


def test_a_criterion_of_which_all_nested_ones_are_waived_has_a_rule_of_its_own() -> None:
    parent = make_item().criterion
    waived, passed = Ruling(Verdict.WAIVED, "no users"), Ruling(Verdict.PASSED)
    rules = [judge_parent(parent, nested).rule for nested in ([waived], [waived, passed])]
    assert rules == [RuleId.CHILDREN_WAIVED, None]
