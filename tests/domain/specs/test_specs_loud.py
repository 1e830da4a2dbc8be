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


BMAD = """# Story 1.1: Lending

Status: draft

## Story

As a reader, I want to borrow books.

## Acceptance Criteria

{}
## Tasks / Subtasks

- [ ] Write it
"""
OPENSPEC = """# Loans Specification

## Purpose

Readers borrow books.

## Requirements

### Requirement: Lending
The system SHALL lend books.

{}
#### Scenario: A book is lent
- **WHEN** a reader takes a book
- **THEN** it is lent
"""


def find_codes(spec: Spec) -> list[tuple[int, str]]:
    """Find the lines and codes of what a spec is warned about, apart from its missing criteria."""
    return [(found.line, found.code) for found in spec.diagnostics if found.code != "no-criteria"]


def read_keys(keys: str, below: str = "") -> Spec:
    """Read a spec that has one criterion, and more keys in its front matter; `below` is right under it."""
    text = MUST.replace("status: Draft\n---\n", f"status: Draft\n{keys}---\n{below}")
    return parse_spec("specs/a.md", text.encode())


IN_FRONT_MATTER = {
    "a-list": "acceptance_criteria:\n  - A fine is mailed\n  - A fine is paid\n",
    "a-list-that-is-not-indented": "acceptance-criteria:\n- A fine is mailed\n",
    "a-text": "acceptanceCriteria: A fine is mailed\n",
    "a-block": "Acceptance Criteria: |\n  A fine is mailed\n  A fine is paid\n",
    "a-list-in-brackets": 'acceptance_criteria: ["A fine is mailed", "A fine is paid"]\n',
    "a-nested-key": "story:\n  acceptance_criteria:\n    - A fine is mailed\n",
    "a-tier": "must_have:\n  - A fine is mailed\n",
    "german": "akzeptanzkriterien:\n  - Eine Mahnung wird verschickt\n",
    "done": "definition_of_done:\n  - The docs are written\n",
    "mappings": "acceptance_criteria:\n  - id: AC-1\n    text: A fine is mailed\n",
}


@pytest.mark.parametrize("keys", IN_FRONT_MATTER.values(), ids=IN_FRONT_MATTER)
def test_criteria_in_the_front_matter_are_reported_and_block_a_promotion(keys: str) -> None:
    spec = read_keys(keys)
    line = 6 if keys.startswith("story") else 5
    assert (find_codes(spec), spec.unread) == ([(line, "unread-criterion")], (line,))


def test_criteria_in_the_front_matter_block_nothing_if_a_comment_above_the_first_heading_says_so() -> None:
    keys = IN_FRONT_MATTER["a-list"]
    assert read_keys(keys, "<!-- spec2bdd: ignore unread-criterion -->\n").unread == ()


NOT_IN_FRONT_MATTER = {
    "ids": "acceptance_criteria: [AC-1, AC-2]\n",
    "list-of-ids": "acceptance_criteria:\n  - AC-1\n  - AC-2\n",
    "a-path": "acceptance_criteria: docs/criteria.md\n",
    "a-path-with-blanks": "acceptance_criteria: docs/our criteria.md\n",
    "another-place": "acceptance_criteria: see below\n",
    "a-count": "acceptance_criteria: 3\n",
    "a-count-of-those-met": "acceptance_criteria: 4 of 5 met\n",
    "nothing": "acceptance_criteria: []\n",
    "nothing-at-all": "acceptance_criteria:\nowner: Ana and Ben\n",
    "a-placeholder": "acceptance_criteria: [What must work]\n",
    "to-be-done": "acceptance_criteria: To be defined\n",
    "another-key": "acceptance_test_owner: Ana and Ben\n",
    "the-success-of-a-project": "success_criteria: Sales go up by half\n",
    "a-tier-as-a-value": "priority: must have\n",
    "a-comment": "# acceptance_criteria: A fine is mailed\n",
}


