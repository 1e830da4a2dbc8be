"""Kiro in the whole loop: requirements are proved where Kiro keeps them, and ids survive what it does with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, list_verdicts, verify, write_files

from spec2bdd.commands.decisions.accept import accept
from spec2bdd.config import read_config
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Report, Spec

REQUIREMENTS = ".kiro/specs/desk-lamp/requirements.md"
SPEC = """\
# Requirements Document

## Introduction

A lamp for a desk.

## Requirements

### Requirement 1: Switch

**User Story:** As a reader, I want to switch the lamp, so that I see my book.

#### Acceptance Criteria

1. WHEN the button is pressed THE LAMP SHALL light up
2. WHILE the lamp is lit, WHEN the button is pressed, THE LAMP SHALL go out

### Requirement 2: Night

**User Story:** As a sleeper, I want the lamp to be dim, so that I can sleep.

#### Acceptance Criteria

1. THE LAMP SHALL be dim at night
"""
STEPS = """\
from behave import given, then, when


def press(context):
    context.lit = not getattr(context, "lit", False)


@given("the lamp is lit")
def the_lamp_is_lit(context):
    context.lit = True


@when("the button is pressed")
def the_button_is_pressed(context):
    press(context)


@then("the LAMP shall light up")
def the_lamp_shall_light_up(context):
    assert context.lit


@then("the LAMP shall go out")
def the_lamp_shall_go_out(context):
    assert not context.lit


@then("the LAMP shall be dim at night")
def the_lamp_shall_be_dim(context):
    brightness = {"day": 9, "night": 1 if context.config else 9}
    assert brightness["night"] < 3
