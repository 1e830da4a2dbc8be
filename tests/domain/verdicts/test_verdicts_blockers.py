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
        (make_judgement(Verdict.PENDING), "must criterion pending (line 3)"),
        (make_judgement(Verdict.NOT_RUN), "must criterion not run (line 3)"),
        (make_judgement(Verdict.UNVERIFIED), "must criterion unverified (line 3)"),
        (make_judgement(Verdict.MANUAL, manual=True), "must criterion not ticked (line 3)"),
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
    expected = "the spec has no must or should criterion"
    assert find_blockers(report, (Tier.MUST, Tier.SHOULD)) == (expected,)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (make_done(" "), "definition-of-done item not ticked (line 90): It is tidy"),
        (make_done("~"), "definition-of-done item not ticked (line 90): It is tidy"),
        (make_done(" ", Verdict.MANUAL, "a person looks"), "definition-of-done item not ticked (line 90): It is tidy"),
        (
            make_done(" ", Verdict.FAILED, "81%", EvidenceKind.COVERAGE),
            "definition-of-done item not ticked (line 90): It is tidy (81%)",
        ),
        (
            make_done("x", Verdict.NOT_RUN, "too old", EvidenceKind.FILE),
            "definition-of-done item ticked without evidence (line 90): It is tidy (too old)",
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
    assert find_blockers(make_report(PASSED), MUST) == ("no definition of done",)


def test_other_specs_hold_behind_all_else() -> None:
    report = make_report(
        make_judgement(Verdict.FAILED),
        one=BlockingSpec("1.2", "specs/b.md", "Draft"),
        two=BlockingSpec("", "specs/c.md", "Review"),
    )
    assert find_blockers(report, MUST) == (
        "must criterion failed (line 3)",
        "no definition of done",
        "waiting for 1.2 (Draft), specs/c.md (Review)",
    )
