"""OpenSpec: which files are detected, where they belong, and what the deltas say about names."""

from __future__ import annotations

import pytest

from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.specs.dialects.openspec_changes import add_former_texts, find_renames
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

SPEC = """\
## Requirements

### Requirement: Borrowing
The system SHALL lend books.

#### Scenario: A book on the shelf
- **WHEN** a member borrows a book
- **THEN** the member has a loan
"""
PATH = "openspec/specs/loans/spec.md"


def parse(text: str, path: str = PATH) -> Spec:
    """Parse a file of a project."""
    return parse_spec(path, text.encode())


def list_steps(below: str) -> list[str]:
    """List the steps of a scenario with these lines under its heading."""
    (criterion,) = parse(f"### Requirement: R\n#### Scenario: S\n{below}").criteria
    return [f"{step.keyword} {step.text}" for script in phrase_criterion(criterion).scripts for step in script.steps]


@pytest.mark.parametrize(
    ("path", "derived_id", "title"),
    [
        ("openspec/specs/loans/spec.md", "loans", "loans"),
        ("openspec/specs/desk/loans/spec.md", "desk/loans", "desk/loans"),
        ("openspec/changes/add-fees/specs/loans/spec.md", "add-fees/loans", "loans (change add-fees)"),
        ("openspec/changes/add-fees/specs/desk/loans/spec.md", "add-fees/desk/loans", "desk/loans (change add-fees)"),
        ("app/openspec/specs/loans/spec.md", "loans", "loans"),
        ("docs/loans.md", "", ""),
    ],
)
def test_the_path_gives_a_spec_its_id_and_its_title(path: str, derived_id: str, title: str) -> None:
    spec = parse(SPEC, path)
    assert (spec.dialect, spec.derived_id, spec.title) == ("openspec", derived_id, title)


@pytest.mark.parametrize(
    "text",
    [
        "### Requirement 1: Borrowing\n#### Acceptance Criteria\n1. WHEN a THEN b",
        "### Requirement: Borrowing\n- [ ] A book is lent",
        "#### Scenario: A book on the shelf\n- **WHEN** a\n- **THEN** b",
    ],
)
def test_a_file_elsewhere_needs_both_headings(text: str) -> None:
    assert parse(text, "specs/loans.md").dialect != "openspec"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# loans Specification", "loans"),
        ("# Loans Spec", "Loans"),
        ("# loans Specification Delta", "loans"),
        ("# loans Specification (Delta)", "loans"),
        ("# loans - Delta Spec", "loans"),
        ("# Specification", "loans"),
        ("", "loans"),
    ],
)
def test_the_title_is_what_the_spec_is_about(heading: str, title: str) -> None:
    assert parse(f"{heading}\n\n{SPEC}").title == title


@pytest.mark.parametrize(
    ("sentence", "tier"),
    [
        ("The system SHALL lend books.", "must"),
        ("The system MUST lend books, and SHOULD remind members.", "must"),
        ("The system SHOULD remind members.", "should"),
        ("Members MAY extend a loan.", "could"),
        ("Members may extend a loan.", "must"),
        ("- Members MAY extend a loan.", "could"),
        ("", "must"),
    ],
)
def test_the_sentences_of_a_requirement_give_its_tier(sentence: str, tier: str) -> None:
    (criterion,) = parse(SPEC.replace("The system SHALL lend books.", sentence)).criteria
    assert criterion.tier == tier


@pytest.mark.parametrize("kind", ["REMOVED", "RENAMED", "Removed"])
def test_removed_requirements_have_no_criteria(kind: str) -> None:
    spec = parse(SPEC.replace("## Requirements", f"## {kind} Requirements"))
    assert [found.code for found in spec.diagnostics] == ["no-criteria"]


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "Added"])
def test_added_and_modified_requirements_have_criteria(kind: str) -> None:
    spec = parse(SPEC.replace("## Requirements", f"## {kind} Requirements"))
    assert [found.text for found in spec.criteria] == ["Borrowing: A book on the shelf"]


