"""What keeps a spec from being generated, and which feature file is its own."""

from __future__ import annotations

import pytest
from planned_project import World, make_criterion, make_spec

from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.planning.conflicts import Former
from spec2bdd.domain.planning.spec_plan import find_orphans, plan_specs
from spec2bdd.model import Criterion, ProofSource, Spec, Tier

PATH = "features/1_1_books.feature"
OTHER = "specs/2.md"


def identify(*criteria: Criterion | str, **features: str) -> list[ProofSource]:
    """Determine what proves each criterion, with hand-written features on disk."""
    files = {f"features/{name}.feature": text for name, text in features.items()}
    return [item.proof for item in World(files).generate(make_spec(*criteria)).drafts[0].tracked]


@pytest.mark.parametrize(
    ("criterion", "proof"),
    [
        (make_criterion("x"), ProofSource.GENERATED),
        (make_criterion("x", mark="x"), ProofSource.GENERATED),
        (make_criterion("x", manual=True), ProofSource.NONE),
        (make_criterion("x", waived="too dear"), ProofSource.NONE),
        (make_criterion("x", tier=Tier.WONT), ProofSource.NONE),
        (make_criterion("x", mark="~"), ProofSource.NONE),
        (make_criterion("x", mark="-"), ProofSource.NONE),
    ],
)
def test_what_a_criterion_is_proved_by(criterion: Criterion, proof: ProofSource) -> None:
    assert identify(criterion) == [proof]


def test_a_parent_is_proved_by_its_children() -> None:
    assert identify("parent", make_criterion("child", parent=0)) == [ProofSource.CHILDREN, ProofSource.GENERATED]


def test_a_hand_written_scenario_with_the_tag_is_the_proof() -> None:
    mine = "Feature: mine\n  @ac_1_1_a\n  Scenario: x\n    Then y\n"
    assert identify(make_criterion("x", "A"), "other", mine=mine) == [ProofSource.HAND_WRITTEN, ProofSource.GENERATED]


@pytest.mark.parametrize("tag", ["@ac_1_1_a2", "@ac_1_1_a-old", "@ac_1_1_a.b", "# @ac_1_1_a", "@x # @ac_1_1_a", "@A"])
def test_a_tag_that_only_looks_like_it_is_none(tag: str) -> None:
    mine = f"Feature: mine\n  {tag}\n  Scenario: x\n    Then y\n"
    assert identify(make_criterion("x", "A"), mine=mine) == [ProofSource.GENERATED]


def test_a_criterion_that_gets_a_hand_written_scenario_loses_the_generated_one_and_keeps_its_id() -> None:
    spec = make_spec("A book is lent")
    first = World().generate(spec)
    mine = {"features/mine.feature": f"Feature: mine\n  @{first.ids[0]}\n  Scenario: x\n    Then y\n"}
    second = World({**first.features, **mine}).generate(spec)
    assert "Scenario:" not in second.features[PATH]
    assert first.ids == second.ids
    assert mine["features/mine.feature"] == second.features["features/mine.feature"]
    assert second.features == second.generate(spec).features
    assert World({PATH: second.features[PATH]}).generate(spec).features == first.features


def test_criteria_of_one_text_are_pointed_out_where_each_gets_a_scenario() -> None:
    world = World().generate(make_spec("Twin", "twin", "Twin", make_criterion("Twin", manual=True)))
    assert [(item.line, item.code, item.severity) for item in world.diagnostics] == [(12, "same-text", "warning")]
    assert world.feature.count("Scenario:") == 3


# --- trust ----------------------------------------------------------------------------------------------------------


def list_trust(world: World) -> list[bool]:
    """List which criteria are unverified."""
    return [item.unverified for draft in world.drafts for item in draft.tracked]


