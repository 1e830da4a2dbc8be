"""Which status a spec gets, and when it fails the check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from verdict_values import make_judgement, make_record, make_spec

from spec2bdd.domain.verdicts.status.status import (
    StatusPolicy,
    check_known_status,
    compute_status,
    find_demotion_causes,
    find_failure_reasons,
    hold_unread,
)
from spec2bdd.model import (
    Cause,
    CauseKind,
    CriterionVerdict,
    DoneItemVerdict,
    EvidenceKind,
    FailureKind,
    FailureReason,
    Spec,
    Status,
    Tier,
    Verdict,
)

MUST, SHOULD = Tier.MUST, Tier.SHOULD
DRAFT, BEGUN, REVIEW, COMPLETE = "Draft", "In Progress", "Review", "Complete"

PASSED = make_judgement(Verdict.PASSED, statuses=["passed"])
FAILED = make_judgement(Verdict.FAILED, statuses=["failed"])
ERRED = make_judgement(Verdict.FAILED, statuses=["error"])
PENDING = make_judgement(Verdict.PENDING, statuses=["pending"])
HALF = make_judgement(Verdict.PENDING, statuses=["passed", "undefined"])
STALE = make_judgement(Verdict.STALE)
SKIPPED = make_judgement(Verdict.SKIPPED, statuses=["skipped"])
NOT_RUN = make_judgement(Verdict.NOT_RUN)
TRUSTED = make_judgement(Verdict.UNVERIFIED, "x", statuses=["pending"])
WAIVED = make_judgement(Verdict.WAIVED, waived="bought in")
UNDONE = make_judgement(Verdict.MANUAL, manual=True)
DONE = make_judgement(Verdict.MANUAL, "x", manual=True)
ASIDE = make_judgement(Verdict.PENDING, "~")
LOST = make_judgement(Verdict.PENDING, "x", statuses=["pending"])
SHOULD_FAILED = make_judgement(Verdict.FAILED, tier=SHOULD, statuses=["failed"])
SHOULD_PASSED = make_judgement(Verdict.PASSED, tier=SHOULD, statuses=["passed"])

# The status that is written, the boxes of the definition of done, the judgements, and the status that is true.
CHANGED: dict[str, tuple[str, str, Sequence[CriterionVerdict], str]] = {
    "a step passed in a draft": (DRAFT, "", [PASSED, PENDING], BEGUN),
    "a step failed in a draft": (DRAFT, "", [FAILED], BEGUN),
    "a step raised in a draft": (DRAFT, "", [ERRED], BEGUN),
    "one of two steps is there in a draft": (DRAFT, "", [HALF], BEGUN),
    "a should is begun in a draft": (DRAFT, "", [PENDING, SHOULD_FAILED], BEGUN),
    "all musts of a draft passed": (DRAFT, "", [PASSED, PASSED], REVIEW),
    "all musts passed": (BEGUN, "", [PASSED, PASSED], REVIEW),
    "all musts passed, a should failed": (BEGUN, "", [PASSED, SHOULD_FAILED], REVIEW),
    "all musts passed, nothing is done": (BEGUN, "  ", [PASSED], REVIEW),
    "all musts passed, not all is done": (BEGUN, "x ", [PASSED], REVIEW),
    "all musts passed, one thing is half done": (BEGUN, "x~", [PASSED], REVIEW),
    "all musts passed, all is done": (BEGUN, "xX", [PASSED], COMPLETE),
    "all musts of a draft passed, all is done": (DRAFT, "x", [PASSED], COMPLETE),
    "all musts passed in review, all is done": (REVIEW, "x", [PASSED], COMPLETE),
    "one must passed, one is waived": (BEGUN, "", [PASSED, WAIVED], REVIEW),
    "one must passed, a person ticked the other": (BEGUN, "", [PASSED, DONE], REVIEW),
    "a person ticked all musts": (BEGUN, "", [DONE], REVIEW),
    "a must fails in review": (REVIEW, "", [PASSED, FAILED], BEGUN),
    "a must fails in what is complete": (COMPLETE, "x", [PASSED, FAILED], BEGUN),
    "a must is pending in review": (REVIEW, "", [PASSED, PENDING], BEGUN),
    "a must lost its tick in what is complete": (COMPLETE, "x", [LOST], BEGUN),
    "complete without a definition of done": (COMPLETE, "", [PASSED], REVIEW),
    "complete, and not all is done": (COMPLETE, "x ", [PASSED], REVIEW),
}

KEPT: dict[str, tuple[str, str, Sequence[CriterionVerdict]]] = {
    "no criteria": (DRAFT, "x", []),
    "no criteria, in review": (REVIEW, "x", []),
    "no criteria, complete": (COMPLETE, "x", []),
    "nothing but stubs in a draft": (DRAFT, "x", [PENDING, SKIPPED, NOT_RUN]),
    "no musts, a should passed": (BEGUN, "x", [SHOULD_PASSED]),
    "no musts, a should fails in review": (REVIEW, "", [SHOULD_FAILED]),
    "all musts are waived": (BEGUN, "x", [WAIVED]),
    "all musts are waived, in a draft": (DRAFT, "x", [WAIVED]),
    "stubs do not make a draft of what has begun": (BEGUN, "", [PENDING]),
    "stale keeps down": (BEGUN, "x", [PASSED, STALE]),
    "stale does not send back": (REVIEW, "x", [PASSED, STALE]),
    "skipped keeps down": (BEGUN, "x", [PASSED, SKIPPED]),
    "skipped does not send back": (COMPLETE, "x", [PASSED, SKIPPED]),
    "not run keeps down": (BEGUN, "x", [PASSED, NOT_RUN]),
    "not run does not send back": (COMPLETE, "x", [PASSED, NOT_RUN]),
    "unverified keeps down": (BEGUN, "x", [PASSED, TRUSTED]),
    "unverified does not send back": (COMPLETE, "x", [PASSED, TRUSTED]),
    "unverified keeps review": (REVIEW, "x", [TRUSTED]),
    "a person has not ticked yet": (BEGUN, "x", [PASSED, UNDONE]),
    "a person has not ticked, in review": (REVIEW, "x", [PASSED, UNDONE]),
    "set aside without a reason keeps down": (BEGUN, "x", [PASSED, ASIDE]),
    "set aside without a reason does not send back": (REVIEW, "x", [PASSED, ASIDE]),
    "a must fails in progress": (BEGUN, "x", [PASSED, FAILED]),
    "a should fails in review": (REVIEW, "", [PASSED, SHOULD_FAILED]),
    "review, and nothing is done": (REVIEW, " ", [PASSED]),
    "complete, and all is true": (COMPLETE, "xX", [PASSED]),
}


# The words of a dialect that has none for a review, what is written, and what is written after all musts passed.
NO_REVIEW = (("To Do", Status.DRAFT), ("In Progress", Status.IN_PROGRESS), ("Done", Status.COMPLETE))
WITHOUT_REVIEW = {"To Do": "In Progress", "In Progress": "In Progress", "Done": "Done"}


@pytest.mark.parametrize(("status", "after"), WITHOUT_REVIEW.items())
def test_a_draft_is_in_progress_where_a_dialect_has_no_word_for_a_review(status: str, after: str) -> None:
    assert compute_status(make_spec(status, done=" "), [PASSED], StatusPolicy(words=NO_REVIEW)) == after


@pytest.mark.parametrize("status", ["To Do", "In Progress", "Done"])
def test_in_a_dialect_with_words_of_its_own_what_is_complete_needs_no_definition_of_done(status: str) -> None:
    spec = make_spec(status, statuses=NO_REVIEW)
    assert compute_status(spec, [PASSED], StatusPolicy().adapt_to(spec)) == WITHOUT_REVIEW[status]


@pytest.mark.parametrize(("status", "done", "found", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_a_status_follows_the_verdicts(status: str, done: str, found: Sequence[CriterionVerdict], after: str) -> None:
    assert after == compute_status(make_spec(status, done=done), found, StatusPolicy())


@pytest.mark.parametrize(("status", "done", "found"), KEPT.values(), ids=KEPT.keys())
def test_a_status_is_kept_where_nothing_contradicts_it(
    status: str, done: str, found: Sequence[CriterionVerdict]
) -> None:
    assert compute_status(make_spec(status, done=done), found, StatusPolicy()) == status


@pytest.mark.parametrize(
    ("found", "after"),
    [
        ([PASSED, SHOULD_PASSED], REVIEW),
        ([PASSED, SHOULD_FAILED], BEGUN),
        ([SHOULD_PASSED], REVIEW),
        ([PASSED], REVIEW),
    ],
)
def test_the_gate_says_which_tiers_are_waited_for(found: Sequence[CriterionVerdict], after: str) -> None:
    assert after == compute_status(make_spec(BEGUN), found, StatusPolicy((MUST, SHOULD)))


def test_what_gates_may_send_back() -> None:
    assert compute_status(make_spec(REVIEW), [PASSED, SHOULD_FAILED], StatusPolicy((MUST, SHOULD))) == BEGUN


READ = [
    ("Draft", Status.DRAFT),
    ("DRAFT", Status.DRAFT),
    ("in progress", Status.IN_PROGRESS),
    ("In-Progress", Status.IN_PROGRESS),
    ("in_progress", Status.IN_PROGRESS),
    ("  In   Progress ", Status.IN_PROGRESS),
    ("review", Status.REVIEW),
    ("COMPLETE", Status.COMPLETE),
]


@pytest.mark.parametrize(("text", "status"), READ)
def test_a_status_is_read_in_any_case_and_with_any_blanks(text: str, status: Status) -> None:
    assert StatusPolicy().find_status(text) is status


@pytest.mark.parametrize(
    "text", ["", "Done", "Completed", "InProgress", "Draft|In Progress", "Blocked", "Reviewed", "-"]
)
def test_no_other_word_is_a_status(text: str) -> None:
    assert StatusPolicy().find_status(text) is None


@pytest.mark.parametrize("written", ["in progress", "IN-PROGRESS", "In Progress"])
def test_a_true_status_is_kept_letter_by_letter(written: str) -> None:
    assert compute_status(make_spec(written), [PENDING], StatusPolicy()) == written
    assert compute_status(make_spec(written), [PASSED], StatusPolicy()) == "Review"


@pytest.mark.parametrize("written", ["Blocked", "Done", "", "[Draft|In Progress|Review|Complete]"])
@pytest.mark.parametrize("found", [[PASSED], [FAILED], []])
def test_a_status_of_the_authors_own_is_kept(written: str, found: list[CriterionVerdict]) -> None:
    assert compute_status(make_spec(written, done="x"), found, StatusPolicy()) == written


def test_a_status_that_is_missing_is_not_filled_in() -> None:
    assert compute_status(make_spec(fields=()), [PASSED], StatusPolicy()) == ""


def test_a_foreign_status_is_reported_with_its_place() -> None:
    (diagnostic,) = check_known_status(make_spec("Blocked"), StatusPolicy())
    assert (
        diagnostic.path,
        diagnostic.line,
        diagnostic.column,
        diagnostic.code,
    ) == ("specs/a.md", 2, 1, "unknown-status")
    assert diagnostic.message == "unknown status `Blocked`; it is kept"


@pytest.mark.parametrize("written", ["Draft", "in progress", ""])
def test_no_other_status_is_reported(written: str) -> None:
    assert check_known_status(make_spec(written), StatusPolicy()) == ()


def test_a_missing_status_is_not_a_foreign_one() -> None:
    assert check_known_status(make_spec(fields=()), StatusPolicy()) == ()


# The status, the judgements, and a part of each reason why the check fails.
NO: dict[str, tuple[str, Sequence[CriterionVerdict], list[str]]] = {
    "a must fails": (DRAFT, [PASSED, FAILED], ["must criterion failed (line 3)"]),
    "a ticked should fails": (
        BEGUN,
        [make_judgement(Verdict.FAILED, "x", tier=SHOULD)],
        ["ticked criterion is now failed"],
    ),
    "a ticked must is pending": (BEGUN, [LOST], ["ticked criterion is now pending"]),
    "review with a pending must": (REVIEW, [PENDING], ["status is `Review`, but 1 must criterion is pending"]),
    "review with a stale must": (REVIEW, [STALE], ["status is `Review`, but 1 must criterion is stale (outdated)"]),
    "complete with a must that was not run": (COMPLETE, [NOT_RUN], ["but 1 must criterion has not been run"]),
    "complete with a must that was skipped": (COMPLETE, [SKIPPED], ["but 1 must criterion is skipped"]),
    "complete with a must that a person has not ticked": (
        COMPLETE,
        [UNDONE],
        ["but 1 must criterion is manual and not ticked"],
    ),
    "review with a must set aside": (REVIEW, [ASIDE], ["but 1 must criterion is pending"]),
    "in any case": ("review", [PENDING], ["status is `review`"]),
    "several": (REVIEW, [FAILED, PASSED, STALE], ["must criterion failed", "but 1 must criterion is stale (outdated)"]),
}

YES: dict[str, tuple[str, Sequence[CriterionVerdict]]] = {
    "no criteria": (COMPLETE, []),
    "all passed": (COMPLETE, [PASSED]),
    "pending in a draft": (DRAFT, [PENDING]),
    "pending in progress": (BEGUN, [PENDING, STALE, NOT_RUN, SKIPPED, UNDONE, ASIDE]),
    "pending under a status of the author's own": ("Blocked", [PENDING]),
    "a should fails that was not ticked": (COMPLETE, [PASSED, SHOULD_FAILED]),
    "a should is pending": (COMPLETE, [PASSED, make_judgement(Verdict.PENDING, tier=SHOULD)]),
    "unverified": (COMPLETE, [TRUSTED]),
    "waived": (COMPLETE, [WAIVED]),
    "ticked by a person": (COMPLETE, [DONE]),
    "a ticked box is stale in progress": (BEGUN, [make_judgement(Verdict.STALE, "x")]),
}


@pytest.mark.parametrize(("status", "found", "reasons"), NO.values(), ids=NO.keys())
def test_the_answer_is_no_for_a_reason(status: str, found: Sequence[CriterionVerdict], reasons: list[str]) -> None:
    said = find_failure_reasons(found, StatusPolicy(), status=status)
    assert len(reasons) == len(said)
    assert all(part in str(reason) for part, reason in zip(reasons, said, strict=True))


@pytest.mark.parametrize(("status", "found"), YES.values(), ids=YES.keys())
def test_the_answer_is_yes_otherwise(status: str, found: Sequence[CriterionVerdict]) -> None:
    assert find_failure_reasons(found, StatusPolicy(), status=status) == ()


@pytest.mark.parametrize("status", [DRAFT, BEGUN, REVIEW, "Blocked", ""])
@pytest.mark.parametrize("found", [PENDING, STALE, NOT_RUN, SKIPPED, UNDONE, ASIDE, TRUSTED])
def test_a_gate_for_everything_asks_whatever_the_status(status: str, found: CriterionVerdict) -> None:
    (reason,) = find_failure_reasons([PASSED, found], StatusPolicy(), status=status, everything=True)
    words = {NOT_RUN: "has not been run", STALE: "is stale (outdated)", UNDONE: "is manual and not ticked"}
    is_what = words.get(found, f"is {found.verdict}")
    assert str(reason) == f"all musts are required, but 1 must criterion {is_what} (line 3)"


def test_a_pass_in_an_external_report_is_not_called_a_lack_of_results() -> None:
    (reason,) = find_failure_reasons([replace(NOT_RUN, external_only=True)], StatusPolicy(), status=REVIEW)
    assert reason.text.endswith("but 1 must criterion passed in an external report only")


@pytest.mark.parametrize("found", [PASSED, WAIVED, DONE, make_judgement(Verdict.PENDING, tier=SHOULD)])
def test_a_gate_for_everything_asks_no_more_than_the_gate(found: CriterionVerdict) -> None:
    assert find_failure_reasons([found], StatusPolicy(), status=DRAFT, everything=True) == ()


OWN = StatusPolicy(names={Status.COMPLETE: "Done", Status.IN_PROGRESS: "Doing"})


@pytest.mark.parametrize(
    ("written", "done", "found", "after"),
    [
        ("doing", "x", [PASSED], "Done"),
        ("Done", "x", [FAILED], "Doing"),
        ("DONE", "x", [PASSED], "DONE"),
        ("Done", " ", [PASSED], "Review"),
        ("Draft", "", [PASSED, PENDING], "Doing"),
    ],
)
def test_a_status_has_the_name_that_the_project_gives_it(
    written: str, done: str, found: list[CriterionVerdict], after: str
) -> None:
    assert after == compute_status(make_spec(written, done=done), found, OWN)


@pytest.mark.parametrize("written", ["Complete", "In Progress"])
def test_a_name_that_was_replaced_is_the_authors_own(written: str) -> None:
    assert compute_status(make_spec(written, done="x"), [PASSED], OWN) == written
    (diagnostic,) = check_known_status(make_spec(written), OWN)
    assert diagnostic.hint == "use one of `Draft`, `Doing`, `Review`, `Done`"


@pytest.mark.parametrize("written", [DRAFT, BEGUN, REVIEW, COMPLETE])
def test_the_ceiling_without_a_definition_of_done_is_the_projects(written: str) -> None:
    assert compute_status(make_spec(written), [PASSED], StatusPolicy(without_done=Status.COMPLETE)) == COMPLETE
    assert compute_status(make_spec(written, done=" "), [PASSED], StatusPolicy(without_done=Status.COMPLETE)) == REVIEW


def judge_done(spec: Spec, marks: str) -> list[DoneItemVerdict]:
    """Make verdicts of the done items that leave these characters in the boxes."""
    return [DoneItemVerdict(item, Verdict.PASSED, mark=mark) for item, mark in zip(spec.done_items, marks, strict=True)]


@pytest.mark.parametrize(
    ("written", "before", "marks", "after"),
    [(REVIEW, "x ", "xx", COMPLETE), (COMPLETE, "xx", "x ", REVIEW), (BEGUN, "  ", "xX", COMPLETE)],
)
def test_done_items_count_as_they_will_be(written: str, before: str, marks: str, after: str) -> None:
    spec = make_spec(written, done=before)
    assert after == compute_status(spec, [PASSED], StatusPolicy(), judge_done(spec, marks))


def judge_ticked(spec: Spec, verdict: Verdict) -> list[DoneItemVerdict]:
    """Make verdicts of done items whose ticks stay, though their evidence says only this."""
    return [DoneItemVerdict(item, verdict, kinds=(EvidenceKind.COVERAGE,), mark="x") for item in spec.done_items]


@pytest.mark.parametrize("written", [DRAFT, BEGUN, REVIEW])
@pytest.mark.parametrize("verdict", [Verdict.NOT_RUN, Verdict.STALE])
def test_a_tick_without_valid_evidence_completes_nothing(written: str, verdict: Verdict) -> None:
    spec = make_spec(written, done="x")
    assert compute_status(spec, [PASSED], StatusPolicy(), judge_ticked(spec, verdict)) == REVIEW


@pytest.mark.parametrize("verdict", [Verdict.NOT_RUN, Verdict.STALE, Verdict.PASSED])
def test_what_is_complete_stays_so_while_evidence_is_missing(verdict: Verdict) -> None:
    spec = make_spec(COMPLETE, done="x")
    assert compute_status(spec, [PASSED], StatusPolicy(), judge_ticked(spec, verdict)) == COMPLETE


# The status, the boxes of done items and what becomes of them, the judgements, the new status, and its causes.
BACK = {
    "a must fails": (REVIEW, "x", "x", [PASSED, FAILED], BEGUN, ("must criterion failed (line 3)",)),
    "a must is pending": (COMPLETE, "x", "x", [LOST], BEGUN, ("must criterion pending (line 3)",)),
    "an item is unticked": (
        COMPLETE,
        "xx",
        "x ",
        [PASSED],
        REVIEW,
        ("definition-of-done item not ticked (line 91): item 1",),
    ),
    "there is no list": (COMPLETE, "", "", [PASSED], REVIEW, ("no definition of done",)),
    "it goes on": (BEGUN, "x", "x", [PASSED], COMPLETE, ()),
    "it stays": (REVIEW, " ", " ", [PASSED], REVIEW, ()),
    "it is the author's own": ("Blocked", "", "", [FAILED], "Blocked", ()),
}


@pytest.mark.parametrize(("written", "before", "marks", "found", "after", "why"), BACK.values(), ids=BACK.keys())
def test_the_causes_of_a_demotion_are_named(
    written: str, before: str, marks: str, found: list[CriterionVerdict], after: str, why: tuple[str, ...]
) -> None:
    spec = make_spec(written, done=before)
    causes = tuple(Cause(CauseKind.DEMOTED, text) for text in why)
    assert find_demotion_causes(spec, found, StatusPolicy(), done=judge_done(spec, marks), after=after) == causes


@pytest.mark.parametrize(("boxes", "unticked"), [("x X", [91]), ("X~-", [91, 92]), ("xX", [])])
def test_done_items_that_are_not_judged_are_causes_as_they_are(boxes: str, unticked: list[int]) -> None:
    spec = make_spec(COMPLETE, done=boxes)
    causes = find_demotion_causes(spec, [PASSED], StatusPolicy(), done=(), after=REVIEW)
    assert [cause.text for cause in causes] == [
        f"definition-of-done item not ticked (line {line}): item {line - 90}" for line in unticked
    ]


@pytest.mark.parametrize(("before", "after"), [("Shipped", REVIEW), (REVIEW, "Shipped"), ("", DRAFT)])
def test_nothing_is_promoted_or_demoted_from_or_to_a_status_of_the_authors_own(before: str, after: str) -> None:
    spec = replace(make_spec(before), unread=(7,))
    assert hold_unread(spec, after, StatusPolicy()) == (after, ())
    assert find_demotion_causes(spec, [FAILED], StatusPolicy(), done=(), after=after) == ()


def test_each_reason_has_its_kind_and_its_line() -> None:
    ticked = make_judgement(Verdict.PENDING, "x", line=5)
    passed_in_vain = replace(make_judgement(Verdict.NOT_RUN, line=7), record=make_record("passed"))
    (done,) = judge_done(make_spec(done="x"), " ")
    reasons = find_failure_reasons([FAILED, ticked, passed_in_vain], StatusPolicy(), status=REVIEW, done=[done])
    assert reasons == (
        FailureReason(FailureKind.FAILED, 3, "must criterion failed"),
        FailureReason(FailureKind.REGRESSED, 5, "ticked criterion is now pending"),
        FailureReason(FailureKind.UNPROVED, 7, "status is `Review`, but 1 must criterion passed, but does not count"),
        FailureReason(FailureKind.DONE, 90, "ticked definition-of-done item fails", done.reason),
    )


def test_a_done_item_that_evidence_unticks_makes_the_answer_no() -> None:
    spec = make_spec(DRAFT, done="x")
    (found,) = judge_done(spec, " ")
    (reason,) = find_failure_reasons(
        [PASSED], StatusPolicy(), status=DRAFT, done=[replace(found, reason="coverage is 3%")]
    )
    assert str(reason) == "ticked definition-of-done item fails (line 90): coverage is 3%"


@pytest.mark.parametrize(("status", "after"), [(DRAFT, COMPLETE), (DRAFT, BEGUN), (BEGUN, REVIEW), (REVIEW, COMPLETE)])
def test_r1_a_spec_with_something_unread_is_not_promoted_and_says_why(status: str, after: str) -> None:
    spec = replace(make_spec(status), unread=(7, 9))
    assert hold_unread(spec, after, StatusPolicy()) == (
        status,
        (
            Cause(CauseKind.HELD, "line 7: something that looks like a criterion is not read"),
            Cause(CauseKind.HELD, "line 9: something that looks like a criterion is not read"),
        ),
    )


@pytest.mark.parametrize(
    ("status", "after"), [(REVIEW, BEGUN), (COMPLETE, REVIEW), (DRAFT, DRAFT), ("Shipped", "Shipped")]
)
def test_something_unread_holds_back_nothing_but_a_promotion(status: str, after: str) -> None:
    assert hold_unread(replace(make_spec(status), unread=(7,)), after, StatusPolicy()) == (after, ())


def test_a_spec_in_which_everything_is_read_is_promoted() -> None:
    assert hold_unread(make_spec(DRAFT), REVIEW, StatusPolicy()) == (REVIEW, ())
