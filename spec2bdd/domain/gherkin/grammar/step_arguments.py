r"""Render the tables and doc strings of steps, and refuse those on which the parsers disagree.

Behave (1.3.3) unescapes nothing in a doc string, and only `\|` in a cell; the official parser unescapes more. Text that
they would not read alike is not written at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import to_single_line

_QUOTES = '"""'
# Control characters and separators that end a line for Behave, and surrogates, which cannot be encoded in UTF-8.
_UNWRITABLE = compile_lazily(r"[\x00\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
# The official parser unescapes these to a line feed, a backslash or a pipe; Behave keeps them, or ends the cell.
_AMBIGUOUS_ESCAPE = re.compile(r"\\[n\\|]|\\$")

Rows = tuple[tuple[str, ...], ...]


def normalize_doc_string(text: str) -> str:
    """Normalize the text of a doc string to what can be written: trailing white space is dropped."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(_UNWRITABLE.sub(" ", line).rstrip() for line in lines)


def normalize_rows(rows: Sequence[Sequence[str]]) -> Rows:
    """Normalize the rows of a table: each cell becomes a single line."""
    return tuple(tuple(map(to_single_line, row)) for row in rows)


def parse_row(line: str) -> tuple[str, ...]:
    """Parse the cells of one line of a Gherkin table; a line that is not closed has none."""
    # A closed line has nothing outside its first and its last border.
    before, *cells, after = _CELL_BORDER.split(line.strip())
    return () if before or after else tuple(cell.replace("\\|", "|").strip() for cell in cells)


def find_doc_string_error(text: str) -> str:
    """Find the reason why a text cannot be a doc string; empty if it can."""
    if any(line.lstrip().startswith(_QUOTES) for line in text.split("\n")):
        return '`"""` at the start of a line would end the doc string'
    return 'Behave and Gherkin parse `\\"\\"\\"` in a doc string differently' if '\\"\\"\\"' in text else ""


def find_table_error(rows: Sequence[Sequence[str]]) -> str:
    """Find the reason why rows cannot be a table; empty if they can."""
    if not rows or not rows[0]:
        return "a table without cells"
    if any(len(row) != len(rows[0]) for row in rows):
        return "the rows of a table have different numbers of cells"
    ambiguous = next((cell for row in rows for cell in row if _AMBIGUOUS_ESCAPE.search(cell)), "")
    return f"Behave and Gherkin parse the backslash in the cell `{ambiguous}` differently" if ambiguous else ""


def render_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Render the lines of a table, with aligned columns."""
    # The width counts characters: wide ones may look misaligned, which no parser minds.
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*escaped, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in escaped)
    return [f"| {' | '.join(row)} |" for row in padded]


def render_doc(text: str) -> list[str]:
    """Render the lines of a doc string."""
    return [_QUOTES, *(text.split("\n") if text else ()), _QUOTES]
