"""Find the tables of a Markdown file that are written in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.domain.specs.criteria.table_rows import Cell, RawTable, TableRow

_HEADER_CELL = re.compile(r"<th\b", re.IGNORECASE)
_TABLE = re.compile(r"<table\b[^<>]*>(?P<rows>.*?)(?:</table\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>(?P<cells>.*?)(?=<tr\b|</tr\s*>|</table\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<t[hd]\b[^<>]*>(?P<text>.*?)(?=<t[hd]\b|</t[hd]\s*>|</tr\s*>|<tr\b|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.{0,1000}?-->|</?[A-Za-z][^<>]{0,300}>", re.DOTALL)


def find_html_tables(text: str) -> Iterator[RawTable]:
    """Find the tables in HTML, without the tags in their cells; the header of each is where the table begins.

    It is empty for a table without a cell of a header.
    """
    for table in _TABLE.finditer(text):
        rows = [_read_row(match) for match in _ROW.finditer(text, table.start("rows"), table.end("rows"))]
        if not rows:
            continue
        has_header = _HEADER_CELL.search(table["rows"]) is not None
        cells = rows[0].cells if has_header else ()
        header = TableRow(cells, table.start(), table.start("rows"))
        yield RawTable(header, header, tuple(rows[has_header:]), None)


def _read_row(row: re.Match[str]) -> TableRow:
    """Read a row without the tags in its cells."""
    cells = (
        Cell(" ".join(_TAG.sub(" ", match["text"]).split()), match.start("text"), match.span("text"))
        for match in _CELL.finditer(row.string, row.start("cells"), row.end("cells"))
    )
    return TableRow(tuple(cells), row.start(), row.end())
