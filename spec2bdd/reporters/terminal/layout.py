"""Lines made of styled parts in, a text of that width out: the only place where colour and width are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spec2bdd.reporters.terminal.escape import render_visible

Part = tuple[str, str]
"""A text and the style that it is shown in, such as `("failed", "bold red")`."""

_LEAST_TEXT = 24
"""A text is not shortened to fewer cells than this to keep a place beside it: the place moves below instead."""

_WORD = re.compile(r"\s+\S*|\S+")
_PART = re.compile(r".+")


@dataclass(frozen=True, slots=True)
class StyledLine:
    """One line of an answer: it is wrapped, unless it has parts at the right edge: then it is shortened.

    Rows after the first are indented by `hang` cells more. A `whole` line is broken only where a part starts with a
    space, so that a path can be copied and a number stays with its noun.
    """

    parts: tuple[Part, ...] = ()
    indent: int = 0
    hang: int = 0
    right: tuple[Part, ...] = ()
    whole: bool = False


BLANK = StyledLine()


def render_lines(lines: Iterable[StyledLine], *, width: int, color: bool) -> str:
    """Lay lines out and paint them; no character of their parts can reach the terminal as anything but text."""
    rows = (row for line in lines for row in _derive_rows(_derive_visible(line), width))
    return "".join(_render_row(row, color=color) + "\n" for row in rows)


def render_cell(text: str, cells: int) -> str:
    """Shorten or pad a text to exactly that many cells."""
    from rich.cells import cell_len  # rich costs start-up time

    short = "".join(text for text, _ in _shorten(((render_visible(text), ""),), cells))
    return short + " " * (cells - cell_len(short))


def measure_text(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    from rich.cells import cell_len  # rich costs start-up time

    return cell_len(render_visible(text))


def _derive_visible(line: StyledLine) -> StyledLine:
    """Make every part of a line safe to show."""
    parts = tuple((render_visible(text), style) for text, style in line.parts)
    right = tuple((render_visible(text), style) for text, style in line.right)
    return replace(line, parts=parts, right=right)


def _derive_rows(line: StyledLine, width: int) -> Iterator[tuple[Part, ...]]:
    """Lay one line out as rows of parts."""
    room = max(width - line.indent, _LEAST_TEXT)
    indent = (" " * line.indent, "")
    if line.right:
        yield from ((indent, *row) for row in _derive_two_sides(line, room))
    elif _count_cells(line.parts) <= room:
        yield (indent, *line.parts)
    else:
        yield from ((indent, *row) for row in _wrap(line, room, min(line.hang, room // 2)))


def _derive_two_sides(line: StyledLine, room: int) -> Iterator[tuple[Part, ...]]:
    """Set the right part at the right edge, or on a row of its own where that would leave too little of the left."""
    left_room = room - _count_cells(line.right) - 2
    if left_room < min(_LEAST_TEXT, _count_cells(line.parts)):
        yield _shorten(line.parts, room)
        yield ((" " * line.hang, ""), *line.right)
        return
    left = _shorten(line.parts, left_room)
    yield (*left, (" " * (left_room - _count_cells(left) + 2), ""), *line.right)


def _wrap(line: StyledLine, room: int, hang: int) -> Iterator[tuple[Part, ...]]:
    """Break a line into rows between words, and inside a word only where the word is longer than a row."""
    row: tuple[Part, ...] = ()
    for piece in _derive_pieces(line, room - hang):
        if row and _count_cells(row) + _count_cells(piece) > room:
            yield row
            row = ((" " * hang, ""), *_strip_space(piece))
        else:
            row += piece
    if any(text.strip() for text, _ in row):
        yield row


def _derive_pieces(line: StyledLine, room: int) -> Iterator[tuple[Part, ...]]:
    """Cut a line into what may stand on rows of their own."""
    for word in _derive_words(line.parts, _PART if line.whole else _WORD):
        if line.whole or _count_cells(word) <= room:
            yield word
        else:
            yield from _cut_word(word, room)


def _derive_words(parts: tuple[Part, ...], pattern: re.Pattern[str]) -> list[tuple[Part, ...]]:
    """Cut parts into words, each with the white space before it; a word may reach over several parts."""
    words: list[tuple[Part, ...]] = []
    for text, style in parts:
        for piece in pattern.findall(text):
            if piece[0].isspace() or not words:
                words.append(((piece, style),))
            else:
                words[-1] += ((piece, style),)
    return words


def _cut_word(word: tuple[Part, ...], room: int) -> Iterator[tuple[Part, ...]]:
    """Cut a word that is longer than a row, behind the white space before it."""
    from rich.cells import chop_cells  # rich costs start-up time

    for text, style in word:
        bare = text.lstrip()
        yield ((text[: len(text) - len(bare)], style),)
        yield from (((chunk, style),) for chunk in chop_cells(bare, room))


def _strip_space(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Drop the white space that a row would start with."""
    (text, style), *others = parts
    return ((text.lstrip(), style), *others)


def _shorten(parts: tuple[Part, ...], cells: int) -> tuple[Part, ...]:
    """Cut parts to a number of cells, the last one an ellipsis where anything was cut."""
    if _count_cells(parts) <= cells:
        return parts
    kept: tuple[Part, ...] = ()
    for text, style in parts:
        room = cells - 1 - _count_cells(kept)
        if _count_cells(((text, style),)) > room:
            return (*kept, (_cut(text, room).rstrip() + "…", style))
        kept += ((text, style),)
    return kept


def _cut(text: str, cells: int) -> str:
    """Return the longest start of a text that fits into a number of cells."""
    from rich.cells import chop_cells  # rich costs start-up time

    return chop_cells(text, cells)[0] if cells > 0 and text else ""


def _count_cells(parts: tuple[Part, ...]) -> int:
    """Return how many cells parts take together."""
    from rich.cells import cell_len  # rich costs start-up time

    return sum(cell_len(text) for text, _ in parts)


def _render_row(row: tuple[Part, ...], *, color: bool) -> str:
    """Paint one row, without white space at its end."""
    if not color:
        return "".join(text for text, _ in row).rstrip()
    from rich.color import ColorSystem  # rich costs start-up time
    from rich.style import Style

    painted = (
        Style.parse(style).render(text, color_system=ColorSystem.STANDARD) if style and text else text
        for text, style in row
    )
    return "".join(painted).rstrip()
