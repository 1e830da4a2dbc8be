"""Inputs that were once misread, by the row of the list of faults, each with others of its kind."""

from __future__ import annotations

import pytest

from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import MergeConflictError
from spec2bdd.model import Criterion, NestedBlockKind, Spec

FRONT = "---\nfeature_id: 3.2\nname: Ferry\nstatus: Draft\n---\n\n"
TIERS = "## Acceptance Criteria\n\n### Must Have\n\n- [ ] A good box\n"


def read(body: str) -> Spec:
    """Parse a spec with this body."""
    return parse_spec("specs/a.md", (FRONT + body).encode())


def read_items(body: str) -> list[Criterion]:
    """Parse the criteria under a must heading, without the good one above them."""
    return list(read(TIERS + body).criteria[1:])


def list_codes(spec: Spec) -> list[str]:
    """List the codes of a spec's diagnostics."""
    return [diagnostic.code for diagnostic in spec.diagnostics]


@pytest.mark.parametrize("mark", ["/", ">", "!", "?", "~", "-", "🎯", "★", "⏳", "➡"])
def test_r1_a_sign_or_an_emoji_is_a_state(mark: str) -> None:
    spec = read(TIERS + f"- [{mark}] The bridge\n")
    assert [(item.text, item.box.mark) for item in spec.criteria[1:]] == [("The bridge", mark)]
    assert spec.diagnostics == ()


# By the name of what is wrong: what follows a good criterion, and the reason in the message.
NEAR_BOXES = {
    "R1-nbsp": ("- [\u00a0] x\n", "`[<NO-BREAK SPACE>]` is not a box"),
    "R1-quote": ("\n> - [ ] x\n", "in a quote"),
    "R1-details": ("\n<details>\n- [ ] x\n</details>\n", "in HTML"),
    "R1-table": ("\n| a | [ ] |\n", "in a table"),
    "R1-label": ("- [P] x\n", "`[P]` is not a box"),
    "R1-variation-selector": ("- [✔\ufe0f] x\n", "is not a box"),
    "R1-open-fence": ("\n```\n- [ ] x\n", "in a code block that is never closed"),
    "R1-open-comment": ("\n<!-- a note\n- [ ] x\n", "in a comment that is never closed"),
    "R1-bold": ("- **[ ] x**\n", "`[ ]` is in bold or emphasized text"),
    "R1-bold-box": ("- **[ ]** x\n", "`[ ]` is in bold or emphasized text"),
    "R1-no-text": ("- []\n", "`[]` is not a box"),
    "R1-white-square": ("- \u25a1 x\n", "`\u25a1` is not a box"),
    "R1-at-the-end": ("- The bridge [x]\n", "it is not at the start of an item"),
    "R3-escaped": ("- \\[ \\] x\n", "`\\[ \\]` is not a box"),
    "R3-blank-after-x": ("- [x ] x\n", "`[x ]` is not a box"),
    "R3-blank-before-x": ("- [ x] x\n", "`[ x]` is not a box"),
    "R3-two-blanks": ("- [  ] x\n", "`[  ]` is not a box"),
    "R3-empty": ("- [] x\n", "`[]` is not a box"),
    "R3-ballot-box": ("- ☑ x\n", "`☑` is not a box"),
    "R3-square": ("- ⬜ x\n", "`⬜` is not a box"),
    "R3-bullet": ("\n• [ ] x\n", "`•` is not a list marker"),
    "R3-dash": ("\n– [ ] x\n", "`–` is not a list marker"),
    "R3-no-marker": ("\n[ ] x\n", "no list marker comes before it"),
    "R3-parentheses": ("- ( ) x\n", "`( )` is not a box"),
    "R3-full-width": ("- ［ ］ x\n", "`［ ］` is not a box"),
    "another-nbsp-after-marker": ("\n-\u00a0[ ] x\n", "`-<NO-BREAK SPACE>` is not a list marker"),
    "another-nbsp-before-marker": ("\n\u00a0- [ ] x\n", "`<NO-BREAK SPACE>- ` is not a list marker"),
    "another-zero-width-space": ("\n\u200b- [ ] x\n", "`<ZERO WIDTH SPACE>- ` is not a list marker"),
    "another-direction-mark": ("- \u200f[ ] x\n", "`- <RIGHT-TO-LEFT MARK>` is not a list marker"),
    "another-byte-order-mark": ("\n\ufeff- [ ] x\n", "`<ZERO WIDTH NO-BREAK SPACE>- ` is not a list marker"),
    "another-hyphen": ("\n\u2010 [ ] x\n", "`\u2010` is not a list marker"),
    "another-full-width-hyphen": ("\n\uff0d [ ] x\n", "`\uff0d` is not a list marker"),
    "another-number-without-point": ("\n1 [ ] x\n", "`1` is not a list marker"),
    "another-number-in-brackets": ("\n(1) [ ] x\n", "`(1)` is not a list marker"),
    "another-number-in-a-circle": ("\n① [ ] x\n", "`①` is not a list marker"),
    "another-number-of-two-parts": ("\n1.1 [ ] x\n", "`1.1` is not a list marker"),
    "another-letter": ("\na) [ ] x\n", "`a)` is not a list marker"),
    "another-bold-marker": ("\n**-** [ ] x\n", "it is not at the start of an item"),
    "another-heading": ("\n#### [ ] AC-1: x\n", "it is in a heading"),
    "another-after-a-label": ("- **AC-1**: [ ] x\n", "it is not at the start of an item"),
    "another-after-a-plain-label": ("\nExport: [ ]\n", "it is not at the start of an item"),
    "another-colon": ("- [ ]: x\n", "a colon comes after `[ ]`"),
    "another-html-input": ("- <input type='checkbox'> x\n", "`<input type='checkbox'>` is not a box"),
    "another-html-list": ("\n<ul>\n<li><input type='checkbox'> x</li>\n</ul>\n", "in HTML"),
    "another-fence-in-an-item": ("- ```\n  - [ ] x\n\nText\n", "in a code block that is never closed"),
    "C23-no-blank-after-marker": ("\n-[ ] x\n", "no space comes after `-`"),
    "C23-no-blank-after-box": ("- [ ]x\n", "no space comes after `[ ]`"),
}


