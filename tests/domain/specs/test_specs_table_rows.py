"""Rows of tables whose outer bars are left out, and what looks like a row and is none."""

from __future__ import annotations

import pytest

from spec2bdd.domain.editing.mark_edits import plan_mark
from spec2bdd.domain.specs.dialects import ReadingOptions
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec
from spec2bdd.text.edits import apply_edits

HEAD = "---\nfeature_id: 1.1\nname: Lending\nstatus: Draft\n---\n# Lending\n\n## Acceptance Criteria\n\n"
TABLE = "| ID | Criterion | Status |\n|----|-----------|--------|\n"

# A table, and the texts of its criteria.
READ = {
    "no bars at the ends": (
        "ID | Criterion\n---|---\nAC-1 | One works\nAC-2 | Two works\n",
        ["One works", "Two works"],
    ),
    "no bar after the header": ("| ID | Criterion\n|---|---\n| AC-1 | One works\n", ["One works"]),
    "no bar after some rows": (f"{TABLE}| 1 | One works | no\n| 2 | Two works |\n3 | Three works | no |\n", 3),
    "CRLF": ("ID | Criterion\r\n:--|:-:\r\nAC-1 | One works\r\n", ["One works"]),
    "CR": ("ID | Criterion\r---|---\rAC-1 | One works\r", ["One works"]),
    "the end of the file": ("| ID | Criterion |\n|---|---|\n| AC-1 | One works", ["One works"]),
}
# What follows the header of a table of criteria, and the line that is reported.
REPORTED = {
    "a short row": ("| AC-1 | One works | |\n| AC-2 |\n", 13),
    "a bar in code": ("| AC-1 | `a|b` works | |\n", 12),
    "an indented row": ("| AC-1 | One works | |\n    | AC-2 | Two works | |\n", 13),
    "an empty line": ("| AC-1 | One works | |\n\n| AC-2 | Two works | |\n", 14),
    "a comment": ("| AC-1 | One works | |\n<!-- a -> b -->\n| AC-2 | Two works | |\n", 14),
}
# These are no tables.
TEXT = {
    "a line over dashes without a bar": "a | b\n---\n",
    "dashes below nothing": "---|---\na | b\n",
    "other numbers of cells": "ID | Criterion\n---|---|---\nAC-1 | One works\n",
    "an item": "- ID | Criterion\n---|---\nAC-1 | One works\n",
    "code": "```\nID | Criterion\n---|---\nAC-1 | One works\n```\n",
    "indented code": "    ID | Criterion\n---|---\nAC-1 | One works\n",
}


def read(body: str, *, cells: bool = False) -> Spec:
    """Read a spec with this text under its heading of criteria."""
    options = ReadingOptions(state_cells=cells)
    return parse_spec("specs/a.md", (HEAD + body).encode(), options=options)


@pytest.mark.parametrize(("body", "texts"), READ.values(), ids=READ)
def test_the_bars_at_the_ends_of_a_row_can_be_left_out(body: str, texts: list[str] | int) -> None:
    spec = read(body)
    found = [criterion.text for criterion in spec.criteria]
    assert (found if isinstance(texts, list) else len(found), spec.diagnostics) == (texts, ())


@pytest.mark.parametrize(("rows", "line"), REPORTED.values(), ids=REPORTED)
def test_what_looks_like_a_row_and_is_not_read_is_reported(rows: str, line: int) -> None:
    assert [(found.line, found.code) for found in read(TABLE + rows).diagnostics] == [(line, "unread-table")]


@pytest.mark.parametrize("item", ["- [ ] Two works | or not", "1. [ ] Two works | or not", "* [ ] Two works|or not"])
def test_a_list_right_below_a_table_is_no_row_of_it(item: str) -> None:
    spec = read(f"{TABLE}| AC-1 | One works | no |\n{item}\n")
    assert [(criterion.text[:9], criterion.line) for criterion in spec.criteria] == [
        ("One works", 12),
        ("Two works", 13),
    ]
    boxes = {criterion.box.offset for criterion in spec.criteria if criterion.box.length}
    assert boxes == {len(HEAD) + len(TABLE) + len("| AC-1 | One works | no |\n") + item.index("[") + 1}


@pytest.mark.parametrize("line", ["## Notes | more", "> a | b", "```a | b"])
def test_what_begins_another_block_ends_a_table(line: str) -> None:
    assert [criterion.text for criterion in read(f"{TABLE}| AC-1 | One works | |\n{line}\n").criteria] == ["One works"]


@pytest.mark.parametrize("body", TEXT.values(), ids=TEXT)
def test_what_is_no_table_has_no_criteria(body: str) -> None:
    assert read(body).criteria == ()


def test_a_table_that_follows_another_is_no_row_of_it() -> None:
    body = f"{TABLE}| AC-1 | One works | |\n\n{TABLE}| AC-2 | Two works | |\n"
    spec = read(body)
    assert ([criterion.text for criterion in spec.criteria], spec.diagnostics) == (["One works", "Two works"], ())


def test_a_table_below_a_tier_without_a_column_of_criteria_is_reported() -> None:
    spec = read("### Must Have\n\n| Feature | Details |\n|---|---|\n| Login | works |\n\n### Should Have\n\n- [ ] a\n")
    assert [(found.line, found.code) for found in spec.diagnostics] == [(12, "unread-table")]


@pytest.mark.parametrize(
    ("rows", "marked"),
    [
        ("| 1 | One works | fail\n", "| 1 | One works | pass\n"),
        ("1 | One works | **OPEN**  \n", "1 | One works | **CLOSED**  \n"),
        ("1 | One works | [ ]", "1 | One works | [x]"),
    ],
)
def test_a_state_in_a_cell_without_a_bar_is_marked_and_restored(rows: str, marked: str) -> None:
    spec = read(TABLE + rows, cells=True)
    after = apply_edits(spec.text, plan_mark(spec.criteria[0].box, "x"))
    assert after == HEAD + TABLE + marked
    again = read(TABLE + marked, cells=True)
    assert apply_edits(again.text, plan_mark(again.criteria[0].box, " ")) == spec.text


@pytest.mark.parametrize("row", ["| 1 | One works |\n", "| 1 | One works\n", "1 | One works\r\n", "1 | One works"])
def test_a_comment_at_the_end_of_a_row_is_written_and_removed(row: str) -> None:
    table = "ID | Criterion\n---|---\n"
    spec = read(table + row)
    after = apply_edits(spec.text, plan_mark(spec.criteria[0].box, "x"))
    assert len(after) == len(spec.text) + len(" <!-- passed -->")
    again = parse_spec("specs/a.md", after.encode())
    assert (again.criteria[0].text, again.criteria[0].box.mark) == ("One works", "x")
    assert apply_edits(after, plan_mark(again.criteria[0].box, " ")) == spec.text
