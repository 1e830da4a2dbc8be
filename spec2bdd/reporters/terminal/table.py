"""A table of specs: one row for each, with cells under titles, that becomes two lines where the terminal is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

from spec2bdd.model.values import dataclass
from spec2bdd.reporters.terminal.layout import Part, Parts, StyledLine, measure_text, render_cell

_MAX_ID_CELLS = 12
# Names are cut to no less than this: under it, the cells move to a line of their own.
_MIN_NAME_CELLS = 16
_GAP = "  "


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one spec: its id and name, a text with its style under each title, and a note under the row."""

    feature_id: str
    name: str
    cells: dict[str, Parts]
    note: Parts = ()


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide each column is; `titles` are those that any row has something to say in."""

    feature_id: int
    name: int
    titles: dict[str, int]

    @classmethod
    def fit(cls, rows: Sequence[TableRow], width: int) -> Self:
        """Find the columns for these rows; the names get what the other columns leave."""
        titles: dict[str, int] = {}
        # In the order of the cells, which is the same in all rows.
        for title in rows[0].cells:
            cells = max(_measure(row.cells[title]) for row in rows)
            if cells:
                titles[title] = max(cells, len(title))
        feature_id = min(max(measure_text(row.feature_id) for row in rows), _MAX_ID_CELLS)
        room = width - (feature_id + len(_GAP) if feature_id else 0)
        room -= sum(cells + len(_GAP) for cells in titles.values())
        return cls(feature_id, min(max(measure_text(row.name) for row in rows), room), titles)


def lay_out_rows(rows: Sequence[TableRow], *, width: int) -> Iterator[StyledLine]:
    """Lay out the rows under a line of titles; where the names would get too little, each row takes two lines."""
    if not rows:
        return
    columns = _Columns.fit(rows, width)
    longest = max(measure_text(row.name) for row in rows)
    narrow = columns.name < min(longest, _MIN_NAME_CELLS)
    if not narrow:
        indent = " " * (columns.name + (columns.feature_id + len(_GAP) if columns.feature_id else 0))
        titles = [(_GAP + render_cell(title, cells), "dim") for title, cells in columns.titles.items()]
        yield StyledLine(((indent, ""), *titles), whole=True)
    for row in rows:
        number = render_cell(row.feature_id, columns.feature_id) + _GAP if columns.feature_id else ""
        name = row.name if narrow else render_cell(row.name, columns.name)
        head: Parts = ((number, "bold cyan"), (name, "bold"))
        if narrow:
            yield StyledLine(head, hang=len(number))
            yield StyledLine(tuple(_name_cells(row, columns)), indent=2, hang=2, whole=True)
        else:
            # Each cell is as wide as its column.
            padded = [
                part
                for title, cells in columns.titles.items()
                for part in ((_GAP, ""), *row.cells[title], (" " * (cells - _measure(row.cells[title])), ""))
            ]
            yield StyledLine((*head, *padded), whole=True)
        if row.note:
            yield StyledLine(row.note, indent=2 if narrow else len(number), hang=2)


def _name_cells(row: TableRow, columns: _Columns) -> Iterator[Part]:
    """Yield the cells of a row that say something, each after its title; a line is broken before a title at most."""
    blank = ""
    for title in columns.titles:
        if row.cells[title]:
            (text, style), *others = row.cells[title]
            yield f"{blank}{title} {text}", style
            yield from others
            blank = _GAP


def _measure(parts: Parts) -> int:
    """Measure how many cells the parts take together."""
    return sum(measure_text(text) for text, _ in parts)
