"""Exact edits and positions, compared with simpler implementations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.errors import EditError
from spec2bdd.text.edits import Edit, LineIndex, apply_edits

TEXTS = st.text(alphabet="ab\r\n\té\u2028\x0b\x85😀", max_size=30)

APPLIED = [
    ("nothing", "abc", [], "abc"),
    ("a replacement", "abc", [Edit(1, 2, "X")], "aXc"),
    ("a longer one", "abc", [Edit(1, 2, "XYZ")], "aXYZc"),
    ("a deletion", "abc", [Edit(0, 3, "")], ""),
    ("an insertion at the start", "abc", [Edit(0, 0, ">")], ">abc"),
    ("an insertion at the end", "abc", [Edit(3, 3, "<")], "abc<"),
    ("in the wrong order", "abc", [Edit(2, 3, "Z"), Edit(0, 1, "X")], "XbZ"),
    ("two that touch", "abcd", [Edit(0, 2, "X"), Edit(2, 4, "Y")], "XY"),
    ("two insertions at one place keep their order", "ab", [Edit(1, 1, "1"), Edit(1, 1, "2")], "a12b"),
    ("an insertion before what is replaced", "ab", [Edit(1, 2, "X"), Edit(1, 1, "+")], "a+X"),
    ("an insertion behind what is replaced", "ab", [Edit(1, 1, "+"), Edit(0, 1, "X")], "X+b"),
    ("astral characters count as one", "😀b", [Edit(1, 2, "c")], "😀c"),
]

REFUSED = [
    ("an overlap", "abcd", [Edit(0, 2, "X"), Edit(1, 3, "Y")]),
    ("the same edit twice", "abcd", [Edit(1, 2, "X"), Edit(1, 2, "X")]),
    ("one inside another", "abcd", [Edit(0, 4, "X"), Edit(1, 2, "Y")]),
    ("an insertion inside what is replaced", "abcd", [Edit(0, 4, "X"), Edit(2, 2, "Y")]),
    ("before the start", "abcd", [Edit(-1, 1, "X")]),
    ("behind the end", "abcd", [Edit(3, 5, "X")]),
    ("entirely behind the end", "abcd", [Edit(5, 5, "X")]),
    ("backwards", "abcd", [Edit(2, 1, "X")]),
]


@pytest.mark.parametrize(("text", "edits", "after"), [case[1:] for case in APPLIED], ids=[case[0] for case in APPLIED])
def test_edits_change_what_they_name(text: str, edits: list[Edit], after: str) -> None:
    assert after == apply_edits(text, edits)


@pytest.mark.parametrize(("text", "edits"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_edits_that_overlap_or_leave_the_text_are_refused(text: str, edits: list[Edit]) -> None:
    with pytest.raises(EditError, match=r"^edit of characters -?\d+ to \d+ overlaps another or lies outside the text$"):
        apply_edits(text, edits)


@given(TEXTS, st.data())
def test_edits_of_single_characters_change_these_and_no_others(text: str, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(text) - 1)) if text else st.just(set()))
    order = data.draw(st.permutations(sorted(chosen)))
    expected = "".join("[new]" if index in chosen else char for index, char in enumerate(text))
    assert apply_edits(text, [Edit(index, index + 1, "[new]") for index in order]) == expected


def find_place_slowly(text: str, offset: int) -> tuple[int, int]:
    """Walk from the start, one character at a time."""
    line = column = 1
    for index in range(offset):
        within = text[index] == "\r" and text[index + 1 : index + 2] == "\n"
        if text[index] in "\r\n" and not within:
            line, column = line + 1, 1
        else:
            column += 1
    return line, column


@given(TEXTS)
def test_every_offset_has_the_line_and_column_that_counting_gives(text: str) -> None:
    places = LineIndex(text)
    expected = [find_place_slowly(text, offset) for offset in range(len(text) + 1)]
    assert [(places.find_line(offset), places.find_column(offset)) for offset in range(len(text) + 1)] == expected
    firsts = {line: offset - column + 1 for offset, (line, column) in enumerate(expected)}
    assert firsts == {line: places.find_start(line) for line in firsts}
    assert [places.find_place(offset) for offset in range(len(text) + 1)] == expected


@given(TEXTS)
def test_every_offset_of_the_normalised_text_leads_back_to_its_own_character(text: str) -> None:
    kept = [index for index in range(len(text)) if text[index - 1 : index + 1] != "\r\n" or index == 0]
    # Both ends of a pair are one character, which begins at the CR.
    assert "".join("\n" if text[i : i + 2] == "\r\n" else text[i] for i in kept) == text.replace("\r\n", "\n")
    places = LineIndex(text)
    assert [*kept, len(text)] == [places.find_source_offset(offset) for offset in range(len(kept) + 1)]


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_cr_and_lf_end_a_line(char: str) -> None:
    assert (LineIndex(f"a{char}b").find_line(2), LineIndex(f"a{char}b").find_column(2)) == (1, 3)


ENDS = ["a\r\nbc\r\n\r\nd", "\r\n\r\n", "a\rb\r\nc\n\r\nd", "\n\r\n\r\r\n", "a\nb\n", "a\rb", ""]


@pytest.mark.parametrize("text", ENDS)
def test_whatever_the_line_ends_are_each_offset_has_its_place_and_its_source(text: str) -> None:
    places = LineIndex(text)
    assert [find_place_slowly(text, n) for n in range(len(text) + 1)] == [
        places.find_place(n) for n in range(len(text) + 1)
    ]
    kept = [n for n in range(len(text)) if n == 0 or text[n - 1 : n + 1] != "\r\n"]
    assert [*kept, len(text)] == [places.find_source_offset(n) for n in range(len(kept) + 1)]
