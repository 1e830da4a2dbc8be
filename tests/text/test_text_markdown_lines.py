"""The kinds of lines, and which lines belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.text.edits import LineIndex
from spec2bdd.text.markdown_lines import split_markdown_lines

KINDS = [
    ("---\na: b\n---\n# T", "front front front heading"),
    ("\ufeff\n---\na: b\n---\nT", "front front front front words"),
    ("---\na: b\nT", "apart words words"),
    ("T\n===\nU\n---\n\n---", "words heading words heading blank apart"),
    ("- a\n  b\n\n* c\n1) d\n-e", "item words blank item item words"),
    ("```x\n# a\n~~~\n```\n# b", "code code code code heading"),
    ("- ```\n  # a\n  ```\n- b", "code code code item"),
    ("````\n```\n````\na", "code code code words"),
    ("`a` ``` b\n```a`b", "words words"),
    ("#a\n# a\n####### b\n    # c", "words heading words words"),
    ("> a\n| a |\n<!-- a -->\n**Must**\n**Must** be", "apart apart apart apart words"),
]


@pytest.mark.parametrize(("text", "kinds"), KINDS)
def test_a_line_has_a_kind(text: str, kinds: str) -> None:
    assert kinds.split() == [str(line.kind) for line in split_markdown_lines("a.md", text).lines]


EXTENTS = [
    ("- a\n  b\nc\n- d", 1, (1, 3)),
    ("- a\n  b\nc\n- d", 3, (1, 3)),
    ("- a\n  b\nc\n- d", 4, (4, 4)),
    ("- a\n\n  b", 1, (1, 1)),
    ("# a\nb\nc", 1, (1, 1)),
    ("# a\nb\nc", 3, (2, 3)),
]


@pytest.mark.parametrize(("text", "line", "extent"), EXTENTS)
def test_wrapped_lines_belong_together(text: str, line: int, extent: tuple[int, int]) -> None:
    assert split_markdown_lines("a.md", text).find_extent(line) == extent


@given(st.text(alphabet="ab \t\n\r-#`>", max_size=60))
def test_places_are_those_of_the_whole_program(text: str) -> None:
    document, places = split_markdown_lines("a.md", text), LineIndex(text)
    offsets = range(len(text) + 1)
    assert [(places.find_line(n), places.find_column(n)) for n in offsets] == [document.find_place(n) for n in offsets]


ENDS = {
    "- [ ] a\n- [ ] b\n": 2,
    "- [ ] a\n  more\n\n  - b\n\n    c\nlazy\n- d\n": 8,
    "- [ ] a\nlazy\n\nafter\n": 4,
    "- [ ] a\n\n## b\n": 3,
    "- [ ] a\n\n```\n# no heading\n```\n- b\n": 6,
    "| a |\n| b |\n\nc\n\n# d\n": 6,
    "### a\n\ntext\n\n#### b\n\n## c\n": 7,
    "### a\n- b\n": 4,
    "### a\n\n#### b\n\n### c\n": 5,
    "- [ ] a": 2,
}


@pytest.mark.parametrize("text", ENDS)
def test_an_item_ends_where_nothing_more_is_nested_in_it_and_a_section_at_the_next_heading(text: str) -> None:
    assert split_markdown_lines("a.md", text).find_end(1) == ENDS[text]


@pytest.mark.parametrize(("text", "line"), [("a\n\n# b\n## c\n", 3), ("a\nb", 3), ("# a", 1)])
def test_the_first_heading_is_found_or_the_end(text: str, line: int) -> None:
    assert split_markdown_lines("a.md", text).first_heading == line