@pytest.mark.parametrize("keys", NOT_IN_FRONT_MATTER.values(), ids=NOT_IN_FRONT_MATTER)
def test_other_front_matter_is_left_alone(keys: str) -> None:
    assert find_codes(read_keys(keys)) == []


SENTENCES = {
    "one": "A reader borrows a book.\n",
    "several": "A reader borrows a book.\nThe book is due in 3 weeks.\n\nA fine is due after that.\n",
    "without-a-full-stop": "A reader borrows a book\n",
}


@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES)
def test_sentences_under_a_heading_of_criteria_are_reported(text: str) -> None:
    story = parse_spec("docs/stories/1.1.lending.md", BMAD.format(text).encode())
    spec = read(f"\n## Acceptance Criteria for Fines\n\n{text}")
    assert [(found.dialect, find_codes(found)) for found in (story, spec)] == [
        ("bmad", [(11, "unread-criterion")]),
        ("template", [(13, "unread-criterion")]),
    ]


@pytest.mark.parametrize("underline", ["===", "---", "  ------  "])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_is_under_an_underlined_heading_of_criteria_is_reported(underline: str, line_end: str) -> None:
    sentence = f"{MUST}\nCriteria of Acceptance\n{underline}\n\nA fine is paid.\n"
    item = BMAD.format(f"1. A book is lent\n\nMust Have\n{underline}\n\n- A fine is paid\n")
    spec = parse_spec("specs/a.md", sentence.replace("\n", line_end).encode())
    story = parse_spec("docs/stories/1.1.lending.md", item.replace("\n", line_end).encode())
    assert find_codes(spec) == [(14, "unread-criterion")]
    assert find_codes(story) == [(16, "unread-criterion")]


@pytest.mark.parametrize("indent", ["", " ", "  "])
@pytest.mark.parametrize("heading", ["## Must Have", "Must Have\n---"])
def test_items_under_an_indented_heading_of_criteria_are_reported(heading: str, indent: str) -> None:
    text = f"1. A book is lent\n\n{indent}{heading}\n\n- A fine is paid\n"
    spec = parse_spec("docs/stories/1.1.lending.md", BMAD.format(text).encode())
    assert [code for _, code in find_codes(spec)] == ["unread-criterion"]


def test_a_sentence_under_a_rule_is_left_alone() -> None:
    assert find_codes(read("\nSome words.\n\n---\n\nA reader must pay a fine.\n")) == []


def test_sentences_under_a_part_of_the_criteria_are_reported_if_they_demand_something() -> None:
    text = "### Lending\n\nA reader must have a card.\n\n### Returning\n\n1. A book comes back\n"
    spec = parse_spec("docs/stories/1.1.lending.md", BMAD.format(text).encode())
    assert find_codes(spec) == [(13, "unread-criterion")]


QUIET_SENTENCES = {
    "an-introduction": "These are the rules of lending.\n\n- [ ] A fine is paid\n",
    "a-reference": "See the table of fines in the handbook.\n",
    "none": "None for this story.\n",
    "deferred": "Deferred to the next release.\n",
    "a-link": "[The spec of fines](3.2.md) has them all.\n",
    "a-marker": "TBD\n",
    "a-placeholder": "[Describe what must work]\n",
    "an-instruction": "*Describe what must work for readers.*\n",
    "a-part-of-the-criteria": "### Background\n\nReaders like books.\n\n### Lending\n\n- [ ] A fine is paid\n",
}


@pytest.mark.parametrize("text", QUIET_SENTENCES.values(), ids=QUIET_SENTENCES)
def test_a_sentence_that_is_no_criterion_is_left_alone(text: str) -> None:
    assert find_codes(read(f"\n## Acceptance Criteria for Fines\n\n{text}")) == []


def test_a_sentence_under_the_name_of_a_tier_introduces_it() -> None:
    for text in ("What makes the work of clerks easier.", "We will decide this after the beta."):
        assert find_codes(read(f"\n## Should Have\n\n{text}\n")) == []


