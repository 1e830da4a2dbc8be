"""A spec and edits to try in, the first text out that reads as the same spec with one criterion as it shall be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

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
    shape = _derive_shape(replace(spec, criteria=criteria))
    return next((text for edits in tries if (text := _try(spec, edits, shape, read))), "")


def _try(spec: Spec, edits: Sequence[Edit], shape: tuple[object, ...], read: SpecReader) -> str:
    """Return the edited text if it reads back with that shape."""
    try:
        text = apply_edits(spec.text, edits)
        after = read(spec.path, text.encode("utf-8"))
    except (EditError, SpecError, UnicodeEncodeError):
        return ""
    return text if _derive_shape(after) == shape else ""


def _derive_shape(spec: Spec) -> tuple[object, ...]:
    """Return all that a spec says, without the places where it says it."""
    criteria = [_drop_places(criterion) for criterion in spec.criteria]
    done_items = [(item.text, item.box.mark) for item in spec.done_items]
    fields = [(field.key, field.value, field.quote) for field in spec.fields]
    codes = sorted(problem.code for problem in spec.problems)
    return criteria, done_items, fields, codes, spec.title, spec.purpose


def _drop_places(criterion: Criterion) -> Criterion:
    """Return a criterion without lines, columns and offsets."""
    nested = tuple(replace(found, line=0) for found in criterion.nested)
    return replace(criterion, line=0, column=0, box=replace(criterion.box, offset=0), nested=nested)
