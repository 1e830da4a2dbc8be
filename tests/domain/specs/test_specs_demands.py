"""Requirements in the forms of EARS and tables of them are reported in each dialect, and indexes are left alone."""

from __future__ import annotations

import pytest
from dialect_files import STARTS, list_codes, read

from spec2bdd.domain.specs.parser import parse_spec

# OpenSpec has demands in the text of each requirement.
PATHS = [path for path in STARTS if not path.startswith("openspec/")]
DEMANDS = {
    "an-event": "- WHEN a book is late, THE SYSTEM SHALL show the fine\n",
    "numbers": "1. WHEN a book is late THE SYSTEM SHALL show the fine\n2. IF it is lost THEN THE SYSTEM SHALL say so\n",
    "a-state": "* WHILE the desk is closed, the desk SHALL NOT lend\n",
    "small-letters": "- When a book is late, the system shall show the fine\n",
    "an-id": "- **R1**: WHEN a book is late THE SYSTEM SHALL show the fine\n",
    "bold": "- **WHEN** a book is late **THE SYSTEM SHALL** show the fine\n",
    "wrapped": "- WHEN a book is late,\n  and its reader is a member,\n  THE SYSTEM SHALL show the fine\n",
    "a-line": "WHEN a book is late, THE SYSTEM SHALL show the fine.\n",
    "spanish": "- CUANDO un libro llega tarde, EL SISTEMA DEBE mostrar la multa\n",
    "portuguese": "- SE o livro atrasar, O SISTEMA DEVERÁ mostrar a multa\n",
    "several-shall": "- The desk SHALL lend books\n- The desk SHALL take them back\n",
    "several-small-shall": "- The library desk shall lend books\n- The desk shall take them back\n",
    "numbers-with-dots": "1.1 The desk SHALL lend books\n1.2 The desk SHALL take them back\n",
    "paragraphs-with-ids": "**A-1**: The desk SHALL lend books\n\n**A-2**: The desk SHALL take them back\n",
    "a-table-of-shall": "| ID | What |\n|---|---|\n| A1 | The desk SHALL lend |\n| A2 | The desk SHALL NOT eat |\n",
    "a-table": "| ID | What |\n|---|---|\n| R1 | WHEN a book is late THE SYSTEM SHALL show the fine |\n",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("heading", ["Behaviour", "Requirements", "Non-Functional Requirements"])
@pytest.mark.parametrize("text", DEMANDS.values(), ids=DEMANDS)
def test_demands_outside_of_the_criteria_are_reported_and_block_a_promotion(text: str, heading: str, path: str) -> None:
    spec = read(path, f"## {heading}\n\n{text}")
    (code,) = list_codes(spec)[len(list_codes(read(path, ""))) :]
    assert code in ("unread-criterion", "unread-steps", "unread-table")
    assert len(spec.unread) == 1


QUIET = {
    "one-shall": "- The desk SHALL lend books\n- It is open on Mondays\n",
    "sentences-of-a-text": "The desk SHALL lend books.\n\nThe desk SHALL take them back.\n",
    "a-table-of-words": "| Word | What |\n|---|---|\n| SHALL | a demand of the text |\n| MAY | a wish |\n",
    "either": "- SHALL/MUST is used for demands\n- WHEN is used for events\n",
    "sentences": "When a book is late, we shall see.\n\nThe desk shall be open.\n",
    "small-without-a-comma": "- When we shall meet is open\n",
    "shown": "For example:\n\n- WHEN a book is late THE SYSTEM SHALL show the fine\n",
    "code": "```\n- WHEN a book is late THE SYSTEM SHALL show the fine\n```\n",
    "a-comment": "<!--\n- WHEN a book is late THE SYSTEM SHALL show the fine\n-->\n",
    "wont": "## Won't Have\n\n- WHEN a book is late THE SYSTEM SHALL show the fine\n",
    "tasks": "## Tasks\n\n- WHEN a book is late THE SYSTEM SHALL show the fine\n",
    "an-open-question": "- Where we shall meet is open\n",
    "a-guide": "## EARS Format Guidelines\n\n- WHEN a book is late THE SYSTEM SHALL show the fine\n",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_what_only_looks_like_a_demand_is_left_alone(text: str) -> None:
    assert read("specs/a.md", f"## Behaviour\n\n{text}").diagnostics == ()


def test_items_are_reported_once_under_each_outer_heading_with_what_to_do() -> None:
    lists = "### Lending\n\n- The desk SHALL lend books\n\n### Returns\n\n- The desk SHALL take them back\n"
    spec = read("specs/a.md", f"## Requirements\n\n{lists}")
    assert [(found.line, found.message, found.hint) for found in spec.diagnostics] == [
        (
            15,
            (
                "2 items under `Requirements` look like criteria and are not read: "
                "`template` has its criteria under headings of criteria and of tiers"
            ),
            'move them there, or add `leave-out = ["Requirements"]` to `[tool.spec2bdd.headings]`',
        )
    ]


@pytest.mark.parametrize("path", ["specs/a.md", "docs/stories/1.1.a.md", ".kiro/specs/a/requirements.md"])
def test_demands_among_criteria_are_reported_once_or_read(path: str) -> None:
    items = "- WHEN a book is late, THE SYSTEM SHALL show it\n- IF it is lost, THE SYSTEM SHALL say so\n"
    spec = read(path, items)
    assert len(spec.criteria) == 3 or list_codes(spec) == ["criteria-without-boxes"]


def test_requirements_with_ids_are_left_alone_where_criteria_are_read() -> None:
    items = "- **FR-1**: The desk SHALL lend books\n- **FR-2**: The desk SHALL take them back\n"
    assert read("specs/a.md", f"## Requirements\n\n{items}").diagnostics == ()
    assert "unread-criterion" in list_codes(parse_spec("specs/a.md", f"# A\n\n## Requirements\n\n{items}".encode()))


def test_requirements_of_spec_kit_are_left_alone_in_any_form() -> None:
    item = "- **FR-001**: WHEN a book is late, System SHALL show the fine\n"
    table = "\n| ID | Requirement |\n|---|---|\n| FR-002 | WHEN a book is lost, System SHALL say so |\n"
    path = "specs/001-a/spec.md"
    assert list_codes(read(path, f"### Functional Requirements\n\n{item}{table}")) == list_codes(read(path, ""))


INDEXES = {
    "requirements": (
        "| ID | Requirement | Priority |\n|---|---|---|\n| FR-1 | It can lend | P0 |\n| FR-2 | It can take | P1 |\n"
    ),
    "other-requirements": (
        "| ID | Requirement | Tier |\n|---|---|---|\n| NFR-1 | It can be quick | Must |\n| NFR-2 | b | Should |\n"
    ),
    "the-same-words": (
        "| Requirement | Priority |\n|---|---|\n| A book is lent | P0 |\n| **A book is returned.** | P1 |\n"
    ),
    "stories-with-criteria": (
        "| ID | Story | Priority |\n|---|---|---|\n| US-1 | As a reader I want to lend | P0 |\n"
        "| US-2 | As a reader I want to pay | P1 |\n\n"
        "## US-1: Lend\n\n### Acceptance Criteria\n\n- [ ] c\n\n## US-2: Pay\n\n### Acceptance Criteria\n\n- [ ] d\n"
    ),
    "findings": "| Priority | Issue |\n|---|---|\n| P1 | The desk is not open |\n| P2 | Its light is broken |\n",
}


@pytest.mark.parametrize("table", INDEXES.values(), ids=INDEXES)
def test_a_table_that_lists_what_has_its_criteria_elsewhere_is_left_alone(table: str) -> None:
    assert read("specs/a.md", f"- [ ] A book is returned\n\n## Overview\n\n{table}").diagnostics == ()


def test_a_table_of_requirements_is_reported_where_no_criteria_are_read() -> None:
    spec = parse_spec("specs/a.md", f"# A\n\n## Requirements\n\n{INDEXES['requirements']}".encode())
    assert "unread-table" in list_codes(spec)


def test_a_table_of_other_stories_is_reported() -> None:
    rows = "| US-8 | As a clerk I want to see it | P0 |\n| US-9 | As a clerk I want to sort it | P1 |\n"
    table = f"| ID | Story | Priority |\n|---|---|---|\n{rows}"
    assert list_codes(read("specs/a.md", f"## Overview\n\n{table}")) == ["unread-table"]


REFERENCES = ["Task 1: Send mails (AC: 1, 2)", "Send mails (Acceptance Criteria: 3)", "Mails [AC 1-3]"]


@pytest.mark.parametrize("heading", REFERENCES)
def test_a_heading_that_refers_to_criteria_is_none_of_criteria(heading: str) -> None:
    text = f"## Work\n\n### {heading}\n\n1. Build the queue\n2. Send them\n"
    assert read("docs/stories/1.1.a.md", text).diagnostics == ()


@pytest.mark.parametrize("path", ["docs/stories/1.1.a.md", ".kiro/specs/a/requirements.md"])
def test_success_criteria_in_an_item_are_left_alone_where_their_heading_is(path: str) -> None:
    heading, item = "## Success Criteria\n\n- b\n", "## Notes\n\n- **Success Criteria**:\n  - b\n"
    assert (list_codes(read(path, heading)), list_codes(read(path, item))) == (list_codes(read(path, "")),) * 2


LISTS_IN_CODE = {
    "items": "```\n- A fine is shown\n- A fine is paid\n```\n",
    "numbers": "~~~text\n1. A fine is shown\n~~~\n",
    "yaml": "```yaml\nscenarios:\n  - given: a reader\n    then: she sees her fines\n```\n",
    "json": '```json\n["A fine is shown", "A fine is paid"]\n```\n',
}


@pytest.mark.parametrize("path", ["specs/a.md", ".kiro/specs/a/requirements.md", "docs/stories/1.1.a.md"])
@pytest.mark.parametrize("code", LISTS_IN_CODE.values(), ids=LISTS_IN_CODE)
def test_a_list_in_code_under_a_heading_of_criteria_is_reported_and_blocks(code: str, path: str) -> None:
    spec = read(path, f"## Other\n\n## Acceptance Criteria\n\n{code}")
    assert list_codes(spec)[-1:] == ["unread-criterion"]
    assert spec.unread != ()


QUIET_CODE = {
    "a-language": "## Acceptance Criteria\n\n```sh\n- a b c\n```\n",
    "words": "## Acceptance Criteria\n\n```\nabc def\n```\n",
    "next-to-criteria": "## Acceptance Criteria\n\n- [ ] b\n\n```\n- a b c\n```\n",
    "a-list-under-it": "## Acceptance Criteria\n\n```\nabc\n```\n- [ ] b\n",
    "an-example": "## Acceptance Criteria\n\nFor example:\n\n```\n- a b c\n```\n",
    "another-heading": "## Notes\n\n```\n- a b c\n```\n",
}


@pytest.mark.parametrize("text", QUIET_CODE.values(), ids=QUIET_CODE)
def test_other_code_is_left_alone(text: str) -> None:
    assert read("specs/a.md", text).diagnostics == ()