QUOTED = {
    "bullets": "> - A fine is mailed\n> - A fine is paid\n",
    "numbers": "> 1. A fine is mailed\n> 2. A fine is paid\n",
    "in-two-quotes": "> > - A fine is mailed\n",
    "under-a-label-of-criteria": "> **Acceptance Criteria:**\n> - A fine is mailed\n",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_items_in_a_quote_among_criteria_are_reported(text: str) -> None:
    line = 12 if text.startswith("> **") else 11
    story = parse_spec("docs/stories/1.1.lending.md", BMAD.format(f"1. A book is lent\n\n{text}\n").encode())
    assert find_codes(read(f"\n{text}")) == [(line, "unread-criterion")]
    assert find_codes(story) == [(line + 2, "unread-criterion")]


def test_items_in_a_quote_are_reported_if_they_are_all_that_is_under_a_heading_of_criteria() -> None:
    spec = read("\n## Acceptance Criteria for Fines\n\n> What readers see:\n> - A fine is mailed\n")
    assert find_codes(spec) == [(14, "unread-criterion")]


QUIET_QUOTES = {
    "a-note": "\n> Note:\n> - Fines are those of 2024\n",
    "an-alert": "\n> [!NOTE]\n> - Fines are those of 2024\n",
    "a-part-of-the-item": "  > - Fines are those of 2024\n",
    "under-another-heading": "\n## Overview\n\n> - Readers like books\n",
    "in-notes": "\n## Notes\n\n> **Acceptance Criteria:**\n> - Readers like books\n",
}


@pytest.mark.parametrize("text", QUIET_QUOTES.values(), ids=QUIET_QUOTES)
def test_items_in_another_quote_are_left_alone(text: str) -> None:
    assert find_codes(read(text)) == []


UNNAMED = {
    "a-list-without-an-outcome": "- **WHEN** a reader pays\n- the fine is gone\n",
    "a-list-of-sentences": "- WHEN a reader pays THEN the fine is gone\n",
    "a-paragraph": "**WHEN** a reader pays **THEN** the fine is gone\n",
    "a-list-in-a-list": "- Fines:\n  - **WHEN** a reader pays\n  - **THEN** the fine is gone\n",
}


@pytest.mark.parametrize("text", UNNAMED.values(), ids=UNNAMED)
def test_steps_of_a_requirement_without_a_scenario_are_reported(text: str) -> None:
    spec = parse_spec("openspec/specs/loans/spec.md", OPENSPEC.format(text).encode())
    assert (len(spec.criteria), [code for _, code in find_codes(spec)]) == (1, ["unread-steps"])


LOOSE_GHERKIN = {
    "gherkin": "```gherkin\nScenario: x\n  Given a book\n  Then it is gone\n```\n",
    "feature": "```feature\nFeature: x\n  Scenario: y\n    Then it is gone\n```\n",
    "tildes": "~~~ cucumber\nGiven a book\nThen it is gone\n~~~\n",
    "a-name-in-capitals": "```Gherkin\nThen it is gone\n```\n",
    "german": "```gherkin\n# language: de\nSzenario: x\n  Dann ist es weg\n```\n",
}


@pytest.mark.parametrize("text", LOOSE_GHERKIN.values(), ids=LOOSE_GHERKIN)
def test_gherkin_outside_of_the_criteria_is_reported(text: str) -> None:
    spec = read(f"\n## Behaviour\n\n{text}")
    assert (find_codes(spec), spec.unread) == ([(13, "unread-steps")], (13,))


QUIET_GHERKIN = {
    "an-example": "## Behaviour\n\nFor example:\n\n{}",
    "a-file": "## Behaviour\n\nCreate `features/loans.feature`:\n\n{}",
    "a-format": "## Scenario Format\n\n{}",
    "tasks": "## Tasks\n\n{}",
    "notes": "## Notes\n\n{}",
}


@pytest.mark.parametrize("text", QUIET_GHERKIN.values(), ids=QUIET_GHERKIN)
def test_gherkin_that_shows_something_is_left_alone(text: str) -> None:
    assert find_codes(read("\n" + text.format(LOOSE_GHERKIN["gherkin"]))) == []


GHERKIN = "Scenario: x\n  Given a book\n  When it is lent\n  Then it is gone\n"


def indent(text: str, lead: str) -> str:
    """Put something before each line."""
    return "".join(f"{lead}{line}" for line in text.splitlines(keepends=True))


FENCED = f"```gherkin\n{GHERKIN}```\n"
HIDDEN_STEPS = {
    "bold-keywords-in-a-sentence": "**Given** a book **when** it is lent **then** it is gone\n",
    "paragraphs-of-html-in-one-line": "<div><p>Given a book</p><p>When it is lent</p><p>Then it is gone</p></div>\n",
    "emoji": "\u2705 Given a book\n\u2705 When it is lent\n\u2705 Then it is gone\n",
    "arrows": "\u2192 When a book is lent\n\u2192 Then it is gone\n",
    "a-fence-in-a-quote": indent(FENCED, "> "),
    "a-fence-in-a-callout": f"> [!NOTE]\n{indent(FENCED, '> ')}",
    "a-fence-in-two-quotes": indent(FENCED, "> > "),
    "a-fence-in-a-nested-item": f"- a\n  - b\n\n{indent(FENCED, '    ')}",
    "a-fence-in-an-item": f"- ```gherkin\n{indent(GHERKIN, '  ')}  ```\n",
    "a-fence-in-a-footnote": f"[^1]:\n{indent(FENCED, '    ')}",
    "a-fence-with-attributes": f"```{{.gherkin}}\n{GHERKIN}```\n",
    "a-fence-with-a-file": f"```gherkin:lend\n{GHERKIN}```\n",
    "a-fence-of-colons": f":::gherkin\n{GHERKIN}:::\n",
    "a-fence-of-tildes": f"~~~feature\n{GHERKIN}~~~\n",
    "an-unnamed-fence": f"```\n{GHERKIN}```\n",
    "another-language": "```\nSc\u00e9nario: x\n  Quand il est pr\u00eat\u00e9\n  Alors il est parti\n```\n",
    "a-quote-in-another-language": "> Angenommen ein Buch\n> Wenn es verliehen wird\n> Dann ist es weg\n",
    "lines-in-a-quote": indent(GHERKIN, "> "),
    "items-in-a-quote": "> - Given a book\n> - Then it is gone\n",
    "preformatted-text": f"<pre>\n{GHERKIN}</pre>\n",
    "folded-text": f"<details>\n<summary>x</summary>\n{FENCED}</details>\n",
    "a-list-in-html": "<ul>\n<li>Given a book</li>\n<li>Then it is gone</li>\n</ul>\n",
    "definitions": "x\n: Given a book\n: Then it is gone\n",
    "indented-code": f"Words.\n\n{indent(GHERKIN, '    ')}",
    "lines": GHERKIN,
    "bold-lines": "**Given** a book\n**Then** it is gone\n",
    "a-bold-sentence": "**Given** a book, **When** it is lent, **Then** it is gone\n",
    "code-with-ids": "```\nAC-01-1: GIVEN a book WHEN it is lent THEN it is gone\n```\n",
    "line-breaks": "Given a book<br>When it is lent<br>Then it is gone\n",
    "a-cell": "| x | y |\n|---|---|\n| a | Given a book<br>Then it is gone |\n",
}


@pytest.mark.parametrize("steps", HIDDEN_STEPS.values(), ids=HIDDEN_STEPS)
def test_steps_in_any_block_are_reported_and_block_a_promotion(steps: str) -> None:
    spec = read(f"\n## Behaviour\n\nWords.\n\n{steps}")
    assert [found.code for found in spec.diagnostics] == ["unread-steps"]
    assert len(spec.unread) == 1


@pytest.mark.parametrize("steps", HIDDEN_STEPS.values(), ids=HIDDEN_STEPS)
def test_steps_in_any_block_among_criteria_are_read_or_reported(steps: str) -> None:
    spec = read(f"\n## Should Have\n\nWords.\n\n{steps}")
    assert (len(spec.criteria) > 1) != bool(spec.unread)


def test_steps_in_a_list_without_boxes_are_reported_once() -> None:
    items = "- **WHEN** a **THEN** b\n- **WHEN** c **THEN** d\n- **WHEN** e **THEN** f\n"
    spec = read(f"\n## Acceptance Criteria\n\n{items}")
    assert [found.code for found in spec.diagnostics] == ["criteria-without-boxes"]


QUIET_BLOCKS = {
    "a-comment": f"<!--\n{GHERKIN}-->\n",
    "code-of-a-language": "```python\nGiven = 1\nThen = 2\n```\n",
    "an-example": f"For example:\n\n{indent(FENCED, '> ')}",
    "a-sentence": "Given a book, when it is lent, then it is gone.\n",
    "a-quoted-sentence": "> Then the desk closes.\n",
    "a-table": "| Given names | Then |\n|---|---|\n| a | b |\n",
}


@pytest.mark.parametrize("text", QUIET_BLOCKS.values(), ids=QUIET_BLOCKS)
def test_a_block_that_demands_no_steps_is_left_alone(text: str) -> None:
    assert read(f"\n## Behaviour\n\n{text}").diagnostics == ()


HEADINGS = {
    "html": "<h2>\nAcceptance Criteria\n</h2>\n\n- A book is lent\n",
    "bold-in-html": "<p><b>Acceptance Criteria</b></p>\n\n- A book is lent\n",
    "a-list-in-html": "<h2>Acceptance Criteria</h2>\n<ul>\n<li>A book is lent</li>\n</ul>\n",
    "a-line-break": "**Acceptance Criteria**<br>\n- A book is lent\n",
    "a-callout": "> [!IMPORTANT] Acceptance Criteria\n> - A book is lent\n",
    "an-admonition": ":::note Acceptance Criteria\n- A book is lent\n:::\n",
    "definitions": "Acceptance Criteria\n: A book is lent\n",
    "another-markup": "h2. Acceptance Criteria\n\n- A book is lent\n",
}


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS)
@pytest.mark.parametrize("path", ["specs/a.md", ".kiro/specs/a/requirements.md", "backlog/tasks/task-1 - a.md"])
def test_a_list_under_a_heading_of_criteria_in_another_form_is_reported_and_blocks(path: str, heading: str) -> None:
    spec = parse_spec(path, f"---\nid: 1\nname: A\nstatus: Draft\n---\n\n# A\n\n## Behaviour\n\n{heading}".encode())
    codes = {found.code for found in spec.diagnostics}
    assert bool(codes & {"unread-criterion", "unread-heading", "criteria-without-boxes"})
    assert spec.unread != ()


