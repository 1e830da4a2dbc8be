"""A spec and edits to try in, the first text out that reads as the same spec with one criterion as it shall be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from spec2bdd.domain.editing.fingerprint import SpecFingerprint, fingerprint_spec
from spec2bdd.errors import EditError, SpecError
from spec2bdd.model import Criterion, Spec
from spec2bdd.text.edits import Edit, apply_edits

SpecReader = Callable[[str, bytes], Spec]
"""What reads a spec again: a path and the bytes of the file in, the spec out."""


def find_verified_edit(
    spec: Spec, index: int, wanted: Criterion, tries: Iterable[Sequence[Edit]], *, read: SpecReader
) -> str:
    """Return the first text that reads back as asked, or nothing if none does."""
    criteria = (*spec.criteria[:index], wanted, *spec.criteria[index + 1 :])
    wanted_spec = fingerprint_spec(replace(spec, criteria=criteria), lines=False)
    return next((text for edits in tries if (text := _try(spec, edits, wanted_spec, read))), "")


def _try(spec: Spec, edits: Sequence[Edit], wanted: SpecFingerprint, read: SpecReader) -> str:
    """Return the edited text if it reads back with that shape."""
    try:
        text = apply_edits(spec.text, edits)
        after = read(spec.path, text.encode("utf-8"))
    except (EditError, SpecError, UnicodeEncodeError):
        return ""
    return text if fingerprint_spec(after, lines=False) == wanted else ""
