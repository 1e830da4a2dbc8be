"""The scenarios of a criterion: rules, groups, names, and how they are rendered."""

from __future__ import annotations

import pytest
from domain.gherkin.test_gherkin_hostile import check_feature
from domain.gherkin.test_gherkin_nested import below, bullet, code, table
from grouped import in_one_test
from planned_project import HOSTILE, World, make_criterion, make_spec

from spec2bdd.domain.gherkin.manifest.manifest import drop_unverified, parse_manifest
from spec2bdd.model import Criterion, Spec, Tier

EXAMPLES = (bullet("Given a, when b, then c"), bullet("Given d, when e, then f"))
RULE = below(*EXAMPLES)


def make_group(group: str, *texts: str) -> list[Criterion]:
    """Build the criteria of one group."""
    return [make_criterion(text, group=group) for text in texts]


STORIES = make_spec(*make_group("Story 1: Log in", "A", "B"), *make_group("Story 2", "C"), make_criterion("D"))


def edit(world: World, old: str, new: str) -> World:
    """Build a world with an edit by hand in its feature file."""
    assert world.feature.count(old) == 1
    (path,) = world.features
    return World({path: world.feature.replace(old, new)})


def is_left_alone(world: World, spec: Spec) -> bool:
    """Whether `generate` refuses to overwrite the feature file."""
    after = world.generate(spec)
    return after.features == world.features and "edited-by-hand" in after.codes


def test_several_examples_become_a_rule_after_all_scenarios() -> None:
    world = World().generate(make_spec(RULE, "Another"))
    scenarios = world.features_drafted[0].scenarios
    assert [(scenario.rule, scenario.name) for scenario in scenarios] == [
        ("", "Another"),
        ("It works", "It works (1)"),
        ("It works", "It works (2)"),
    ]
    assert world.feature.count("  Rule: It works\n    @ac_") == 1
    check_feature(make_spec(RULE, "Another"))


def test_a_rule_is_recorded_by_its_text_and_tier() -> None:
    world = World().generate(make_spec(RULE, make_criterion("Another", tier=Tier.COULD)))
    manifest = parse_manifest(world.feature)
    assert manifest
    assert [(entry.state, entry.text) for entry in manifest.entries] == [("could", "Another"), ("must", "It works")]


def test_an_id_stays_when_examples_are_added_or_removed() -> None:
    single = World().generate(make_spec(below(EXAMPLES[0])))
    several = single.generate(make_spec(RULE))
    assert single.ids == several.ids == several.generate(make_spec(make_criterion("It works"))).ids


def test_an_edit_anywhere_in_a_rule_is_noticed() -> None:
    world = World().generate(make_spec(RULE))
    for old in ("Rule: It", "It works (2)", "Given d", "Then f"):
        assert is_left_alone(edit(world, old, old.upper()), make_spec(RULE))


def test_the_trust_of_a_rule_can_be_dropped() -> None:
    ticked = make_criterion("It works", mark="x", nested=RULE.nested)
    world = World().generate(make_spec(ticked))
    assert world.feature.count(", unverified\n") == 1
    assert ", unverified" not in drop_unverified(world.feature, set(world.ids))


def test_a_group_is_a_tag_and_a_comment_above_its_first_scenario() -> None:
    feature = World().generate(STORIES).feature
    lines = [line.strip() for line in feature.splitlines() if "# Story" in line or "@group" in line]
    assert [line for line in lines if line.startswith("#")] == ["# Story 1: Log in", "# Story 2"]
    tags = [line.split()[1:] for line in lines if line.startswith("@")]
    assert tags == [["@group_story_1_log_in", "@must"]] * 2 + [["@group_story_2", "@must"]]
    check_feature(STORIES)


def test_tags_are_sorted() -> None:
    feature = World().generate(make_spec(make_criterion("A", tier=Tier.COULD, group="x"))).feature
    assert " @could @group_x\n" in feature


def test_groups_whose_slugs_are_one_have_tags_of_their_own() -> None:
    spec = make_spec(*make_group("故事 1 登录", "A"), *make_group("故事 1 注册", "B"))
    tags = {line.split()[1] for line in World().generate(spec).feature.splitlines() if "@group" in line}
    assert len(tags) == 2
    check_feature(spec)


def test_removing_the_first_of_a_group_makes_no_other_stale() -> None:
    world = World().generate(STORIES)
    drafts, _ = world.draft(make_spec(*STORIES.criteria[1:]))
    assert all(item.current for item in drafts[0].tracked)


@pytest.mark.parametrize(
    ("old", "new"),
    [("# Story 2", "# Story 3"), ("# Story 2\n", "# Story 2\n  # note\n"), ("  # Story 2", "# Story 2")],
)
def test_another_comment_in_place_of_a_group_is_an_edit(old: str, new: str) -> None:
    assert is_left_alone(edit(World().generate(STORIES), old, new), STORIES)


def test_a_deleted_comment_of_a_group_is_generated_again() -> None:
    world = World().generate(STORIES)
    assert edit(world, "  # Story 2\n", "").generate(STORIES).features == world.features


@in_one_test("text", [*HOSTILE.values(), "digest abc", "digest abc, unverified", "kept: x", "language: de"])
def test_any_group_is_a_comment_and_a_tag(text: str) -> None:
    check_feature(make_spec(*make_group(text, "A", "B"), *make_group("x", "C"), *make_group(text, "D")))


def test_examples_keep_the_names_of_their_author_and_a_single_one_takes_the_criterions() -> None:
    block = code("Scenario: Ana\nGiven a\nScenario: Ben\nGiven b\nScenario: Ben\nGiven c", "gherkin", 0)
    scenarios = World().generate(make_spec(below(block))).features_drafted[0].scenarios
    assert [scenario.name for scenario in scenarios] == ["Ana", "Ben (2)", "Ben (3)"]
    single = code("Scenario: Ana\nGiven a", "gherkin", 0)
    (scenario,) = World().generate(make_spec(below(single))).features_drafted[0].scenarios
    assert (scenario.name, scenario.rule) == ("It works", "")


def test_equal_names_get_a_suffix_that_is_not_recorded() -> None:
    spec = make_spec("A book is lent", "A book is lent", RULE, RULE)
    world = World().generate(spec)
    names = [scenario.name for scenario in world.features_drafted[0].scenarios]
    assert len(set(names)) == len(names)
    assert names[:2] == ["A book is lent", f"A book is lent ({world.ids[1]})"]
    manifest = parse_manifest(world.feature)
    assert manifest
    assert {entry.text for entry in manifest.entries} == {"A book is lent", "It works"}
    check_feature(spec)


def test_features_of_the_same_name_get_their_keys() -> None:
    specs = [make_spec("x", path=f"specs/{n}.md", feature_id=f"1.{n}", name=name) for n, name in enumerate("AaB")]
    names = [feature.name for feature in World().generate(*specs).features_drafted]
    assert names == ["A (1_0)", "a (1_1)", "B"]


def test_a_line_of_a_doc_string_is_no_manifest_entry() -> None:
    text = '# digest abc\n  # digest abc\n@ac_1_1_other @must\nScenario: x\n# kept: ac_1_1_a must "x"'
    spec = make_spec(below(bullet("Given a"), code(text), bullet("Then b"), table((("@x", "# digest abc"),))))
    world = World().generate(spec)
    manifest = parse_manifest(world.feature)
    assert manifest
    assert world.ids == [entry.id for entry in manifest.entries]
    assert manifest.edited == ()
    check_feature(spec)