BOXES = {
    "a-sign": "\u2610 A fine is paid\n",
    "html-in-capitals": "- <INPUT TYPE='checkbox' checked/> A fine is paid\n",
    "html-on-two-lines": "<label><input\n type='checkbox'> A fine is paid</label>\n",
    "a-heading": "# [ ] A fine is paid\n",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_box_in_another_form_is_reported_among_criteria(box: str) -> None:
    assert [found.code for found in read(f"\n{box}").diagnostics] == ["unread-box"]


@pytest.mark.parametrize(
    "box", ["- [] a", "- [ ]a b", "-[ ] a", "- \u2610 a", "\u2610 a b", "- <input type=checkbox> a"]
)
def test_a_malformed_box_under_a_heading_that_says_nothing_is_reported(box: str) -> None:
    spec = read(f"\n## Night Shift\n\n{box}\n")
    assert ([found.code for found in spec.diagnostics], spec.unread) == (["unread-section"], ())
    assert read(f"\n## Tasks\n\n{box}\n").diagnostics == ()


@pytest.mark.parametrize("html", ["<ul>\n<li>A fine is paid</li>\n</ul>\n", "<dl>\n<dd>A fine is paid</dd>\n</dl>\n"])
def test_a_list_in_html_among_criteria_is_reported(html: str) -> None:
    assert [found.code for found in read(f"\n{html}").diagnostics] == ["unread-criterion"]


def test_a_table_that_kiro_does_not_read_is_reported_among_criteria() -> None:
    text = "# R\n\n### Requirement 1: a\n\n#### Acceptance Criteria\n\n1. THE SYSTEM SHALL lend\n\n"
    table = "| What | Done |\n|---|---|\n| A fine is paid | no |\n"
    spec = parse_spec(".kiro/specs/a/requirements.md", (text + table).encode())
    assert [(found.line, found.code) for found in spec.diagnostics] == [(9, "unread-table")]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e"])
def test_a_sign_that_ends_a_line_for_some_is_reported_above_an_item_or_a_heading(sign: str) -> None:
    spec = read(f"- [ ] a reader pays{sign}- a fine is paid{sign}## Should Have\n")
    assert [(found.line, found.column, found.code) for found in spec.diagnostics] == [(10, 20, "unread-criterion")]
    assert spec.unread == (10,)
    assert read(f"- [ ] a reader pays{sign}a fine\n").diagnostics == ()


CONTENTS = {
    "a numbered list": "1. Must Have\n2. Notes\n",
    "a list in HTML": "<ul>\n<li>Must Have</li>\n<li>Notes</li>\n</ul>\n",
    "links in HTML": "<ul>\n<li><a href='#must'>Must Have</a></li>\n<li><a href='#more'>More</a></li>\n</ul>\n",
}


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=CONTENTS)
def test_a_table_of_contents_is_left_alone(contents: str) -> None:
    spec = parse_spec("specs/a.md", MUST.replace("## Must", f"{contents}\n## Must").encode() + b"\n## Notes\n\nNone.\n")
    assert spec.diagnostics == ()