@pytest.mark.parametrize(("body", "reason"), NEAR_BOXES.values(), ids=NEAR_BOXES)
def test_what_looks_like_a_box_and_is_not_read_is_reported_and_blocks_a_promotion(body: str, reason: str) -> None:
    spec = read(TIERS + body)
    assert [item.text for item in spec.criteria] == ["A good box"]
    messages = [diagnostic.message for diagnostic in spec.diagnostics if diagnostic.code == "unread-box"]
    assert [message.partition(": ")[0] for message in messages] == ["this item under `Must Have` is not read"]
    assert reason in messages[0]
    assert {diagnostic.line for diagnostic in spec.diagnostics if diagnostic.code == "unread-box"} <= {*spec.unread}


def test_c23_a_box_indented_by_five_columns_is_reported() -> None:
    spec = read("### Must Have\n\n     - [ ] x\n")
    assert list_codes(spec) == ["no-criteria", "unread-box"]
    assert "it is indented by 5 columns" in spec.diagnostics[1].message


NOT_BOXES = {
    "closed fence": "\n```\n- [ ] x\n```\n",
    "comment": "\n<!--\n- [ ] x\n-->\n",
    "comment in a line": "\n<!-- - [ ] x -->\n",
    "link": "\n- [ ] See [x](a.md)\n",
    "code": "\n- [ ] `[x]` is a mark\n",
    "word in brackets": "\n- [ ] The [OK] button\n",
    "index": "\n- [ ] a[0] is first\n",
    "box in a text": "\n- [ ] A click sets [x] there\n",
    "prose": "\nA box is written `[ ]`.\n",
    "box in quoted words": '\n- [ ] The list shows "- [ ] Milk"\n',
    "definition of a link": "\n[x]: https://example.org\n",
    "box in a long sentence": "\nAll readers of this list write [ ] there.\n",
}


@pytest.mark.parametrize("body", NOT_BOXES.values(), ids=NOT_BOXES)
def test_what_is_no_box_is_not_reported(body: str) -> None:
    assert (list_codes(read(TIERS + body)), read(TIERS + body).unread) == ([], ())


@pytest.mark.parametrize("body", ["- [ ] iOS [ ] Android\n", "- [ ] Lending<br>- [ ] Returning\n"])
def test_a_second_box_in_an_item_is_reported(body: str) -> None:
    spec = read(TIERS + body)
    assert ["it is not at the start of an item" in item.message for item in spec.diagnostics] == [True]
    assert len(spec.unread) == 1


@pytest.mark.parametrize("content", ["y", "v", "o", "Y", "N", "P", "0"])
def test_the_hint_of_a_wrong_box_fits_an_answer_or_a_label(content: str) -> None:
    (found,) = read(TIERS + f"- [{content}] The list is kept\n").diagnostics
    is_answer = content in "yvoYN"
    expected = "`[x]` before the text, or" if is_answer else "`[x]`, and the label after it, or"
    assert expected in found.hint


@pytest.mark.parametrize("label", ["[API]", "[UI]", "[12]", "[...]", "[___]", "[A]lpha"])
def test_words_in_brackets_are_no_box_so_the_item_has_none(label: str) -> None:
    assert list_codes(read(TIERS + f"- {label} The list is kept\n")) == ["criteria-without-boxes"]


@pytest.mark.parametrize("heading", ["> ### Must Have", "> **Must Have**", "> **Acceptance Criteria:**"])
def test_boxes_in_a_quote_that_announces_criteria_are_reported(heading: str) -> None:
    spec = read(f"{TIERS}\n## Notes\n\n{heading}\n> - [ ] x\n")
    assert list_codes(spec) == ["unread-box"]
    assert len(spec.unread) == 1


def test_each_box_that_is_not_read_is_reported_in_its_line() -> None:
    spec = read(TIERS + "- [] a\n- [v] b\n\n### Should Have\n\n- [] e\n")
    found = [diagnostic for diagnostic in spec.diagnostics if diagnostic.code == "unread-box"]
    assert [(diagnostic.line, diagnostic.message) for diagnostic in found] == [
        (12, "this item under `Must Have` is not read: `[]` is not a box"),
        (13, "this item under `Must Have` is not read: `[v]` is not a box"),
        (17, "this item under `Should Have` is not read: `[]` is not a box"),
    ]


