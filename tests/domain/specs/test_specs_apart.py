"""Legends and tables of contents are left alone, and tables of criteria in HTML are reported."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

FIELDS = "---\nfeature_id: 1.1\nname: A\nstatus: Draft\n---\n\n# A\n\n"
SECTIONS = "## Overview\n\nFines.\n\n## Acceptance Criteria\n\n### Must Have\n\n- [ ] A book is lent\n"
KIRO = "# R\n\n## Overview\n\nFines.\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. THE System SHALL b\n"


def read(above: str, below: str = "") -> Spec:
    """Read a spec in the template's dialect that has one criterion, with more above and under it."""
    return parse_spec("specs/a.md", f"{FIELDS}{above}{SECTIONS}{below}".encode())


def read_kiro(above: str) -> Spec:
    """Read a file of Kiro with more above its sections."""
    return parse_spec(".kiro/specs/a/requirements.md", KIRO.replace("## O", f"{above}## O").encode())


QUIET = {
    "meanings": "Must Have\n: Needed for the release\n\nShould Have\n: Wanted, but it works without it\n\n",
    "meanings-in-bold": "**Must Have**\n: Needed for the release\n\n**Should Have**\n: Wanted\n\n",
    "a-legend": "## Priorities\n\nMust Have\n:   The release makes no sense otherwise\n\n",
    "a-legend-in-german": (
        "## Prioritäten\n\nMuss Kriterien\n: Sonst keine Freigabe\n\nKann Kriterien\n: Wenn Zeit bleibt\n\n"
    ),
    "a-glossary": "## Words\n\nAcceptance Criteria\n: What must hold\n\nSprint\n: Two weeks\n\n",
    "a-glossary-in-html": (
        "<dl>\n<dt>Acceptance Criteria</dt>\n<dd>What must hold</dd>\n<dt>Sprint</dt>\n<dd>x</dd>\n</dl>\n\n"
    ),
    "meanings-in-html": "<dl>\n<dt>Must Have</dt>\n<dd>Needed</dd>\n<dt>Should Have</dt>\n<dd>Wanted</dd>\n</dl>\n\n",
    "contents": "## Contents\n\n- Goals\n- Acceptance Criteria\n- Background\n\n",
    "nested-contents": (
        "## Contents\n\n- Goals\n- Acceptance Criteria\n  - Must Have\n  - Should Have\n- Background\n\n"
    ),
    "numbered-contents": (
        "## Table of Contents\n\n1. Goals\n2. Acceptance Criteria\n   1. Must Have\n   2. Should Have\n\n"
    ),
    "a-label-of-contents": "**Contents**\n\n- Goals\n- Acceptance Criteria\n- Background\n\n",
    "contents-after-a-colon": "Contents:\n\n- Goals\n- Acceptance Criteria\n  - Must Have\n\n",
    "contents-in-a-quote": "> **Contents**\n>\n> - Goals\n> - Acceptance Criteria\n> - Background\n\n",
    "contents-in-html": (
        "## Contents\n\n<ol>\n<li>Goals</li>\n<li>Acceptance Criteria</li>\n<li>Background</li>\n</ol>\n\n"
    ),
    "folded-contents": (
        "<details>\n<summary>Contents</summary>\n\n- Goals\n- Acceptance Criteria\n- Risks\n\n</details>\n\n"
    ),
    "contents-in-german": "## Inhalt\n\n- Ziel\n- Akzeptanzkriterien\n  - Muss\n  - Soll\n- Fertig\n\n",
    "contents-in-bold": "## Contents\n\n- **Goals**\n- **Acceptance Criteria**\n  - Login\n  - Logout\n\n",
    "headings-of-the-file": "- Overview\n- Acceptance Criteria\n- Must Have\n\n",
    "numbers-of-pages": "- Overview ..... 1\n- Acceptance Criteria ..... 2\n- Must Have ..... 3\n\n",
    "headings-with-numbers": "- 1. Overview\n- 2. Acceptance Criteria\n- 2.1 Must Have\n\n",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_list_that_only_names_criteria_is_left_alone(text: str) -> None:
    assert read(text).diagnostics == ()


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_list_that_only_names_criteria_is_left_alone_in_another_dialect(text: str) -> None:
    before = [found.code for found in read_kiro("").diagnostics]
    assert [found.code for found in read_kiro(text).diagnostics] == before


LOUD = {
    "several-definitions": "Must Have\n: A book is lent\n: A book is returned\n\n",
    "criteria-of-one-definition": "Acceptance Criteria\n: A book is lent\n\n",
    "tiers-of-one-definition": "Must Have\n: A book is lent\n\nShould Have\n: A book is mailed\n\n",
    "several-definitions-in-a-legend": "## Priorities\n\nMust Have\n: A book is lent\n: It is returned\n\n",
    "items-under-an-item": "- Acceptance Criteria\n  - A book is lent\n  - A book is returned\n\n",
}


@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD)
def test_a_list_of_criteria_is_reported_and_blocks_a_promotion(text: str) -> None:
    assert read(text).unread != ()