def test_items_under_the_name_of_a_heading_that_the_file_has_are_reported() -> None:
    spec = parse_spec("specs/a.md", MUST.replace("## Must", "1. Must Have\n2. Books\n\n## Must").encode())
    assert [(found.line, found.code) for found in spec.diagnostics] == [(7, "unread-criterion")]


WONT = {
    "items": "- When merged\n- Then deployed\n",
    "a quote": "> Given a\n> When merged\n> Then deployed\n",
    "HTML": "<p>\nWhen merged\nThen deployed\n</p>\n",
    "Gherkin": "```gherkin\nGiven a\nWhen merged\nThen deployed\n```\n",
}


@pytest.mark.parametrize("steps", WONT.values(), ids=WONT)
def test_steps_under_a_heading_of_wont_haves_are_left_alone(steps: str) -> None:
    assert read(f"\n## Won't Have\n\n{steps}").diagnostics == ()


IGNORE_BOX = ", or put `<!-- spec2bdd: ignore unread-box -->` above"
FIX = f"run `spec2bdd lint --fix`{IGNORE_BOX}"
# A line with a box in bold or emphasized text, the column of the box, and what to do.
WRAPPED = [
    ("- **[ ]** x", 5, FIX),
    ("- *[x]* x", 4, FIX),
    ("  - __[ ]__ x", 7, FIX),
    ("- ***[ ]*** x", 6, FIX),
    ("- **[ ] x**", 5, f"write `[ ] **`{IGNORE_BOX}"),
    ("- *[X] x*", 4, f"write `[x] *`{IGNORE_BOX}"),
    ("- **[ ]**", 5, f"write `[ ]`{IGNORE_BOX}"),
    ("- **[ ]**x", 5, f"write `[ ]`{IGNORE_BOX}"),
    ("-**[ ]** x", 4, f"write `- [ ]`{IGNORE_BOX}"),
    ("1.**[ ]** x", 5, f"write `1. [ ]`{IGNORE_BOX}"),
    ("__[ ]__ x", 3, f"write `- [ ]`{IGNORE_BOX}"),
    ("**[ ]** x", 3, f"write `- [ ]`{IGNORE_BOX}"),
    ("**[ ] x**", 3, f"write `- [ ] **`{IGNORE_BOX}"),
]


