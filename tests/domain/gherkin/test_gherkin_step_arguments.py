"""Tables and doc strings: what is written, and what is not because the parsers disagree."""

from __future__ import annotations

from typing import Any

import pytest
from behave.parser import parse_feature
from gherkin.parser import Parser
from hypothesis import given, settings
from hypothesis import strategies as st

from spec2bdd.domain.gherkin.grammar.step_arguments import (
    find_doc_string_error,
    find_table_error,
    normalize_doc_string,
    normalize_rows,
    parse_row,
    render_doc,
    render_table,
)

UNUSUAL = st.text(st.sampled_from('ab \\|n"\t\x85\u2028\x00#@<>\n') | st.characters(), max_size=12)
HEAD = "Feature: x\n  Scenario: y\n    Given z\n"


def put_below_a_step(lines: list[str]) -> str:
    """Build a feature with these lines under its only step."""
    return HEAD + "".join(f"      {line}\n" if line else "\n" for line in lines)


def find_gherkin_step(text: str) -> Any:
    """Parse the only step with the official parser."""
    feature: Any = Parser().parse(text)["feature"]
    return feature["children"][0]["scenario"]["steps"][0]


@settings(max_examples=400, deadline=None)
@given(UNUSUAL)
def test_a_doc_string_that_is_written_comes_back_from_both_parsers(text: str) -> None:
    doc = normalize_doc_string(text)
    if not find_doc_string_error(doc):
        feature = put_below_a_step(render_doc(doc))
        assert str(parse_feature(feature).scenarios[0].steps[0].text) == doc
        assert find_gherkin_step(feature)["docString"]["content"] == doc


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[UNUSUAL] * width), min_size=1, max_size=3)))
def test_a_table_that_is_written_comes_back_from_both_parsers(rows: list[tuple[str, ...]]) -> None:
    table = normalize_rows(rows)
    if not find_table_error(table):
        feature = put_below_a_step(render_table(table))
        parsed = parse_feature(feature).scenarios[0].steps[0].table
        assert table == (tuple(parsed.headings), *(tuple(row.cells) for row in parsed.rows))
        official = find_gherkin_step(feature)["dataTable"]["rows"]
        assert tuple(tuple(cell["value"] for cell in row["cells"]) for row in official) == table
        assert list(table) == [parse_row(line) for line in render_table(table)]


def test_the_columns_of_a_table_are_aligned() -> None:
    assert render_table((("a", "b"), ("a|b", ""))) == ["| a    | b |", "| a\\|b |   |"]


@pytest.mark.parametrize("cell", ["a|b", "C:\\temp", "a \\d b", "", "\\"[:0], "#", '"', "<x>"])
def test_a_cell_that_both_read_alike_is_written(cell: str) -> None:
    assert find_table_error((("x",), (cell,))) == ""


@pytest.mark.parametrize("cell", ["C:\\new", "a\\\\b", "a\\|b", "ends in \\"])
def test_a_cell_that_they_read_differently_is_not_written(cell: str) -> None:
    assert "differently" in find_table_error((("x",), (cell,)))


@pytest.mark.parametrize("text", ["", "a", 'a """ b', "'''", "```", "  a\n\n    b", '\\"', "# a\n@b\nGiven c"])
def test_a_text_that_both_read_alike_is_written(text: str) -> None:
    assert find_doc_string_error(normalize_doc_string(text)) == ""


@pytest.mark.parametrize("text", ['"""', 'a\n  """ b', 'a \\"\\"\\" b'])
def test_a_text_that_would_end_the_doc_string_is_not_written(text: str) -> None:
    assert find_doc_string_error(normalize_doc_string(text)) != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a  \r\nb\t", "a\nb"), ("a\x85b\u2028c", "a b c"), ("a\x00b", "a b"), ("a\tb", "a\tb"), ("\n\na\n", "\n\na\n")],
)
def test_a_doc_string_loses_line_ends_that_only_some_parsers_know(text: str, expected: str) -> None:
    assert normalize_doc_string(text) == expected
