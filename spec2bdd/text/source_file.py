"""The text of a spec while it is parsed: its path, and the positions of its offsets."""

from __future__ import annotations

import re

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LineIndex

_LONE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The decoded text of one spec, with the index of its lines.

    In `text`, a carriage return alone is replaced by a line feed: all lines end with LF or CR LF. Its offsets are those
    of the file as it is.
    """

    path: str
    text: str
    places: LineIndex

    def find_place(self, offset: int) -> tuple[int, int]:
        """Find the line and the column of an offset, counted from 1."""
        return self.places.find_place(offset)

    def build_warning(self, offset: int, code: str, *, message: str, hint: str = "") -> Diagnostic:
        """Build a warning about the text at an offset."""
        return Diagnostic(self.path, *self.find_place(offset), Severity.WARNING, code, message, hint)

    def build_error(self, offset: int, code: str, *, message: str, hint: str = "") -> Diagnostic:
        """Build an error about the text at an offset."""
        return Diagnostic(self.path, *self.find_place(offset), Severity.ERROR, code, message, hint)


def parse_source_file(path: str, text: str) -> SourceFile:
    """Index the lines of a text, which end with LF, CR LF or CR."""
    if "\r" in text:
        text = _LONE_CR.sub("\n", text)
    return SourceFile(path, text, LineIndex(text))