def test_of_many_boxes_under_one_heading_that_are_not_read_the_last_ones_are_counted() -> None:
    spec = read(TIERS + "- [] a\n" * 30)
    messages = [diagnostic.message for diagnostic in spec.diagnostics if diagnostic.code == "unread-box"]
    assert len(messages) == 21
    assert messages[-1] == "10 more items under `Must Have` are not read: `[]` is not a box, to begin with"


def test_what_a_comment_ignores_blocks_nothing() -> None:
    spec = read(TIERS + "\n<!-- spec2bdd: ignore unread-box -->\n- [] a\n")
    assert spec.unread == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("\n###Should Have\n\n- [ ] b\n", id="R2-own-block"),
        pytest.param("###Should Have\n- [ ] b\n", id="R2-below-an-item"),
        pytest.param("\n##Definition of Done\n\n- [ ] b\n", id="R2-done"),
        pytest.param("\n###Notes\n\n- [ ] b\n", id="R2-notes"),
        pytest.param("\n####### Should Have\n\n- [ ] b\n", id="R2-seven-marks"),
        pytest.param("\n＃＃＃ Should Have\n\n- [ ] b\n", id="R2-full-width"),
        pytest.param("\n#Could have\n\n- [ ] b\n", id="R2-one-mark"),
    ],
)
def test_nothing_counts_below_a_heading_that_markdown_does_not_see(body: str) -> None:
    spec = read(TIERS + body)
    assert ([item.text for item in spec.criteria], spec.done_items) == (["A good box"], ())
    assert list_codes(spec) == ["unread-heading"]
    assert "1 box under it is not read" in spec.diagnostics[0].message
    assert len(spec.unread) == 1


