"""Blocks that were meant as steps and cannot be used are reported at their line."""

from __future__ import annotations

from dataclasses import replace

from domain.gherkin.test_gherkin_nested import below, bullet, code
from planned_project import World, make_criterion, make_spec

BACKGROUND = below(code("Given a\n\nBackground:", "gherkin", 0))


def test_a_block_that_is_left_out_is_reported_at_its_line() -> None:
    (diagnostic,) = World().generate(make_spec(BACKGROUND)).diagnostics
    assert ("specs/1.md", 23, "unusable-steps") == (diagnostic.path, diagnostic.line, diagnostic.code)
    assert diagnostic.message == "cannot be used as steps: cannot parse `Background:`"


def test_the_text_of_the_criterion_is_used_instead() -> None:
    (scenario,) = World().generate(make_spec(BACKGROUND)).features_drafted[0].scenarios
    assert ["it works"] == [step.text for step in scenario.steps]


def test_nothing_is_reported_for_a_criterion_without_scenarios() -> None:
    assert World().generate(make_spec(replace(BACKGROUND, manual=True))).diagnostics == ()


def test_nothing_is_reported_for_notes() -> None:
    notes = below(bullet("see the wiki"), code("x = 1", "python"), bullet("Examples:"))
    assert World().generate(make_spec(notes, make_criterion("Another"))).diagnostics == ()
