"""What blocks a spec's status, line by line and in the order of the statuses."""

from __future__ import annotations

import pytest
from verdict_values import make_judgement, make_spec

from spec2bdd.domain.verdicts.status.blockers import find_blockers
from spec2bdd.model import (
    BlockingSpec,
    CriterionVerdict,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    SpecReport,
    Tier,
    Verdict,
)
from spec2bdd.model.spec import Box

MUST = (Tier.MUST,)
PASSED = make_judgement(Verdict.PASSED)


def make_done(mark: str, verdict: Verdict = Verdict.MANUAL, reason: str = "", *kinds: EvidenceKind) -> DoneItemVerdict:
    """Make the verdict on a done item in line 90."""
    return DoneItemVerdict(DoneItem("It is tidy", Box(mark, 900), 90, 1), verdict, reason, kinds, mark)


def make_report(
    *judgements: CriterionVerdict, done: tuple[DoneItemVerdict, ...] = (), **more: BlockingSpec
) -> SpecReport:
    """Make the report of a spec with these verdicts."""
    return SpecReport(make_spec(), judgements, done=done, blocking=tuple(more.values()))


def test_nothing_holds_a_spec_that_is_done() -> None:
    assert find_blockers(make_report(PASSED, done=(make_done("x"), make_done("X"))), MUST) == ()


@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        (make_judgement(Verdict.PENDING), "line 3: a must criterion is pending"),
        (make_judgement(Verdict.NOT_RUN), "line 3: a must criterion is not run"),
        (make_judgement(Verdict.UNVERIFIED), "line 3: a must criterion is unverified"),
        (make_judgement(Verdict.MANUAL, manual=True), "line 3: a must criterion is not ticked"),
    ],
)
def test_a_gating_criterion_that_is_not_fulfilled_holds(judgement: CriterionVerdict, expected: str) -> None:
    report = make_report(judgement, PASSED, done=(make_done("x"),))
    assert find_blockers(report, MUST) == (expected,)


def test_what_does_not_gate_or_is_ticked_by_a_person_or_waived_does_not_hold() -> None:
    judgements = (
        PASSED,
        make_judgement(Verdict.PENDING, tier=Tier.SHOULD),
        make_judgement(Verdict.MANUAL, "x", manual=True),
        make_judgement(Verdict.WAIVED, "~", waived="no"),
    )
    assert find_blockers(make_report(*judgements, done=(make_done("x"),)), MUST) == ()


def test_without_a_gating_criterion_the_tiers_that_gate_are_named() -> None:
    report = make_report(make_judgement(Verdict.PASSED, tier=Tier.COULD), done=(make_done("x"),))
    expected = "no criterion gates: there is none of the tier must or should"
    assert find_blockers(report, (Tier.MUST, Tier.SHOULD)) == (expected,)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (make_done(" "), "line 90: not done: It is tidy"),
        (make_done("~"), "line 90: not done: It is tidy"),
        (make_done(" ", Verdict.MANUAL, "a person looks"), "line 90: not done: It is tidy"),
        (make_done(" ", Verdict.FAILED, "81%", EvidenceKind.COVERAGE), "line 90: not done: It is tidy (81%)"),
        (
            make_done("x", Verdict.NOT_RUN, "too old", EvidenceKind.FILE),
            "line 90: ticked, but not proved: It is tidy (too old)",
        ),
    ],
)
def test_an_open_done_item_holds(done: DoneItemVerdict, expected: str) -> None:
    assert find_blockers(make_report(PASSED, done=(done, make_done("x"))), MUST) == (expected,)


def test_a_done_item_that_is_proved_does_not_hold() -> None:
    assert (
        find_blockers(make_report(PASSED, done=(make_done("x", Verdict.PASSED, "90%", EvidenceKind.COVERAGE),)), MUST)
        == ()
    )


def test_a_missing_list_holds() -> None:
    assert find_blockers(make_report(PASSED), MUST) == ("there is no Definition of Done",)


def test_other_specs_hold_behind_all_else() -> None:
    report = make_report(
        make_judgement(Verdict.FAILED),
        one=BlockingSpec("1.2", "specs/b.md", "Draft"),
        two=BlockingSpec("", "specs/c.md", "Review"),
    )
    assert find_blockers(report, MUST) == (
        "line 3: a must criterion is failed",
        "there is no Definition of Done",
        "waiting for 1.2 (Draft), specs/c.md (Review)",
    )
