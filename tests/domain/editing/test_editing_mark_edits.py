"""Where the comment is that marks an item without a box, and which edit changes a mark."""

from __future__ import annotations

import pytest

from spec2bdd.domain.editing.mark_edits import find_comment_box, plan_mark
from spec2bdd.model import Box, BoxKind
from spec2bdd.text.edits import Edit, apply_edits

PASSED = [
    ("- a <!-- passed -->", 3, 16),
    ("- a <!--passed-->  ", 3, 14),
    ("- a <!-- x --> <!-- passed -->\t", 14, 16),
    ("<!-- passed -->", 0, 15),
]
UNMARKED = [
    ("- a", 3),
    ("- a  ", 3),
    ("- a <!-- id: x -->", 18),
    ("- a <!-- passed --> b", 21),
    ("- passed -->", 12),
    ("- a <!-- passed again -->", 25),
    ("", 0),
]


@pytest.mark.parametrize(("line", "offset", "length"), PASSED)
def test_a_comment_at_the_end_marks_the_item(line: str, offset: int, length: int) -> None:
    assert find_comment_box(line, 10) == Box("x", 10 + offset, length, BoxKind.COMMENT)


@pytest.mark.parametrize(("line", "offset"), UNMARKED)
def test_without_it_the_mark_goes_to_the_end(line: str, offset: int) -> None:
    assert find_comment_box(line, 10) == Box(" ", 10 + offset, 0, BoxKind.COMMENT)


@pytest.mark.parametrize(
    ("line", "mark", "after"),
    [
        ("- a", "x", "- a <!-- passed -->"),
        ("- a <!-- passed -->", " ", "- a"),
        ("- a  <!-- passed -->  ", " ", "- a  "),
        ("- a <!-- id: x -->", "x", "- a <!-- id: x --> <!-- passed -->"),
    ],
)
def test_the_comment_is_added_and_removed(line: str, mark: str, after: str) -> None:
    assert apply_edits(line, list(plan_mark(find_comment_box(line, 0), mark))) == after


def test_a_mark_in_a_box_is_one_character_and_no_edit_where_it_is_there() -> None:
    assert plan_mark(Box(" ", 3), "x") == [Edit(3, 4, "x")]
    assert list(plan_mark(Box("x", 3), "x")) == []
    assert list(plan_mark(Box(" ", 3, 0, BoxKind.NONE), "x")) == []