@pytest.mark.parametrize(
    ("below", "steps"),
    [
        ("- **WHEN** a\n- **THEN** b", ["When a", "Then b"]),
        ("* When a\n* Then b", ["When a", "Then b"]),
        ("- **When**: a\n- **Then**: b", ["When a", "Then b"]),
        ("- **When:** a\n- **Then:** b", ["When a", "Then b"]),
        ("- `WHEN` a\n- `THEN` b", ["When a", "Then b"]),
        ("- *WHEN* a\n- *THEN* b", ["When a", "Then b"]),
        ("**WHEN** a\n**THEN** b", ["When a", "Then b"]),
        ("**WHEN** a  \n**THEN** b", ["When a", "Then b"]),
        ("**WHEN** a\n\n**THEN** b", ["When a", "Then b"]),
        ("WHEN a\nTHEN b\nAND c", ["When a", "Then b", "And c"]),
        ("- **WHEN** a\n  and more\n- **THEN** b", ["When a and more", "Then b"]),
        ("- **WHEN** a\n  - **AND** c\n- **THEN** b", ["When a", "And c", "Then b"]),
        ("- **WHEN**\n  - a\n  - c\n- **THEN**\n  - b", ["When a", "And c", "Then b"]),
        ("- **WHEN** a\n- **THEN** b\n- **OR** c", ["When a", "Then b or c"]),
        ("- **WHEN** a **THEN** b", ["When a", "Then b"]),
        ("- Given a book, when it is lent, then it is gone", ["Given a book", "When it is lent", "Then it is gone"]),
        ("```gherkin\nWhen a\nThen b\n```", ["When a", "Then b"]),
        ("Some remark.\n\n- **WHEN** a\n- **THEN** b", ["When a", "Then b"]),
        ("The shelf is red.", ["Then the shelf is red"]),
        ("- The shelf is red\n- It is full", ["Then the shelf is red", "And it is full"]),
        ("- When it is full, a light is on\n- It is red", ["Then when it is full, a light is on", "And it is red"]),
        ("- **WHEN** it is full", ["When it is full"]),
        ("", ["Then S"]),
    ],
)
def test_steps_are_read_in_every_shape(below: str, steps: list[str]) -> None:
    assert list_steps(below) == steps


@pytest.mark.parametrize(
    ("below", "codes"),
    [
        ("- **WHEN** a\n- **THEN** b", []),
        ("- **WHEN** a\n  - **THEN** b", []),
        ("- **WHEN** a **THEN** b", []),
        ("```gherkin\nWhen a\nThen b\n```", []),
        ("- **当** a\n- **那么** b", []),
        ("- **WHEN** a", ["no-steps"]),
        ("- The shelf is red", ["no-steps"]),
        ("", ["no-steps"]),
    ],
)
def test_a_scenario_without_an_outcome_is_reported(below: str, codes: list[str]) -> None:
    spec = parse(f"### Requirement: R\n#### Scenario: S\n{below}")
    assert [found.code for found in spec.diagnostics] == codes


def test_what_openspec_ignores_is_reported_where_it_is() -> None:
    spec = parse("### Requirement: R\n\n### Scenario: S\n- **WHEN** a\n- **THEN** b\n\n### Requirement: Q\nText.\n")
    assert [(found.line, found.code) for found in spec.diagnostics] == [(3, "scenario-heading"), (7, "no-scenario")]


