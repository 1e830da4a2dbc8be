"""Sections of documents: how headings are read, and which one a spec means."""

from __future__ import annotations

import pytest

from spec2bdd.domain.trace.sections import (
    find_numbered,
    find_section,
    parse_sections,
    split_number,
    split_references,
    suggest_sections,
)
from spec2bdd.model.trace import SectionKind

PRD = """\
---
title: Requirements
---
# Requirements

## 1 Introduction

## 4. **Lending** books

### 4.1 Loans

### 4.2: Returns `fast`

<!--
### 9 Not a heading
-->

```
## 8 Code
```

## PRD-5 Fines
Setext heading 6
================
"""
SECTIONS = parse_sections(SectionKind.PRD, "docs/prd.md", PRD)


def test_headings_are_read_with_their_numbers_titles_lines_and_levels() -> None:
    assert [(section.number, section.title, section.line, section.level) for section in SECTIONS] == [
        ("", "Requirements", 4, 1),
        ("1", "Introduction", 6, 2),
        ("4", "Lending books", 8, 2),
        ("4.1", "Loans", 10, 3),
        ("4.2", "Returns fast", 12, 3),
        ("5", "Fines", 22, 2),
        ("", "Setext heading 6", 23, 1),
    ]


def test_a_section_ends_where_the_next_heading_that_is_not_below_it_begins() -> None:
    lending = SECTIONS[2]
    assert PRD[lending.start :].startswith("## 4.")
    assert PRD[lending.end :].startswith("## PRD-5")
    assert SECTIONS[-1].end == len(PRD)


NUMBERS = {
    "4.2 Returns": ("4.2", "Returns"),
    "4.2. Returns": ("4.2", "Returns"),
    "4) Returns": ("4", "Returns"),
    "PRD-4.2": ("4.2", ""),
    "Section 4.2 (Returns)": ("4.2", "Returns"),
    "Phase 3: Build": ("3", "Build"),
    "FR-7 - Login": ("7", "Login"),
    "§ 4.2": ("4.2", ""),
    "2.1 (Buying)": ("2.1", "Buying"),
}
NO_NUMBERS = ["Returns", "3rd party", "50% faster", "Release 2 plan", "v1.2", "", "1.2.3.x", "ISO 9001"]


@pytest.mark.parametrize("text", NUMBERS)
def test_the_number_at_the_start_is_split_off(text: str) -> None:
    assert split_number(text) == NUMBERS[text]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_text_without_a_number_at_its_start_stays_whole(text: str) -> None:
    assert split_number(text) in (("", text), ("1.2.3", "x"))


REFERENCES = {
    "4.2": ["4.2"],
    "4.2, 4.3": ["4.2", "4.3"],
    "[4.2, 'Fines']": ["4.2", "Fines"],
    "\n  - 4.2\n  - 5": ["4.2", "5"],
    "2.1 (Buying, selling)": ["2.1 (Buying, selling)"],
    "Loans, returns and fines": ["Loans, returns and fines"],
    "n/a": [],
    "": [],
}


@pytest.mark.parametrize("value", REFERENCES)
def test_a_field_may_name_several_sections(value: str) -> None:
    assert split_references(value) == REFERENCES[value]


FOUND = {
    "4.2": "4.2",
    "PRD-4.2": "4.2",
    "4.2 (an old title)": "4.2",
    "Loans": "4.1",
    "lending books": "4",
    "4 lending books": "4",
    "docs/prd.md#41-loans": "4.1",
    "Fines (docs/prd.md)": "5",
}
NOT_FOUND = ["4.20", "4.", "9", "8", "Ghosts", "2", "docs/prd.md#ghosts"]


@pytest.mark.parametrize("reference", FOUND)
def test_a_reference_finds_its_section_by_number_title_or_anchor(reference: str) -> None:
    found = find_section(reference, SECTIONS)
    assert found is not None
    assert found.number == FOUND[reference]


@pytest.mark.parametrize("reference", NOT_FOUND)
def test_a_reference_to_no_heading_finds_nothing(reference: str) -> None:
    found = find_section(reference, SECTIONS)
    assert found is None or (reference, found.number) == ("4.", "4")


def test_a_reference_that_names_a_document_finds_only_sections_of_it() -> None:
    other = parse_sections(SectionKind.PRD, "docs/other.md", "# 4 Other\n")
    assert find_section("4 (docs/other.md)", [*SECTIONS, *other]) == other[0]
    assert find_section("4.1 (docs/other.md)", [*SECTIONS, *other]) is None
    assert find_section("4", [*SECTIONS, *other]) == SECTIONS[2]


@pytest.mark.parametrize(
    ("reference", "nearest"), [("4.9", "4.1"), ("Lones", "4.1"), ("5.1", "4.1"), ("Returns", "4.2")]
)
def test_the_nearest_sections_are_suggested(reference: str, nearest: str) -> None:
    assert nearest in [section.number for section in suggest_sections(reference, SECTIONS)]


def test_with_numbers_only_numbered_headings_need_a_spec_and_without_any_all_but_the_title() -> None:
    plain = parse_sections(SectionKind.PRD, "docs/plain.md", "# Plan\n## Rooms\n### Lights\n")
    expected = find_numbered([*SECTIONS, *plain])
    assert [section.label for section in expected] == [
        "1 Introduction",
        "4 Lending books",
        "4.1 Loans",
        "4.2 Returns fast",
        "5 Fines",
        "Rooms",
        "Lights",
    ]
