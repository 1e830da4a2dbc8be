"""What a branch changes: each verdict of today, compared with what the specs of the base claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import ID, make_item, make_spec

from spec2bdd.domain.verdicts.branch import find_transitions
from spec2bdd.model import (
    BaseComparison,
    BaseOutcome,
    CriterionStrength,
    CriterionVerdict,
    RuleId,
    SpecReport,
    Strength,
    Tier,
    Verdict,
)
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


def judge(
    verdict: Verdict, *, id_: str = ID, line: int = 3, text: str = "It works", reason: str = ""
) -> CriterionVerdict:
    """Judge a criterion in that line of its spec."""
    criterion = make_item(changes={"line": line, "text": text}).criterion
    return CriterionVerdict(criterion, id_, verdict, reason=reason)


def report(*verdicts: CriterionVerdict, path: str = "specs/1.1.md") -> SpecReport:
    """Report a spec with these verdicts."""
    return SpecReport(replace(make_spec(), path=path), verdicts=verdicts)


# What is known of a proved criterion besides its verdict, and what is said of it; the first that holds counts.
BESIDES = {
    "its scenarios have other steps": ([ID], {}, TransitionKind.RESTEPPED, "why"),
    "its code is another one": ([], {ID: "steps/a.py differs"}, TransitionKind.RECODED, "why; steps/a.py differs"),
    "both": ([ID], {ID: "steps/a.py differs"}, TransitionKind.RESTEPPED, "why; steps/a.py differs"),
}


@pytest.mark.parametrize(("restepped", "recoded", "kind", "reason"), BESIDES.values(), ids=BESIDES)
def test_a_proved_criterion_whose_scenarios_or_code_are_others_is_named_with_what_differs(
    restepped: list[str], recoded: dict[str, str], kind: TransitionKind, reason: str
) -> None:
    found, stayed = find_transitions([report(judge(Verdict.PASSED, reason="why"))], [THERE], {}, restepped, recoded)
    assert ([(item.kind, item.reason, item.fails) for item in found], stayed) == ([(kind, reason, False)], (0, 0))


@pytest.mark.parametrize("name", BESIDES)
def test_of_other_criteria_it_is_not_said(name: str) -> None:
    restepped, recoded, *_ = BESIDES[name]
    specs = [report(judge(Verdict.PENDING), judge(Verdict.PASSED, id_="ac_other", text="It hums"))]
    base = [OPEN, replace(OTHER, id="ac_other")]
    assert find_transitions(specs, base, {}, restepped, recoded) == ([], (1, 1))


def test_what_differs_besides_is_said_of_weaker_checks_and_not_of_what_is_no_longer_proved() -> None:
    recoded, weaker = {ID: "steps/a.py differs"}, {ID: CriterionStrength(ID, Strength.WEAKER)}
    said = []
    for verdict, base in [(Verdict.PASSED, THERE), (Verdict.FAILED, THERE), (Verdict.PASSED, OPEN)]:
        found, _ = find_transitions([report(judge(verdict, reason="why"))], [base], weaker, (), recoded)
        said += [(item.kind, item.reason) for item in found]
    assert said == [
        (TransitionKind.WEAKER, "why; steps/a.py differs"),
        (TransitionKind.LOST, "why"),
        (TransitionKind.PROVED, "why"),
    ]


def test_a_transition_has_the_place_of_its_criterion_and_what_is_known_of_its_verdict() -> None:
    comparison, strength = BaseComparison(BaseOutcome.RED, "main"), CriterionStrength(ID, Strength.NOTICES)
    criterion = make_item("x", changes={"line": 7, "tier": Tier.SHOULD}).criterion
    verdict = CriterionVerdict(criterion, ID, Verdict.PASSED, reason="why", rule=RuleId.PASSED, comparison=comparison)
    gone = replace(THERE, id="ac_gone", path="specs/gone.md", line=9, tier=Tier.COULD, text="It shines")
    found, _ = find_transitions([report(verdict)], [gone], {ID: strength})
    assert found == [
        Transition(TransitionKind.REMOVED, "ac_gone", "specs/gone.md", 9, Tier.COULD, "It shines"),
        Transition(
            TransitionKind.PROVED,
            ID,
            "specs/1.1.md",
            7,
            Tier.SHOULD,
            "It works",
            verdict=Verdict.PASSED,
            reason="why",
            ticked=True,
            comparison=comparison,
            strength=strength,
            rule=RuleId.PASSED,
        ),
    ]


def test_what_stayed_is_counted_over_all_specs() -> None:
    verdicts = [
        judge(verdict, id_=f"ac_{number}", text=f"It has {number}")
        for number, verdict in enumerate([Verdict.PASSED] * 2 + [Verdict.PENDING] * 3)
    ]
    base = [
        replace(THERE, id=verdict.id, text=verdict.criterion.text, claimed=verdict.verdict is Verdict.PASSED)
        for verdict in verdicts
    ]
    specs = [report(*verdicts[:3]), report(*verdicts[3:], path="specs/2.md")]
    assert find_transitions(specs, base, {}) == ([], (2, 3))


def test_transitions_come_in_the_order_of_their_kinds_then_paths_then_lines() -> None:
    new = [("b", 2, Verdict.PASSED), ("a", 9, Verdict.PASSED), ("a", 4, Verdict.FAILED), ("a", 10, Verdict.PASSED)]
    specs = [
        report(judge(verdict, id_=f"ac_{path}{line}", line=line, text=f"It has {line}"), path=path)
        for path, line, verdict in new
    ]
    found, _ = find_transitions(specs, [replace(THERE, id="ac_gone", path="c", text="It shines")], {})
    assert [(item.kind, item.path, item.line) for item in found] == [
        (TransitionKind.UNPROVED, "a", 4),
        (TransitionKind.REMOVED, "c", 3),
        (TransitionKind.PROVED, "a", 9),
        (TransitionKind.PROVED, "a", 10),
        (TransitionKind.PROVED, "b", 2),
    ]


def test_a_criterion_is_known_again_by_its_id_before_its_wording_and_by_its_spec_before_another_one() -> None:
    there = replace(THERE, path="specs/2.md")
    by_id = find_transitions([report(judge(Verdict.PASSED))], [replace(THERE, id="ac_other"), OTHER], {})[0]
    by_path = find_transitions(
        [report(judge(Verdict.FAILED, id_="ac_new"), path="specs/2.md")],
        [replace(OPEN, id="ac_a"), replace(there, id="ac_b")],
        {},
    )[0]
    assert [(item.kind, item.before) for item in by_id] == [
        (TransitionKind.REMOVED, ""),
        (TransitionKind.PROVED, "It hums"),
    ]
    assert [(item.kind, item.before) for item in by_path] == [(TransitionKind.LOST, "")]


@pytest.mark.parametrize("rule", [RuleId.NEVER_RED, RuleId.NOT_COMPARED])
def test_a_tick_that_is_only_not_compared_with_the_base_is_not_lost(rule: RuleId) -> None:
    verdict = replace(judge(Verdict.UNVERIFIED), rule=rule)
    assert find_transitions([report(verdict)], [THERE], {}) == ([], (0, 1))
    (reworded,), _ = find_transitions([report(verdict)], [OTHER], {})
    assert reworded.kind is TransitionKind.UNPROVED
