"""Items without boxes that begin with ids of criteria, and boxes that follow such an id, as SpecWeave writes them."""

from __future__ import annotations

import pytest

from spec2bdd.domain.editing.mark_edits import plan_mark
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import BoxKind, Spec
from spec2bdd.text.edits import apply_edits

PATH = ".specweave/increments/0001-lamp/spec.md"


def read(text: str, path: str = PATH) -> Spec:
    """Read a spec of SpecWeave."""
    return parse_spec(path, text.encode())


@pytest.mark.parametrize(
    "items",
    [
        "- **AC-US1-01**: The lamp is lit\n- **AC-US1-02**: The lamp is out\n",
        "- AC-US1-01: The lamp is lit\n- AC-US1-02: The lamp is out\n",
        "- **AC-US1-01:** The lamp is lit\n- **AC-US1-02:** The lamp\n  is out\n",
        "- **AC-US1-01** The lamp is lit\n- **AC-US1-02** The lamp is out\n",
        "- **US-001**: As a reader\n  - **AC-US1-01**: The lamp is lit\n  - **AC-US1-02**: The lamp is out\n",
    ],
)
def test_items_with_ids_are_criteria_without_boxes_under_any_heading(items: str) -> None:
    spec = read(f"# Lamp\n\n## User Stories\n\n### US-001: Light\n\n{items}")
    found = [(criterion.given_id, criterion.text, criterion.box.kind) for criterion in spec.criteria]
    expected = [("AC-US1-01", "The lamp is lit"), ("AC-US1-02", "The lamp is out")]
    assert found == [(given_id, text, BoxKind.COMMENT) for given_id, text in expected]
    assert [diagnostic.code for diagnostic in spec.diagnostics] == []


@pytest.mark.parametrize(
    "below",
    [
        "**Test Plan**:\n- AC-US1-01: Given a lamp, when it is lit, then there is light\n",
        "## Coverage\n\n- AC-US1-01: in the tests of the lamp\n",
        "## Scope\n\n- AC-US1-02 to AC-US1-05: later\n",
        "## Tasks\n\n- AC-US2-01: Write the tests\n",
        "## Scope\n\n- AC-US2-01: The lamp is out\n- Other lamps\n",
    ],
)
def test_items_that_refer_to_criteria_are_none(below: str) -> None:
    spec = read(f"# Lamp\n\n### US-001: Light\n\n- AC-US1-01: The lamp is lit\n\n{below}")
    assert [criterion.text for criterion in spec.criteria] == ["The lamp is lit"]


def test_with_boxes_a_plan_for_tests_with_the_same_ids_is_no_criterion() -> None:
    spec = read(
        "# Lamp\n\n## Acceptance Criteria\n\n- [ ] **AC-US1-01**: The lamp is lit\n\n"
        "**Checks**:\n\n- AC-US1-01: Given a lamp, when it is lit, then there is light\n"
    )
    assert [criterion.text for criterion in spec.criteria] == ["The lamp is lit"]


def test_a_box_after_an_id_is_marked_and_unmarked_in_its_place() -> None:
    text = "# Lamp\n\n### US-001: Light\n\n- **AC-US1-01**: [ ] The lamp is lit\n"
    (criterion,) = read(text).criteria
    ticked = apply_edits(text, plan_mark(criterion.box, "x"))
    assert ticked == text.replace("[ ]", "[x]")
    (again,) = read(ticked).criteria
    assert (again.text, again.box.ticked) == ("The lamp is lit", True)
    assert apply_edits(ticked, plan_mark(again.box, " ")) == text


def test_in_other_specs_items_without_boxes_are_reported_whatever_they_begin_with() -> None:
    spec = read("# Lamp\n\n## Acceptance Criteria\n\n- **AC-US1-01**: The lamp is lit\n", "specs/lamp.md")
    assert spec.criteria == ()
    assert "criteria-without-boxes" in [diagnostic.code for diagnostic in spec.diagnostics]
