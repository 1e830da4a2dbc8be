"""The text being read, with its path and places: offsets in, located problems out."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.edits import LineIndex


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The decoded text of one spec, and how to turn its offsets into lines and columns."""

    path: str
    text: str
    places: LineIndex

    def find_place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset, counted from 1."""
        return self.places.find_place(offset)

    def derive_warning(self, offset: int, code: str, *, message: str, hint: str = "") -> Diagnostic:
        """Return a warning about what stands at that offset."""
        return Diagnostic(self.path, *self.find_place(offset), Severity.WARNING, code, message, hint)

    def derive_error(self, offset: int, code: str, *, message: str, hint: str = "") -> Diagnostic:
        """Return an error about what stands at that offset."""
        return Diagnostic(self.path, *self.find_place(offset), Severity.ERROR, code, message, hint)


def parse_source_file(path: str, text: str) -> SourceFile:
    """Return the page of a text."""
    return SourceFile(path, text, LineIndex(text))
