"""A place, a code and words in, a located finding with the severity that the code has out."""

from __future__ import annotations

from spec2bdd.diagnostics.codes import CODES
from spec2bdd.model import Diagnostic


def build_diagnostic(path: str, place: tuple[int, int], *, code: str, message: str, hint: str = "") -> Diagnostic:
    """Return a finding; `place` is a line and a column, counted from 1."""
    return Diagnostic(path, *place, CODES[code].severity, code, message, hint or CODES[code].fix)
