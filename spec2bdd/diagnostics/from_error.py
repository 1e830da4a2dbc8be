"""Turn an exception into a diagnostic."""

from __future__ import annotations

from spec2bdd.errors import Spec2bddError
from spec2bdd.model import Diagnostic, Severity


def diagnose_error(error: Spec2bddError, *, path: str = "") -> Diagnostic:
    """Return an error as a problem, so that it can stand beside others."""
    place = (error.path or path, error.line, error.column)
    return Diagnostic(*place, Severity.ERROR, _derive_code(error), error.message, error.hint)


def _derive_code(error: Spec2bddError) -> str:
    """Build the code of an error from the name of its type; a more exact type has the code of the one it refines."""
    kind = next((kind for kind in type(error).__mro__ if Spec2bddError in kind.__bases__), type(error))
    name = kind.__name__.removesuffix("Error")
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name).strip("-")
