"""Which criteria are newly claimed, what counts as red at the merge base, and what becomes of a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import ID, make_context, make_item, make_record, make_run

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.merge_base import (
    BaseClaims,
    describe_comparisons,
    is_claimed,
    judge_at_base,
    require_red_at_base,
)
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import BaseComparison, BaseOutcome, BoxKind, RuleId, Verdict

ITEM, TICKED = make_item(), make_item("x")
PASSED = Ruling(Verdict.PASSED)
GREEN = BaseComparison(BaseOutcome.GREEN, "main", "abc1234def")
UNKNOWN = BaseComparison(BaseOutcome.UNKNOWN, "main", reason="could not be run at `main`: it crashed")


@pytest.mark.parametrize("outcome", [BaseOutcome.RED, BaseOutcome.CLAIMED, BaseOutcome.EXISTING])
def test_a_pass_counts_if_it_is_red_at_the_base_or_no_claim_of_the_branch(outcome: BaseOutcome) -> None:
    comparison = BaseComparison(outcome, "main")
    expected = replace(PASSED, comparison=comparison)
    assert require_red_at_base(ITEM, PASSED, comparison, strict=True) == expected


@pytest.mark.parametrize("item", [ITEM, TICKED])
def test_a_pass_at_the_base_as_well_is_pending(item: object) -> None:
    ruling = require_red_at_base(item, PASSED, GREEN, strict=False)  # type: ignore[arg-type]
    assert (ruling.verdict, ruling.rule) == (Verdict.PENDING, RuleId.GREEN_AT_BASE)
    assert ruling.reason == "passed, but passes at `main` as well"


@pytest.mark.parametrize("comparison", [replace(UNKNOWN, commit="9d2c7ab"), None])
def test_what_is_not_known_of_the_base_ticks_nothing_and_unticks_only_if_strict(
    comparison: BaseComparison | None,
) -> None:
    verdicts = [
        require_red_at_base(item, PASSED, comparison, strict=strict).verdict
        for item in (ITEM, TICKED)
        for strict in (False, True)
    ]
    assert verdicts == [Verdict.PENDING, Verdict.PENDING, Verdict.UNVERIFIED, Verdict.PENDING]


def test_where_nothing_can_be_compared_a_tick_stays_even_if_strict() -> None:
    impossible = BaseComparison(BaseOutcome.UNKNOWN, "mian", reason="there is no branch `mian`")
    verdicts = [
        require_red_at_base(item, PASSED, impossible, strict=strict).verdict
        for item in (ITEM, TICKED)
        for strict in (False, True)
    ]
    assert verdicts == [Verdict.PENDING, Verdict.PENDING, Verdict.UNVERIFIED, Verdict.UNVERIFIED]


def test_a_report_of_another_tool_cannot_be_run_at_the_base() -> None:
    ruling = require_red_at_base(ITEM, replace(PASSED, external_only=True), None, strict=False)
    assert (ruling.verdict, ruling.rule) == (Verdict.PENDING, RuleId.NOT_COMPARED)
    assert "known only from a report of another tool" in ruling.reason


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_only_a_pass_needs_a_failure_at_the_base(verdict: Verdict) -> None:
    assert require_red_at_base(ITEM, Ruling(verdict), GREEN, strict=True) == Ruling(verdict)


def test_a_criterion_is_judged_with_its_comparison() -> None:
    facts = replace(make_context(make_run(make_record("passed"))), comparisons={ID: GREEN})
    judged = judge_spec([TICKED], facts)[0]
    assert (judged.verdict, judged.mark, judged.comparison) == (Verdict.PENDING, " ", GREEN)


@pytest.mark.parametrize(("comparison", "verdict"), [(GREEN, Verdict.PENDING), (UNKNOWN, Verdict.UNVERIFIED)])
def test_a_tick_that_came_with_a_new_spec_is_not_trusted_if_it_passes_at_the_base(
    comparison: BaseComparison, verdict: Verdict
) -> None:
    facts = replace(make_context(make_run(make_record("passed"))), comparisons={ID: comparison})
    assert judge_spec([replace(TICKED, unverified=True)], facts)[0].verdict is verdict


def test_the_outcomes_are_counted_in_one_line() -> None:
    judged = judge_spec([ITEM], make_context(make_run(make_record("passed"))))[0]
    outcomes = [*BaseOutcome, BaseOutcome.RED, None]
    verdicts = [replace(judged, comparison=outcome and BaseComparison(outcome, "main")) for outcome in outcomes]
    (note,) = describe_comparisons(verdicts)
    counts = "2 red there and green here, 1 green there as well, 1 not compared because of `@existing`, 1 not known"
    assert note == f"newly claimed since `main`: {counts}"
    assert [*describe_comparisons([judged, replace(judged, comparison=BaseComparison(BaseOutcome.CLAIMED))])] == []


FAILED = Ruling(Verdict.FAILED, "AssertionError\nmore")
UNLOADED = Ruling(Verdict.NOT_RUN, "its file cannot be loaded", rule=RuleId.BAD_FILE)


@pytest.mark.parametrize(
    ("at_base", "is_red"),
    [
        (FAILED, True),
        (Ruling(Verdict.PENDING, "undefined step"), True),
        (UNLOADED, True),
        (Ruling(Verdict.NOT_RUN, "it was not reached"), False),
        (Ruling(Verdict.SKIPPED, "skipped"), False),
        (Ruling(Verdict.STALE, "a file changed during this run"), False),
    ],
)
def test_red_is_what_fails_or_cannot_be_loaded(at_base: Ruling, is_red: bool) -> None:
    judged = judge_at_base(at_base, control=PASSED, everything_ran=True, claims_nothing=False)
    assert judged == (is_red, at_base.reason.partition("\n")[0])


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.PENDING, Verdict.NOT_RUN, Verdict.SKIPPED])
def test_what_fails_in_a_new_checkout_in_any_case_is_not_red(verdict: Verdict) -> None:
    judged = judge_at_base(FAILED, control=Ruling(verdict, "no `.env`"), everything_ran=True, claims_nothing=True)
    assert judged == (False, "it does not pass in a new checkout of today's files either: no `.env`")


@pytest.mark.parametrize("claims_nothing", [True, False])
def test_hooks_that_fail_around_everything_are_red_only_before_the_first_claim(claims_nothing: bool) -> None:
    judged = judge_at_base(UNLOADED, control=PASSED, everything_ran=False, claims_nothing=claims_nothing)
    assert judged[0] is claims_nothing


@pytest.mark.parametrize(
    ("id_", "path", "wording", "claimed"),
    [
        ("ac_1", "specs/1.md", "it works", True),
        ("ac_1", "specs/moved.md", "it works", True),
        ("ac_1", "specs/1.md", "it works well", False),
        ("ac_2", "specs/1.md", "it fails", False),
        ("ac_9", "specs/1.md", "it works", True),
        ("ac_9", "specs/2.md", "it works", False),
    ],
)
def test_a_criterion_is_claimed_by_its_id_with_its_wording(id_: str, path: str, wording: str, claimed: bool) -> None:
    claims = BaseClaims({"ac_1": "it works", "ac_2": ""}, {"specs/1.md": frozenset({"it works"})})
    assert claims.includes(id_, path, wording) is claimed


def test_what_has_no_place_for_a_mark_is_claimed_by_being_there() -> None:
    without = replace(ITEM.criterion, box=replace(ITEM.criterion.box, kind=BoxKind.NONE))
    assert [is_claimed(ITEM.criterion), is_claimed(TICKED.criterion), is_claimed(without)] == [False, True, True]


@pytest.mark.parametrize(
    ("comparison", "summary"),
    [
        (GREEN, "green at main (abc1234) and here"),
        (
            BaseComparison(BaseOutcome.RED, "main", "abc1234def", "no such name"),
            "red at main (abc1234), green here: no such name",
        ),
        (BaseComparison(BaseOutcome.CLAIMED, "main", "abc1234def"), "ticked at main (abc1234) already"),
        (BaseComparison(BaseOutcome.EXISTING, "main", reason="tagged"), "not compared with main: tagged"),
        (UNKNOWN, "could not be run at `main`: it crashed"),
    ],
)
def test_a_comparison_is_described_in_one_line(comparison: BaseComparison, summary: str) -> None:
    assert comparison.summary == summary
