"""Find an edit of one criterion that is proved by reading the edited text again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from spec2bdd.domain.editing.fingerprint import fingerprint_spec
from spec2bdd.errors import EditError, SpecError
from spec2bdd.model import Criterion, Spec
from spec2bdd.text.edits import Edit, apply_edits

SpecReader = Callable[[str, bytes], Spec]
"""Parses a spec from its path and the bytes of its file."""


def find_verified_edit(
    spec: Spec, index: int, wanted: Criterion, candidates: Iterable[Sequence[Edit]], *, read: SpecReader
) -> str:
    """Find the first edited text that reads as the same spec with criterion `index` as wanted; `""` if none does."""
    criteria = (*spec.criteria[:index], wanted, *spec.criteria[index + 1 :])
    expected = fingerprint_spec(replace(spec, criteria=criteria), lines=False)
    for edits in candidates:
        try:
            text = apply_edits(spec.text, edits)
            after = read(spec.path, text.encode("utf-8"))
        except (EditError, SpecError, UnicodeEncodeError):
            # This form is not possible here, such as a reason with a lone surrogate; the next one may be.
            continue
        if fingerprint_spec(after, lines=False) == expected:
            return text
    return ""
