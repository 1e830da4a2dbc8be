"""Random Markdown: nothing but a `SpecError` is ever raised, and every box can be ticked without any other change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spec2bdd.domain.specs.explain import explain_reading
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import SpecError
from spec2bdd.model import Box, Spec
from spec2bdd.text.edits import Edit, apply_edits

PIECES = [
    *("- [ ] a", "* [x] b", "+ [~] c", "1. [X] d", "2) [-] e", "- [P] f", "[ ] g", "  - [ ] h", "- [ ]", "- - [ ] i"),
    *("## Must Have", "### Should Have", "# T", "## Acceptance Criteria", "### Definition of Done", "### Purpose"),
    *("```", "~~~", "<!--", "-->", "<div>", "</div>", "> ", "- ", "  ", "    ", "\t", "---", "===", "***"),
    *("|a|b|", "|-|-|", "[x]: y", "[y]:", "[x]", "**AC-01**:", "`", "``", "*", "_", "~", "~~", "[", "]", "(", "](u)"),
    *("\\", "&amp;", "&#0;", "<br>", "<id>", "😀", "{#x}", "(manual)", "(waived: r)", "<!-- id: q -->", "text", ":"),
    *(
        "**Must Have:**",
        "- **Acceptance Criteria:**",
        "## Tasks",
        "### P0",
        "## Story (P1)",
        "**Open Questions**",
        "## Muss",
    ),
    *(
        "**Status:** Draft",
        "> **Status**: ✅ Complete",
        "Status: [a|b]",
        "**Updated:** 2026-01-01",
        "**Status: Review**",
    ),
    *("✅", "- DONE", "(deferred)", "(P1, testable)", "[Should]", "**Must**:", "#3", "1.1", "1.2", "OT-P0-001 |", "⏳"),
    *("status: Draft", "updated: 'x'", "key: [a]", "name: &a b", "owner: *a", "x: |", "? y"),
]
ENDS = ["", " ", "\n", "\n", "\n", "\n\n", "\r\n", "\r", "\f", "\x0b", "\x00", "\x85", "\u2028", "\ufeff", "\u00a0"]
STARTS = [
    "",
    "## Must Have\n",
    "# T\n**Status:** Draft\n\n## Acceptance Criteria\n",
    "---\n",
    "\ufeff---\r\n",
    "---\nstatus: Draft\n---\n# T\n## Must Have\n",
]

markdown = st.builds(
    lambda start, parts: start + "".join(piece + end for piece, end in parts),
    st.sampled_from(STARTS),
    st.lists(st.tuples(st.sampled_from(PIECES) | st.text(max_size=3), st.sampled_from(ENDS)), max_size=25),
)


def find_boxes(spec: Spec) -> list[Box]:
    """Find every box that was read."""
    return [item.box for item in spec.criteria] + [item.box for item in spec.done_items]


def strip_marks(spec: Spec) -> dict[str, Any]:
    """Return everything in a spec but the text itself and the marks in its boxes."""
    return {
        "fields": spec.fields,
        "criteria": [replace(item, box=replace(item.box, mark="")) for item in spec.criteria],
        "done_items": [replace(item, box=replace(item.box, mark="")) for item in spec.done_items],
        "rest": (spec.title, spec.purpose, spec.diagnostics),
    }


@given(markdown)
@example("---\n---\n- [ ] a\n")
@example("## Must Have\n-\n  [ ] a\n")
@example("## Must Have\r\n- [ ]\r\n\r\n- [ ] a")
@example("## Must Have\n- [ ] a\n  ===\n- [ ] [x]:\n")
@example("- [ ] a\f**Must**:")
@settings(max_examples=400, deadline=None)
def test_every_box_is_the_character_between_its_brackets(text: str) -> None:
    spec = parse_spec("specs/a.md", text.encode())
    assert spec.text == text
    for box in find_boxes(spec):
        assert box.mark in " xX~-"
        assert text[box.offset - 1 : box.offset + 2] == f"[{box.mark}]"


@given(markdown, st.sampled_from(" xX~-"))
@settings(max_examples=300, deadline=None)
def test_marking_every_box_changes_the_marks_and_nothing_else(text: str, mark: str) -> None:
    spec = parse_spec("specs/a.md", text.encode())
    marked = apply_edits(text, [Edit(box.offset, box.offset + 1, mark) for box in find_boxes(spec)])
    again = parse_spec("specs/a.md", marked.encode())
    assert strip_marks(spec) == strip_marks(again)
    assert {mark} >= {box.mark for box in find_boxes(again)}


@given(markdown)
@settings(max_examples=200, deadline=None)
def test_a_field_that_may_be_replaced_takes_another_value(text: str) -> None:
    spec = parse_spec("specs/a.md", text.encode())
    for number, field in enumerate(spec.fields):
        if field.start is not None and field.end is not None:
            # In the text of a spec, only a date is read as that of the last update.
            value = "2026-12-31" if field.key == "updated" else "In Progress"
            changed = apply_edits(text, [Edit(field.start, field.end, value)])
            assert parse_spec("specs/a.md", changed.encode()).fields[number].value == value


@given(markdown)
@settings(max_examples=200, deadline=None)
def test_clean_texts_hold_no_line_end_and_no_double_space(text: str) -> None:
    spec = parse_spec("specs/a.md", text.encode())
    for words in (spec.title, spec.purpose, *(c.text for c in spec.criteria), *(d.text for d in spec.done_items)):
        assert " ".join(words.split()) == words
        assert words.isprintable() or not any(ord(character) < 32 for character in words)


@given(markdown)
@settings(max_examples=200, deadline=None)
def test_every_criterion_is_explained_and_every_other_box_has_a_reason(text: str) -> None:
    spec, boxes = parse_spec("specs/a.md", text.encode()), explain_reading("specs/a.md", text.encode())
    explained = [(box.line, box.column, box.mark, box.tier, box.given_id) for box in boxes if box.tier]
    assert explained == [(item.line, item.column, item.box.mark, item.tier, item.given_id) for item in spec.criteria]
    assert all(bool(box.tier) != bool(box.reason) for box in boxes)
    assert sorted({(box.line, box.column) for box in boxes}) == [(box.line, box.column) for box in boxes]


@given(st.binary(max_size=60))
def test_bytes_that_are_no_text_are_refused_with_a_place(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(SpecError) as caught:
            parse_spec("specs/a.md", content)
        assert (caught.value.line, caught.value.column) >= (1, 1)
    else:
        assert parse_spec("specs/a.md", content).text.encode() == content
