"""Blocks that were meant as steps and cannot be used are reported at their line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from domain.gherkin.test_gherkin_nested import below, bullet, code
from planned_project import World, make_criterion, make_spec

from spec2bdd.domain.planning.given_ids import suggest_id_comment
from spec2bdd.domain.specs.criteria.annotations import parse_annotations
from spec2bdd.domain.specs.markdown.inline import parse_inline

BACKGROUND = below(code("Given a\n\nBackground:", "gherkin", 0))


def test_a_block_that_is_left_out_is_reported_at_its_line() -> None:
    (diagnostic,) = World().generate(make_spec(BACKGROUND)).diagnostics
    assert (diagnostic.path, diagnostic.line, diagnostic.code) == ("specs/1.md", 23, "unusable-steps")
    assert diagnostic.message == "cannot be used as steps: cannot parse `Background:`"


def test_the_text_of_the_criterion_is_used_instead() -> None:
    (scenario,) = World().generate(make_spec(BACKGROUND)).features_drafted[0].scenarios
    assert [step.text for step in scenario.steps] == ["it works"]


def test_nothing_is_reported_for_a_criterion_without_scenarios() -> None:
    assert World().generate(make_spec(replace(BACKGROUND, manual=True))).diagnostics == ()


def test_nothing_is_reported_for_notes() -> None:
    notes = below(bullet("see the wiki"), code("x = 1", "python"), bullet("Examples:"))
    assert World().generate(make_spec(notes, make_criterion("Another"))).diagnostics == ()


SUGGESTED = [
    ("The lamp is off", "<!-- id: the-lamp-is-off -->"),
    ("Größe zählt", "<!-- id: grosse-zahlt -->"),
    ("A name that is much longer than an id can be", "<!-- id: a-name-that-is-much-longer -->"),
]


@pytest.mark.parametrize(("text", "comment"), SUGGESTED)
def test_the_id_that_a_hint_suggests_can_be_copied(text: str, comment: str) -> None:
    assert suggest_id_comment(text) == comment
    assert parse_annotations(parse_inline(f"{text} {comment}", {})).given_id == comment[9:-4]


def test_a_rewording_that_may_be_of_several_names_them_all() -> None:
    first = World().generate(make_spec("A reader can borrow a book today", "A reader can borrow a book later"))
    (warning,) = first.generate(make_spec("A reader can borrow a book now")).diagnostics
    assert (warning.code, warning.line) == ("wording-unclear", 10)
    assert warning.message == (
        "possibly a rewording of `A reader can borrow a book today`, `A reader can borrow a book later`; "
        "the match is not clear, so it is a new criterion"
    )


def test_a_copy_and_a_taken_path_are_reported_at_the_start_of_the_file() -> None:
    world = World().generate(make_spec("A book is lent"))
    copied = World({**world.features, "features/copy.feature": world.feature}).generate(make_spec("A book is lent"))
    taken = World({"features/1_1_books.feature": "Feature: mine\n"}).generate(make_spec("A book is lent"))
    found = [(item.code, item.line, item.column) for item in (*copied.diagnostics, *taken.diagnostics)]
    assert found == [("generated-twice", 1, 1), ("path-conflict", 1, 1)]
