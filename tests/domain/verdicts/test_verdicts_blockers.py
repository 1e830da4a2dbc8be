"""What blocks a spec's status, line by line and in the order of the statuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import make_judgement, make_spec

from spec2bdd.domain.verdicts.status.blockers import list_holds
from spec2bdd.domain.verdicts.status.status import StatusPolicy
from spec2bdd.model import (
    BlockingSpec,
    CriterionVerdict,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    SpecReport,
    Status,
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


def find_blockers(report: SpecReport, gate: tuple[Tier, ...]) -> tuple[str, ...]:
    """Find all that a draft lacks."""
    found = list_holds(replace(report, status_before="Draft"), StatusPolicy(gate))
    return tuple(hold for blocked in found for hold in blocked.holds)


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


def test_that_all_gating_criteria_are_waived_is_said_and_not_that_there_are_none() -> None:
    judgements = (make_judgement(Verdict.WAIVED, "~", waived="no"), make_judgement(Verdict.PASSED, tier=Tier.COULD))
    report = make_report(*judgements, done=(make_done("x"),))
    assert find_blockers(report, MUST) == ("all must criteria are waived",)


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


OPEN = "definition-of-done item not ticked (line 90): It is tidy"
STALE = "must criterion stale (outdated, line 3)"
HOLDS: dict[str, list[tuple[str, tuple[str, ...], bool]]] = {
    "Draft": [("Review", (STALE,), False), ("Complete", (OPEN,), False)],
    "In Progress": [("Review", (STALE,), False), ("Complete", (OPEN,), False)],
    "Review": [("Review", (STALE,), True), ("Complete", (OPEN,), False)],
    "Complete": [("Complete", (STALE, OPEN), True)],
    # No status is waited for.
    "": [("", (STALE,), False)],
    "Shipped": [("", (STALE,), False)],
}


@pytest.mark.parametrize("status", HOLDS)
def test_what_is_lacked_for_a_status_that_the_spec_has_already_is_said_of_that_status(status: str) -> None:
    report = replace(make_report(make_judgement(Verdict.STALE), done=(make_done(" "),)), status_before=status)
    found = [(blocked.status, blocked.holds, blocked.reached) for blocked in list_holds(report, StatusPolicy())]
    assert found == HOLDS[status]
    completing = [blocked.status for blocked in list_holds(report, StatusPolicy()) if blocked.completes is True]
    assert completing == [name for name, *_ in HOLDS[status] if name == "Complete"]


def test_a_definition_of_done_is_lacked_only_where_a_status_needs_it() -> None:
    report, words = make_report(PASSED), (("draft", Status.DRAFT), ("done", Status.COMPLETE))
    upstream = replace(report, spec=replace(report.spec, statuses=words))
    cases = [
        (replace(report, status_before="Review"), StatusPolicy(), ("no definition of done",)),
        (replace(report, status_before="Review"), StatusPolicy(without_done=Status.COMPLETE), ()),
        (replace(upstream, status_before="done"), StatusPolicy(), ()),
        (replace(upstream, status_before="draft"), StatusPolicy(), ("no definition of done",)),
    ]
    assert [list_holds(each, policy)[-1].holds for each, policy, _ in cases] == [holds for *_, holds in cases]
