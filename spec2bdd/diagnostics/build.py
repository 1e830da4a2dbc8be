"""A place, a code and words in, a located finding with the severity that the code has out."""

from __future__ import annotations

from spec2bdd.diagnostics.codes import CODES
from spec2bdd.model import Problem


def derive_finding(path: str, place: tuple[int, int], *, code: str, message: str, hint: str = "") -> Problem:
    """Return a finding; `place` is a line and a column, counted from 1."""
    return Problem(path, *place, CODES[code].severity, code, message, hint or CODES[code].fix)