RENAMES = """\
## MODIFIED Requirements
- FROM: `### Requirement: Not`
- TO: `### Requirement: This`

## RENAMED Requirements
- FROM: `### Requirement: Lending`
- TO: `### Requirement: Borrowing`
- FROM: `### Requirement: Half`
FROM: ### Requirement: Fees
TO: ### Requirement: Late `fees`

## ADDED Requirements
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_renamed_requirements_of_a_delta_are_found(newline: str) -> None:
    renames = list(find_renames(RENAMES.replace("\n", newline)))
    assert renames == [("Lending", "Borrowing"), ("Fees", "Late fees")]


def test_translated_renamed_requirements_are_found() -> None:
    delta = "## 重命名需求\n- FROM: `### 需求: 旧`\n- TO: `### 需求:新`\n"
    assert list(find_renames(delta)) == [("旧", "新")]


def test_a_requirement_that_was_renamed_twice_has_both_former_titles() -> None:
    deltas = [
        f"## RENAMED Requirements\n- FROM: `### Requirement: {before}`\n- TO: `### Requirement: {after}`\n"
        for before, after in (("Loans", "Lending"), ("Lending", "Borrowing"))
    ]
    (criterion,) = add_former_texts(parse(SPEC), deltas).criteria
    assert criterion.former == ("Loans: A book on the shelf", "Lending: A book on the shelf")


def test_without_a_renaming_a_criterion_has_no_former_text() -> None:
    assert [
        found.former for found in add_former_texts(parse(SPEC), [RENAMES.replace("Borrowing", "Other")]).criteria
    ] == [()]


# Files of translated versions of OpenSpec: their text, the language, and the steps.
CHINESE = """\
## 新增需求

### 需求: 借书
系统必须借书。

#### 场景:在架
- **当** 读者借书
- **那么** 借阅增加

## 移除需求

### 需求: 旧

#### 场景: 旧
- **那么** 旧
"""
SPANISH = """\
## Requisitos

### Requisito: Prestar
El sistema DEBE prestar.

#### Escenario: En el estante
- DADO un libro
- CUANDO se presta
- ENTONCES hay un préstamo
- Y no hay multa
"""
TRANSLATED = {
    "zh-CN": (CHINESE, ["当 读者借书", "那么 借阅增加"]),
    "es": (SPANISH, ["Dado un libro", "Cuando se presta", "Entonces hay un préstamo", "Y no hay multa"]),
}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translated_headings_and_keywords_are_read(language: str) -> None:
    text, steps = TRANSLATED[language]
    spec = parse(text)
    (criterion,) = spec.criteria
    (script,) = phrase_criterion(criterion, spec.find_value("language")).scripts
    assert spec.find_value("language") == language
    assert [f"{step.keyword} {step.text}" for step in script.steps] == steps
    assert spec.diagnostics == ()


@pytest.mark.parametrize(
    ("below", "steps"),
    [
        ("##### WHEN a\n\n##### THEN b\n", ["When a", "Then b"]),
        ("##### **When** a\n##### **Then** b\n##### And c\n", ["When a", "Then b", "And c"]),
        ("##### When\n\n- a\n- b\n\n##### Then\n\nc\n", ["When a", "And b", "Then c"]),
        ("**WHEN**\n- a\n\n**THEN**\n- b\n- c\n", ["When a", "Then b", "And c"]),
        ("**WHEN:**\n\na\n\n**THEN:**\n\nb\n", ["When a", "Then b"]),
        ("WHEN\n\na\n\nTHEN\n\nb\n", ["When a", "Then b"]),
        ("- **WHEN** a\n- **THEN** b\n\n##### Notes\n\nc\n", ["When a", "Then b"]),
    ],
)
def test_a_step_is_a_heading_or_under_a_keyword_of_its_own(below: str, steps: list[str]) -> None:
    spec = parse(f"### Requirement: R\n#### Scenario: S\n{below}")
    assert list_steps(below) == steps
    assert spec.unread == ()


@pytest.mark.parametrize("below", ["**WHEN**\n\n**THEN**\n\nb\n", "**WHEN** a\n\n**THEN**\n\n```text\nx\n```\n"])
def test_a_keyword_with_no_step_under_it_is_no_step(below: str) -> None:
    assert len(list_steps(below)) == 1