"""
LIGHT = "WHEN the button is pressed THE LAMP SHALL light up"
OUT = "WHILE the lamp is lit, WHEN the button is pressed, THE LAMP SHALL go out"
DIM = "THE LAMP SHALL be dim at night"


def write_project(root: Path, *, marks: str = "auto") -> Path:
    """Write a project of Kiro with its steps; its tasks and design are no specs."""
    companions = {
        f".kiro/specs/desk-lamp/{name}.md": "- [ ] 1. WHEN x THE LAMP SHALL y\n" for name in ("tasks", "design")
    }
    config = f'[tool.spec2bdd]\nmarks = "{marks}"\n'
    return write_files(
        root, {REQUIREMENTS: SPEC, "steps/desk_lamp_steps.py": STEPS, "pyproject.toml": config, **companions}
    )


def list_ids(report: Report) -> dict[str, str]:
    """List the ids of all criteria by their texts."""
    return {found.criterion.text: found.id for spec in report.specs for found in spec.verdicts}


def edit(root: Path, old: str, new: str, *, path: str = REQUIREMENTS) -> None:
    """Replace a text in a file."""
    file = root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def read(text: str, path: str = REQUIREMENTS) -> Spec:
    """Read a text as a spec in the place of Kiro."""
    return parse_spec(path, text.encode())


def read_items(body: str) -> list[tuple[str, str]]:
    """Read the numbers and texts of the criteria under a requirement."""
    spec = read(f"# Requirements\n\n### Requirement 1: Lamp\n\n{body}")
    return [(criterion.number, criterion.text) for criterion in spec.criteria]


def test_requirements_are_proved_and_no_byte_of_them_changes(tmp_path: Path) -> None:
    write_project(tmp_path)
    report = verify(tmp_path)
    assert list_verdicts(report) == {LIGHT: "passed", OUT: "passed", DIM: "passed"}
    assert [spec.spec.path for spec in report.specs] == [REQUIREMENTS]
    assert (report.exit_code, (tmp_path / REQUIREMENTS).read_text()) == (0, SPEC)


def test_a_failing_criterion_fails_the_verification(tmp_path: Path) -> None:
    write_project(tmp_path)
    edit(tmp_path, "assert not context.lit", "assert context.lit", path="steps/desk_lamp_steps.py")
    report = verify(tmp_path)
    assert (report.exit_code, list_verdicts(report)[OUT]) == (1, "failed")
    assert (tmp_path / REQUIREMENTS).read_text() == SPEC


def test_marks_in_comments_are_undone_by_a_failure(tmp_path: Path) -> None:
    write_project(tmp_path, marks="comments")
    verify(tmp_path)
    marked = "".join(f"{line} <!-- passed -->\n" if "SHALL" in line else f"{line}\n" for line in SPEC.splitlines())
    assert (tmp_path / REQUIREMENTS).read_text() == marked
    edit(tmp_path, "context.lit = not getattr", "context.lit = None and not getattr", path="steps/desk_lamp_steps.py")
    edit(tmp_path, "< 3", "> 3", path="steps/desk_lamp_steps.py")
    edit(tmp_path, "assert not context.lit", "assert context.lit", path="steps/desk_lamp_steps.py")
    verify(tmp_path)
    assert (tmp_path / REQUIREMENTS).read_text() == SPEC


def test_renumbered_requirements_keep_their_ids_and_their_proofs(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    edit(tmp_path, "### Requirement 2", "### Requirement 3")
    edit(tmp_path, "### Requirement 1", "### Requirement 2")
    edit(tmp_path, "1. WHEN the button", "3. WHEN the button")
    report = verify(tmp_path)
    assert list_ids(report) == before
    assert set(list_verdicts(report).values()) == {"passed"}
    assert [found.criterion.number for spec in report.specs for found in spec.verdicts] == ["2.3", "2.2", "3.1"]
    assert generate(tmp_path).changes == ()


def test_a_reworded_criterion_keeps_its_id_and_is_stale_until_it_is_accepted(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    edit(tmp_path, "dim at night", "dim at night and in the morning")
    edit(
        tmp_path,
        '"the LAMP shall be dim at night"',
        '"the LAMP shall be dim at night and in the morning"',
        path="steps/desk_lamp_steps.py",
    )
    reworded = f"{DIM} and in the morning"
    report = verify(tmp_path)
    assert (list_ids(report)[reworded], list_verdicts(report)[reworded]) == (before[DIM], "stale")
    accept(read_config(tmp_path), before[DIM])
    assert list_verdicts(verify(tmp_path))[reworded] == "passed"


def test_a_renamed_folder_keeps_the_ids(tmp_path: Path) -> None:
    write_project(tmp_path)
    before = list_ids(verify(tmp_path))
    (tmp_path / ".kiro/specs/desk-lamp").rename(tmp_path / ".kiro/specs/lamp")
    assert list_ids(verify(tmp_path)) == before


def test_boxes_that_a_team_adds_are_ticked(tmp_path: Path) -> None:
    write_project(tmp_path)
    edit(tmp_path, "1. THE LAMP", "- [ ] 1. THE LAMP")
    verify(tmp_path)
    assert (tmp_path / REQUIREMENTS).read_text() == SPEC.replace("1. THE LAMP", "- [x] 1. THE LAMP")


# The body under a requirement, and the numbers and texts of its criteria.
SHAPES = {
    "a list below a heading": ("#### Acceptance Criteria\n\n1. A\n2. B\n", [("1.1", "A"), ("1.2", "B")]),
    "a list right below a heading": ("#### Acceptance Criteria\n1. A\n\n\n2. B\n", [("1.1", "A"), ("1.2", "B")]),
    "a heading of another level": ("##### Acceptance Criteria\n\n1. A\n", [("1.1", "A")]),
    "a label": ("**Acceptance Criteria:**\n\n1. A\n", [("1.1", "A")]),
    "a label above the first item": ("**Acceptance Criteria**:\n1. A\n2. B\n", [("1.1", "A"), ("1.2", "B")]),
    "a plain label": ("Acceptance Criteria:\n- A\n", [("1.1", "A")]),
    "bullets": ("#### Acceptance Criteria\n\n- A\n* B\n", [("1.1", "A"), ("1.2", "B")]),
    "all ones": ("#### Acceptance Criteria\n\n1. A\n1. B\n1. C\n", [("1.1", "A"), ("1.2", "B"), ("1.3", "C")]),
    "a gap": ("#### Acceptance Criteria\n\n1. A\n4. B\n", [("1.1", "A"), ("1.4", "B")]),
    "brackets": ("#### Acceptance Criteria\n\n1) A\n2) B\n", [("1.1", "A"), ("1.2", "B")]),
    "numbers in the text": ("#### Acceptance Criteria\n\n- 1.1 A\n- **1.2** B\n", [("1.1", "A"), ("1.2", "B")]),
    "deep numbers": ("#### Acceptance Criteria\n\n- 1.2.3. A\n", [("1.2.3", "A")]),
    "labels of criteria": ("#### Acceptance Criteria\n\n- AC1: A\n- **AC-2**: B\n", [("1.1", "A"), ("1.2", "B")]),
    "numbered boxes": ("#### Acceptance Criteria\n\n- [ ] 1.1 A\n- [x] AC2: B\n", [("1.1", "A"), ("1.2", "B")]),
    "lines": ("#### Acceptance Criteria\n\n1.1 WHEN A\n1.2 WHEN B\nC\n", [("1.1", "WHEN A"), ("1.2", "WHEN B C")]),
    "sentences": (
        "#### Acceptance Criteria\n\nWHEN A\nTHE B SHALL C\n\nWHEN D THE B SHALL E\n",
        [("1.1", "WHEN A THE B SHALL C"), ("1.2", "WHEN D THE B SHALL E")],
    ),
    "two lists": (
        "#### Acceptance Criteria\n\n**Day**\n\n1. A\n2. B\n\n**Night**\n\n1. C\n",
        [("1.1", "A"), ("1.2", "B"), ("1.3", "C")],
    ),
    "groups": (
        "#### Acceptance Criteria\n\n1. **Day**\n   1. WHEN A THE B SHALL C\n   2. THE B SHALL D\n",
        [("1.1.1", "WHEN A THE B SHALL C"), ("1.1.2", "THE B SHALL D")],
    ),
    "notes": ("#### Acceptance Criteria\n\n1. THE A SHALL B:\n   - c\n   - d\n", [("1.1", "THE A SHALL B:")]),
    "boxes in a criterion": (
        "#### Acceptance Criteria\n\n1. THE A SHALL B\n   - [ ] C\n   - [ ] D\n",
        [("1.1", "THE A SHALL B"), ("1.1.1", "C"), ("1.1.2", "D")],
    ),
    "sentences without a heading": (
        "1. WHEN A THE B SHALL C\n2. D\n3. THE B SHALL E\n",
        [("1.1", "WHEN A THE B SHALL C"), ("1.2", "D"), ("1.3", "THE B SHALL E")],
    ),
}


@pytest.mark.parametrize(("body", "expected"), SHAPES.values(), ids=SHAPES)
def test_criteria_are_read_in_this_shape(body: str, expected: list[tuple[str, str]]) -> None:
    assert read_items(body) == expected


# The body under a requirement in which nothing is a criterion.
LEFT_ALONE = {
    "a list without a heading": "1. A\n2. B\n",
    "notes": "#### Notes\n\n1. A\n",
    "tasks": "#### Acceptance Criteria\n\n##### Tasks\n\n- [ ] A\n",
    "criteria of success": "## Success Criteria\n\n1. A\n",
    "code": "#### Acceptance Criteria\n\n```text\n1. A\n```\n",
    "a comment": "#### Acceptance Criteria\n\n<!--\n1. A\n-->\n",
    "a quote": "#### Acceptance Criteria\n\n> 1. A\n",
    "a user story": "**User Story:** As a reader, I want A, so that B\n",
    "a label after the criteria": "**Acceptance Criteria:**\n\n**Notes:**\n\n- A\n",
    "other requirements": "## Non-Functional Requirements\n\n- THE A SHALL B\n",
    "a glossary": "## Glossary\n\n- **A**: B\n",
}


@pytest.mark.parametrize("body", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_this_is_no_criterion(body: str) -> None:
    assert read_items(body) == []


# The heading and the line under it, the number of the first criterion and the name of its scenario.
NAMES = {
    "### Requirement 1: Sign in": "Sign in (1.1)",
    "### Requirement 12 - Sign in": "Sign in (12.1)",
    "### Req 3. Sign in": "Sign in (3.1)",
    "### R4 — Sign in": "Sign in (4.1)",
    "### 5. Sign in": "Sign in (5.1)",
    "### 5.2 Sign in": "Sign in (5.2.1)",
    "### Sign in": "Sign in (1.1)",
    "### OAuth 2 login": "OAuth 2 login (1.1)",
    "### Requirement 6": "Requirement 6 (6.1)",
    "### Requirement 6\n\n**User Story:** As a reader, I want to sign in, so that I see my loans.": "Sign in (6.1)",
    "### Requirement 6\n\nAs a reader, I want a **card** in order to borrow": "A card (6.1)",
    "### 要件7：ログイン": "ログイン (7.1)",
    "### 需求 8": "需求 8 (8.1)",
    "### 需求 8\n\n**用户故事：** 作为读者，我希望登录，以便借书。": "登录 (8.1)",
    "### Requisito 9\n\n**Historia:** Como lectora, quiero entrar, para ver mis libros.": "Entrar (9.1)",
    "### Требование 10: Вход": "Вход (10.1)",
    f"### Requirement 11: {'Long ' * 40}": f"{'Long ' * 17}Long... (11.1)",
}


@pytest.mark.parametrize(("heading", "name"), NAMES.items())
def test_a_scenario_is_named_by_its_requirement(heading: str, name: str) -> None:
    (criterion,) = read(f"# Requirements\n\n{heading}\n\n#### Acceptance Criteria\n\n1. A is B\n").criteria
    assert criterion.name == name
    assert len(name) <= 100


def test_a_line_that_looks_like_a_criterion_elsewhere_is_reported_once_for_its_section() -> None:
    text = f"{SPEC}\n## Security\n\n- THE LAMP SHALL be cold\n- WHEN it falls THE LAMP SHALL go out\n"
    assert [(found.line, found.code) for found in read(text).diagnostics] == [
        (text.splitlines().index("- THE LAMP SHALL be cold") + 1, "unread-criterion")
    ]


# Where a file is, and whether Kiro's dialect reads it.
PLACES = {
    ".kiro/specs/lamp/requirements.md": "kiro",
    ".kiro/specs/home/lamp/requirements.md": "kiro",
    "docs/lamp/requirements.md": "kiro",
    "docs/lamp/needs.md": "template",
}


@pytest.mark.parametrize(("path", "dialect"), PLACES.items())
def test_requirements_are_known_by_their_place_or_their_sentences(path: str, dialect: str) -> None:
    assert read(SPEC, path).dialect == dialect


def test_requirements_in_another_place_without_a_sentence_of_ears_are_read_as_a_template() -> None:
    text = "# Requirements\n\n#### Acceptance Criteria\n\n- [ ] The lamp is dim\n"
    assert read(text, "docs/lamp/requirements.md").dialect == "template"
