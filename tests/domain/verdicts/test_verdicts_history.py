"""What earlier runs amount to, and what a pass is worth that was never seen failing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import ID, make_context, make_item, make_record, make_run

from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.history import require_seen_failing, summarize_history
from spec2bdd.domain.verdicts.scenarios.context import SeenFailing, find_seen_failing
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import Box, Criterion, Observation, ProofSource, Tier, TrackedCriterion, Verdict

LETTERS = {"p": Verdict.PASSED, "f": Verdict.FAILED, "o": Verdict.PENDING}


def see(story: str, *, commits: str = "") -> list[Observation]:
    """Make one observation for each letter of a story, at the commits that are named beneath it."""
    return [
        Observation("ac_1", f"{n}", f"{n:03d}", LETTERS[letter], "w", seconds=n, commit=commits[n : n + 1].strip())
        for n, letter in enumerate(story)
    ]


def test_nothing_seen_comes_to_nothing() -> None:
    assert summarize_history([]) is None


@pytest.mark.parametrize(
    ("story", "first", "last", "changes"),
    [("p", "0", "", 0), ("oofp", "3", "2", 1), ("pfpfp", "0", "3", 4), ("ooo", "", "", 0), ("fpp", "1", "0", 1)],
)
def test_the_first_pass_the_last_failure_and_the_changes_are_found(
    story: str, first: str, last: str, changes: int
) -> None:
    past = summarize_history(see(story))
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
    past = summarize_history(see(story, commits=commits))
    assert past
    assert flaky == past.flaky


def test_durations_are_those_of_runs_that_came_to_a_result() -> None:
    past = summarize_history(see("ofppo"))
    assert past
    assert (past.median_seconds, past.last_seconds) == (2, 3)


@pytest.mark.parametrize(("story", "red"), [("p", False), ("fp", True), ("op", True), ("ppp", False), ("ppf", True)])
def test_red_is_what_was_seen_failing_or_pending_in_today_s_words(story: str, red: bool) -> None:
    assert red == ("ac_1" in find_seen_failing(see(story), {"ac_1": "w"}).ids)
    assert SeenFailing() == find_seen_failing(see(story), {"ac_1": "other words"})
    assert SeenFailing() == find_seen_failing(see(story), {})


ITEM = TrackedCriterion(Criterion(Tier.MUST, "x", Box(" ", 0), 1, 1), "ac_1", ProofSource.GENERATED)
TICKED = replace(ITEM, criterion=replace(ITEM.criterion, box=Box("x", 0)))
PASSED = Ruling(Verdict.PASSED)


def test_a_pass_that_was_never_seen_failing_keeps_the_box() -> None:
    assert require_seen_failing(ITEM, PASSED, SeenFailing(), strict=False).verdict is Verdict.PENDING
    assert require_seen_failing(TICKED, PASSED, SeenFailing(), strict=False).verdict is Verdict.UNVERIFIED
    assert require_seen_failing(TICKED, PASSED, SeenFailing(), strict=True).verdict is Verdict.PENDING
    assert (
        require_seen_failing(ITEM, PASSED, SeenFailing(), strict=True).reason
        == "passed, but never observed failing (`require-red`)"
    )


@pytest.mark.parametrize(("strict", "verdict"), [(False, Verdict.UNVERIFIED), (True, Verdict.PENDING)])
def test_a_criterion_is_held_where_red_is_asked_for(strict: bool, verdict: Verdict) -> None:
    facts = replace(make_context(make_run(make_record("passed")), strict=strict), seen_failing=SeenFailing())
    (judgement,) = judge_spec([make_item("x")], facts)
    assert (judgement.verdict, judgement.reason) == (verdict, "passed, but never observed failing (`require-red`)")
    seen = replace(facts, seen_failing=SeenFailing(frozenset({ID})))
    assert judge_spec([make_item("x")], seen)[0].verdict is Verdict.PASSED


@pytest.mark.parametrize("red", [None, SeenFailing(frozenset({"ac_1"}))])
def test_a_pass_counts_where_red_is_not_required_or_was_seen(red: SeenFailing | None) -> None:
    assert require_seen_failing(ITEM, PASSED, red, strict=True) == PASSED


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_any_other_verdict_stays(verdict: Verdict) -> None:
    assert Ruling(verdict) == require_seen_failing(ITEM, Ruling(verdict), SeenFailing(), strict=True)


def test_a_history_that_cannot_be_read_is_not_known_and_says_why() -> None:
    assert (
        "unknown (`require-red`): it is damaged"
        in require_seen_failing(ITEM, PASSED, SeenFailing(doubt="it is damaged"), strict=False).reason
    )
