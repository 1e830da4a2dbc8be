r"""A table or a text below a step in, its lines of Gherkin out, or why it has none: the parsers must agree on it.

Behave takes nothing back that is escaped in a doc string, and only `\|` in a cell; the official parser takes back
more. What both cannot read as the same text is not written at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.text.normalize import to_single_line

_QUOTES = '"""'
# What ends a line for Behave, and what no feature file can hold.
_ODD = re.compile(r"[\x00\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_CUT = re.compile(r"(?<!\\)\|")
# The official parser reads a line feed, a backslash or a pipe here; Behave reads what stands there, or another cell.
_TWO_MEANINGS = re.compile(r"\\[n\\|]|\\$")

Rows = tuple[tuple[str, ...], ...]


def derive_doc(text: str) -> str:
    """Return the text of a doc string as it can be written: blanks at the ends of lines are lost."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(_ODD.sub(" ", line).rstrip() for line in lines)


def derive_rows(rows: Sequence[Sequence[str]]) -> Rows:
    """Return the rows of a table with cells that are single lines."""
    return tuple(tuple(map(to_single_line, row)) for row in rows)


def parse_row(line: str) -> tuple[str, ...]:
    """Return the cells of one line of a Gherkin table; a line that is not closed has none."""
    before, *cells, after = _CUT.split(line.strip())
    return () if before or after else tuple(cell.replace("\\|", "|").strip() for cell in cells)


def find_doc_fault(text: str) -> str:
    """Return why a text cannot be a doc string, or nothing."""
    if any(line.lstrip().startswith(_QUOTES) for line in text.split("\n")):
        return '`"""` at the start of a line would end the doc string'
    return 'the parsers disagree on `\\"\\"\\"` in a doc string' if '\\"\\"\\"' in text else ""


def find_table_fault(rows: Sequence[Sequence[str]]) -> str:
    """Return why rows cannot be a table, or nothing."""
    if not rows or not rows[0]:
        return "a table without cells"
    if any(len(row) != len(rows[0]) for row in rows):
        return "the rows of a table have different numbers of cells"
    odd = next((cell for row in rows for cell in row if _TWO_MEANINGS.search(cell)), "")
    return f"the parsers disagree on the backslash in the cell `{odd}`" if odd else ""


def render_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, its columns aligned."""
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*escaped, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in escaped)
    return [f"| {' | '.join(row)} |" for row in padded]


def render_doc(text: str) -> list[str]:
    """Return the lines of a doc string."""
    return [_QUOTES, *(text.split("\n") if text else ()), _QUOTES]