def render(*rows: str) -> str:
    """Render a table in HTML."""
    return "<table>\n" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>\n"


TABLES = {
    "with-a-header": render("<th>ID</th><th>Criterion</th>", "<td>1</td><td>A fine is shown</td>"),
    "without-a-header": render("<td>1</td><td>A fine is shown</td>"),
    "in-one-line": "<table><tr><td>A fine is shown</td></tr><tr><td>It is paid</td></tr></table>\n",
    "in-many-lines": "<table>\n  <tr>\n    <td>\n      A fine is shown\n    </td>\n  </tr>\n</table>\n",
    "with-blank-lines": "<table>\n<tr>\n<td>\n\nA fine is shown\n\n</td>\n</tr>\n</table>\n",
    "without-end-tags": "<table>\n<tr><th>Criterion\n<tr><td>A fine is shown\n</table>\n",
    "in-capitals": "<TABLE>\n<TR><TD>A fine is shown</TD></TR>\n</TABLE>\n",
    "with-tags-in-cells": render("<td><b>A fine</b> is <i>shown</i></td>"),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("between", ["", "\n"])
def test_a_table_in_html_next_to_a_list_of_criteria_is_reported_and_blocks(between: str, table: str) -> None:
    spec = read("", between + table)
    assert [(found.code, found.message) for found in spec.diagnostics] == [
        ("unread-table", "the table under `Must Have` is not read: it is in HTML")
    ]
    assert len(spec.unread) == 1


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_in_html_above_a_list_of_criteria_is_reported(table: str) -> None:
    text = SECTIONS.replace("- [", f"{table}\n- [")
    spec = parse_spec("specs/a.md", f"{FIELDS}{text}".encode())
    assert [found.code for found in spec.diagnostics] == ["unread-table"]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_in_html_is_reported_in_another_dialect(table: str) -> None:
    spec = parse_spec(".kiro/specs/a/requirements.md", f"{KIRO}\n{table}".encode())
    assert [found.code for found in spec.diagnostics] == ["unread-table"]


ELSEWHERE = {
    "steps": render("<th>Given</th><th>When</th><th>Then</th>", "<td>a</td><td>b</td><td>c</td>"),
    "tiers": render(
        "<th>Priority</th><th>Requirement</th>",
        "<td>Must</td><td>A fine must be shown</td>",
        "<td>Should</td><td>A fine must be mailed</td>",
    ),
}


@pytest.mark.parametrize("table", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_table_of_demands_in_html_is_reported_wherever_it_is(table: str) -> None:
    assert [found.code for found in read("", f"\n## Background\n\n{table}").diagnostics] == ["unread-table"]


QUIET_TABLES = {
    "images": render('<td><img src="a.png" alt="a book is lent"></td><td><img src="b.png"></td>'),
    "data": render("<th>Day</th><th>Hours</th>", "<td>Monday</td><td>3</td>"),
    "a-table-in-code": f"```html\n{render('<td>A fine is shown</td>')}```\n",
    "a-table-in-a-comment": f"<!--\n{render('<td>A fine is shown</td>')}-->\n",
    "a-table-in-an-item": (
        "- [ ] A fine is paid\n\n  <table>\n  <tr><td>in cash, if it is small</td></tr>\n  </table>\n"
    ),
    "a-table-elsewhere": (
        f"## Background\n\n{render('<th>Tool</th><th>Why</th>', '<td>Go</td><td>It is very fast</td>')}"
    ),
}


@pytest.mark.parametrize("table", QUIET_TABLES.values(), ids=QUIET_TABLES)
def test_another_table_in_html_is_left_alone(table: str) -> None:
    assert read("", f"\n{table}").diagnostics == ()


def test_a_table_of_success_criteria_is_left_alone_in_spec_kit() -> None:
    start = "# F\n\n### User Story 1 - A (Priority: P1)\n\n**Acceptance Scenarios**:\n\n1. **Given** a, **Then** c\n\n"
    table = "| ID | Criterion |\n|---|---|\n| SC-01 | A fine is shown at once |\n"
    codes = [
        [
            found.code
            for found in parse_spec("specs/001-a/spec.md", f"{start}## {heading}\n\n{table}".encode()).diagnostics
        ]
        for heading in ("Success Criteria", "Acceptance Criteria")
    ]
    assert codes == [[], ["unread-table"]]
