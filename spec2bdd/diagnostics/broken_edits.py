"""Join the errors of Behave's parser in generated files that were edited by hand to the errors about the edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spec2bdd.model import Diagnostic

_EDITED = "edited-by-hand"
_UNREADABLE = ("feature-syntax", "feature-encoding")


def suggest_undo(path: str) -> str:
    """Suggest how to undo an edit of a generated file, whose diff is shown."""
    return f"undo the edit as the diff shows, or with `git restore {path}`"


def join_broken_edits(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Join each error of a file that Behave cannot read to the edit by hand at or above its line.

    The edit is the cause, and can only be undone: what cannot be parsed cannot be moved to another file.
    """
    listed = tuple(diagnostics)
    edits: dict[str, list[Diagnostic]] = {}
    for diagnostic in listed:
        if diagnostic.code == _EDITED:
            edits.setdefault(diagnostic.path, []).append(diagnostic)
    causes: dict[Diagnostic, Diagnostic] = {}
    joined: set[Diagnostic] = set()
    for error in listed if edits else ():
        if error.code in _UNREADABLE and (own := edits.get(error.path)):
            own.sort(key=lambda edit: edit.line)
            cause = [own[0], *(edit for edit in own if edit.line <= error.line)][-1]
            joined.add(error)
            # It is joined already where a report is completed for the second time.
            if error.message not in cause.message:
                causes[cause] = error
    return tuple(_join(item, causes.get(item)) for item in listed if item not in joined)


def _join(edit: Diagnostic, error: Diagnostic | None) -> Diagnostic:
    """Add to the error about an edit what Behave says of it, if it says anything."""
    if error is None:
        return edit
    return replace(edit, message=f"{edit.message}; {error.message}", hint=suggest_undo(edit.path))
