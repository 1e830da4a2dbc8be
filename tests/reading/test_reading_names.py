"""Headings that mean something to a spec, and headings that only look like it."""

from __future__ import annotations

import pytest

from spec2bdd.reading.names import Known, find_known

ANNOUNCE = [
    ("Must Have", Known.MUST),
    ("must have", Known.MUST),
    ("MUST HAVE:", Known.MUST),
    ("Must-have", Known.MUST),
    ("Must Haves", Known.MUST),
    ("Must Have (P0)", Known.MUST),
    ("Must Have Features", Known.MUST),
    ("Must-Have (All Achieved ✅)", Known.MUST),
    ("Must-have - DONE", Known.MUST),
    ("Must Have — blocking", Known.MUST),
    ("🔴 Must Have", Known.MUST),
    ("P0 - Must have", Known.MUST),
    ("High Priority (Must Have)", Known.MUST),
    ("1. Must Have", Known.MUST),
    ("Must", Known.MUST),
    ("Acceptance Criteria (Must Have)", Known.MUST),
    ("Should-Have (Enhanced)", Known.SHOULD),
    ("Should Have (Nice to Have)", Known.SHOULD),
    ("Could Have (Future Enhancements)", Known.COULD),
    ("Nice-to-have", Known.COULD),
    ("Nice to Have (v0.7.0+)", Known.COULD),
    ("Won't Have (This Phase)", Known.WONT),
    ("Won’t have", Known.WONT),
    ("Wont Have", Known.WONT),
    ("Acceptance Criteria", Known.CRITERIA),
    ("4.2 Acceptance criteria:", Known.CRITERIA),
    ("✅ Acceptance Criteria", Known.CRITERIA),
    ("Acceptance Criteria Checklist", Known.CRITERIA),
    ("Success Criteria (mandatory)", Known.CRITERIA),
    ("Definition of Done", Known.DONE),
    ("Definition of Done (DoD)", Known.DONE),
    ("Purpose", Known.PURPOSE),
]

SAY_NOTHING = [
    "",
    "✅",
    "Must Pass",
    "Musts and shoulds of design",
    "What must be true",
    "Features should only have milestones",
    "Should show",
    "Step 5: Billing (Nice-to-have)",
    "User Story vs Acceptance Criteria",
    "Missing Acceptance Criteria",
    "Completion Criteria",
    "Functional Requirements",
    "Done",
    "All-purpose tools",
]


@pytest.mark.parametrize(("heading", "known"), ANNOUNCE)
def test_a_heading_announces_what_the_table_says(heading: str, known: Known) -> None:
    assert known == find_known(heading)


@pytest.mark.parametrize("heading", SAY_NOTHING)
def test_a_heading_of_another_name_says_nothing(heading: str) -> None:
    assert find_known(heading) is None
