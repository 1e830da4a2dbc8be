"""Tables, steps and items that look like criteria in any dialect are read or reported, and others are left alone."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

MUST = "---\nfeature_id: 1.1\nname: A\nstatus: Draft\n---\n\n## Must Have\n\n- [ ] A book is lent\n"


def read(text: str) -> Spec:
    """Read a spec in the template's dialect that has one criterion, and more."""
    return parse_spec("specs/a.md", (MUST + text).encode())


TABLES = {
    "a-column-for-each-tier": [["Must Have", "Should Have"], ["Readers see their fines", "Fines are mailed"]],
    "tiers-of-requirements": [["Requirement", "Priority"], ["Export as PDF", "Must"], ["A dark mode", "Should"]],
    "tiers-of-sentences": [["Tier", "What"], ["**Must**", "Readers can see fines"], ["Should", "Fines are mailed"]],
    "priorities": [["Story", "Priority"], ["As a reader I want to pay", "P1"], ["As a clerk I want to see it", "P2"]],
    "steps": [["#", "Given", "When", "Then"], ["1", "a", "b", "c"]],
}


def render(rows: list[list[str]]) -> str:
    """Render a table, header first."""
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_a_table_of_demands_is_reported_and_blocks_a_promotion(rows: list[list[str]]) -> None:
    spec = read(f"\n## Scope\n\n{render(rows)}")
    assert [(found.line, found.code) for found in spec.diagnostics] == [(13, "unread-table")]
    assert spec.unread == (13,)


QUIET_TABLES = {
    "a-legend": [["Priority", "Meaning"], ["P1", "It must be there"], ["P2", "It should be there"]],
    "a-legend-in-words": [["Tier", "Description"], ["Must", "Critical for launch"], ["Should", "Important"]],
    "counts": [["Tier", "Open"], ["Must", "2 of 3 are open"], ["Should", "4 of 7 are open"]],
    "features": [["Feature", "Priority"], ["Dark mode", "Must"], ["Export PDF", "Should"]],
    "a-matrix": [["Feature", "Must", "Should"], ["Dark mode", "x", ""], ["Export", "", "x"]],
    "reasons": [["Priority", "Tool", "Rationale"], ["P0", "rename", "It is common"], ["P1", "move", "It is rare"]],
    "tests": [["Test", "Requirement", "Priority"], ["T1", "A book can be lent", "P1"], ["T2", "It is then gone", "P1"]],
}


@pytest.mark.parametrize("rows", QUIET_TABLES.values(), ids=QUIET_TABLES)
def test_a_table_of_something_else_is_left_alone(rows: list[list[str]]) -> None:
    assert read(f"\n## Scope\n\n{render(rows)}").diagnostics == ()


def test_a_table_in_code_is_left_alone() -> None:
    assert read(f"\n## Scope\n\n```\n{render(TABLES['tiers-of-sentences'])}```\n").diagnostics == ()


@pytest.mark.parametrize("heading", ["Tasks", "Notes", "Test Plan"])
def test_a_table_under_a_heading_of_something_else_is_left_alone(heading: str) -> None:
    assert read(f"\n## {heading}\n\n{render(TABLES['tiers-of-requirements'])}").diagnostics == ()


def test_a_table_is_reported_once_under_each_heading() -> None:
    table = render(TABLES["steps"])
    assert [found.line for found in read(f"\n## Scope\n\n{table}\n{table}").diagnostics] == [13]


STEPS = {
    "quoted-lines": "  > Given a book\n  > When it is lent\n  > Then it is gone\n",
    "quoted-items": "\n  > - Given a book\n  > - Then it is gone\n",
    "quoted-under-the-item": "> Given a book\n> Then it is gone\n",
    "quoted-and-bold": "  > **And** it is gone\n",
    "a-background": "- Background:\n  - Given a library\n",
    "a-background-in-a-line": "\n**Background:** Given a library\n",
    "a-background-in-the-item": "  - Background:\n    - Given a library\n",
    "loose-steps": "\n## Behaviour\n\n- Given a book\n- When it is lent\n- Then it is gone\n",
    "a-loose-sentence": "\n## Behaviour\n\n1. **Given** a book, **When** it is lent, **Then** it is gone\n",
    "gherkin-without-a-name": "\n### More\n\n```\nScenario: x\n  Given a book\n  Then it is gone\n```\n",
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_steps_that_are_not_read_are_reported_and_block_a_promotion(steps: str) -> None:
    spec = read(steps)
    assert [found.code for found in spec.diagnostics] == ["unread-steps"]
    assert len(spec.unread) == 1


QUIET_STEPS = {
    "a-quoted-sentence": "\n> When in doubt, ask the desk.\n",
    "prose-about-the-background": "\n**Background:** The library is old.\n",
    "sentences-in-a-list": "\n## Behaviour\n\n- When a book is late, a fine is due\n- Given names are short\n",
    "tasks": "\n## Tasks\n\n- Given a book\n- Then it is gone\n",
    "an-example": "\n## Format\n\n```gherkin\nScenario: x\n  Given a book\n  Then it is gone\n```\n",
}


@pytest.mark.parametrize("text", QUIET_STEPS.values(), ids=QUIET_STEPS)
def test_what_only_looks_like_steps_is_left_alone(text: str) -> None:
    assert read(text).diagnostics == ()


def test_a_quoted_box_under_a_heading_that_says_nothing_is_reported() -> None:
    spec = read("\n## Night Shift\n\n> - [ ] The lamp is lit\n")
    assert ([found.code for found in spec.diagnostics], spec.unread) == (["unread-section"], ())


def test_items_that_name_their_tiers_are_reported_and_a_legend_is_not() -> None:
    items = "- **Must**: readers pay\n- **Must**: readers see fines\n- **Should**: fines are mailed\n"
    assert [found.code for found in read(f"\n## Scope\n\n{items}").diagnostics] == ["unread-criterion"]
    assert read("\n## Scope\n\n- **Must**: critical\n- **Should**: important\n").diagnostics == ()


@pytest.mark.parametrize(
    "lines", ["a) Books are lent\nb) Fines are shown\n", "\u2705 Books are lent\n\u274c Fines are shown\n"]
)
def test_lines_with_markers_that_markdown_does_not_know_are_reported(lines: str) -> None:
    spec = read(f"\n### Should Have\n\n{lines}")
    assert [found.code for found in spec.diagnostics] == ["criteria-without-boxes"]


def test_an_item_without_a_box_among_criteria_blocks_a_promotion() -> None:
    spec = read("- A fine is shown\n")
    assert ([found.code for found in spec.diagnostics], spec.unread) == (["criteria-without-boxes"], (10,))


@pytest.mark.parametrize("label", ["Acceptance criteria: ", "**Acceptance Criteria:**\n"])
def test_criteria_in_a_sentence_are_reported(label: str) -> None:
    spec = read(f"\n## Export\n\n{label}the page loads and the form is shown.\n")
    assert ([found.code for found in spec.diagnostics], len(spec.unread)) == (["unread-criterion"], 1)


@pytest.mark.parametrize("text", ["Acceptance criteria: all of these hold\n\n- [ ] b\n", "Acceptance criteria: none\n"])
def test_an_introduction_to_criteria_is_not_reported(text: str) -> None:
    assert "unread-criterion" not in [found.code for found in read(f"\n## Export\n\n{text}").diagnostics]
