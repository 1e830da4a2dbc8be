"""Ids: kept once given, never shared, never given to another criterion."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import World, make_criterion, make_spec

from spec2bdd.domain.tracking.matching import match_criteria
from spec2bdd.domain.tracking.wording import find_accepted, is_new_wording
from spec2bdd.model import Criterion, ProofSource, RecordedCriterion, Spec, Tier

TEXTS = ["A book is lent", "A book is back", "a book is LENT.", "A receipt", "!", "?"]
TIERS = st.sampled_from(list(Tier))


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    """Draw a criterion, from few texts and ids so that many are equal."""
    given_id = draw(st.sampled_from(["", "", "", "AC-1", "ac 1", "AC-2"]))
    manual = draw(st.booleans())
    mark = draw(st.sampled_from([" ", "x", "~"]))
    text = draw(st.sampled_from(TEXTS))
    return make_criterion(text, given_id, tier=draw(TIERS), mark=mark, manual=manual)


def derive_ids(*items: Criterion | str, remembered: tuple[RecordedCriterion, ...] = (), key: str = "1") -> list[str]:
    """List the ids of the criteria in order."""
    full = [make_criterion(item) if isinstance(item, str) else item for item in items]
    return [match.id for match in match_criteria(key, full, remembered)]


def derive_merged(
    *items: Criterion | str, remembered: tuple[RecordedCriterion, ...] = (), merged: tuple[RecordedCriterion, ...]
) -> list[str]:
    """List the ids of the criteria of a spec into which another one was merged."""
    full = [make_criterion(item) if isinstance(item, str) else item for item in items]
    return [match.id for match in match_criteria("1", full, remembered, merged=merged)]


def remember(spec_id: str, text: str, state: str = "must") -> RecordedCriterion:
    """Build the record of a criterion in a feature file."""
    return RecordedCriterion(spec_id, state, text, 1)


def find_ids(world: World, spec: Spec) -> dict[str, str]:
    """Map each text to its id."""
    items = [item for draft in world.generate(spec).drafts for item in draft.tracked]
    return {item.criterion.text: item.id for item in items}


@pytest.mark.parametrize("items", [["A", "B", "C"], ["C", "A", "B"], ["B", "x", "y", "A", "C"]])
def test_a_new_id_comes_from_the_text_alone(items: list[str]) -> None:
    alone = {text: derive_ids(text)[0] for text in items}
    assert derive_ids(*items) == [alone[text] for text in items]


def test_two_branches_that_add_criteria_give_the_ids_that_both_together_give() -> None:
    base = World().generate(make_spec("Base"))
    one = find_ids(base, make_spec("Base", "One"))
    other = find_ids(base, make_spec("Other", "Base"))
    assert find_ids(base, make_spec("Other", "Base", "One")) == one | other


@pytest.mark.parametrize(
    "changed",
    [
        make_spec("A book is back", "A book is lent"),
        make_spec("Something new", "A book is lent"),
        make_spec(make_criterion("A book is lent", tier=Tier.COULD)),
        make_spec(make_criterion("A book is lent", manual=True)),
        make_spec(make_criterion("A book is lent", waived="later")),
        make_spec(make_criterion("A book is lent", tier=Tier.WONT)),
        make_spec(make_criterion("A book is lent", mark="~")),
        make_spec("a  BOOK is `lent`!"),
        make_spec("A book is lent", path="specs/moved.md"),
        make_spec("A book is lent", name="Another name"),
        make_spec("A book is lent", feature_id="7.7"),
    ],
)
def test_the_same_text_keeps_its_id(changed: Spec) -> None:
    first = World().generate(make_spec("A book is lent", "A book is back"))
    second = first.generate(changed)
    assert first.ids[0] in second.ids
    assert second.ids == second.generate(changed).ids
    assert first.features.keys() == second.features.keys()


@pytest.mark.parametrize("text", ["A book is lost", "A book is returned twice", "A book is not lent"])
def test_another_text_gets_another_id(text: str) -> None:
    first = World().generate(make_spec("A book is lent"))
    assert first.generate(make_spec(text)).ids != first.ids


def test_an_id_of_the_author_keeps_whatever_the_text_becomes() -> None:
    first = World().generate(make_spec(make_criterion("A book is lent", "AC-1"), make_criterion("Back", "AC-2")))
    second = first.generate(make_spec(make_criterion("All is new", "AC-2"), make_criterion("A book is lent", "AC-1")))
    assert first.ids == ["ac_1_1_ac_1", "ac_1_1_ac_2"]
    assert second.ids == ["ac_1_1_ac_2", "ac_1_1_ac_1"]


def test_an_id_of_the_author_that_is_taken_away_stays_with_its_text() -> None:
    first = World().generate(make_spec(make_criterion("A book is lent", "AC-1")))
    assert first.generate(make_spec("A book is lent")).ids == first.ids


def test_a_criterion_that_comes_back_gets_its_old_id() -> None:
    first = World().generate(make_spec("A book is lent", "Other"))
    without = first.generate(make_spec("Other"))
    assert f'# kept: {first.ids[0]} retired "A book is lent"' in without.feature
    assert without.generate(make_spec("A book is lent", "Other")).ids == first.ids


def test_the_id_of_a_retired_criterion_is_not_given_to_another() -> None:
    retired = remember("ac_1_" + derive_ids("New")[0].removeprefix("ac_1_"), "Something else", "retired")
    (minted,) = derive_ids("New", remembered=(retired,))
    assert minted != retired.id
    assert minted.startswith(retired.id)


def test_equal_texts_have_ids_of_their_own_and_keep_them() -> None:
    spec = make_spec(*["A book is lent"] * 12)
    first = World().generate(spec)
    assert len(set(first.ids)) == 12
    assert first.ids == first.generate(spec).ids == first.generate(spec).generate(spec).ids


def test_of_equal_texts_in_two_tiers_each_keeps_its_own() -> None:
    must, could = make_criterion("Twin"), make_criterion("Twin", tier=Tier.COULD)
    first = World().generate(make_spec(must, could))
    assert first.generate(make_spec(could, must)).ids == first.ids[::-1]
    assert first.generate(make_spec(could)).ids == first.ids[1:]


def test_of_texts_that_differ_in_typography_each_keeps_its_own() -> None:
    first = World().generate(make_spec("A book", "a book!", "A “book”"))
    assert first.generate(make_spec("A “book”", "a book!", "A book")).ids == first.ids[::-1]


def test_an_equal_text_in_use_is_matched_before_a_retired_one() -> None:
    entries = (remember("ac_1_a", "Twin", "retired"), remember("ac_1_b", "Twin", "could"))
    assert derive_ids("Twin", remembered=entries) == ["ac_1_b"]


def test_equal_texts_of_which_one_has_no_scenario_do_not_swap_their_ids() -> None:
    spec = make_spec("Twin", make_criterion("Twin", manual=True))
    first = World().generate(spec)
    assert first.generate(spec).features == first.features


def test_a_second_criterion_with_an_author_s_id_gets_another_and_is_reported() -> None:
    world = World().generate(make_spec(make_criterion("One", "AC-1"), make_criterion("Two", "ac 1")))
    assert world.codes == ["duplicate-id"]
    assert "as `AC-1`" in world.diagnostics[0].message
    assert len(set(world.ids)) == 2


def test_an_author_s_id_that_a_minted_one_has_already_takes_it_over_and_nothing_is_shared() -> None:
    first = World().generate(make_spec("A book is lent"))
    digits = first.ids[0].rpartition("_")[2]
    second = first.generate(make_spec(make_criterion("Another", digits), "A book is lent"))
    assert first.ids[0] == second.ids[0]
    assert len(set(second.ids)) == 2


def test_an_author_s_id_in_other_scripts_is_not_lost_in_the_tag() -> None:
    world = World().generate(make_spec(make_criterion("One", "要件A"), make_criterion("Two", "仕様A")))
    assert world.codes == []
    assert len(set(world.ids)) == 2


def test_a_spec_that_takes_over_a_number_does_not_mint_the_ids_of_its_former_spec() -> None:
    first = World().generate(make_spec("All tests pass"))
    moved = make_spec("All tests pass", feature_id="1.2")
    both = first.generate(moved, make_spec("All tests pass", path="specs/new.md", name="New"))
    assert both.codes == []
    assert len(set(both.ids)) == 2
    assert first.ids[0] == both.ids[0]


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(criteria(), max_size=6), min_size=1, max_size=4))
def test_after_any_history_ids_are_unique_and_nothing_changes_the_second_time(history: list[list[Criterion]]) -> None:
    world = World()
    for items in history:
        spec = make_spec(*items)
        before = {entry for draft in world.drafts for entry in (item.id for item in draft.tracked)}
        world = world.generate(spec)
        assert len(world.ids) == len(set(world.ids)) == len(items)
        again = world.generate(spec)
        assert world.features == again.features
        assert world.ids == again.ids
        assert all(known in world.feature for known in before)


def test_a_criterion_of_a_merged_spec_keeps_its_id() -> None:
    merged = (remember("ac_2_a", "A book is lent"), remember("ac_2_b", "A book is back"))
    assert derive_merged("A book is lent", "A receipt", merged=merged) == ["ac_2_a", *derive_ids("A receipt")]


def test_the_spec_itself_remembers_better_than_a_merged_one() -> None:
    own, merged = (remember("ac_1_a", "A book is lent"),), (remember("ac_2_a", "A book is lent"),)
    assert derive_merged("A book is lent", remembered=own, merged=merged) == ["ac_1_a"]


def test_the_text_of_a_merged_spec_is_surer_than_a_similar_one() -> None:
    own = (remember("ac_1_a", "A book is lent to any member of the library"),)
    merged = (remember("ac_2_a", "A book is lent to every member of the library"),)
    text = "A book is lent to every member of the library"
    assert (derive_ids(text, remembered=own), derive_merged(text, remembered=own, merged=merged)) == (
        ["ac_1_a"],
        ["ac_2_a"],
    )


@pytest.mark.parametrize("state", ["must", "retired"])
def test_a_similar_or_retired_text_of_a_merged_spec_is_another_criterion(state: str) -> None:
    text = "A book is lent to any member of the library" if state == "must" else "A book is lent"
    merged = (remember("ac_2_a", text, state),)
    text = "A book is lent to every member of the library" if state == "must" else "A book is lent"
    assert derive_merged(text, merged=merged) == derive_ids(text)


def test_an_id_that_was_taken_over_before_an_interruption_is_not_given_twice() -> None:
    own = (remember("ac_2_a", "A book is lent to any member of the library"),)
    merged = (remember("ac_2_a", "A book is lent"),)
    ids = derive_merged(
        "A book is lent", "A book is lent to every member of the library", remembered=own, merged=merged
    )
    assert ids == [*derive_ids("A book is lent"), "ac_2_a"]


def test_an_authors_id_in_a_merged_spec_is_kept() -> None:
    merged = (remember("ac_2_ac_1", "A book is lent"),)
    assert derive_merged(make_criterion("A book is lent", "AC-1"), merged=merged) == ["ac_2_ac_1"]


def test_a_renamed_criterion_keeps_its_id_and_is_not_reworded() -> None:
    criterion = replace(make_criterion("Lending: in time"), former=("Loans: in time", "Borrowing: in time"))
    entry = remember("ac_1_a", "Borrowing: in time")
    (match,) = match_criteria("1", [criterion], [entry])
    assert (match.id, find_accepted(criterion, entry, ProofSource.GENERATED)) == ("ac_1_a", "")
    assert not is_new_wording(criterion, entry)


def test_a_criterion_that_was_stale_before_it_was_renamed_stays_stale() -> None:
    criterion = replace(make_criterion("Lending: in time"), former=("Borrowing: in time",))
    entry = replace(remember("ac_1_a", "Borrowing: in time"), reworded="Borrowing: at once")
    assert find_accepted(criterion, entry, ProofSource.GENERATED) == "Borrowing: at once"


def test_a_renamed_criterion_is_matched_before_the_spec_that_renamed_it() -> None:
    criterion = replace(make_criterion("Lending: in time"), former=("Borrowing: in time",))
    own, merged = (remember("ac_1_a", "Borrowing: in time"),), (remember("ac_2_a", "Lending: in time"),)
    assert derive_merged(criterion, remembered=own, merged=merged) == ["ac_1_a"]


@settings(deadline=None)
@given(
    st.lists(criteria(), max_size=6),
    st.lists(st.sampled_from(TEXTS), max_size=4),
    st.lists(st.sampled_from(TEXTS), max_size=4),
)
def test_no_two_criteria_share_an_id_after_a_merge(items: list[Criterion], own: list[str], other: list[str]) -> None:
    remembered = [remember(f"ac_1_{number}", text) for number, text in enumerate(own)]
    merged = [remember(f"ac_{1 + number % 2}_{number}", text) for number, text in enumerate(other)]
    ids = [match.id for match in match_criteria("1", items, remembered, merged=merged)]
    assert len(set(ids)) == len(ids)
