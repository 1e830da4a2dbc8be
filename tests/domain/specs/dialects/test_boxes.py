"""Every box of a file in another dialect is a criterion, a done item, known for something else, or reported."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.dialects import ReadingOptions, find_dialect
from spec2bdd.domain.specs.explain import explain_other_boxes
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import DEFAULT, build_vocabulary
from spec2bdd.model import Spec

OPENSPEC = (
    "# Fines\n\n### Requirement: Fines\nThe library SHALL fine.\n\n{}\n"
    "#### Scenario: Late\n- **WHEN** a\n- **THEN** b\n"
)
STORY = (
    "# Feature Specification: A\n\n**Feature Branch**: `001-a`\n\n### User Story 1 - A (Priority: P1)\n\n"
    "**Acceptance Scenarios**:\n\n1. **Given** a, **When** b, **Then** c\n\n"
)
KIRO = "# R\n\n### Requirement 1: Login\n\n#### Acceptance Criteria\n\n1. WHEN a THE System SHALL b\n\n"
BMAD = "# Story 1.1: A\n\n## Story\n\nAs a\n\n## Acceptance Criteria\n\n1. A works\n\n"
TASK = (
    "---\nid: task-1\ntitle: A\nstatus: To Do\n---\n\n## Acceptance Criteria\n"
    "<!-- AC:BEGIN -->\n- [ ] #1 a\n<!-- AC:END -->\n\n"
)
GHERKIN = "# Feature: A\n\n## Scenario: B\n\n* Given a\n* Then c\n\n"
PATHS = {
    OPENSPEC: "openspec/specs/fines/spec.md",
    STORY: "specs/001-a/spec.md",
    KIRO: ".kiro/specs/a/requirements.md",
    BMAD: "docs/stories/1.1.a.md",
    TASK: "backlog/tasks/task-1 - A.md",
    GHERKIN: "specs/a.feature.md",
}


def read(start: str, below: str) -> Spec:
    """Read a file of a dialect with some more lines in it."""
    text = start.format(below) if "{}" in start else start + below
    return parse_spec(PATHS[start], text.encode())


def list_codes(spec: Spec) -> list[str]:
    """List the codes of what is reported."""
    return [diagnostic.code for diagnostic in spec.diagnostics]


@pytest.mark.parametrize("start", PATHS, ids=PATHS.values())
def test_boxes_under_a_tier_are_read_or_reported_once_and_block_a_promotion(start: str) -> None:
    spec = parse_spec(PATHS[start], (start.replace("{}", "") + "\n## Must Have\n\n- [ ] one\n- [x] two\n").encode())
    (found,) = spec.diagnostics
    assert found.code == "unread-box"
    assert found.message.startswith("2 boxes under `Must Have` are not read: `")
    assert spec.unread == (found.line,)


@pytest.mark.parametrize("start", PATHS, ids=PATHS.values())
def test_boxes_under_a_heading_that_says_nothing_are_reported_and_block_nothing(start: str) -> None:
    spec = parse_spec(PATHS[start], (start.replace("{}", "") + "\n## Night Shift\n\n- [ ] one\n- [x] two\n").encode())
    (found,) = spec.diagnostics
    assert (found.code, spec.unread) == ("unread-section", ())
    assert 'leave-out = ["Night Shift"]' in found.hint


@pytest.mark.parametrize("start", PATHS, ids=PATHS.values())
@pytest.mark.parametrize("heading", ["Tasks", "Open Questions", "Notes", "Implementation Plan"])
def test_boxes_of_tasks_and_questions_are_not_reported(start: str, heading: str) -> None:
    text = start.replace("{}", "") + f"\n## {heading}\n\n- [ ] one\n"
    assert parse_spec(PATHS[start], text.encode()).diagnostics == ()


@pytest.mark.parametrize(
    ("start", "heading"),
    [
        (STORY, "Review & Acceptance Checklist"),
        (STORY, "Execution Status"),
        (BMAD, "Dev Agent Record"),
        (BMAD, "QA Results"),
        (BMAD, "Senior Developer Review (AI)"),
        (BMAD, "Story Completion Status"),
        (TASK, "Final Summary"),
    ],
)
def test_the_checklists_of_a_tool_are_not_reported(start: str, heading: str) -> None:
    assert read(start, f"## {heading}\n\n- [ ] one\n").diagnostics == ()


def test_sections_that_the_configuration_leaves_out_are_not_reported() -> None:
    text = OPENSPEC.replace("{}", "") + "\n## Night Shift\n\n- [ ] one\n"
    options = ReadingOptions(build_vocabulary({"leave-out": ("Night Shift",)}))
    assert parse_spec(PATHS[OPENSPEC], text.encode(), options=options).diagnostics == ()


def test_boxes_that_the_author_ignores_block_nothing() -> None:
    spec = read(KIRO, "## Must Have\n\n<!-- spec2bdd: ignore unread-box -->\n- [ ] one\n")
    assert (list_codes(spec), spec.unread) == (["unread-box"], ())


@pytest.mark.parametrize("hidden", ["```\n- [ ] one\n```\n", "<!--\n- [ ] one\n-->\n"])
def test_boxes_in_code_and_comments_are_not_reported(hidden: str) -> None:
    assert read(KIRO, f"## Must Have\n\n{hidden}").diagnostics == ()


def test_a_box_right_under_a_requirement_is_reported() -> None:
    spec = read(OPENSPEC, "- [ ] The fine is shown\n- [x] The fine is mailed\n")
    assert [(found.line, found.code) for found in spec.diagnostics] == [(6, "unread-box")]
    assert [criterion.text for criterion in spec.criteria] == ["Fines: Late"]


def test_the_steps_of_openspec_may_have_boxes() -> None:
    text = "### Requirement: R\nIt SHALL.\n\n#### Scenario: S\n- [ ] **WHEN** a\n- [x] **THEN** b\n"
    spec = parse_spec(PATHS[OPENSPEC], text.encode())
    assert [block.text for block in spec.criteria[0].nested] == ["WHEN a", "THEN b"]
    assert spec.diagnostics == ()


@pytest.mark.parametrize("start", [STORY, KIRO, BMAD, OPENSPEC], ids=["spec-kit", "kiro", "bmad", "openspec"])
def test_a_definition_of_done_is_read_in_each_dialect(start: str) -> None:
    text = start.replace("{}", "") + "\n## Definition of Done\n\n- [ ] Reviewed\n- [x] **Released**\n"
    spec = parse_spec(PATHS[start], text.encode())
    assert [(item.text, item.box.mark) for item in spec.done_items] == [("Reviewed", " "), ("Released", "x")]
    assert spec.diagnostics == ()


@pytest.mark.parametrize("box", ["[x ]", "[]", "\u2610"])
def test_a_malformed_box_is_reported_in_each_dialect(box: str) -> None:
    spec = read(KIRO, f"#### Acceptance Criteria\n\n- {box} The log is written\n")
    (found,) = spec.diagnostics
    assert (found.code, found.message) == (
        "unread-box",
        f"`{box}` is not a box, so it is read as a part of the text",
    )


@pytest.mark.parametrize(
    ("start", "below"),
    [
        (BMAD, "## Must Have\n\n- B works\n"),
        (STORY, "## Must Have\n\n- it works\n"),
        (KIRO, "### Requirement 2: Logout\n\n- The page is shown\n"),
        (OPENSPEC, "#### Acceptance Criteria\n\n- The fine is shown\n"),
    ],
    ids=["bmad", "spec-kit", "kiro", "openspec"],
)
def test_items_under_a_heading_that_announces_criteria_are_reported(start: str, below: str) -> None:
    spec = read(start, below)
    assert (list_codes(spec), len(spec.unread)) == (["unread-criterion"], 1)


@pytest.mark.parametrize("start", [STORY, KIRO, BMAD, TASK], ids=["spec-kit", "kiro", "bmad", "backlog"])
@pytest.mark.parametrize("item", ["- it works\n", "- [ ] it works\n"])
def test_a_misspelt_heading_is_reported_in_each_dialect(start: str, item: str) -> None:
    spec = read(start, f"## Acceptance Critera\n\n{item}")
    assert (list_codes(spec), len(spec.unread)) == (["unread-heading"], 1)


@pytest.mark.parametrize("start", [STORY, KIRO, BMAD, TASK], ids=["spec-kit", "kiro", "bmad", "backlog"])
def test_a_heading_that_markdown_does_not_see_is_reported_in_each_dialect(start: str) -> None:
    spec = read(start, "##Later\n\ntext\n")
    assert (list_codes(spec), len(spec.unread)) == (["unread-heading"], 1)


def test_success_criteria_are_not_reported() -> None:
    assert read(STORY, "## Success Criteria\n\n- **SC-001**: It is fast\n").diagnostics == ()


@pytest.mark.parametrize("opened", ["```\ncode\n", "<!-- later\n"])
def test_a_heading_in_a_block_that_is_never_closed_is_reported(opened: str) -> None:
    spec = read(KIRO, f"{opened}### Requirement 2\n\n#### Acceptance Criteria\n\n1. WHEN c THE System SHALL d\n")
    assert "unread-heading" in list_codes(spec)


def test_functional_requirements_are_read_with_boxes_and_nested_ones_and_reported_elsewhere() -> None:
    below = (
        "## Requirements\n\n- [ ] **FR-001**: System MUST a\n- **FR-002**: System MUST b\n"
        "  - **FR-002a**: System MUST c\n\n**FR-003**: System MUST d\n"
    )
    spec = parse_spec(PATHS[STORY], (STORY + below).encode(), options=ReadingOptions(requirements=True))
    assert [criterion.number for criterion in spec.criteria[1:]] == ["FR-001", "FR-002", "FR-002a"]
    assert list_codes(spec) == ["unread-criterion"]


@pytest.mark.parametrize(("heading", "tiers"), [("Should Have", ["should"]), ("Won't Have", ["wont"]), ("Notes", [])])
def test_headings_among_the_criteria_of_a_story_count(heading: str, tiers: list[str]) -> None:
    spec = parse_spec(PATHS[BMAD], BMAD.replace("1. A", f"### {heading}\n\n1. A").encode())
    assert [criterion.tier for criterion in spec.criteria] == tiers


@pytest.mark.parametrize(
    "line",
    ["## Non-Functional Requirements\n\n- The page SHALL load\n", "### Speed\n\nThe page SHALL load.\n"],
    ids=["item", "requirement"],
)
def test_demands_of_openspec_outside_of_requirements_are_reported(line: str) -> None:
    text = OPENSPEC.replace("{}", "") + f"\n{line}"
    codes = list_codes(parse_spec(PATHS[OPENSPEC], text.encode()))
    assert codes in (["unread-criterion"], ["no-scenario"])


def test_each_other_box_is_explained() -> None:
    text = BMAD + "## Tasks / Subtasks\n\n- [ ] a task\n\n## Night Shift\n\n- [x] a box\n\n```\n- [ ] code\n```\n"
    spec = parse_spec(PATHS[BMAD], text.encode())
    boxes = explain_other_boxes(spec, find_dialect("bmad").load(), DEFAULT)
    assert [(box.text, box.mark, box.reason) for box in boxes] == [
        ("a task", " ", "under `Tasks / Subtasks`, where `bmad` has no criteria"),
        ("a box", "x", "`bmad` has its criteria under `## Acceptance Criteria`"),
        ("code", " ", "in a code block"),
    ]


@pytest.mark.parametrize(
    ("box", "reason"), [("   - [ ] sub\n", "nested in another item"), ("\n> - [ ] sub\n", "in a quote")]
)
def test_a_box_among_criteria_that_is_not_read_has_its_reason(box: str, reason: str) -> None:
    (found,) = parse_spec(PATHS[BMAD], (BMAD.rstrip() + "\n" + box).encode()).diagnostics
    assert (found.code, found.message) == (
        "unread-box",
        f"1 box under `Acceptance Criteria` is not read: {reason}",
    )


def test_the_steps_of_a_scenario_of_spec_kit_may_have_boxes() -> None:
    below = "2. Sad path\n   - [ ] **Given** d\n   - [ ] **Then** e\n"
    spec = parse_spec(PATHS[STORY], (STORY.rstrip() + "\n" + below).encode())
    assert [criterion.name for criterion in spec.criteria] == ["A (1.1)", "Sad path"]
    assert [block.text for block in spec.criteria[1].nested] == ["Given d", "Then e"]
    assert spec.diagnostics == ()


def test_a_label_of_a_tier_right_under_an_item_is_reported() -> None:
    spec = parse_spec(PATHS[BMAD], (BMAD.rstrip() + "\n**Should:**\n2. B works\n").encode())
    assert ([found.code for found in spec.diagnostics], spec.unread) == (["unread-heading"], (10,))


def test_a_plain_label_of_criteria_in_a_requirement_is_reported() -> None:
    assert list_codes(read(OPENSPEC, "Acceptance criteria:\n\n- The fine is shown\n")) == ["unread-criterion"]


def test_a_numbered_step_among_bullets_is_reported() -> None:
    assert list_codes(read(GHERKIN, "## Scenario: C\n\n* Given a\n\n1. When b\n\n* Then c\n")) == ["unread-steps"]


def test_a_box_in_a_list_within_a_number_is_that_of_the_number() -> None:
    story = BMAD.replace("1. A works", "1. - [ ] A works\n2. - [x] A glows")
    requirements = KIRO.replace("1. WHEN", "1. - [ ] WHEN")
    stories = STORY.replace("1. **Given**", "1. - **Given**")
    found = [
        (criterion.number, criterion.box.ticked)
        for text, path in ((story, PATHS[BMAD]), (requirements, PATHS[KIRO]), (stories, PATHS[STORY]))
        for criterion in parse_spec(path, text.encode()).criteria
    ]
    assert found == [("1", False), ("2", True), ("1.1", False), ("1.1", False)]


def test_a_table_of_data_in_a_requirement_with_criteria_is_not_reported() -> None:
    table = "| Event | Action |\n|---|---|\n| Lent | Show the date of the return |\n"
    requirement = KIRO.replace("#### Acceptance", f"#### Prices\n\n{table}\n#### Acceptance")
    specs = (read(OPENSPEC, table), parse_spec(PATHS[KIRO], requirement.encode()))
    assert [list_codes(spec) for spec in specs] == [[], []]


def test_a_label_that_is_no_part_of_the_steps_is_the_name() -> None:
    text = "# R\n\n### Requirement 1: Login\n\n#### Acceptance Criteria\n\n1. Naming: each lamp has a name\n"
    spec = parse_spec(PATHS[KIRO], text.encode())
    assert [criterion.name for criterion in spec.criteria] == ["Naming"]