def test_r2_the_next_real_heading_ends_the_section_of_an_unseen_one() -> None:
    spec = read(TIERS + "\n###Should Have\n\n- [ ] b\n\n### Could Have\n\n- [ ] c\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("must", "A good box"), ("could", "c")]


@pytest.mark.parametrize("line", ["#hashtag is fine", "`###x`", "#123 is a number", "C#Sharp"])
def test_r2_a_word_with_a_hash_is_no_heading(line: str) -> None:
    assert list_codes(read(TIERS + f"\n{line}\n")) == []


def test_r4_struck_words_are_no_part_of_a_criterion() -> None:
    items = read_items("- [ ] The fee is ~~5~~ 10 euros\n- [ ] It is ~~red~~, and ~~small~~ round\n")
    assert [item.text for item in items] == ["The fee is 10 euros", "It is, and round"]


@pytest.mark.parametrize("item", ["~~The old demand~~", "**AC-1**: ~~The old demand~~", "~~The~~ ~~old~~", "~old~"])
def test_r4_a_struck_item_is_set_aside_and_reported(item: str) -> None:
    spec = read(TIERS + f"- [ ] {item}\n")
    assert len(spec.criteria) == 1
    assert list_codes(spec) == ["struck-criterion"]


def test_r5_full_width_punctuation_counts_as_ascii() -> None:
    items = read_items(
        "- [ ] **AC-02**：路径存在\n- [ ] REQ-7：値が残る\n- [ ] 客が払う（manual）\n- [ ] 客が待つ（waived：来年）\n"
        "- [x] 終わった（完了）\n- [ ] 価格（P1）\n"
    )
    assert [(item.given_id, item.text, item.manual, item.waived, item.tier) for item in items] == [
        ("AC-02", "路径存在", False, "", "must"),
        ("REQ-7", "値が残る", False, "", "must"),
        ("", "客が払う", True, "", "must"),
        ("", "客が待つ", False, "来年", "must"),
        ("", "終わった", False, "", "must"),
        ("", "価格", False, "", "must"),
    ]


def test_r5_headings_and_labels_have_full_width_punctuation() -> None:
    spec = read("## 受け入れ基準（第一期）\n\n- [ ] あ\n\n## 補足\n\n**必須：**\n\n- [ ] い\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("must", "あ"), ("must", "い")]


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", ">>>>>>> main", "||||||| base\n>>>>>>> x", "<<<<<<<"])
def test_r6_a_spec_with_a_conflict_is_an_error_at_the_marker(marker: str) -> None:
    with pytest.raises(MergeConflictError) as caught:
        read(TIERS + f"{marker}\n- [ ] b\n")
    assert (caught.value.line, caught.value.column, caught.value.hint) == (12, 1, "resolve the merge conflict")


@pytest.mark.parametrize("text", ["```\n<<<<<<< HEAD\n>>>>>>> b\n```\n", "A <<<<<<< B\n", "<<<<<<<<< nine\n"])
def test_r6_other_arrows_are_no_conflict(text: str) -> None:
    assert len(read(TIERS + "\n" + text).criteria) == 1


SCALE = {
    "R9-must-ship": ("### P0 – Must ship", "must"),
    "R9-post-launch": ("### P1 – Should have post-launch", "should"),
    "R9-future": ("### P2 – Future", "could"),
    "R9-colon": ("### P1: Important", "should"),
    "R9-full-width": ("### P2：Later", "could"),
    "R10-complete": ("### P0 Requirements (Must Have) - 100% Complete", "must"),
    "R10-count": ("### Must Have (8/8)", "must"),
    "R10-done": ("### P1 Requirements (Should Have) - DONE", "should"),
}


@pytest.mark.parametrize(("heading", "tier"), SCALE.values(), ids=SCALE)
def test_words_after_a_priority_do_not_hide_it(heading: str, tier: str) -> None:
    spec = read(f"## Requirements\n\n### P0\n\n- [ ] a\n\n{heading}\n\n- [ ] b\n")
    assert [item.tier for item in spec.criteria] == ["must", tier]


@pytest.mark.parametrize("heading", ["P1: Enable the cache by default", "P0 (urgent) clean-up", "P2P networking"])
def test_r9_a_title_with_a_priority_is_no_tier(heading: str) -> None:
    assert read(f"## Requirements\n\n### {heading}\n\n- [ ] b\n").criteria == ()


CRITERIA = [
    "Week 1: Login Acceptance Criteria",
    "Acceptance Criteria Met",
    "Validation Criteria",
    "Exit Criteria",
    "Release Criteria",
    "Completion Criteria",
    "Done Criteria",
    "Acceptance Tests",
    "AC",
    "User Stories & Acceptance Criteria",
    "Acceptance Criteria ✅ (12/12)",
    "Phase 2 Success Criteria",
    "3.1 Detailed Acceptance Criteria",
    "ログインの受け入れ基準",
]


@pytest.mark.parametrize("heading", CRITERIA)
def test_r11_a_heading_of_criteria_is_known(heading: str) -> None:
    spec = read(f"## {heading}\n\n- [ ] a\n")
    is_read = [item.tier for item in spec.criteria] == ["must"]
    assert is_read or "unread-heading" in list_codes(spec)


@pytest.mark.parametrize(
    "heading", ["Selection Criteria", "Criteria for the reviewers", "Quality criterion", "Kriterien"]
)
def test_r11_a_heading_that_may_be_one_of_criteria_is_reported_with_the_configuration_line(heading: str) -> None:
    spec = read(f"## {heading}\n\n- [ ] a\n")
    assert spec.criteria == ()
    hints = [diagnostic.hint for diagnostic in spec.diagnostics if diagnostic.code == "unread-heading"]
    assert [hint.partition(", or")[0] for hint in hints] == [
        f'add `criteria = ["{heading}"]` to `[tool.spec2bdd.headings]`'
    ]
    assert spec.unread == (9,) or len(spec.unread) == 1


@pytest.mark.parametrize("heading", ["Verify the Acceptance Criteria", "Non-Acceptance Criteria"])
def test_r11_a_heading_about_criteria_is_not_one_of_them(heading: str) -> None:
    assert read(f"## {heading}\n\n- [ ] a\n").criteria == ()


def test_r11_a_title_with_criteria_in_it_does_not_make_criteria_of_all_boxes() -> None:
    spec = read("# Demo Script & Acceptance Criteria\n\n## Script\n\n- [ ] a\n")
    assert spec.criteria == ()


@pytest.mark.parametrize("title", ["Lamp Acceptance Criteria", "照明验收标准"])
def test_a_title_that_is_only_about_criteria_announces_them(title: str) -> None:
    spec = read(f"# {title}\n\n## Wiring checks\n\n- [ ] a\n")
    assert [item.text for item in spec.criteria] == ["a"]


def test_boxes_under_a_heading_that_denies_criteria_are_none_among_criteria() -> None:
    spec = read("# Acceptance Criteria\n\n- [ ] a\n\n## Explicitly not acceptance criteria\n\n- [ ] b\n- c\n")
    assert ([item.text for item in spec.criteria], list_codes(spec)) == (["a"], [])


def test_a_table_that_maps_something_to_criteria_is_not_reported() -> None:
    table = "| FR | AC IDs |\n|---|---|\n| FR-1 Glow | AC-1, AC-2 |\n| FR-2 Hum | AC-010–AC-013 |\n"
    spec = read(f"# Acceptance Criteria\n\n- [ ] a\n\n## Traceability\n\n{table}")
    assert list_codes(spec) == []


def test_r12_a_label_right_below_a_label_of_criteria_is_a_group_of_it() -> None:
    spec = read("**Acceptance Criteria:**\n\n**By hand:**\n\n- [ ] a\n\n**By machine:**\n\n- [ ] b\n")
    assert [item.text for item in spec.criteria] == ["a", "b"]


def test_r12_a_label_after_the_list_of_another_begins_something_else() -> None:
    spec = read("**Acceptance Criteria:**\n\n- [ ] a\n\n**Rollout:**\n\n- [ ] b\n")
    assert [item.text for item in spec.criteria] == ["a"]


@pytest.mark.parametrize("heading", ["要件 (必須)", "要件（必須）", "Requirements (mandatory)", "要求 (必须)"])
def test_r13_a_note_on_a_section_is_no_tier(heading: str) -> None:
    spec = read(f"## {heading}\n\n- [ ] a\n\n### Should Have\n\n- [ ] b\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("should", "b")]
    assert "unread-section" in list_codes(spec)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("### Manual test steps\n\n- [ ] a\n", id="R14-manual-test-steps"),
        pytest.param("**How to test:**\n\n- [ ] a\n", id="R14-how-to-test"),
        pytest.param("## Prerequisites\n\n### Must Have\n\n- [ ] a\n", id="R14-prerequisites-above"),
        pytest.param("#### Prerequisites\n\n- [ ] a\n", id="R14-prerequisites-below"),
        pytest.param("## Steps to Reproduce\n\n- [ ] a\n", id="R14-reproduce"),
    ],
)
def test_boxes_of_steps_and_prerequisites_are_no_criteria(body: str) -> None:
    spec = read(TIERS + "\n" + body)
    assert ([item.text for item in spec.criteria], list_codes(spec)) == (["A good box"], [])


def test_r14_a_summary_that_repeats_the_list_is_reported_and_no_criteria() -> None:
    items = "- [ ] a\n- [ ] b\n- [ ] c\n"
    spec = read(f"### Must Have\n\n{items}\n## Success Criteria\n\n{items}\n- [ ] d\n")
    assert [item.text for item in spec.criteria] == ["a", "b", "c", "a", "b", "c", "d"]
    spec = read(f"### Must Have\n\n{items}\n## Success Criteria\n\n{items}")
    assert [item.text for item in spec.criteria] == ["a", "b", "c"]
    assert list_codes(spec) == ["repeated-list"]


def test_r14_the_same_items_in_each_story_are_those_of_each_story() -> None:
    story = "### Story {}\n\n**Acceptance Criteria:**\n\n- [ ] a\n- [ ] b\n- [ ] c\n\n"
    assert len(read(story.format(1) + story.format(2)).criteria) == 6


@pytest.mark.parametrize(
    "text",
    [
        "[Title] | [Description]",
        "{criterion}",
        "AC1: <description>",
        "**AC-01**: [what holds]",
        "Given [context], when [action], then [outcome]",
        "WHEN [event] THE SYSTEM SHALL [response]",
        "Criterion 1",
        "Criterion 2: [How to verify]",
        "Requirement 3",
        "{{CRITERION}}",
        "<what must hold>",
    ],
)
def test_r15_the_gaps_of_a_template_are_placeholders(text: str) -> None:
    spec = read(TIERS + f"- [ ] {text}\n")
    assert len(spec.criteria) == 1
    assert list_codes(spec) == ["placeholder-criterion"]


@pytest.mark.parametrize(
    "text", ["GET /users/<id> answers", "The {number} is shown", "[Undo] brings it back", "Port 80 is open", "`<id>`"]
)
def test_r15_words_around_a_gap_are_a_criterion(text: str) -> None:
    assert len(read_items(f"- [ ] {text}\n")) == 1


@pytest.mark.parametrize("key", ["Status", "STATUS", "sTatus"])
def test_r16_a_key_in_other_case_is_not_read_and_the_hint_names_the_right_one(key: str) -> None:
    spec = parse_spec("a.md", f"---\nfeature_id: 1.1\nname: A\n{key}: Draft\n---\n\n{TIERS}".encode())
    assert [(diagnostic.line, diagnostic.code, diagnostic.hint) for diagnostic in spec.diagnostics] == [
        (4, "missing-field", "did you mean `status`?")
    ]


@pytest.mark.parametrize(
    ("front", "line", "key"),
    [
        ("featureid: 1\nname: A\nstatus: Draft", 2, "feature_id"),
        ("featrue_id: 1\nname: A\nstatus: Draft", 2, "feature_id"),
        ("feature_id: 1\nnmae: A\nstatus: Draft", 3, "name"),
        ("feature_id: 1\nname: A\nstaus: Draft", 4, "status"),
        # Another word.
        ("feature: 1\nname: A\nstatus: Draft", 1, ""),
        ("feature_id: 1\ntitle: A\nstatus: Draft", 1, ""),
        ("feature_id: 1\nname: A\nstatus_note: Draft", 1, ""),
    ],
)
def test_a_misspelt_key_is_named_where_a_field_is_missing(front: str, line: int, key: str) -> None:
    spec = parse_spec("a.md", f"---\n{front}\n---\n\n{TIERS}".encode())
    (diagnostic,) = spec.diagnostics
    assert (diagnostic.line, diagnostic.code) == (line, "missing-field")
    assert (diagnostic.hint == f"did you mean `{key}`?") == bool(key)


@pytest.mark.parametrize("key", ["Feature ID", "feature-id", "Feature_Id"])
def test_r16_blanks_and_hyphens_in_a_key_count_as_underscores_for_the_hint(key: str) -> None:
    spec = parse_spec("a.md", f"---\n{key}: 1.1\nname: A\nstatus: Draft\n---\n\n{TIERS}".encode())
    assert [diagnostic.hint for diagnostic in spec.diagnostics] == ["did you mean `feature_id`?"]


TABLE = "| days | fine |\n|------|------|\n| 1    | 0.10 |\n"


@pytest.mark.parametrize("gap", ["", "\n"], ids=["R17-joined", "R17-after-a-blank-line"])
def test_a_table_below_a_criterion_is_its_data(gap: str) -> None:
    table = "".join(f"  {row}\n" for row in TABLE.splitlines())
    (item,) = read_items(f"- [ ] These fines are shown\n{gap}{table}")
    assert item.text == "These fines are shown"
    assert [(block.kind, block.rows) for block in item.nested] == [
        (NestedBlockKind.TABLE, (("days", "fine"), ("1", "0.10")))
    ]


def test_r17_a_table_at_the_margin_is_reported() -> None:
    assert list_codes(read(TIERS + f"\n{TABLE}")) == ["unread-table"]


def test_r18_bullets_below_a_colon_are_part_of_the_words() -> None:
    items = read_items("- [ ] Export formats:\n  - CSV\n  - PDF\n- [ ] Given a reader:\n  - When he waits\n")
    assert [item.text for item in items] == ["Export formats: CSV, PDF", "Given a reader:"]


def test_r18_a_nested_fragment_keeps_the_words_of_its_parent() -> None:
    items = read_items(
        "- [ ] The reader is notified\n  - [ ] by post\n  - [ ] A mail is sent\n- [ ] Ways:\n  - [ ] One\n"
    )
    assert [item.text for item in items] == [
        "The reader is notified",
        "The reader is notified: by post",
        "A mail is sent",
        "Ways:",
        "Ways: One",
    ]


@pytest.mark.parametrize(
    "heading",
    ["Must Hve", "\u041cust Have", "Mus\u0442", "Acceptence Criteria", "Sucess Criteria", "Shuld Have", "Nice to Hve"],
)
def test_c23_a_heading_that_is_nearly_a_known_one_is_reported_and_blocks_a_promotion(heading: str) -> None:
    spec = read(f"## {heading}\n\n- [ ] a\n")
    assert spec.criteria == ()
    assert list_codes(spec) == ["no-criteria", "unread-heading"]
    assert len(spec.unread) == 1


@pytest.mark.parametrize("below", ["- a\n", "### Story\n\n- a\n", "1. a\n2. b\n"])
def test_c23_a_list_without_boxes_below_a_misspelt_heading_is_reported_without_other_criteria(below: str) -> None:
    assert list_codes(read(f"# Lamp\n\n## Mu-st Have\n\n{below}")) == ["no-criteria", "unread-heading"]


@pytest.mark.parametrize("heading", ["Most", "Mist", "Cloud", "Shoulder", "Notes", "Performance"])
def test_c23_other_words_are_no_misspelling(heading: str) -> None:
    assert "unread-heading" not in list_codes(read(f"## {heading}\n\n- [ ] a\n"))


def test_boxes_below_an_unknown_heading_are_reported_once_for_the_outer_one() -> None:
    spec = read(TIERS + "\n## Lending Desk\n\n### Mornings\n\n- [ ] a\n\n### Evenings\n\n- [ ] b\n")
    assert [(diagnostic.code, diagnostic.line, diagnostic.message) for diagnostic in spec.diagnostics] == [
        (
            "unread-section",
            17,
            "2 boxes under `Lending Desk` are not read: no heading there names criteria or a tier",
        )
    ]
    assert spec.unread == ()


@pytest.mark.parametrize(
    "heading", ["Phase 2: Build", "Implementation Plan", "T-004: Fix it", "Release Checklist", "Tasks"]
)
def test_boxes_below_a_heading_of_tasks_are_not_reported(heading: str) -> None:
    assert list_codes(read(TIERS + f"\n## {heading}\n\n- [ ] a\n")) == []


def test_u4_an_unfilled_template_has_one_line() -> None:
    template = (
        "---\nfeature_id: [SECTION.TASK_ID]\nname: [Feature Name]\nstatus: [Draft|Review]\nowner: [Name]\n---\n\n"
        "### Must Have\n\n- [ ] [What must work]\n- [ ] [What else]\n"
    )
    spec = parse_spec("specs/template.md", template.encode())
    assert ([diagnostic.code for diagnostic in spec.diagnostics], spec.is_template) == (["unfilled-template"], True)


def test_u4_a_template_with_one_criterion_filled_in_is_a_spec() -> None:
    spec = parse_spec(
        "a.md", b"---\nfeature_id: [ID]\nname: [N]\nstatus: [S]\n---\n\n### Must Have\n\n- [ ] a\n- [ ] [b]\n"
    )
    assert not spec.is_template
    assert [item.text for item in spec.criteria] == ["a"]


def test_r5_clauses_are_split_at_full_width_commas() -> None:
    (item,) = read_items("- [ ] Given 客が払う、When 押す、Then 出る\n")
    steps = [(step.keyword, step.text) for step in list_criterion_steps(item, "en")]
    assert steps == [("Given", "客が払う"), ("When", "押す"), ("Then", "出る")]


@pytest.mark.parametrize(
    "label", ["Must Have:", "*Must Have*", "Must Have", "MUST HAVE", "Some words.\nMust Have:", "必須："]
)
def test_c23_a_line_that_is_only_the_name_of_a_tier_is_a_label(label: str) -> None:
    spec = read(f"### Could Have\n\n- [ ] a\n\n{label}\n\n- [ ] b\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("could", "a"), ("must", "b")]


@pytest.mark.parametrize("line", ["We must:", "Must", "These are the criteria.", "They must have:"])
def test_c23_other_lines_are_no_labels(line: str) -> None:
    spec = read(f"### Could Have\n\n- [ ] a\n\n{line}\n\n- [ ] b\n")
    assert [item.tier for item in spec.criteria] == ["could", "could"]


@pytest.mark.parametrize(
    "heading", ["    ### Must Have", "\t## Must Have", "<h3>Must Have</h3>", '<h3 id="a">Must Have</h3>']
)
def test_c23_a_heading_that_is_indented_or_in_html_is_reported_and_nothing_counts_below_it(heading: str) -> None:
    spec = read(f"### Could Have\n\n- [ ] a\n\n{heading}\n\n- [ ] b\n")
    assert [item.text for item in spec.criteria] == ["a"]
    assert list_codes(spec) == ["unread-heading"]
    assert len(spec.unread) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "Should Have {#should}",
        "Should Have { .late #should }",
        "Should Have ^block-id",
        "Should Have ![status](https://example.org/badge.svg)",
        ":construction: Should Have",
        "A. Should Have",
        "(b) Should Have",
        "IV. Should Have",
        "Tier 2: Should Have",
        "Section 4.1: Should Have",
        "S - Should Have",
        "Should Have \u2192 Export",
    ],
)
def test_what_is_around_the_name_of_a_tier_does_not_hide_it(heading: str) -> None:
    spec = read(f"{TIERS}\n### {heading}\n\n- [ ] b\n")
    assert [(item.tier, item.text) for item in spec.criteria[1:]] == [("should", "b")]
    assert spec.diagnostics == ()


