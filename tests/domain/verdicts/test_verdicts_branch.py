"""What a branch changes: each verdict of today, compared with what the specs of the base claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import ID, make_item, make_spec

from spec2bdd.domain.verdicts.branch import find_transitions
from spec2bdd.model import CriterionStrength, CriterionVerdict, SpecReport, Strength, Tier, Verdict
from spec2bdd.model.history import BaseCriterion, Transition, TransitionKind

THERE = BaseCriterion(ID, "specs/1.1.md", 3, Tier.MUST, "It works", claimed=True)
TICKED = replace(THERE, unverified=True)
OPEN = replace(THERE, claimed=False)
WAIVED = replace(THERE, claimed=False, set_aside=True)
BY_HAND = replace(THERE, set_aside=True, manual=True)
OTHER = replace(THERE, text="It hums")


def compare(
    verdict: Verdict,
    *base: BaseCriterion,
    mark: str = " ",
    id_: str = ID,
    path: str = "specs/1.1.md",
    tier: str = "must",
    strength: Strength | None = None,
) -> tuple[list[Transition], tuple[int, int]]:
    """Compare one criterion of today with those of the base."""
    criterion = make_item(mark, changes={"tier": Tier(tier)}).criterion
    judged = CriterionVerdict(criterion, id_, verdict, reason="because")
    spec = replace(make_spec(), path=path)
    strengths = {id_: CriterionStrength(id_, strength)} if strength else {}
    return find_transitions([SpecReport(spec, verdicts=(judged,))], base, strengths)


@pytest.mark.parametrize(
    ("verdict", "base", "kind"),
    [
        (Verdict.PASSED, [], TransitionKind.PROVED),
        (Verdict.PASSED, [OPEN], TransitionKind.PROVED),
        (Verdict.PASSED, [OTHER], TransitionKind.PROVED),
        (Verdict.PASSED, [WAIVED], TransitionKind.PROVED),
        (Verdict.FAILED, [THERE], TransitionKind.LOST),
        (Verdict.PENDING, [THERE], TransitionKind.LOST),
        (Verdict.NOT_RUN, [THERE], TransitionKind.LOST),
        (Verdict.SKIPPED, [THERE], TransitionKind.LOST),
        (Verdict.UNVERIFIED, [THERE], TransitionKind.LOST),
        (Verdict.STALE, [THERE], TransitionKind.STALE),
        (Verdict.STALE, [OTHER], TransitionKind.STALE),
        (Verdict.FAILED, [], TransitionKind.UNPROVED),
        (Verdict.PENDING, [], TransitionKind.UNPROVED),
        (Verdict.STALE, [], TransitionKind.UNPROVED),
        (Verdict.UNVERIFIED, [], TransitionKind.UNPROVED),
        (Verdict.FAILED, [OTHER], TransitionKind.UNPROVED),
        (Verdict.FAILED, [WAIVED], TransitionKind.UNPROVED),
        (Verdict.WAIVED, [], TransitionKind.EXEMPTED),
        (Verdict.WAIVED, [THERE], TransitionKind.EXEMPTED),
        (Verdict.MANUAL, [OPEN], TransitionKind.EXEMPTED),
        (Verdict.WAIVED, [BY_HAND], TransitionKind.EXEMPTED),
    ],
)
def test_what_became_of_a_criterion_is_named(verdict: Verdict, base: list[BaseCriterion], kind: TransitionKind) -> None:
    transitions, stayed = compare(verdict, *base)
    assert [transition.kind for transition in transitions] == [kind]
    assert stayed == (0, 0)


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.UNVERIFIED])
@pytest.mark.parametrize("tier", ["should", "could"])
def test_a_proved_criterion_that_moved_to_a_lower_tier_is_named_with_the_one_that_it_had(
    verdict: Verdict, tier: str
) -> None:
    transitions, stayed = compare(verdict, TICKED, tier=tier)
    found = [(transition.kind, transition.reason, transition.fails) for transition in transitions]
    assert (found, stayed) == ([(TransitionKind.LOWERED, "was must", False)], (0, 0))


def test_a_proved_criterion_whose_checks_notice_less_than_before_is_weaker() -> None:
    transitions, stayed = compare(Verdict.PASSED, THERE, strength=Strength.WEAKER)
    found = [(item.kind, item.fails, item.strength and item.strength.strength) for item in transitions]
    assert (found, stayed) == ([(TransitionKind.WEAKER, False, Strength.WEAKER)], (0, 0))


def test_a_proved_criterion_whose_checks_notice_faults_stayed() -> None:
    assert compare(Verdict.PASSED, THERE, strength=Strength.NOTICES) == ([], (1, 0))


@pytest.mark.parametrize(
    ("verdict", "base", "kind"),
    [(Verdict.PASSED, [], TransitionKind.PROVED), (Verdict.FAILED, [THERE], TransitionKind.LOST)],
)
def test_what_else_became_of_a_criterion_comes_before_weaker_checks(
    verdict: Verdict, base: list[BaseCriterion], kind: TransitionKind
) -> None:
    transitions, _ = compare(verdict, *base, strength=Strength.WEAKER)
    assert [(kind, Strength.WEAKER)] == [(item.kind, item.strength and item.strength.strength) for item in transitions]


def test_a_proved_criterion_that_moved_to_a_higher_tier_stayed() -> None:
    assert compare(Verdict.PASSED, replace(THERE, tier=Tier.COULD)) == ([], (1, 0))


@pytest.mark.parametrize(
    ("verdict", "base", "stayed"),
    [
        (Verdict.PASSED, THERE, (1, 0)),
        (Verdict.PENDING, OPEN, (0, 1)),
        (Verdict.FAILED, OPEN, (0, 1)),
        (Verdict.UNVERIFIED, TICKED, (0, 1)),
        (Verdict.WAIVED, WAIVED, (0, 0)),
    ],
)
def test_what_stayed_is_counted_and_not_listed(verdict: Verdict, base: BaseCriterion, stayed: tuple[int, int]) -> None:
    assert compare(verdict, base) == ([], stayed)


@pytest.mark.parametrize(
    ("verdict", "mark", "base", "fails"),
    [
        (Verdict.FAILED, " ", [THERE], True),
        (Verdict.STALE, " ", [THERE], True),
        (Verdict.PENDING, "x", [], True),
        (Verdict.PENDING, "x", [OPEN], True),
        (Verdict.PENDING, " ", [], False),
        (Verdict.PASSED, " ", [], False),
        (Verdict.WAIVED, " ", [THERE], False),
    ],
)
def test_a_claim_that_is_not_proved_fails_the_check(
    verdict: Verdict, mark: str, base: list[BaseCriterion], fails: bool
) -> None:
    (transition,), _ = compare(verdict, *base, mark=mark)
    assert transition.fails is fails


def test_a_claimed_criterion_that_is_in_no_spec_any_more_is_removed() -> None:
    gone = replace(THERE, id="ac_gone", text="It shines")
    transitions, stayed = compare(Verdict.PASSED, THERE, gone, replace(gone, id="ac_open", claimed=False))
    assert [(item.kind, item.id, item.verdict) for item in transitions] == [(TransitionKind.REMOVED, "ac_gone", None)]
    assert not transitions[0].fails
    assert stayed == (1, 0)


@pytest.mark.parametrize(
    ("id_", "path"), [("ac_other", "specs/1.1.md"), ("ac_other", "specs/moved.md"), (ID, "specs/moved.md")]
)
def test_a_criterion_is_known_again_by_its_id_or_its_wording(id_: str, path: str) -> None:
    assert compare(Verdict.PASSED, THERE, id_=id_, path=path) == ([], (1, 0))


def test_one_criterion_of_the_base_stands_for_one_of_today() -> None:
    criterion = make_item().criterion
    spec = replace(make_spec(), path="specs/1.1.md")
    twice = tuple(CriterionVerdict(criterion, id_, Verdict.PASSED) for id_ in ("ac_a", "ac_b"))
    transitions, stayed = find_transitions([SpecReport(spec, verdicts=twice)], [THERE], {})
    assert [(item.kind, item.id) for item in transitions] == [(TransitionKind.PROVED, "ac_b")]
    assert stayed == (1, 0)


def test_the_wording_at_the_base_is_kept_where_it_was_another_one() -> None:
    (transition,), _ = compare(Verdict.PASSED, OTHER)
    assert transition.before == "It hums"


def test_a_wont_have_is_no_part_of_acceptance_unless_it_was_claimed() -> None:
    assert compare(Verdict.PENDING, OPEN, tier="wont") == ([], (0, 0))
    assert compare(Verdict.PENDING, tier="wont") == ([], (0, 0))
    (transition,), _ = compare(Verdict.PENDING, THERE, tier="wont")
    assert transition.kind is TransitionKind.EXEMPTED


@pytest.mark.parametrize(
    ("gone", "kinds"),
    [
        (BY_HAND, [TransitionKind.REMOVED]),
        (replace(BY_HAND, claimed=False), []),
        (replace(WAIVED, claimed=True), []),
    ],
)
def test_a_manual_criterion_that_was_ticked_and_is_gone_is_named(
    gone: BaseCriterion, kinds: list[TransitionKind]
) -> None:
    assert [transition.kind for transition in find_transitions([], [gone], {})[0]] == kinds


def test_a_manual_criterion_that_stays_one_is_not_named() -> None:
    assert compare(Verdict.MANUAL, BY_HAND) == ([], (0, 0))
