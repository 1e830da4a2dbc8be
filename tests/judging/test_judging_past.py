"""What earlier runs come to, and what a pass is worth that nobody has seen fail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging.judging_values import ID, make_facts, make_item, make_record, make_run

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.history import derive_past, hold_unseen
from spec2bdd.domain.verdicts.scenarios.context import Red, derive_red
from spec2bdd.domain.verdicts.scenarios.ruling import Finding
from spec2bdd.model import Box, Criterion, Identified, Proof, Sighting, Tier, Verdict

LETTERS = {"p": Verdict.PASSED, "f": Verdict.FAILED, "o": Verdict.PENDING}


def see(story: str, *, commits: str = "") -> list[Sighting]:
    """Return one sighting for each letter of a story, at the commits that are named beneath it."""
    return [
        Sighting("ac_1", f"{n}", f"{n:03d}", LETTERS[letter], "w", seconds=n, commit=commits[n : n + 1].strip())
        for n, letter in enumerate(story)
    ]


def test_nothing_seen_comes_to_nothing() -> None:
    assert derive_past([]) is None


@pytest.mark.parametrize(
    ("story", "first", "last", "changes"),
    [("p", "0", "", 0), ("oofp", "3", "2", 1), ("pfpfp", "0", "3", 4), ("ooo", "", "", 0), ("fpp", "1", "0", 1)],
)
def test_the_first_pass_the_last_failure_and_the_changes_are_found(
    story: str, first: str, last: str, changes: int
) -> None:
    past = derive_past(see(story))
    assert past
    found = (past.first_passed.run if past.first_passed else "", past.last_failed.run if past.last_failed else "")
    assert (len(story), (first, last), changes) == (past.runs, found, past.changes)


@pytest.mark.parametrize(
    ("story", "commits", "flaky"),
    [
        ("pfp", "aaa", "a"),
        ("pf", "ab", ""),
        ("op", "aa", ""),
        ("pf", "  ", ""),
        ("ppfp", "aabb", "b"),
        ("pfpf", "aabb", "b"),
    ],
)
def test_flaky_is_what_passed_and_failed_at_one_commit(story: str, commits: str, flaky: str) -> None:
    past = derive_past(see(story, commits=commits))
    assert past
    assert flaky == past.flaky


def test_durations_are_those_of_runs_that_came_to_a_result() -> None:
    past = derive_past(see("ofppo"))
    assert past
    assert (2, 3) == (past.median_seconds, past.last_seconds)


@pytest.mark.parametrize(("story", "red"), [("p", False), ("fp", True), ("op", True), ("ppp", False), ("ppf", True)])
def test_red_is_what_was_seen_failing_or_pending_in_today_s_words(story: str, red: bool) -> None:
    assert red == ("ac_1" in derive_red(see(story), {"ac_1": "w"}).ids)
    assert Red() == derive_red(see(story), {"ac_1": "other words"})
    assert Red() == derive_red(see(story), {})


ITEM = Identified(Criterion(Tier.MUST, "x", Box(" ", 0), 1, 1), "ac_1", Proof.GENERATED)
TICKED = replace(ITEM, criterion=replace(ITEM.criterion, box=Box("x", 0)))
PASSED = Finding(Verdict.PASSED)


def test_a_pass_that_nobody_saw_fail_leaves_the_box() -> None:
    assert Verdict.PENDING is hold_unseen(ITEM, PASSED, Red(), strict=False).verdict
    assert Verdict.ON_TRUST is hold_unseen(TICKED, PASSED, Red(), strict=False).verdict
    assert Verdict.PENDING is hold_unseen(TICKED, PASSED, Red(), strict=True).verdict
    assert "green, but it has never been seen to fail" == hold_unseen(ITEM, PASSED, Red(), strict=True).reason


@pytest.mark.parametrize(("strict", "verdict"), [(False, Verdict.ON_TRUST), (True, Verdict.PENDING)])
def test_a_criterion_is_held_where_red_is_asked_for(strict: bool, verdict: Verdict) -> None:
    facts = replace(make_facts(make_run(make_record("passed")), strict=strict), red=Red())
    (judgement,) = judge_spec([make_item("x")], facts)
    assert (verdict, "green, but it has never been seen to fail") == (judgement.verdict, judgement.reason)
    seen = replace(facts, red=Red(frozenset({ID})))
    assert Verdict.PASSED is judge_spec([make_item("x")], seen)[0].verdict


@pytest.mark.parametrize("red", [None, Red(frozenset({"ac_1"}))])
def test_a_pass_counts_where_nobody_asks_or_it_was_seen_to_fail(red: Red | None) -> None:
    assert PASSED == hold_unseen(ITEM, PASSED, red, strict=True)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_any_other_verdict_stays(verdict: Verdict) -> None:
    assert Finding(verdict) == hold_unseen(ITEM, Finding(verdict), Red(), strict=True)


def test_a_history_that_cannot_be_read_is_not_known_and_says_why() -> None:
    assert "not known: it is damaged" in hold_unseen(ITEM, PASSED, Red(doubt="it is damaged"), strict=False).reason
