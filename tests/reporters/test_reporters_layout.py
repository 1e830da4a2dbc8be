"""Laying lines out."""

# Assertions have the expected value on the left.

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.reporters.terminal.layout import StyledLine, measure_text, render_cell, render_lines


def render(line: StyledLine, width: int) -> str:
    return render_lines([line], width=width, color=False)


def test_a_long_line_is_broken_at_white_space_and_hangs() -> None:
    line = StyledLine((("· ", ""), ("the till of the library is counted every night", "bold")), indent=2, hang=2)
    assert render(line, 30) == "  · the till of the library is\n    counted every night\n"


def test_a_line_that_fits_is_left_as_it_is() -> None:
    assert render(StyledLine((("  two  blanks stay", ""),)), 30) == "  two  blanks stay\n"


def test_a_word_is_broken_only_where_it_is_longer_than_a_row() -> None:
    assert render(StyledLine((("see " + "x" * 40, ""),)), 30) == "see\n" + "x" * 30 + "\n" + "x" * 10 + "\n"


def test_a_word_of_several_parts_is_kept_together() -> None:
    line = StyledLine((("the tick is given by ", ""), ("`verify`", "bold"), (":", "")))
    assert render(line, 29) == "the tick is given by\n`verify`:\n"


def test_a_whole_line_breaks_only_before_parts_that_start_with_a_blank() -> None:
    line = StyledLine((("12 criteria:", ""), (" 5 passed", ""), (",", ""), (" 7 not run", "")), hang=2, whole=True)
    assert render(line, 28) == "12 criteria: 5 passed,\n  7 not run\n"


def test_the_right_part_is_at_the_right_edge() -> None:
    assert (
        render(StyledLine((("A receipt is printed", ""),), right=(("specs/a.md:3", ""),)), 41)
        == "A receipt is printed" + " " * 9 + "specs/a.md:3\n"
    )


def test_the_left_part_is_shortened_for_the_right_one() -> None:
    line = StyledLine((("A receipt is printed for every book", ""),), right=(("specs/a.md:3", ""),))
    assert render(line, 40) == "A receipt is printed for…   specs/a.md:3\n"


def test_the_right_part_moves_below_where_too_little_is_left() -> None:
    line = StyledLine((("A receipt is printed for every book", ""),), right=(("specs/a.md:3", ""),), hang=2)
    assert render(line, 30) == "A receipt is printed for ever…\n  specs/a.md:3\n"


def test_a_whole_line_of_one_part_is_never_broken() -> None:
    assert render(StyledLine((("x" * 99, ""),), whole=True), 40) == "x" * 99 + "\n"


@pytest.mark.parametrize("text", ["", "a", "漢字漢字漢字漢字", "👩‍👩‍👧 family", "\x1b[31m", "abcdefghijklmnop"])
def test_a_cell_has_exactly_its_width(text: str) -> None:
    assert measure_text(render_cell(text, 9)) == 9


@given(st.text(), st.integers(24, 60), st.integers(0, 4))
def test_nothing_is_lost_by_breaking_lines_but_white_space(text: str, width: int, hang: int) -> None:
    broken = render(StyledLine((("| ", ""), (text, "bold")), hang=hang), width)
    whole = render(StyledLine((("| ", ""), (text, "bold")), whole=True), width)
    assert "".join(whole.split()) == "".join(broken.split())


@given(st.text(), st.integers(24, 60), st.integers(0, 4))
def test_no_broken_line_is_too_wide(text: str, width: int, hang: int) -> None:
    rows = render(StyledLine((("| ", ""), (text, "bold")), hang=hang), width).split("\n")
    assert [row for row in rows if measure_text(row) > width] == []
