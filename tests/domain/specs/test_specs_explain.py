"""How a file was read: every checkbox of it, in order, with its section, its tier and id, or the reason against it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.explain import explain_reading
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary, build_vocabulary
from spec2bdd.model import Checkbox, Tier

# A text with one `[x]`, and the reason why that is no criterion.
REASONS = [
    ("---\na: '[x] b'\n---\n", "in the front matter"),
    ("- [x] a\n", "under no heading"),
    ("# T\n- [x] a\n", "under `T`, which names no tier and no criteria"),
    ("## Must\n```\n- [x] a\n```\n", "in a code block"),
    ("## Must\n    - [x] a\n", "in a code block"),
    ("## Must\n- a\n  ```\n  - [x] a\n  ```\n", "in a code block"),
    ("## Must\n<!--\n- [x] a\n-->\n", "in a comment"),
    ("## Must\n<div>\n- [x] a\n</div>\n", "in HTML"),
    ("## Must\n> - [x] a\n", "in a quote"),
    ("## Must\n| a |\n|---|\n| [x] |\n", "in a table"),
    ("## Must\n### [x] a\n", "in a heading"),
    ("## Must\nA text with `- [x]` in it\n", "not at the start of a list item"),
    ("## Must\n[x] a\n", "not at the start of a list item"),
    ("## Must\na\n2. [x] b\n", "not at the start of a list item"),
    ("## Must\n- [x]* a\n", "no space after it"),
    ("## DoD\n- [x] a\n", "in the definition of done"),
    ("## Must\n- [x] [An unfilled phrase]\n", "a placeholder"),
    ("## Must\n- [x] ~~a~~\n", "struck out"),
    ("## Must\n- [x]\n", "a box without text"),
    ("## Must\n### Open Questions\n- [x] a\n", "under `Open Questions`, which contains no criteria"),
    ("## Tasks\n### Must Have\n- [x] a\n", "under `Tasks`, which contains no criteria"),
    ("## Must\n" + ">" * 600 + "\n\n- [x] a\n", "in a file that is too long or nested too deeply to be read"),
]

NO_BOXES = ["a[x]", "[x](u)", "[x]: u", "[x][y]", "![x](u)", "[xx]", "[]", "\\[x] a", "[[x]]", "[a] b", "1 [2] 3"]


def explain(text: str, vocabulary: HeadingVocabulary = DEFAULT) -> tuple[Checkbox, ...]:
    """Explain how a text is read."""
    return explain_reading("specs/a.md", text.encode(), vocabulary)


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_a_box_that_is_no_criterion_has_a_reason(text: str, reason: str) -> None:
    assert [(box.mark, box.reason, box.tier) for box in explain(text)] == [("x", reason, None)]


@pytest.mark.parametrize("text", NO_BOXES)
def test_what_does_not_look_like_a_box_is_not_explained(text: str) -> None:
    assert explain(text) == ()


def test_a_label_is_no_state() -> None:
    assert [box.reason for box in explain("## Must\n- [P] a\n1. [0] b\n\n* [★] c\n")] == [
        "`[P]` is not a box",
        "`[0]` is not a box",
        "",
    ]


def test_a_criterion_has_its_section_its_tier_and_its_id() -> None:
    text = "# T\n## Story\n**Should Have:**\n- [ ] a\n\n  **Acceptance Criteria:**\n  - [X] **AC-1**: b (P2)\n"
    section = "T > Story > Should Have:"
    assert explain(text) == (
        Checkbox(4, 3, " ", "a", section, Tier.SHOULD, decided_by="Should Have:", decided_line=3),
        Checkbox(
            7,
            5,
            "X",
            "b",
            f"{section} > Acceptance Criteria:",
            Tier.SHOULD,
            "AC-1",
            decided_by="Acceptance Criteria:",
            decided_line=6,
        ),
    )


def test_each_list_has_the_heading_that_decided() -> None:
    boxes = explain("## Acceptance Criteria\n### Group\n- [ ] a\n## Tasks\n- [ ] b\n## Other\n- [ ] c\n")
    assert [(box.text, box.decided_by, box.decided_line) for box in boxes] == [
        ("a", "Acceptance Criteria", 1),
        ("b", "Tasks", 4),
        ("c", "", 0),
    ]


def test_a_criterion_without_a_box_has_the_section_that_it_is_in() -> None:
    gherkin = "```gherkin\nScenario: b\n  Given c\n  Then d\n```\n"
    table = "| ID | Criterion |\n|---|---|\n| AC-1 | e |\n"
    boxes = explain(f"## Acceptance Criteria\n### Must\n- [ ] a\n\n{gherkin}\n### Should\n{table}")
    assert [(box.line, box.section, box.decided_by, box.decided_line) for box in boxes] == [
        (3, "Acceptance Criteria > Must", "Must", 2),
        (6, "Acceptance Criteria > Must", "Must", 2),
        (14, "Acceptance Criteria > Should", "Should", 11),
    ]


def test_a_malformed_box_has_its_reason() -> None:
    boxes = explain("## Must\n- [] a\n- [x ] b\n- ☐ c\n- ( ) d\n- \\[ \\] e\n")
    assert [(box.line, box.mark, box.text, box.reason) for box in boxes] == [
        (2, "", "a", "`[]` is not a box"),
        (3, "", "b", "`[x ]` is not a box"),
        (4, "", "c", "`☐` is not a box"),
        (5, "", "d", "`( )` is not a box"),
        (6, "", "e", "`\\[ \\]` is not a box"),
    ]


def test_a_criterion_that_no_scenario_is_asked_for_says_so() -> None:
    text = "## Must\n- [x] a (manual)\n- [~] b (waived: not this year)\n- [ ] c\n"
    assert [(box.manual, box.waived) for box in explain(text)] == [(True, ""), (False, "not this year"), (False, "")]


def test_a_project_may_leave_sections_out_with_all_that_is_in_them() -> None:
    text = "## Samples\n### Must Have\n- [ ] a\n## Must Have\n- [ ] b\n"
    left_out = explain(text, build_vocabulary({"leave-out": ("samples",)}))
    assert [(box.reason, box.tier) for box in left_out] == [
        ("under `Samples`, which the configuration leaves out", None),
        ("", Tier.MUST),
    ]


def test_boxes_come_in_the_order_of_the_file() -> None:
    text = "## Must\n- [ ] a\n  - plain\n    - [x] b\n- [~] c\n\n`[-]`\n\n| [ ] |\n|---|\n"
    assert [(box.line, box.column) for box in explain(text)] == [(2, 3), (4, 7), (5, 3), (7, 2), (9, 3)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_box_that_is_no_criterion_has_its_text_and_its_section(newline: str) -> None:
    text = "## Acceptance Criteria\n\n- [ ] one\n\n## Notes\n\n### Later\n\n- [x]   two   words `c`\n- [ ] three\n"
    _, two, three = explain(text.replace("\n", newline))
    assert (two.text, two.section, two.mark) == ("two words `c`", "Notes > Later", "x")
    assert (three.text, three.section, three.mark) == ("three", "Notes > Later", " ")


@pytest.mark.parametrize("label", ["Tasks:", "Out of scope:", "Implementation notes:"])
def test_a_plain_label_alone_in_its_paragraph_ends_criteria(label: str) -> None:
    boxes = explain(f"## Acceptance Criteria\n\n- [ ] one\n\n{label}\n- [ ] two\n\nMust Have:\n- [ ] three\n")
    assert [("", Tier.MUST), (f"under `{label}`, which contains no criteria", None), ("", Tier.MUST)] == [
        (box.reason, box.tier) for box in boxes
    ]


@pytest.mark.parametrize("line", ["Tasks", "It closes all:", "It has these notes:", "Work on\ntasks:", "Test cases:"])
def test_other_lines_of_text_leave_what_follows_among_the_criteria(line: str) -> None:
    boxes = explain(f"## Acceptance Criteria\n\n- [ ] one\n\n{line}\n- [ ] two\n")
    assert [box.tier for box in boxes] == [Tier.MUST, Tier.MUST]
