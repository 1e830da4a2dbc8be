"""The answer of `lint --explain-reading`: a table of the checkboxes of a file, and how each was read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from spec2bdd.model import Checkbox, SpecReading, Tier
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, measure_text, render_cell, render_lines
from spec2bdd.reporters.terminal.theme import TIER_NAMES

_TIER_CELLS = 8
# Longer ids are cut: they must not push the texts to the right.
_MAX_ID_CELLS = 16


def render_reading(reading: SpecReading, *, width: int, color: bool) -> str:
    """Show the dialect, and each checkbox under its section: line, box, tier, id and text, or the reason."""
    checkboxes = reading.checkboxes
    line_cells = max((len(str(box.line)) for box in checkboxes), default=0)
    id_cells = min(max((measure_text(box.given_id) for box in checkboxes), default=0), _MAX_ID_CELLS)
    lines = [
        StyledLine(((reading.path, "bold"),), whole=True),
        StyledLine(((f"dialect: {reading.dialect}, because {reading.detected_by}", "dim"),)),
    ]
    # Checkboxes are in file order, so those of one section are next to each other.
    for (section, heading, line), boxes in groupby(
        checkboxes, key=lambda box: (box.section, box.decided_by, box.decided_line)
    ):
        decision = f"  decided by `{heading}` on line {line}" if heading else ""
        lines += [BLANK, StyledLine(((section or "above all headings", "cyan"), (decision, "dim")), hang=2)]
        for box in boxes:
            lines += _build_row(box, line_cells=line_cells, id_cells=id_cells)
    # As `verify` counts them: won't-haves are no part of acceptance.
    wont = sum(box.tier is Tier.WONT for box in checkboxes)
    criteria = sum(box.tier is not None for box in checkboxes) - wont
    count = (count_noun(criteria, "criterion", "criteria"), "bold")
    rest = count_noun(len(checkboxes) - criteria - wont, "other checkbox", "other checkboxes")
    others = f"{wont} won't, {rest}" if wont else rest
    lines += [BLANK, StyledLine((count, (f", {others}", "")))]
    return render_lines(lines, width=width, color=color)


def _build_row(box: Checkbox, *, line_cells: int, id_cells: int) -> Iterator[StyledLine]:
    """Show one checkbox, dim unless it is a criterion; under it, why no scenario decides about it."""
    tier = render_cell(TIER_NAMES[box.tier] if box.tier else "-", _TIER_CELLS)
    given_id = render_cell(box.given_id, id_cells) + "  " if id_cells else ""
    style = "" if box.tier else "dim"
    head = f"{box.line:>{line_cells}}  {f'[{box.mark}]' if box.mark or box.reason else '   '}  "
    hang = line_cells + 7 + _TIER_CELLS + (id_cells + 2 if id_cells else 0)
    parts = ((head, "dim"), (tier, "green" if box.tier else "dim"), (given_id, "bold"), (box.text, style))
    yield StyledLine(parts, indent=2, hang=hang)
    note = f"manual: {'ticked' if box.mark in ('x', 'X') else 'not ticked yet'}" if box.manual else ""
    # A reason why it is no criterion says more than a waiver, and a waiver more than who judges.
    if box.reason:
        note = f"not a criterion: {box.reason}"
    elif box.waived:
        note = f"waived: {box.waived}"
    if note:
        yield StyledLine(((note, "yellow"),), indent=2 + hang, hang=2)