def test_a_box_that_was_ticked_when_it_is_first_met_is_trusted_and_stays_so() -> None:
    spec = make_spec(make_criterion("One", mark="x"), "Two")
    world = World().generate(spec)
    assert [True, False] == list_trust(world) == list_trust(world.generate(spec))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (make_spec("One"), make_spec(make_criterion("One", mark="x"))),
        (make_spec("One"), make_spec(make_criterion("Uno", mark="x"))),
        (make_spec(make_criterion("One", mark="x")), make_spec(make_criterion("Uno", mark="x"))),
        (make_spec(make_criterion("One", "A", mark="x")), make_spec(make_criterion("Uno", "A", mark="x"))),
        (make_spec(make_criterion("One", mark="x")), make_spec(make_criterion("One", "A", mark="x"))),
    ],
    ids=["ticked by hand", "ticked and reworded", "reworded", "reworded under its id", "given an id"],
)
def test_a_tick_by_hand_or_under_another_wording_is_not_trusted(before: Spec, after: Spec) -> None:
    assert list_trust(World().generate(before).generate(after)) == [False]


def test_a_ticked_criterion_that_is_new_in_a_known_spec_is_not_trusted_and_a_warning() -> None:
    world = World().generate(make_spec("One")).generate(make_spec("One", make_criterion("Two", mark="x")))
    assert list_trust(world) == [False, False]
    assert world.codes == ["unproved-tick"]


@pytest.mark.parametrize("known", [False, True])
def test_a_spec_whose_feature_file_existed_earlier_is_not_new(known: bool) -> None:
    spec = make_spec(make_criterion("One", mark="x"))
    former = {PATH: Former.FEATURE} if known else {}
    drafts, diagnostics = plan_specs([spec], index_features({}), folder="features", paths={spec.path}, former=former)
    assert [item.unverified for draft in drafts for item in draft.tracked] == [not known]
    assert (["unproved-tick"] if known else []) == [found.code for draft in drafts for found in draft.diagnostics]
    assert diagnostics == ()


@pytest.mark.parametrize(
    "criterion",
    [
        make_criterion("One", mark="x", manual=True),
        make_criterion("One", mark="x", waived="no"),
        make_criterion("One", mark="x", tier=Tier.WONT),
    ],
)
def test_a_criterion_that_needs_no_proof_is_not_on_trust(criterion: Criterion) -> None:
    assert list_trust(World().generate(make_spec(criterion))) == [False]


# --- today's scenario -----------------------------------------------------------------------------------------------


def list_current(world: World, spec: Spec) -> list[bool]:
    """List which criteria have an up-to-date scenario on disk."""
    drafts, _ = world.draft(spec)
    return [item.current for draft in drafts for item in draft.tracked]


def test_a_scenario_is_current_if_it_is_the_one_that_the_spec_gives() -> None:
    spec = make_spec("One", make_criterion("Two", "A"))
    world = World().generate(spec)
    assert list_current(World(), spec) == [False, False]
    assert list_current(world, spec) == [True, True]
    assert list_current(world, make_spec("One", make_criterion("Dos", "A"))) == [True, False]
    assert list_current(World({PATH: world.feature.replace("Then One", "Then Won")}), spec) == [False, True]


# --- files ----------------------------------------------------------------------------------------------------------


def test_two_specs_with_one_id_are_both_refused_and_the_rest_is_written() -> None:
    world = World().generate(make_spec("a"), make_spec("b", path=OTHER), make_spec("c", path="c.md", feature_id="2"))
    assert world.codes == ["duplicate-id", "duplicate-id"]
    assert list(world.features) == ["features/2_books.feature"]


@pytest.mark.parametrize("path", [PATH, PATH.replace("books", "Books"), PATH.upper().replace("FEATURES", "features")])
def test_a_hand_written_feature_is_never_written_over(path: str) -> None:
    mine = {path: "Feature: mine\n"}
    world = World(mine).generate(make_spec("a"))
    assert world.codes == ["path-conflict"]
    assert mine == world.features


