"""Lay out styled lines for a terminal width; the only module that knows about colour codes and cell widths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spec2bdd.model.values import dataclass
from spec2bdd.reporters.terminal.escape import render_visible

Part = tuple[str, str]
"""A text and the style that it is shown in, such as `("failed", "bold red")`."""

Parts = tuple[Part, ...]

# A text is not shortened to fewer cells than this to keep a location on its right: the location moves under it.
_MIN_TEXT = 24

# A word with the white space before it, so that nothing is lost when words are joined again.
_WORD = re.compile(r"\s+\S*|\S+")
_PART = re.compile(r".+")


@dataclass(frozen=True, slots=True)
class StyledLine:
    """One line of an answer: it is wrapped, unless it has parts at the right edge: then it is shortened.

    Rows after the first are indented by `hang` cells more. A `whole` line is broken only where a part starts with a
    space, so that a path can be copied and a number stays with its noun.
    """

    parts: Parts = ()
    indent: int = 0
    hang: int = 0
    right: Parts = ()
    whole: bool = False


BLANK = StyledLine()


def render_lines(lines: Iterable[StyledLine], *, width: int, color: bool) -> str:
    """Lay lines out and paint them; no character of their parts can reach the terminal as anything but text."""
    rows = [row for line in lines for row in _lay_out(line, width)]
    if not color:
        return "".join("".join(text for text, _ in row).rstrip() + "\n" for row in rows)
    from rich.color import ColorSystem  # rich costs start-up time
    from rich.style import Style

    painted = (
        # The 16 standard colours, which every terminal has and which people set to what they can read.
        "".join(
            Style.parse(style).render(text, color_system=ColorSystem.STANDARD) if style and text else text
            for text, style in row
        )
        for row in rows
    )
    return "".join(row.rstrip() + "\n" for row in painted)


def build_next(step: str, *, width: int) -> StyledLine:
    """Show the next step, broken between words, but not inside of a command that is copied."""
    words = re.findall(r"\s*(?:`spec2bdd [^`]*`\S*|\S+)", step)
    fits = max(map(len, words)) + 6 <= width
    return StyledLine((("next: ", "bold"), *((word, "") for word in words)), hang=6, whole=fits)


def render_cell(text: str, cells: int) -> str:
    """Shorten or pad a text to exactly that many cells."""
    short = "".join(text for text, _ in _shorten(((render_visible(text), ""),), cells))
    return short + " " * (cells - measure_text(short))


def measure_text(text: str) -> int:
    """Measure how many cells of a terminal a text takes."""
    from rich.cells import cell_len  # rich costs start-up time

    return cell_len(render_visible(text))


def _lay_out(line: StyledLine, width: int) -> Iterator[Parts]:
    """Lay one line out as rows of parts."""
    parts, right = (tuple((render_visible(text), style) for text, style in side) for side in (line.parts, line.right))
    room = max(width - line.indent, _MIN_TEXT)
    left_room = room - _count_cells(right) - 2
    rows: Iterable[Parts]
    if right and left_room < min(_MIN_TEXT, _count_cells(parts)):
        # The right part moves to a row of its own: it would leave too little of the left.
        rows = (_shorten(parts, room), ((" " * line.hang, ""), *right))
    elif right:
        left = _shorten(parts, left_room)
        rows = ((*left, (" " * (left_room - _count_cells(left) + 2), ""), *right),)
    elif _count_cells(parts) <= room:
        rows = (parts,)
    else:
        # A hang of more than half of the room would leave too little for the text.
        rows = _wrap(parts, room, min(line.hang, room // 2), whole=line.whole)
    for row in rows:
        yield ((" " * line.indent, ""), *row)


def _wrap(parts: Parts, room: int, hang: int, *, whole: bool) -> Iterator[Parts]:
    """Break a line into rows between words, and inside a word only where the word is longer than a row."""
    row: Parts = ()
    for word in _split_words(parts, _PART if whole else _WORD):
        too_long = not whole and _count_cells(word) > room - hang
        for piece in _chop_word(word, room - hang) if too_long else (word,):
            if row and _count_cells(row) + _count_cells(piece) > room:
                yield row
                # No row starts with the white space at which the one before it was broken.
                (text, style), *others = piece
                row = ((" " * hang, ""), (text.lstrip(), style), *others)
            else:
                row += piece
    if any(text.strip() for text, _ in row):
        yield row


def _split_words(parts: Parts, pattern: re.Pattern[str]) -> list[Parts]:
    """Split parts into words, each with the white space before it; a word may reach over several parts."""
    words: list[Parts] = []
    for text, style in parts:
        for piece in pattern.findall(text):
            if piece[0].isspace() or not words:
                words.append(((piece, style),))
            else:
                words[-1] += ((piece, style),)
    return words


def _chop_word(word: Parts, room: int) -> Iterator[Parts]:
    """Chop a word that is longer than a row, after the white space before it."""
    from rich.cells import chop_cells  # rich costs start-up time

    for text, style in word:
        bare = text.lstrip()
        yield ((text[: len(text) - len(bare)], style),)
        yield from (((chunk, style),) for chunk in chop_cells(bare, room))


def _shorten(parts: Parts, cells: int) -> Parts:
    """Shorten parts to a number of cells, with an ellipsis at the end where anything was cut."""
    from rich.cells import chop_cells  # rich costs start-up time

    if _count_cells(parts) <= cells:
        return parts
    kept: Parts = ()
    for text, style in parts:
        # One cell is for the ellipsis.
        room = cells - 1 - _count_cells(kept)
        if _count_cells(((text, style),)) > room:
            start = chop_cells(text, room)[0] if room > 0 else ""
            return (*kept, (start.rstrip() + "…", style))
        kept += ((text, style),)
    return kept


def _count_cells(parts: Parts) -> int:
    """Count the cells that visible parts take together."""
    from rich.cells import cell_len  # rich costs start-up time

    return sum(cell_len(text) for text, _ in parts)
