"""A spec that gets another file name and another id at once: found by its texts, or reported."""

from __future__ import annotations

import pytest
from planned_project import World, make_spec

from spec2bdd.model import Spec

TEXTS = ["A book is lent", "A book comes back", "A reader owes money"]
OLD = make_spec(*TEXTS, path="specs/1.md", feature_id="1.1")


def move(*texts: str, path: str = "specs/9.md", feature_id: str = "9.9") -> Spec:
    """Build the spec under another name with another id."""
    return make_spec(*texts, path=path, feature_id=feature_id)


@pytest.mark.parametrize(
    "texts", [TEXTS, list(reversed(TEXTS)), [*TEXTS, "Another"], TEXTS[:2], ["a BOOK is “lent”.", *TEXTS[1:]]]
)
def test_a_spec_with_the_words_of_one_that_is_gone_keeps_its_ids(texts: list[str]) -> None:
    first = World().generate(OLD)
    world = first.generate(move(*texts))
    known = set(first.ids)
    assert len([one for one in world.ids if one in known]) == min(len(texts), 3)
    assert [code for code in world.codes if code == "spec-moved"] == ["spec-moved"]
    assert len(world.features) == 1


def test_it_is_reported_once() -> None:
    world = World().generate(OLD).generate(move(*TEXTS))
    assert world.generate(move(*TEXTS)).codes == []


@pytest.mark.parametrize(
    "texts", [["A book is lent"], ["A book is lent", "One", "Two"], ["One", "Two"], ["A book is lent", "One"]]
)
def test_a_spec_that_shares_too_little_is_a_new_one(texts: list[str]) -> None:
    first = World().generate(OLD)
    world = first.generate(move(*texts))
    assert set() == set(first.ids) & set(world.ids)
    assert "spec-moved" not in world.codes


def test_a_spec_with_a_single_criterion_is_new_and_the_one_that_it_may_be_is_named() -> None:
    first = World().generate(make_spec("A book is lent", path="specs/1.md"))
    world = first.generate(move("A book is lent"))
    assert not set(first.ids) & set(world.ids)
    assert [diagnostic.message for diagnostic in world.diagnostics] == [
        "possibly a rename of `specs/1.md`; the ids of its criteria were not carried over"
    ]


def test_a_spec_with_a_single_criterion_of_many_is_new_without_a_diagnostic() -> None:
    world = World().generate(OLD).generate(move("A book is lent"))
    assert world.codes == []


def test_a_spec_that_is_still_there_keeps_its_own() -> None:
    first = World().generate(OLD)
    world = first.generate(OLD, make_spec(*TEXTS, path="specs/9.md", feature_id="9.9", name="Others"))
    assert first.ids == world.ids[:3]
    assert [code for code in world.codes if code == "spec-moved"] == []


def test_two_that_could_be_it_are_both_new_and_reported() -> None:
    first = World().generate(OLD)
    world = first.generate(move(*TEXTS), make_spec(*TEXTS, path="specs/8.md", feature_id="8.8", name="Others"))
    assert set() == set(first.ids) & set(world.ids)
    assert world.codes.count("spec-moved") == 2
    messages = [diagnostic.message for diagnostic in world.diagnostics if diagnostic.code == "spec-moved"]
    assert all(message.startswith("possibly a rename of") for message in messages)