@pytest.mark.parametrize(("line", "column", "hint"), WRAPPED)
def test_a_box_in_bold_or_emphasized_text_is_reported_with_what_to_write(line: str, column: int, hint: str) -> None:
    found = [(item.line, item.column, item.hint) for item in read(f"{line}\n").diagnostics if item.code == "unread-box"]
    assert found == [(10, column, hint)]


@pytest.mark.parametrize("line", ["- **[x]a** b", "- **[ ]", "- **[see]** x", "- **[x](a.md)** x"])
def test_brackets_in_bold_text_that_are_no_box_are_left_alone(line: str) -> None:
    assert "unread-box" not in [found.code for found in read(line).diagnostics]


ITEM_HINT = "write its items as `- [ ] What must work`, or put `<!-- spec2bdd: ignore unread-criterion -->` above"
# What is under the tier must, and the lines, columns and headings of the lists that are reported.
HTML_LISTS = {
    "a-list": ("<ul>\n<li>A</li>\n<li>B</li>\n</ul>\n", [(12, 1, "Must Have")]),
    "in-one-line": ("<ul><li>A</li></ul>\n", [(11, 5, "Must Have")]),
    "indented": ("<ul>\n  <li>A</li>\n</ul>\n", [(12, 3, "Must Have")]),
    "a-list-of-definitions": ("<dl>\n<dt>A</dt>\n<dd>B</dd>\n</dl>\n", [(12, 1, "Must Have")]),
    "two-lists": ("<ul>\n<li>A</li>\n</ul>\n\n<ol>\n<li>B</li>\n</ol>\n", [(12, 1, "Must Have")]),
    "under-two-headings": (
        "<ul>\n<li>A</li>\n</ul>\n\n## Should Have\n\n<ol>\n<li>B</li>\n</ol>\n",
        [(12, 1, "Must Have"), (18, 1, "Should Have")],
    ),
    "after-a-wont-have": (
        "## Won't Have\n\n<ul>\n<li>A</li>\n</ul>\n\n## Could Have\n\n<ul>\n<li>B</li>\n</ul>\n",
        [(20, 1, "Could Have")],
    ),
    "after-a-list-in-code": ("```\n<li>A</li>\n```\n\n<ul>\n<li>B</li>\n</ul>\n", [(16, 1, "Must Have")]),
    "after-notes": (
        "## Notes\n\n<ul>\n<li>A</li>\n</ul>\n\n## Could Have\n\n<ul><li>B</li></ul>\n",
        [(19, 5, "Could Have")],
    ),
    "an-empty-item": ("<ul>\n<li></li>\n</ul>\n", []),
    "words-about-html": ("The page has an `<li>`.\n", []),
}


@pytest.mark.parametrize(("text", "lists"), HTML_LISTS.values(), ids=HTML_LISTS)
def test_lists_in_html_are_reported_once_for_each_heading_of_criteria(
    text: str, lists: list[tuple[int, int, str]]
) -> None:
    found = read(f"\n{text}").diagnostics
    assert [(item.line, item.column, item.code, item.message, item.hint) for item in found] == [
        (line, column, "unread-criterion", f"this list under `{heading}` is not read: it is in HTML", ITEM_HINT)
        for line, column, heading in lists
    ]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("- [ ] a\n**Should Have:**\n", (11, 1)),
        ("- [ ] a\n    b\n  **Should Have:**\n", (12, 1)),
        ("- [ ] a\fb\n**Should Have:**\n", (11, 1)),
        ("- [ ] a\x0b\fb\r\n**Should Have:**\n", (11, 1)),
        ("- [ ] a\f**Should Have:**\n", (10, 9)),
    ],
)
def test_a_label_right_under_an_item_is_reported_in_its_line_of_the_file(rows: str, place: tuple[int, int]) -> None:
    (found,) = read(f"{rows}- [ ] c\n").diagnostics
    assert (found.line, found.column, found.code) == (*place, "unread-heading")
