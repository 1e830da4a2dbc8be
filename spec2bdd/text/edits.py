"""Edit a text exactly, and turn its offsets into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, count
from operator import add

from spec2bdd.errors import EditError
from spec2bdd.model.values import dataclass

# The line ends of Markdown. `str.splitlines` knows many more, such as U+2028, so it must not be used for positions.
LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters from `start` up to `end` by `content`."""

    start: int
    end: int
    content: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply all edits at once; offsets are those of `text` as given.

    Raises:
        EditError: two edits overlap, or one reaches outside the text.
    """
    parts: list[str] = []
    reached = 0
    # The sort is stable: several insertions at one place keep their order.
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not reached <= edit.start <= edit.end <= len(text):
            raise EditError(f"edit of characters {edit.start} to {edit.end} overlaps another or lies outside the text")
        parts += [text[reached : edit.start], edit.content]
        reached = edit.end
    return "".join([*parts, text[reached:]])


def split_lines(text: str, start: int = 0) -> list[str]:
    """Split a text from an offset on into its lines, each with its end, at the line ends of Markdown alone."""
    return _LINE.findall(text, start)


class LineIndex:
    """Map offsets to lines and columns, and offsets in the text with LF line ends to those of the text itself."""

    __slots__ = ("_carriage_returns", "_line_starts")

    def __init__(self, text: str) -> None:
        if "\r" not in text or text.count("\r") == text.count("\r\n"):
            # The usual case, without a lone CR, done in C: each line is one character longer than its text.
            rows = text.split("\n")
            self._line_starts: list[int] = list(map(add, accumulate(map(len, rows), initial=0), count()))[:-1]
            starts = zip(rows, self._line_starts[1:], strict=False)
            ends = [start - 2 for row, start in starts if row[-1:] == "\r"] if "\r" in text else []
        else:
            spans = [match.span() for match in LINE_END.finditer(text)]
            self._line_starts = [0, *(end for _, end in spans)]
            ends = [start for start, end in spans if end - start == 2]
        # The nth dropped CR shifts every later offset of the normalised text by n + 1.
        self._carriage_returns = [start - n for n, start in enumerate(ends)]

    def find_line(self, offset: int) -> int:
        """Find the line of an offset, counted from 1."""
        return bisect_right(self._line_starts, offset)

    def find_start(self, line: int) -> int:
        """Find the offset at which a line begins, counted from 1."""
        return self._line_starts[line - 1]

    def find_column(self, offset: int) -> int:
        """Find the column of an offset in characters, counted from 1."""
        return offset - self._line_starts[self.find_line(offset) - 1] + 1

    def find_place(self, offset: int) -> tuple[int, int]:
        """Find the line and the column of an offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def find_source_offset(self, offset: int) -> int:
        """Find the offset in the text itself for one in the text where CR LF counts as one character."""
        return offset + bisect_right(self._carriage_returns, offset - 1)
