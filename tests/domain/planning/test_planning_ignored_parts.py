"""Bullets under a scenario that no step has are reported, where all that is under it should be a part of it."""

from __future__ import annotations

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
