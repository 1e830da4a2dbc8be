"""The layout of a generated feature file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from planned_project import (
    World,
    describe_drafted,
    make_criterion,
    make_spec,
    parse_with_behave,
    parse_with_gherkin,
)

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.manifest.manifest import parse_manifest
from spec2bdd.domain.gherkin.naming import build_feature_stem, build_spec_key, choose_name
from spec2bdd.model import Tier

STEPS = (
    "Given Ana and then Ben reserved a lent book",
    "When the book is returned",
    "Then it is kept for Ana",
    "And Ben is next",
)
LIBRARY = make_spec(
    "A returned book can be lent again at once",
    "When a book comes back late, the reader owes 20 cents for each day",
    make_criterion('Returning a book that was never lent is refused with "not on loan"', "AC-07"),
    make_criterion("Reservations are honoured in order", bullets=STEPS),
    make_criterion("A receipt is printed", tier=Tier.SHOULD, mark="x"),
    make_criterion("Return by post", tier=Tier.COULD, mark="~"),
    path="specs/2.4-returns.md",
    purpose="Readers bring books back, and the library knows at once what is on the shelf.",
    feature_id="2.4",
    name="Book returns",
    prd_section="3.1 (Lending)",
    implementation_plan_section="2.4",
)
GOLDEN = (Path(__file__).parent / "data" / "book_returns.feature").read_text(encoding="utf-8")


def test_the_layout_ids_and_digests_of_a_feature_never_change() -> None:
    assert World().generate(LIBRARY).feature == GOLDEN


def test_rendering_is_the_same_every_time() -> None:
    (draft,) = World().generate(LIBRARY).drafts
    assert draft.feature
    assert render_feature(draft.feature) == render_feature(draft.feature)
    assert render_feature(draft.feature) == World().generate(LIBRARY).feature


def test_both_parsers_read_the_values_of_the_feature() -> None:
    world = World().generate(LIBRARY)
    expected = describe_drafted(world.drafts[0])
    assert expected == parse_with_behave(world.feature) == parse_with_gherkin(world.feature)


def test_the_order_of_the_spec_is_the_order_of_the_feature() -> None:
    texts = [f"Number {n} is shown" for n in range(20)]
    random.Random(7).shuffle(texts)
    (feature,) = World().generate(make_spec(*texts)).features_drafted
    assert texts == [scenario.name for scenario in feature.scenarios]


@pytest.mark.parametrize(
    ("fields", "path", "key", "name", "stem"),
    [
        ({}, "specs/1.md", "1_1", "Books", "1_1_books"),
        ({"name": ""}, "specs/login.md", "1_1", "login", "1_1_login"),
        ({"feature_id": ""}, "specs/Über uns.md", "uber_uns", "Books", "uber_uns"),
        ({"feature_id": "3.10"}, "specs/1.md", "3_10", "Books", "3_10_books"),
        ({"feature_id": "../x"}, "specs/1.md", "x", "Books", "x_books"),
        ({"name": "", "feature_id": ""}, "specs/a\nb.md", "a_b", "a b", "a_b"),
    ],
)
def test_a_spec_is_named_by_its_front_matter_else_by_its_file(
    fields: dict[str, str], path: str, key: str, name: str, stem: str
) -> None:
    spec = make_spec("x", path=path, **fields)
    assert (build_spec_key(spec), choose_name(spec), build_feature_stem(spec)) == (key, name, stem)


def test_sections_that_are_not_filled_in_make_no_tags() -> None:
    (feature,) = World().generate(make_spec("x")).features_drafted
    assert feature.tags == ("spec_1_1",)


@pytest.mark.parametrize("start", ["Given", "when", "* ", "Scenario:", "# no", "@tag", "Examples:", '"""', "```", "|"])
def test_a_description_that_a_parser_would_misread_starts_with_a_word(start: str) -> None:
    feature = World().generate(make_spec("x", purpose=f"{start} it is so")).feature
    assert "\n  Purpose: " in feature
    assert parse_with_behave(feature) == parse_with_gherkin(feature)


@pytest.mark.parametrize("start", ["Giving", "whenever", "The scenario:", "an @tag", "Andante"])
def test_any_other_description_is_unchanged(start: str) -> None:
    assert f"\n  {start} it is so\n" in World().generate(make_spec("x", purpose=f"{start} it is so")).feature


def test_a_spec_without_criteria_gets_no_file() -> None:
    assert World().generate(make_spec()).features == {}


def test_a_spec_that_lost_all_its_criteria_keeps_their_ids() -> None:
    first = World().generate(make_spec("A book is lent"))
    after = first.generate(make_spec())
    manifest = parse_manifest(after.feature)
    assert manifest
    assert [(first.ids[0], "retired")] == [(entry.id, entry.state) for entry in manifest.entries]
    assert after.features == after.generate(make_spec()).features
