"""Bullets that no step has are reported: all that are under a scenario, or in most dialects, those under a step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spec2bdd.domain.planning.ignored_parts import describe_ignored_parts
from spec2bdd.domain.specs.parser import parse_spec

SPEC = "### Requirement: R\nIt SHALL.\n\n#### Scenario: S\n- **WHEN** a\n"


def list_reports(below: str) -> list[tuple[int, str]]:
    """List the lines and the messages about the bullets of a scenario of OpenSpec."""
    spec = parse_spec("openspec/specs/a/spec.md", (SPEC + below).encode())
    return [(found.line, found.message) for found in describe_ignored_parts(spec, spec.criteria, "en")]


@pytest.mark.parametrize("below", ["- **THEN** b\n- c\n- d\n", "- **THEN** b\n  - c\n  - d\n"], ids=["after", "under"])
def test_bullets_after_or_under_the_steps_are_reported_once(below: str) -> None:
    assert list_reports(below) == [(7, "`c` and 1 more: no part of a step, so no scenario has it")]


@pytest.mark.parametrize("below", ["- **THEN** b:\n  - c\n  - d\n- **AND** e\n", "- **THEN** b\n- **AND** c\n"])
def test_steps_and_the_data_of_a_step_are_not_reported(below: str) -> None:
    assert list_reports(below) == []


STEPS = "- [ ] A box opens\n  - When it is opened\n  - Then it has{colon}\n"
LOST = "`a lid` and 1 more: no part of a step, so no scenario has it"


@pytest.mark.parametrize("dialect", ["template", "kiro", "headings", "tables"])
@pytest.mark.parametrize(
    ("colon", "below", "expected"),
    [
        ("", "    - a lid\n    - a lock\n", [(6, LOST)]),
        ("", "    - a lid\n      - a lock\n  - And it is dry\n    - quite\n", [(6, LOST.replace("1 more", "2 more"))]),
        (":", "    - a lid\n    - a lock\n", []),
        # A bullet after the steps may be a note.
        ("", "  - See the drawing\n  - It was agreed in May\n", []),
        ("", "  - And it is dry\n", []),
    ],
)
def test_elsewhere_only_bullets_under_a_step_are_reported(
    dialect: str, colon: str, below: str, expected: list[tuple[int, str]]
) -> None:
    text = f"## Acceptance Criteria\n\n{STEPS.format(colon=colon)}{below}"
    spec = replace(parse_spec("specs/1.md", text.encode()), dialect=dialect)
    assert [(found.line, found.message) for found in describe_ignored_parts(spec, spec.criteria, "en")] == expected


def test_a_bullet_under_the_title_of_a_scenario_may_be_a_note() -> None:
    text = "## Acceptance Criteria\n\n- [ ] Boxes\n  - Scenario: a box\n    - See the drawing\n    - Then it opens\n"
    spec = parse_spec("specs/1.md", text.encode())
    assert not [found for found in describe_ignored_parts(spec, spec.criteria, "en") if "no part" in found.message]


@pytest.mark.parametrize(
    ("dialect", "mark", "expected"),
    [
        ("template", "~", [("set-aside", 7)]),
        ("template", "x", []),
        # What the box means is up to the tools of that dialect.
        ("kiro", "~", []),
    ],
)
def test_a_box_that_is_set_aside_without_a_reason_is_reported(
    dialect: str, mark: str, expected: list[tuple[str, int]]
) -> None:
    text = f"---\nfeature_id: 1.1\n---\n\n## Acceptance Criteria\n\n- [{mark}] A book is lent\n"
    spec = replace(parse_spec("specs/1.md", text.encode()), dialect=dialect)
    assert [(found.code, found.line) for found in describe_ignored_parts(spec, spec.criteria, "en")] == expected
