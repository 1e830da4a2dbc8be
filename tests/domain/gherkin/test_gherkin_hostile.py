"""Hostile texts: whatever a spec contains, it remains text in Gherkin and in Python."""

from __future__ import annotations

import pytest
from behave.api.pending_step import StepNotImplementedError
from grouped import in_one_test
from hypothesis import example, given, settings
from hypothesis import strategies as st
from planned_project import (
    HOSTILE,
    World,
    call_step,
    describe_drafted,
    find_functions,
    find_match,
    loaded,
    make_criterion,
    make_spec,
    parse_with_behave,
    parse_with_gherkin,
)

from spec2bdd.domain.expressions.matchers import MATCHERS
from spec2bdd.domain.gherkin.manifest.manifest import parse_manifest
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_single_line

TEXTS = list(HOSTILE.values())
hostile = in_one_test("text", TEXTS, ids=list(HOSTILE))


def check_feature(spec: Spec) -> None:
    """Both parsers read what is in the `Feature` value, the manifest is intact, and a second time nothing changes."""
    world = World().generate(spec)
    (draft,) = world.drafts
    assert draft.feature
    expected = describe_drafted(draft)
    assert parse_with_behave(world.feature) == expected
    assert parse_with_gherkin(world.feature) == expected
    manifest = parse_manifest(world.feature)
    assert manifest
    assert manifest.margins_intact
    assert manifest.edited == ()
    scenarios = {
        item.id: (item.tier.value, item.text or item.rule or item.name.removesuffix(f" ({item.id})"))
        for item in draft.feature.scenarios
    }
    kept = {item.id: (item.state, item.text) for item in draft.feature.manifest_entries}
    assert {entry.id: (entry.state, entry.text) for entry in manifest.entries} == scenarios | kept
    again = world.generate(spec)
    assert world.features == again.features
    assert world.ids == again.ids


@hostile
def test_any_text_of_a_criterion_is_one_scenario_to_both_parsers(text: str) -> None:
    check_feature(make_spec(text, "Something else"))


@hostile
def test_any_text_of_a_manual_criterion_is_recorded(text: str) -> None:
    check_feature(make_spec(make_criterion(text, manual=True), make_criterion("Another", manual=True, mark="x")))


@hostile
def test_any_name_of_a_spec_is_the_name_of_its_feature(text: str) -> None:
    check_feature(make_spec("It works", name=text))


@hostile
def test_any_purpose_is_a_description_and_nothing_else(text: str) -> None:
    check_feature(make_spec("It works", purpose=text))
    check_feature(make_spec("It works", purpose=f"{'word ' * 21} {text} {text}"))


@hostile
def test_any_bullet_is_a_step_or_none(text: str) -> None:
    bullets = (f"Given {text}", f"When {text}", text, f"Then {text}", f"And {text}")
    check_feature(make_spec(make_criterion("It works", bullets=bullets)))


@hostile
def test_any_given_id_is_a_tag(text: str) -> None:
    check_feature(make_spec(make_criterion("It works", text)))


@hostile
def test_any_front_matter_makes_a_path_in_the_folder_and_plain_tags(text: str) -> None:
    spec = make_spec("It works", feature_id=text, name=text, prd_section=text, implementation_plan_section=text)
    check_feature(spec)
    (path,) = World().generate(spec).features
    assert path.count("/") == 1
    assert path.startswith("features/")
    assert len(path) < 140


@hostile
def test_any_file_name_makes_a_path_in_the_folder(text: str) -> None:
    spec = make_spec("It works", path=f"specs/{text.replace('/', '')}.md", feature_id="", name="")
    check_feature(spec)
    world = World().generate(spec, steps=True)
    (path,) = world.features
    assert path.count("/") == 1
    (steps,) = world.steps.values()
    assert find_functions(steps) == ["it_works"]
    compile(steps, "steps.py", "exec")


@pytest.mark.parametrize("matcher", MATCHERS)
def test_all_hostile_texts_together_have_one_step_definition_each_and_none_is_ambiguous(matcher: str) -> None:
    specs = [
        make_spec(*TEXTS),
        make_spec(*reversed(TEXTS), path="specs/2.md", feature_id="1.2", name="Readers"),
    ]
    world = World().generate(*specs, steps=True, matcher=matcher)
    scenarios = [scenario for feature in world.features_drafted for scenario in feature.scenarios]
    steps = {(step.kind, step.text) for scenario in scenarios for step in scenario.steps}
    with loaded(world.steps, backwards=True), loaded(world.steps) as registry:
        # Of two texts of which one is the pattern of the other, one is reported and gets no stub.
        refused = [diagnostic.message for diagnostic in world.diagnostics if diagnostic.code == "ambiguous-step"]
        assert len(refused) <= 4
        for kind, text in steps:
            match = find_match(registry, kind, text)
            if not match and any(f"`{text}`" in message for message in refused):
                continue
            assert match, text
            with pytest.raises(StepNotImplementedError):
                call_step(match)
    names = [name for content in world.steps.values() for name in find_functions(content)]
    assert all(name.isidentifier() and name.isascii() for name in names)
    assert world.generate(*specs, steps=True, matcher=matcher).steps == world.steps


@hostile
@in_one_test("matcher", MATCHERS)
def test_one_hostile_text_alone_makes_one_stub_that_raises(text: str, matcher: str) -> None:
    spec = make_spec(make_criterion("It works", bullets=(f"Then {to_single_line(text) or 'x'}",)))
    world = World().generate(spec, steps=True, matcher=matcher)
    (steps,) = world.steps.values()
    assert len(find_functions(steps)) == 1
    (step,) = world.features_drafted[0].scenarios[0].steps
    with loaded(world.steps) as registry, pytest.raises(StepNotImplementedError):
        call_step(find_match(registry, step.kind, step.text))
    assert world.generate(spec, steps=True, matcher=matcher).steps == world.steps


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6), st.text(max_size=60), st.text(max_size=30))
@example(["0\x00", "0 "], "", "")
def test_no_text_at_all_breaks_a_feature(texts: list[str], purpose: str, name: str) -> None:
    spec = make_spec(*(text for text in texts if to_single_line(text)), purpose=purpose, name=name, feature_id=name)
    if spec.criteria:
        check_feature(spec)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("ab {}\"\\'.:5d%#\n$^()[]|?*+/"), min_size=1, max_size=12), min_size=1, max_size=6
    ),
    st.sampled_from(MATCHERS),
)
def test_no_text_at_all_breaks_a_step_file(texts: list[str], matcher: str) -> None:
    spec = make_spec(*(text for text in texts if to_single_line(text)))
    if spec.criteria:
        world = World().generate(spec, steps=True, matcher=matcher)
        assert world.generate(spec, steps=True, matcher=matcher).steps == world.steps


def test_a_text_in_a_manifest_entry_cannot_forge_another_entry() -> None:
    spec = make_spec(make_criterion('x" \n# kept: ac_1_1_ffffff must "y', manual=True))
    manifest = parse_manifest(World().generate(spec).feature)
    assert manifest
    assert [entry.text for entry in manifest.entries] == ['x" # kept: ac_1_1_ffffff must "y']
