"""Build diagnostics by keyword: `build_error("orphan", "...", path=path, at=(1, 1), hint="...")`."""

from __future__ import annotations

from spec2bdd.diagnostics.codes import find_code
from spec2bdd.model import Diagnostic, Severity

Position = tuple[int, int]
"""A line and a column, both counted from 1."""

# The position of a diagnostic about a whole file, or about no file at all.
NO_POSITION: Position = (0, 0)


def build_error(
    code: str, message: str, *, path: str = "", at: Position = NO_POSITION, hint: str = "", diff: str = ""
) -> Diagnostic:
    """Build an error: it makes the exit code 2."""
    return Diagnostic(path, *at, Severity.ERROR, code, message, hint, diff)


def build_warning(
    code: str, message: str, *, path: str = "", at: Position = NO_POSITION, hint: str = "", diff: str = ""
) -> Diagnostic:
    """Build a warning."""
    return Diagnostic(path, *at, Severity.WARNING, code, message, hint, diff)


def build_diagnostic(
    code: str, message: str, *, path: str = "", at: Position = NO_POSITION, hint: str = ""
) -> Diagnostic:
    """Build a diagnostic with the severity, and without a hint also the fix, that `codes.toml` has for its code."""
    entry = find_code(code)
    if entry is None:
        raise KeyError(code)
    return Diagnostic(path, *at, entry.severity, code, message, hint or entry.fix)