@pytest.mark.parametrize(
    "heading",
    [
        "Functional (Must)",
        "Functional - Must",
        "Export: Should Have",
        "Phase 1 (Must Have)",
        "MoSCoW Must Have",
        "Must Have & Should Have",
        "Must Have 60%",
        "P0/P1",
        "P1 & P2",
        "P0s",
        "Phase 1 (必須)",
    ],
)
def test_a_heading_that_names_a_tier_among_other_words_blocks_a_promotion_if_its_boxes_are_not_read(
    heading: str,
) -> None:
    spec = read(f"{TIERS}\n## {heading}\n\n- [ ] b\n")
    assert ([item.text for item in spec.criteria], list_codes(spec)) == (["A good box"], ["unread-heading"])
    assert len(spec.unread) == 1


@pytest.mark.parametrize("below", ["", "- Write the test\n", "Some words.\n"])
def test_a_heading_that_names_a_tier_among_other_words_is_fine_without_boxes(below: str) -> None:
    assert list_codes(read(f"{TIERS}\n## Existing Tests (Must Pass)\n\n{below}")) == []


@pytest.mark.parametrize(
    ("story", "tier"),
    [
        ("Story 1 (Should)", "should"),
        ("Story 1 (Could Have)", "could"),
        ("Story 1 [Won't Have]", "wont"),
        ("Geschichte 1 (Soll)", "should"),
        ("User Story 1 - Lending (Priority: P2) 🎯 MVP", "should"),
    ],
)
def test_a_tier_or_a_priority_at_the_end_of_the_name_of_a_story_is_that_of_its_criteria(story: str, tier: str) -> None:
    spec = read(f"## {story}\n\n### Acceptance Criteria\n\n- [ ] a\n")
    assert ([item.tier for item in spec.criteria], list_codes(spec)) == ([tier], [])


