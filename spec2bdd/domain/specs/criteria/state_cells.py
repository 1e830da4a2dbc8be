"""Find the mark of a criterion in the cell `Status` of its row: a checkbox, a symbol or a word for a state.

Each state has one opposite, and the width of a column decides about blanks in the same way in both directions. So the
opposite verdict restores the cell byte for byte, and what is not one of these states is left to its author.
"""

from __future__ import annotations

import re

from spec2bdd.model import Box, BoxKind

# The names of columns that say whether a criterion is met.
STATE_NAMES = frozenset(
    {"status", "state", "verdict", "result", "done", "met", "pass", "passed", "verified", "\u2713", "\u2714", "\u2705"}
)
# A state that is not proved, and its opposite. No word may be in two pairs: a mark could not be undone.
_PAIRS = (
    ("\u2610", "\u2611"),  # boxes
    ("\u274c", "\u2705"),  # emoji
    ("\u2717", "\u2713"),
    ("\u2718", "\u2714"),
    ("fail", "pass"),
    ("failed", "passed"),
    ("failing", "passing"),
    ("incomplete", "complete"),
    ("no", "yes"),
    ("open", "closed"),
    ("pending", "verified"),
    ("planned", "implemented"),
    ("todo", "done"),
    ("unmet", "met"),
)
_OPPOSITES = {word: (False, opposite) for word, opposite in _PAIRS} | {
    opposite: (True, word) for word, opposite in _PAIRS
}
# What an empty cell becomes.
_PROVED = "proved"
_CHECKBOX = re.compile(r"\[[ xX~-]\]")
# A word or a symbol, with the marks of bold text or code, and what makes an emoji of a symbol.
_PART = re.compile("(?P<start>[*_`]*)(?P<word>[^*_`\ufe0f]+)(?P<end>\ufe0f?[*_`]*)")
_STYLES = (str.lower, str.capitalize, str.upper)


def find_state_box(text: str, start: int, end: int, *, column_width: int, words: bool) -> Box | None:
    """Find the mark in the cell between two bars; `None` if it has no checkbox and, with `words`, no known state.

    `column_width` is the width of the delimiter cell of its column, which is that of the cells of an aligned table.
    """
    cell = text[start:end]
    content = cell.strip(" ")
    if _CHECKBOX.fullmatch(content):
        return Box(content[1], start + cell.index("[") + 1)
    found = _find_opposite(content) if words else None
    if found is None:
        return None
    proved, opposite = found
    other = _replace_content(cell, content, opposite, column_width)
    # Blanks around an empty cell cannot always be restored.
    if other is None or _replace_content(other, opposite, content, column_width) != cell:
        return None
    return Box("x" if proved else " ", start, len(cell), BoxKind.CELL, opposite=other)


def _find_opposite(content: str) -> tuple[bool, str] | None:
    """Find whether a cell says that a criterion is proved, and what says the opposite; `None` if it says neither."""
    if content in ("", _PROVED):
        return bool(content), "" if content else _PROVED
    opposites, kinds = [], set()
    # Between the words of a cell there is one blank, and each of them is a state.
    for part in content.split(" "):
        match = _PART.fullmatch(part)
        found = _OPPOSITES.get(match["word"].lower()) if match else None
        style = next((style for style in _STYLES if match and style(match["word"]) == match["word"]), None)
        if match is None or found is None or style is None:
            return None
        kinds.add(found[0])
        opposites.append(f"{match['start']}{style(found[1])}{match['end']}")
    return (kinds.pop(), " ".join(opposites)) if len(kinds) == 1 else None


def _replace_content(cell: str, content: str, other: str, column_width: int) -> str | None:
    """Replace the content of a cell; the cell of an aligned column keeps its width. `None` if that cannot be undone."""
    lead = cell[: cell.index(content)] if content else cell[:1]
    trail = cell[len(lead) + len(content) :]
    change = len(other) - len(content)
    padding = 0
    if len(lead) + max(len(content), len(other)) + 1 <= column_width:
        if len(cell) == column_width:
            padding = -change
        elif len(cell) == column_width - change:
            # It would have the width of a cell in an aligned column, and would then be read as one.
            padding = change
    if padding < -len(trail):
        return None
    return lead + other + (trail[:padding] if padding < 0 else trail + " " * padding)