def test_two_specs_never_write_one_file() -> None:
    one = make_spec("a", feature_id="1", name="B C")
    two = make_spec("b", path=OTHER, feature_id="1 B", name="C")
    world = World().generate(one, two)
    assert world.codes == ["path-conflict", "path-conflict"]
    assert world.features == {}
    first = World().generate(one)
    assert [(item.path, item.code) for item in first.generate(one, two).diagnostics] == [
        ("specs/2.md", "path-conflict")
    ]
    assert first.generate(one, two).features == first.features


def test_two_specs_whose_criteria_have_one_id_are_both_refused() -> None:
    one = make_spec(make_criterion("a", "2 5"), feature_id="3")
    two = make_spec(make_criterion("b", "5"), path=OTHER, feature_id="3.2")
    world = World().generate(one, two)
    assert world.codes == ["duplicate-id", "duplicate-id"]
    assert world.features == {}


def test_a_spec_that_was_renamed_keeps_its_file() -> None:
    first = World().generate(make_spec("a"))
    second = first.generate(make_spec("a", path="specs/new  name.md", name="Other"))
    assert list(second.features) == [PATH]
    assert "from specs/new name.md." in second.feature
    assert first.ids == second.ids


def test_a_file_name_with_odd_blanks_is_found_again() -> None:
    spec = make_spec("a", path="specs/two  blanks\u2028.md")
    first = World().generate(spec)
    second = first.generate(make_spec("a", path=spec.path, feature_id="9"), make_spec("b", path="specs/b.md", name="B"))
    assert second.codes == []
    assert first.ids[0] == second.ids[0]


def test_a_copy_of_a_generated_file_is_reported_and_proves_nothing_by_itself() -> None:
    spec = make_spec("A book is lent")
    first = World().generate(spec)
    for name in ("features/0_copy.feature", "features/z_copy.feature", "features/sub/1_1_copy.feature"):
        world = World({**first.features, name: first.feature}).generate(spec)
        assert [(diagnostic.path, diagnostic.code) for diagnostic in world.diagnostics] == [(name, "generated-twice")]
        assert first.feature == world.features[PATH]
        assert first.feature == world.features[name]


def test_a_generated_file_may_be_moved_by_hand() -> None:
    spec = make_spec("A book is lent")
    first = World().generate(spec)
    moved = World({"features/books/lending.feature": first.feature}).generate(spec)
    assert moved.features == {"features/books/lending.feature": first.feature}


def test_the_file_of_a_spec_that_is_gone_is_an_orphan() -> None:
    world = World().generate(make_spec("a"), make_spec("b", path=OTHER, feature_id="2"))
    drafts, _ = world.draft(make_spec("a"))
    library = index_features(world.features)
    assert find_orphans(drafts, library, paths=frozenset({"specs/1.md"})) == ("features/2_books.feature",)
    assert find_orphans(drafts, library, paths=frozenset({"specs/1.md", OTHER})) == ()


def test_a_spec_that_cannot_be_read_today_loses_nothing_to_another_with_its_number() -> None:
    world = World().generate(make_spec("a"))
    paths = frozenset({"specs/1.md", OTHER})
    spec = make_spec("b", path=OTHER)
    _, diagnostics = plan_specs([spec], index_features(world.features), folder="features", paths=paths)
    assert [diagnostic.code for diagnostic in diagnostics] == ["path-conflict"]


@pytest.mark.parametrize(("left_out", "is_taken"), [(False, True), (True, False)])
def test_the_ids_of_a_spec_that_is_left_out_are_not_taken_by_a_copy(left_out: bool, is_taken: bool) -> None:
    texts = ("A book is lent", "A book comes back", "A book is lost")
    world = World().generate(make_spec(*texts, path="specs/old.md", feature_id="9"))
    new = make_spec(*texts, path="specs/new.md", feature_id="1")
    plans, _ = plan_specs(
        [new],
        index_features(world.features),
        folder="features",
        paths=frozenset({"specs/new.md"}),
        left_out=frozenset({"specs/old.md"} if left_out else ()),
    )
    taken = [tracked.id for plan in plans for tracked in plan.tracked]
    assert (taken == world.ids) == is_taken