# By their form: labels that name the tier should.
LABELS = {
    "bold and emphasized": "***Should Have***",
    "html": "<b>Should</b>",
    "strong": "<strong>Should Have</strong>",
    "words after a dash": "**Should Have** \u2013 later",
    "words after a colon": "**Should have:** the rest",
    "words after a colon outside": "**Should**: the rest",
    "summary": "<details>\n<summary>Should Have</summary>\n",
    "summary on one line": "<details><summary><b>Should Have</b></summary>\n",
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_a_label_in_another_form_is_read(label: str) -> None:
    spec = read(f"## Acceptance Criteria\n\n- [ ] a\n\n{label}\n\n- [ ] b\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("must", "a"), ("should", "b")]
    assert spec.diagnostics == ()


def test_the_summary_of_a_folded_part_applies_to_its_end() -> None:
    spec = read(f"{TIERS}\n<details>\n<summary>Could Have</summary>\n\n- [ ] b\n\n</details>\n\nText\n\n- [ ] c\n")
    assert [(item.tier, item.text) for item in spec.criteria[1:]] == [("could", "b"), ("must", "c")]


@pytest.mark.parametrize("label", ["**Must have** been done", "It should have", "**Login**: the rest"])
def test_other_lines_are_no_labels(label: str) -> None:
    spec = read(f"### Could Have\n\n{label}\n\n- [ ] b\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("could", "b")]


@pytest.mark.parametrize("label", ["**Should Have**", "**Should Have:**", "Should Have", "Should:", "**Out of Scope**"])
def test_nothing_counts_below_a_label_that_has_become_the_end_of_an_item(label: str) -> None:
    spec = read(f"{TIERS}{label}\n- [ ] b\n\n**Could Have**\n\n- [ ] c\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("must", "A good box"), ("could", "c")]
    assert list_codes(spec) == ["unread-heading"]
    assert "because no blank line comes before it; 1 box under it is not read" in spec.diagnostics[0].message
    assert len(spec.unread) == 1


@pytest.mark.parametrize("row", ["should have", "  **Login** is shown", "  must", "**Login**"])
def test_words_that_continue_an_item_are_no_label(row: str) -> None:
    spec = read(f"{TIERS}{row}\n- [ ] b\n")
    assert ([item.tier for item in spec.criteria], spec.diagnostics) == (["must", "must"], ())


def test_a_box_with_only_the_name_of_a_tier_is_a_label_of_the_boxes_in_it() -> None:
    spec = read("## Acceptance Criteria\n\n- [ ] **Must Have**\n  - [ ] a\n- [ ] **Should Have**\n  - [ ] b\n")
    assert [(item.tier, item.text, item.parent) for item in spec.criteria] == [
        ("must", "a", None),
        ("should", "b", None),
    ]
    assert spec.diagnostics == ()


PARAGRAPHS = [
    "**AC-2**: The list is kept",
    "AC-2: The list is kept",
    "**AC-2** The list is kept",
    "The list must be kept.",
]


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_criterion_that_is_a_paragraph_is_reported(paragraph: str) -> None:
    assert list_codes(read(f"{TIERS}\n### Should Have\n\n{paragraph}\n")) == ["criteria-without-boxes"]


@pytest.mark.parametrize(
    "paragraph", ["None.", "None - what it must do is above.", "These can wait.", "**AC-2:**\n- [ ] b", "AC-2 and AC-3"]
)
def test_other_paragraphs_below_a_tier_are_not_reported(paragraph: str) -> None:
    assert list_codes(read(f"{TIERS}\n### Should Have\n\n{paragraph}\n")) == []


# By their language: headings of a must, of a should and of criteria.
LANGUAGES = {
    "Arabic": ("يجب", "ينبغي", "معايير القبول"),
    "Czech": ("Musí mít", "Mělo by mít", "Akceptační kritéria"),
    "Danish": ("Skal have", "Bør have", "Acceptkriterier"),
    "Finnish": ("Pakolliset", "Pitäisi olla", "Hyväksymiskriteerit"),
    "Greek": ("Υποχρεωτικά", "Επιθυμητά", "Κριτήρια αποδοχής"),
    "Hebrew": ("חובה", "רצוי", "קריטריוני קבלה"),
    "Hindi": ("अनिवार्य", "होना चाहिए", "स्वीकृति मानदंड"),
    "Indonesian": ("Harus ada", "Sebaiknya ada", "Kriteria Penerimaan"),
    "Norwegian": ("Må ha", "Bør ha", "Akseptansekriterier"),
    "Swedish": ("Måste ha", "Bör ha", "Acceptanskriterier"),
    "Turkish": ("Zorunlu", "Olması gereken", "Kabul Kriterleri"),
    "Ukrainian": ("Обов'язково", "Бажано", "Критерії приймання"),
    "Vietnamese": ("Bắt buộc", "Nên có", "Tiêu chí chấp nhận"),
}


@pytest.mark.parametrize("names", LANGUAGES.values(), ids=LANGUAGES)
def test_tiers_and_criteria_are_known_in_languages_that_gherkin_has(names: tuple[str, str, str]) -> None:
    must, should, criteria = names
    spec = read(f"## {criteria}\n\n- [ ] a\n\n## {must}\n\n- [ ] b\n\n## {should}\n\n- [ ] c\n")
    assert [(item.tier, item.text) for item in spec.criteria] == [("must", "a"), ("must", "b"), ("should", "c")]
    assert spec.diagnostics == ()


@pytest.mark.parametrize("more", ["\n  And d\n", "\n    And d\n", "  - ✅ And d\n", "  - **And** d\n"])
def test_a_step_below_the_bullets_is_not_lost(more: str) -> None:
    (item,) = read_items(f"- [ ] It works\n  - Given a\n  - When b\n  - Then c\n{more}")
    steps = [f"{step.keyword} {step.text}" for step in list_criterion_steps(item, "en")]
    assert steps == ["Given a", "When b", "Then c", "And d"]


@pytest.mark.parametrize("more", ["\n  A note\n", "\n  When in doubt, ask.\n", "  - ✅ a note\n"])
def test_a_note_below_the_bullets_is_no_step(more: str) -> None:
    (item,) = read_items(f"- [ ] It works\n  - When b\n  - Then c\n{more}")
    assert [step.text for step in list_criterion_steps(item, "en")] == ["b", "c"]


def test_keywords_in_paragraphs_of_their_own_have_the_lists_under_them() -> None:
    (item,) = read_items("- [ ] It works\n\n  **Given**\n  - a\n\n  **Then:**\n  - b\n  - c\n")
    steps = [f"{step.keyword} {step.text}" for step in list_criterion_steps(item, "en")]
    assert steps == ["Given a", "Then b", "And c"]


@pytest.mark.parametrize("info", ["", "bdd", "text"])
def test_a_block_that_is_nothing_but_steps_is_gherkin(info: str) -> None:
    (item,) = read_items(f"- [ ] It works\n  ```{info}\n  Given a\n  Then b\n  ```\n")
    assert [step.text for step in list_criterion_steps(item, "en")] == ["a", "b"]
