"""Turn an exception into a diagnostic."""

from __future__ import annotations

from spec2bdd.diagnostics.build import build_error
from spec2bdd.errors import Spec2bddError
from spec2bdd.model import Diagnostic


def diagnose_error(error: Spec2bddError, *, path: str = "") -> Diagnostic:
    """Turn an exception into a diagnostic; `path` is used where the exception names no file."""
    at = (error.line, error.column)
    return build_error(error.code, error.message, path=error.path or path, at=at, hint=error.hint)
