"""The checkboxes of one file in, a table for a terminal out that says how each of them was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from spec2bdd.model import Checkbox
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, measure_text, render_cell, render_lines
from spec2bdd.reporters.terminal.theme import TIER_NAMES

_TIER_CELLS = 8
_MOST_ID_CELLS = 16


def render_reading(path: str, checkboxes: Sequence[Checkbox], *, width: int, color: bool) -> str:
    """Show each checkbox below its section: line, box, tier, id and text, or why no scenario decides about it."""
    return render_lines(_derive_lines(path, checkboxes), width=width, color=color)


def _derive_lines(path: str, checkboxes: Sequence[Checkbox]) -> Iterator[StyledLine]:
    """Yield the lines of the table."""
    yield StyledLine(((path, "bold"),), whole=True)
    cells = max((len(str(box.line)) for box in checkboxes), default=0)
    ids = min(max((measure_text(box.given_id) for box in checkboxes), default=0), _MOST_ID_CELLS)
    for section, boxes in groupby(checkboxes, key=lambda box: box.section):
        yield BLANK
        yield StyledLine(((section or "above all headings", "cyan"),), hang=2)
        for box in boxes:
            yield from _derive_box(box, cells=cells, ids=ids)
    yield BLANK
    yield _derive_end(checkboxes)


def _derive_box(box: Checkbox, *, cells: int, ids: int) -> Iterator[StyledLine]:
    """Show one checkbox; what is no criterion stands back; below it, why no scenario decides."""
    tier = render_cell(TIER_NAMES[box.tier] if box.tier else "-", _TIER_CELLS)
    given_id = render_cell(box.given_id, ids) + "  " if ids else ""
    style = "" if box.tier else "dim"
    head = f"{box.line:>{cells}}  [{box.mark}]  "
    hang = cells + 7 + _TIER_CELLS + (ids + 2 if ids else 0)
    parts = ((head, "dim"), (tier, "green" if box.tier else "dim"), (given_id, "bold"), (box.text, style))
    yield StyledLine(parts, indent=2, hang=hang)
    if note := _describe_judge(box):
        yield StyledLine(((note, "yellow"),), indent=2 + hang, hang=2)


def _describe_judge(box: Checkbox) -> str:
    """Say why no scenario decides about a box; nothing if one does."""
    if box.reason:
        return f"not a criterion: {box.reason}"
    if box.waived:
        return f"waived: {box.waived}"
    return "manual: a person judges it" if box.manual else ""


def _derive_end(checkboxes: Sequence[Checkbox]) -> StyledLine:
    """Count the checkboxes."""
    criteria = sum(box.tier is not None for box in checkboxes)
    others = len(checkboxes) - criteria
    words = f"{criteria} {'criterion' if criteria == 1 else 'criteria'}"
    return StyledLine(((words, "bold"), (f", {others} other {'checkbox' if others == 1 else 'checkboxes'}", "")))
