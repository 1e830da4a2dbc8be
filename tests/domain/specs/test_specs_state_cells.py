"""The mark of a criterion in a cell of its row, and that the opposite verdict restores the cell."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spec2bdd.domain.editing.mark_edits import plan_mark
from spec2bdd.domain.specs.criteria.state_cells import find_state_box
from spec2bdd.model import Box, BoxKind
from spec2bdd.text.edits import apply_edits

# A cell that is not proved, the width of its column, and the same cell once its criterion passed.
STATES: dict[str, tuple[str, int, str]] = {
    "a checkbox": (" [ ] ", 3, " [x] "),
    "a box": (" ☐ ", 3, " ☑ "),
    "an emoji": (" ❌ ", 3, " ✅ "),
    "a cross": (" ✗ ", 3, " ✓ "),
    "a cross and a word": (" ✗ UNMET ", 3, " ✓ MET "),
    "an emoji of two characters": (" ✘\ufe0f ", 3, " ✔\ufe0f "),
    "an emoji and a word": (" ❌ FAIL ", 3, " ✅ PASS "),
    "small letters": (" todo ", 3, " done "),
    "a capital": (" Failed ", 3, " Passed "),
    "capitals": (" NO ", 3, " YES "),
    "bold": (" **Open** ", 3, " **Closed** "),
    "a longer word in an aligned column": (" Pending    ", 12, " Verified   "),
    "a shorter word in an aligned column": (" unmet ", 7, " met   "),
    "a longer word in a column that is too narrow": (" Pending ", 9, " Verified "),
    "a column of another width": (" Pending ", 20, " Verified "),
    # Without the second blank, it would be read as an aligned cell.
    "a cell that would get the width of the column": (" Pending ", 10, " Verified  "),
    "a word at the right": ("    no ", 7, "    yes "),
    "an empty cell": (" ", 3, " proved"),
    "an empty cell without blanks": ("", 3, "proved"),
    "an empty cell in an aligned column": ("            ", 12, " proved     "),
    "an empty cell in a column that is too narrow": ("      ", 6, " proved     "),
}
# A cell whose words belong to its author.
LEFT_ALONE = [
    "In progress",
    "n/a",
    "-",
    "—",
    "Pass (with notes)",
    "pass fail",
    "PaSS",
    "✅ 2026-07-30",
    "⏳ Pending",
    "*",
]


def mark(cell: str, width: int, mark: str) -> str:
    """Write a mark into a cell."""
    text = f"| A |{cell}|"
    box = find_state_box(text, 5, 5 + len(cell), column_width=width, words=True)
    assert box is not None
    return apply_edits(text, plan_mark(box, mark))[5:-1]


@pytest.mark.parametrize(("cell", "width", "passed"), STATES.values(), ids=STATES)
def test_a_pass_writes_the_opposite_and_a_failure_restores_the_cell(cell: str, width: int, passed: str) -> None:
    assert mark(cell, width, "x") == passed
    assert mark(passed, width, " ") == cell
    assert (mark(cell, width, " "), mark(passed, width, "x")) == (cell, passed)


@pytest.mark.parametrize("words", LEFT_ALONE)
def test_other_words_are_no_mark(words: str) -> None:
    assert find_state_box(f"| {words} |", 1, len(words) + 3, column_width=3, words=True) is None


@pytest.mark.parametrize("cell", ["", " Pending ", " ✅ "])
def test_words_are_no_mark_unless_the_project_asks_for_it(cell: str) -> None:
    assert find_state_box(f"|{cell}|", 1, 1 + len(cell), column_width=3, words=False) is None


def test_a_checkbox_is_a_mark_in_any_case() -> None:
    assert find_state_box("| [x] |", 1, 6, column_width=3, words=False) == Box("x", 3, kind=BoxKind.BOX)


@given(
    st.integers(0, 3),
    st.sampled_from(["", "proved", "pending", "Verified", "❌ FAIL", "✅ PASS", "**no**", "YES", "Unmet", "met"]),
    st.integers(0, 9),
    st.integers(0, 16),
)
@example(0, "", 7, 7)  # `proved` and the blanks around it do not fit
def test_the_opposite_of_the_opposite_is_the_cell(lead: int, words: str, trail: int, width: int) -> None:
    cell = " " * lead + words + " " * trail
    box = find_state_box(f"|{cell}|", 1, 1 + len(cell), column_width=width, words=True)
    if box:
        other = box.opposite
        back = find_state_box(f"|{other}|", 1, 1 + len(other), column_width=width, words=True)
        assert back is not None
        assert (back.opposite, back.ticked) == (cell, not box.ticked)
        # An aligned column stays aligned.
        shown = lead if words else 1
        is_wide = shown + max(len(cell.strip()), len(other.strip())) < width
        assert len(other) == width or not is_wide or len(cell) != width
