"""Spec Kit in the whole loop: stories are proved, the status line follows, and ids survive a renumbered folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, list_verdicts, verify, write_files

from spec2bdd.commands.decisions.accept import accept
from spec2bdd.config import read_config
from spec2bdd.domain.specs.dialects import ReadingOptions
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Report, Spec, Tier
from spec2bdd.project.loader import load_project

FOLDER = "specs/001-desk-lamp"
SPEC_PATH = f"{FOLDER}/spec.md"
SPEC = """\
# Feature Specification: Desk lamp

**Feature Branch**: `001-desk-lamp`

**Created**: 2026-11-20

**Status**: Draft

**Input**: User description: "A lamp for a desk"

## User Scenarios & Testing *(mandatory)*

### User Story 1 - Switch the lamp (Priority: P1)

A reader switches the lamp.

**Independent Test**: Press the button.

**Acceptance Scenarios**:

1. **Given** a dark lamp, **When** the button is pressed, **Then** the lamp is lit
2. **Given** a lit lamp, **When** the button is pressed, **Then** the lamp is dark

### User Story 2 - Sleep (Priority: P2)

**Acceptance Scenarios**:

1. **Given** a lit lamp, **When** the night begins, **Then** the lamp is dim

### Edge Cases

- What happens when the power fails?

## Requirements *(mandatory)*

### Functional Requirements

- **FR-001**: The lamp MUST be cold
- **FR-002**: The lamp SHOULD be light
- **FR-003**: The lamp MAY be red

## Success Criteria *(mandatory)*

### Measurable Outcomes

- **SC-001**: 90% of the readers find the button
"""
STEPS = """\
from behave import given, then, when


@given("a dark lamp")
def a_dark_lamp(context):
    context.light = 0


@given("a lit lamp")
def a_lit_lamp(context):
    context.light = 9


@when("the button is pressed")
def the_button_is_pressed(context):
    context.light = 9 - context.light


@when("the night begins")
def the_night_begins(context):
    context.light = min(context.light, 2)


@then("the lamp is lit")
def the_lamp_is_lit(context):
    assert context.light == 9


@then("the lamp is dark")
def the_lamp_is_dark(context):
    assert context.light == 0


@then("the lamp is dim")
def the_lamp_is_dim(context):
    assert 0 < context.light < 5
