"""What teams write in the files of other tools is read, or reported."""

from __future__ import annotations

import pytest

from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Criterion, Spec

TASK = "---\nid: task-1\ntitle: Login\nstatus: To Do\n---\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 a\n"


def read(path: str, text: str) -> Spec:
    """Read the text of a file."""
    return parse_spec(path, text.encode())


def list_problems(spec: Spec) -> list[tuple[int, str]]:
    """List the lines and codes of the diagnostics."""
    return [(diagnostic.line, diagnostic.code) for diagnostic in spec.diagnostics]


def list_steps(criterion: Criterion) -> list[str]:
    """List the steps of a criterion."""
    return [f"{step.keyword} {step.text}" for step in list_criterion_steps(criterion)]


@pytest.mark.parametrize(
    "below", ["  - [ ] b\n<!-- AC:END -->\n", "<!-- AC:END -->\n- [ ] b\n", "<!-- AC:END -->\n\n### More\n\n- [ ] b\n"]
)
def test_a_box_that_backlog_md_does_not_read_is_reported(below: str) -> None:
    spec = read("backlog/tasks/task-1 - Login.md", TASK + below)
    assert [item.text for item in spec.criteria] == ["a"]
    assert [code for _, code in list_problems(spec)] == ["unread-box"]


def test_boxes_of_a_plan_of_backlog_md_are_not_reported() -> None:
    text = f"{TASK}<!-- AC:END -->\n\n## Implementation Plan\n\n- [ ] b\n"
    assert list_problems(read("backlog/tasks/task-1 - Login.md", text)) == []


@pytest.mark.parametrize(
    "items",
    [
        "1.WHEN a THE System SHALL b\n2.THE System SHALL c\n",
        "1\u3001WHEN a THE System SHALL b\n2\u3001THE System SHALL c\n",
    ],
)
def test_numbers_of_kiro_need_no_blank_after_them(items: str) -> None:
    text = f"# R\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n{items}"
    spec = read(".kiro/specs/a/requirements.md", text)
    assert [(item.number, item.text) for item in spec.criteria] == [
        ("1.1", "WHEN a THE System SHALL b"),
        ("1.2", "THE System SHALL c"),
    ]


def test_a_table_of_scenarios_in_a_story_is_reported() -> None:
    table = "| Given | When | Then |\n|---|---|---|\n| a | b | c |\n"
    text = f"# F\n\n### User Story 1 - A (Priority: P1)\n\n**Acceptance Scenarios**:\n\n{table}"
    assert (7, "unread-table") in list_problems(read("specs/001-a/spec.md", text))


def test_a_line_above_a_list_of_steps_is_the_title_of_the_scenario() -> None:
    scenarios = "Scenario 1: one\n\n- Given a\n- When b\n- Then c\n\nScenario 2: two\n- Given d\n- When e\n- Then f\n"
    text = f"# F\n\n### User Story 1 - A (Priority: P1)\n\n**Acceptance Scenarios**:\n\n{scenarios}"
    spec = read("specs/001-a/spec.md", text)
    assert [(item.name, list_steps(item)) for item in spec.criteria] == [
        ("one", ["Given a", "When b", "Then c"]),
        ("two", ["Given d", "When e", "Then f"]),
    ]


def test_bullets_of_a_sentence_continue_it_in_spec_kit() -> None:
    item = "1. **Given** a, **When** b, **Then** c\n   - **And** d\n"
    text = f"# F\n\n### User Story 1 - A (Priority: P1)\n\n**Acceptance Scenarios**:\n\n{item}"
    (criterion,) = read("specs/001-a/spec.md", text).criteria
    assert list_steps(criterion) == ["Given a", "When b", "Then c", "And d"]


@pytest.mark.parametrize("word", ["**OR**", "OR", "**or**"])
def test_another_outcome_of_openspec_belongs_to_the_step_before_it(word: str) -> None:
    text = f"### Requirement: R\nIt SHALL.\n\n#### Scenario: S\n- **WHEN** a\n- **THEN** b\n- {word} c\n"
    (criterion,) = read("openspec/specs/a/spec.md", text).criteria
    assert list_steps(criterion) == ["When a", "Then b or c"]
