"""Which texts are one criterion in other words, and which are not."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.tracking.similarity import is_similar, match_similar, measure_similarity
from spec2bdd.domain.tracking.tokens import WeightedTokens, is_typo

CASES = json.loads((Path(__file__).parent / "data" / "similarity.json").read_text(encoding="utf-8"))
FAMILY = ["Users can create posts", "Users can promote posts", "Users can invite friends"]


def pair(old: list[str], new: list[str]) -> dict[str, str]:
    """Match old texts with new ones; equal texts are matched before."""
    gone = {number for number, text in enumerate(old) if text not in new}
    come = {number for number, text in enumerate(new) if text not in old}
    return {old[n]: new[m] for m, n in match_similar(old, new, free_old=gone, free_new=come).pairs.items()}


@pytest.mark.parametrize(("old", "new"), CASES["near"])
def test_the_same_in_other_words_is_similar(old: str, new: str) -> None:
    assert is_similar(old, new)
    assert is_similar(new, old)
    assert pair([old], [new]) == {old: new}


@pytest.mark.parametrize(("old", "new"), CASES["apart"])
def test_another_requirement_in_nearly_the_same_words_is_not_similar(old: str, new: str) -> None:
    assert not is_similar(old, new)
    assert not is_similar(new, old)
    assert pair([old], [new]) == {}


def test_one_of_a_family_is_reworded_and_the_others_stay() -> None:
    new = ["Users can create new posts", *FAMILY[1:]]
    assert pair(FAMILY, new) == {FAMILY[0]: new[0]}


def test_a_new_member_of_a_family_is_not_the_one_that_has_gone() -> None:
    old = ["Reports can be printed by any member of the team", "Reports can be mailed by any member of the team"]
    new = ["Reports can be signed by any member of the team", old[1]]
    assert pair(old, new) == {}


def test_two_that_are_equally_similar_are_both_new_and_are_named() -> None:
    old = ["Items can be added and counted"]
    near = match_similar(old, ["Items can be added", "Items can be counted"], free_old={0}, free_new={0, 1})
    assert near.pairs == {}
    assert near.doubts == {0: (0,), 1: (0,)}


def test_the_id_of_a_criterion_that_was_split_stays_with_the_clearly_most_similar_part() -> None:
    old = ["A receipt is printed for the customer and the shop keeps a copy"]
    new = ["A receipt is printed for the customer and the shop", "The shop keeps no money"]
    assert pair(old, new) == {old[0]: new[0]}


def test_of_two_that_are_merged_the_more_similar_one_keeps_its_id() -> None:
    old = ["A receipt is printed for every customer", "The receipt has a number"]
    assert pair(old, ["A receipt with its number is printed for every customer"]) == {
        old[0]: "A receipt with its number is printed for every customer"
    }


def test_nothing_is_matched_where_nothing_is_free() -> None:
    assert match_similar(["a b c"], ["a b d"], free_old=set(), free_new={0}).pairs == {}
    assert match_similar(["a b c"], ["a b d"], free_old={0}, free_new=set()).pairs == {}
    assert match_similar([], [], free_old=set(), free_new=set()).pairs == {}


@pytest.mark.parametrize(("one", "other"), [("receive", "recieve"), ("colour", "color"), ("address", "adress")])
def test_a_swapped_or_additional_letter_is_a_typo(one: str, other: str) -> None:
    assert is_typo(one, other)
    assert is_typo(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("stack", "stock"), ("from", "form"), ("loved", "moved"), ("12345", "12354"), ("receive", "x")]
)
def test_another_word_is_no_typo(one: str, other: str) -> None:
    assert not is_typo(one, other)
    assert not is_typo(other, one)


WORDS = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)]
DICE = random.Random(4)
MIXED = [" ".join(DICE.choices(WORDS, k=10)) for _ in range(2000)]
GRID = [f"the field {one} {other} is shown in the list" for one in WORDS[:50] for other in WORDS[50:90]]
ALIKE = [f"the same words stand here {'x' * (n % 7)}" for n in range(2000)]


@pytest.mark.parametrize(("texts", "late", "least"), [(MIXED, "", 1500), (GRID, "appears", 0), (ALIKE, "or there", 0)])
def test_two_thousand_criteria_that_are_all_reworded_are_each_compared_with_a_few(
    texts: list[str], late: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Counter[str]()

    def compare(one: WeightedTokens, other: WeightedTokens) -> float:
        compared["pairs"] += 1
        return measure_similarity(one, other)

    monkeypatch.setattr("spec2bdd.domain.tracking.similarity.measure_similarity", compare)
    new = [text.replace("is shown", late) if late else f"{text.rpartition(' ')[0]} new" for text in texts]
    every = set(range(len(texts)))
    near = match_similar(texts, new, free_old=every, free_new=every)
    # Eight at most for each old and each new text; comparing every pair would be four million.
    assert compared["pairs"] <= 2 * 8 * len(texts)
    assert least <= len(near.pairs)
    assert all(number == other for number, other in near.pairs.items())


@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
def test_no_old_text_is_given_away_twice(old: list[str], new: list[str]) -> None:
    near = match_similar(old, new, free_old=set(range(len(old))), free_new=set(range(len(new))))
    assert len(near.pairs) == len(set(near.pairs.values()))
    assert not near.pairs.keys() & near.doubts.keys()