"""
LIT = "Given a dark lamp, When the button is pressed, Then the lamp is lit"
DARK = "Given a lit lamp, When the button is pressed, Then the lamp is dark"
DIM = "Given a lit lamp, When the night begins, Then the lamp is dim"
COMPANIONS = ("plan", "tasks", "research", "data-model", "quickstart", "checklists/requirements", "contracts/api")


def write_project(root: Path, *, config: str = "") -> Path:
    """Write a project of Spec Kit with its steps; what is next to the spec is none."""
    companions = {f"{FOLDER}/{name}.md": "## Acceptance Criteria\n\n- [ ] Not read\n" for name in COMPANIONS}
    memory = {".specify/memory/constitution.md": "# Constitution\n"}
    settings = {"pyproject.toml": f"[tool.spec2bdd]\n{config}"}
    return write_files(root, {SPEC_PATH: SPEC, "steps/desk_lamp_steps.py": STEPS, **companions, **memory, **settings})


def list_ids(report: Report) -> dict[str, str]:
    """List the ids of all criteria by their texts."""
    return {found.criterion.text: found.id for spec in report.specs for found in spec.verdicts}


def edit(root: Path, old: str, new: str, *, path: str = SPEC_PATH) -> None:
    """Replace a text in a file."""
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


def read(text: str, path: str = SPEC_PATH, *, requirements: bool = False) -> Spec:
    """Read a text as a spec in the place of Spec Kit."""
    return parse_spec(path, text.encode(), options=ReadingOptions(requirements=requirements))


def read_story(body: str, heading: str = "### User Story 1 - Lamp (Priority: P1)") -> Spec:
    """Read a spec with one story."""
    return read(f"# Feature Specification: Desk\n\n## User Scenarios & Testing\n\n{heading}\n\n{body}")


def test_stories_are_proved_and_only_the_status_of_the_spec_changes(tmp_path: Path) -> None:
    write_project(tmp_path)
    report = verify(tmp_path)
    assert list_verdicts(report) == {LIT: "passed", DARK: "passed", DIM: "passed"}
    assert [spec.spec.path for spec in report.specs] == [SPEC_PATH]
    expected = SPEC.replace("**Status**: Draft", "**Status**: Review")
    assert (report.exit_code, (tmp_path / SPEC_PATH).read_text()) == (0, expected)


def test_a_failing_must_fails_the_verification_and_demotes_the_status(tmp_path: Path) -> None:
    write_project(tmp_path)
    verify(tmp_path)
    edit(tmp_path, "9 - context.light", "9", path="steps/desk_lamp_steps.py")
    report = verify(tmp_path)
    assert (report.exit_code, list_verdicts(report)[DARK]) == (1, "failed")
    expected = SPEC.replace("**Status**: Draft", "**Status**: In Progress")
    assert (tmp_path / SPEC_PATH).read_text() == expected


@pytest.mark.parametrize("status", ["Implemented", "Complete", "Approved"])
def test_a_status_that_the_verdicts_do_not_contradict_stays(tmp_path: Path, status: str) -> None:
    write_project(tmp_path)
    edit(tmp_path, "**Status**: Draft", f"**Status**: {status}")
    assert verify(tmp_path).exit_code == 0
    assert (tmp_path / SPEC_PATH).read_text() == SPEC.replace("**Status**: Draft", f"**Status**: {status}")


def test_a_failing_should_fails_nothing(tmp_path: Path) -> None:
    write_project(tmp_path)
    edit(tmp_path, "min(context.light, 2)", "9", path="steps/desk_lamp_steps.py")
    report = verify(tmp_path)
    assert (report.exit_code, list_verdicts(report)[DIM]) == (0, "failed")


def test_marks_in_comments_are_undone_by_a_failure(tmp_path: Path) -> None:
    write_project(tmp_path, config='marks = "comments"\n')
    verify(tmp_path)
    marked = "".join(f"{line} <!-- passed -->\n" if "**Given**" in line else f"{line}\n" for line in SPEC.splitlines())
    assert (tmp_path / SPEC_PATH).read_text() == marked.replace("**Status**: Draft", "**Status**: Review")
    edit(tmp_path, "def the_lamp_is", "def broken", path="steps/desk_lamp_steps.py")
    edit(tmp_path, "assert ", "assert not context and ", path="steps/desk_lamp_steps.py")
    verify(tmp_path)
    assert (tmp_path / SPEC_PATH).read_text() == SPEC.replace("**Status**: Draft", "**Status**: In Progress")


def test_a_renumbered_folder_keeps_ids_proofs_and_its_feature_file(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    features = sorted(path.name for path in (tmp_path / "features").iterdir())
    (tmp_path / FOLDER).rename(tmp_path / "specs/007-desk-lamp")
    report = verify(tmp_path)
    assert list_ids(report) == before
    assert set(list_verdicts(report).values()) == {"passed"}
    assert sorted(path.name for path in (tmp_path / "features").iterdir()) == features == ["desk_lamp.feature"]
    assert generate(tmp_path).changes == ()


def test_renumbered_stories_keep_their_ids(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    edit(tmp_path, "User Story 2", "User Story 3")
    edit(tmp_path, "User Story 1", "User Story 2")
    report = verify(tmp_path)
    assert list_ids(report) == before
    assert [found.criterion.number for spec in report.specs for found in spec.verdicts] == ["2.1", "2.2", "3.1"]


def test_a_reworded_scenario_keeps_its_id_and_is_stale_until_it_is_accepted(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    edit(tmp_path, "the night begins", "the night begins at last")
    edit(tmp_path, '"the night begins"', '"the night begins at last"', path="steps/desk_lamp_steps.py")
    reworded = DIM.replace("begins", "begins at last")
    report = verify(tmp_path)
    assert (list_ids(report)[reworded], list_verdicts(report)[reworded]) == (before[DIM], "stale")
    accept(read_config(tmp_path), before[DIM])
    assert list_verdicts(verify(tmp_path))[reworded] == "passed"


def test_functional_requirements_are_criteria_where_the_project_asks_for_them(tmp_path: Path) -> None:
    write_project(tmp_path, config="requirements = true\n")
    report = verify(tmp_path)
    ids = {found.criterion.number: found.criterion.given_id for spec in report.specs for found in spec.verdicts}
    assert ids == {"1.1": "", "1.2": "", "2.1": "", "FR-001": "FR-001", "FR-002": "FR-002", "FR-003": "FR-003"}


def test_the_tier_of_a_functional_requirement_is_in_its_words() -> None:
    found = {criterion.number: criterion.tier for criterion in read(SPEC, requirements=True).criteria[3:]}
    assert found == {"FR-001": Tier.MUST, "FR-002": Tier.SHOULD, "FR-003": Tier.COULD}


# The priorities of stories in the order of a file, and the tiers of their scenarios.
PRIORITIES = {
    "P1 P2 P3 P4": [Tier.MUST, Tier.SHOULD, Tier.COULD, Tier.COULD],
    # A story that is not the most important one stays so where the more important ones are in other specs.
    "P2 P3": [Tier.SHOULD, Tier.COULD],
    "P0 P1 P2": [Tier.MUST, Tier.SHOULD, Tier.COULD],
}


@pytest.mark.parametrize(("priorities", "tiers"), PRIORITIES.items())
def test_the_priority_of_a_story_is_the_tier_of_its_scenarios(priorities: str, tiers: list[Tier]) -> None:
    stories = [
        f"### User Story {number} - Lamp (Priority: {priority})\n\n**Acceptance Scenarios**:\n\n1. A\n\n"
        for number, priority in enumerate(priorities.split(), 1)
    ]
    spec = read("# Feature Specification: Desk\n\n## User Scenarios & Testing\n\n" + "".join(stories))
    assert [criterion.tier for criterion in spec.criteria] == tiers


# The heading of a story, and the tier and the group of its scenario.
HEADINGS = {
    "### User Story 1 - Lamp (Priority: P2) 🎯 MVP": (Tier.SHOULD, "User Story 1 - Lamp"),
    "### User Story 1 — Lamp (P3)": (Tier.COULD, "User Story 1 — Lamp"),
    "### Historia de Usuario 1 - Lámpara (Prioridad: P2)": (Tier.SHOULD, "Historia de Usuario 1 - Lámpara"),
    "### ユーザーストーリー 1 - ランプ（優先度: P3）": (Tier.COULD, "ユーザーストーリー 1 - ランプ"),
    "### P3: Lamp": (Tier.COULD, "Lamp"),
    "### User Story 1 - Lamp": (Tier.MUST, "User Story 1 - Lamp"),
}


@pytest.mark.parametrize(("heading", "expected"), HEADINGS.items())
def test_the_heading_of_a_story_has_its_priority(heading: str, expected: tuple[Tier, str]) -> None:
    (criterion,) = read_story("**Acceptance Scenarios**:\n\n1. A\n", heading).criteria
    assert (criterion.tier, criterion.group, criterion.number) == (*expected, "1.1")


GIVEN = "**Given** a, **When** b, **Then** c"
# What is under a story, and the numbers and names of its scenarios.
SHAPES = {
    "a label": (f"**Acceptance Scenarios**:\n\n1. {GIVEN}\n", [("1.1", "Lamp (1.1)")]),
    "a label and no blank line": (f"**Acceptance Scenarios:**\n1. {GIVEN}\n", [("1.1", "Lamp (1.1)")]),
    "a heading": (f"#### Acceptance Scenarios\n\n1. {GIVEN}\n", [("1.1", "Lamp (1.1)")]),
    "a translated label": (f"**Escenarios de Aceptación**:\n\n1. {GIVEN}\n", [("1.1", "Lamp (1.1)")]),
    "no label": (f"1. {GIVEN}\n2. {GIVEN}\n", [("1.1", "Lamp (1.1)"), ("1.2", "Lamp (1.2)")]),
    "a bold title": (f"**Acceptance Scenarios**:\n\n1. **Bright**: {GIVEN}\n", [("1.1", "Bright")]),
    "a plain title": (f"**Acceptance Scenarios**:\n\n1. Bright - {GIVEN}\n", [("1.1", "Bright")]),
    "a numbered title": (f"**Acceptance Scenarios**:\n\n1. **Scenario 4: Bright**: {GIVEN}\n", [("1.1", "Bright")]),
    "wrapped": (
        "**Acceptance Scenarios**:\n\n1. **Given** a,\n   **When** b,\n   **Then** c\n",
        [("1.1", "Lamp (1.1)")],
    ),
    "nested steps": (
        "**Acceptance Scenarios**:\n\n1. Bright\n   - **Given** a\n   - **When** b\n   - **Then** c\n",
        [("1.1", "Bright")],
    ),
    "bullets of steps": (
        "**Acceptance Scenarios**:\n\n- **Given** a\n- **When** b\n- **Then** c\n- **Given** d\n- **Then** e\n",
        [("1.1", "Lamp (1.1)"), ("1.2", "Lamp (1.2)")],
    ),
    "titled bullets of steps": (
        "**Acceptance Scenarios**:\n\n**Scenario 1: Bright**\n\n- **Given** a\n- **Then** b\n",
        [("1.1", "Bright")],
    ),
    "paragraphs": (
        f"**Acceptance Scenarios**:\n\n{GIVEN}\n\n{GIVEN}\n",
        [("1.1", "Lamp (1.1)"), ("1.2", "Lamp (1.2)")],
    ),
    "boxes": (f"**Acceptance Scenarios**:\n\n- [ ] {GIVEN}\n", [("1.1", "Lamp (1.1)")]),
}


@pytest.mark.parametrize(("body", "expected"), SHAPES.values(), ids=SHAPES)
def test_scenarios_are_read_in_this_shape(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(criterion.number, criterion.name) for criterion in read_story(body).criteria] == expected


# What is under a story in which nothing is a scenario.
LEFT_ALONE = {
    "a list": "1. Press the button\n2. See the light\n",
    "edge cases": f"### Edge Cases\n\n- {GIVEN}\n",
    "success criteria": "## Success Criteria\n\n- **SC-001**: 90%\n",
    "functional requirements": "## Requirements\n\n### Functional Requirements\n\n- **FR-001**: System MUST a\n",
    "clarifications": "## Clarifications\n\n### Session 2026-11-02\n\n- Q: a? → A: b\n",
    "a comment": f"**Acceptance Scenarios**:\n\n<!--\n1. {GIVEN}\n-->\n",
    "code": f"**Acceptance Scenarios**:\n\n```\n1. {GIVEN}\n```\n",
    "notes after the scenarios": "**Acceptance Scenarios**:\n\n**Notes**:\n\n- a\n",
}


@pytest.mark.parametrize("body", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_this_is_no_scenario(body: str) -> None:
    assert read_story(body).criteria == ()


def test_scenarios_of_the_older_template_belong_to_the_feature() -> None:
    body = (
        "### Primary User Story\nA reader reads.\n\n### Acceptance Scenarios\n1. **Given** a, **When** b, **Then** c\n"
    )
    (criterion,) = read(f"# Feature Specification: Desk\n\n## User Scenarios & Testing\n\n{body}").criteria
    assert (criterion.number, criterion.name, criterion.group, criterion.tier) == ("1", "Desk (1)", "", Tier.MUST)


def test_a_scenario_outside_of_the_stories_is_reported() -> None:
    spec = read_story(f"### Edge Cases\n\n1. {GIVEN}\n2. {GIVEN}\n")
    assert [found.code for found in spec.diagnostics] == ["no-criteria", "unread-criterion"]


def test_an_open_question_in_a_scenario_is_reported() -> None:
    spec = read_story("**Acceptance Scenarios**:\n\n1. **Given** a, **When** [NEEDS CLARIFICATION: b?], **Then** c\n")
    assert [(found.code, found.message) for found in spec.diagnostics] == [
        ("needs-clarification", "this criterion is open: b?")
    ]
    assert len(spec.criteria) == 1


def test_a_template_that_is_not_filled_in_is_reported_as_one() -> None:
    spec = read_story(
        "**Acceptance Scenarios**:\n\n1. **Given** [initial state], **When** [action], **Then** [outcome]\n"
    )
    assert (spec.is_template, [found.code for found in spec.diagnostics]) == (True, ["unfilled-template"])


# The paths of specs, and the ids that they get.
IDS = {
    "one": (["001-lamp"], ["lamp"]),
    "two": (["001-lamp", "002-desk"], ["lamp", "desk"]),
    "two of one name": (["001-lamp", "002-lamp"], ["001-lamp", "002-lamp"]),
    "a number alone": (["2024-lamp"], ["lamp"]),
}


@pytest.mark.parametrize(("folders", "ids"), IDS.values(), ids=IDS)
def test_the_id_of_a_spec_is_the_name_of_its_folder(tmp_path: Path, folders: list[str], ids: list[str]) -> None:
    write_files(tmp_path, {f"specs/{folder}/spec.md": SPEC for folder in folders} | {".specify/x": ""})
    assert [plan.spec.derived_id for plan in load_project(read_config(tmp_path)).plans] == ids


# Where a file is, what is in it, and the dialect that reads it.
PLACES = {
    "its place": (SPEC_PATH, SPEC, "spec-kit"),
    "another place": ("docs/lamp.md", SPEC, "spec-kit"),
    "a translation": (SPEC_PATH, "### Historia 1 - A\n\n1. **Dado** a, **Cuando** b, **Entonces** c\n", "spec-kit"),
    "a translation elsewhere": ("docs/a.md", "### Historia 1 - A\n\n1. **Dado** a, **Cuando** b\n", "template"),
    "criteria without boxes": (SPEC_PATH, "### A\n\n**Acceptance Criteria:**\n\n- B\n", "spec-kit"),
    "criteria with boxes": (SPEC_PATH, "### A\n\n**Acceptance Criteria:**\n\n- [ ] B\n", "template"),
    "nothing of it": (SPEC_PATH, "# A\n\n- [ ] B\n", "template"),
}


@pytest.mark.parametrize(("path", "text", "dialect"), PLACES.values(), ids=PLACES)
def test_a_spec_is_known_by_its_template_or_its_place(path: str, text: str, dialect: str) -> None:
    assert read(text, path).dialect == dialect
