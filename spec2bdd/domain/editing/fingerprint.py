"""Compare a spec with what is read after an edit: a fingerprint holds everything that the edit must not change."""

from __future__ import annotations

from dataclasses import fields, replace
from operator import attrgetter

from spec2bdd.model import Criterion, NestedBlock, Spec
from spec2bdd.model.values import dataclass

# `mark` writes these fields, besides the boxes.
MARKED_FIELDS = ("status", "updated")


# All of a criterion but its place, its box and what is nested under it. Reading the fields is four times as fast as a
# copy of the criterion, which counts where a spec has thousands.
_read_content = attrgetter(
    *(field.name for field in fields(Criterion) if field.name not in ("line", "column", "start", "box", "nested"))
)


@dataclass(frozen=True, slots=True)
class SpecBody:
    """What a spec says under its front matter."""

    criteria: tuple[tuple[object, int, str, tuple[NestedBlock, ...]], ...]
    done_items: tuple[tuple[str, int, str], ...]
    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class SpecFingerprint:
    """The body of a spec, its fields (key, value, quote, line), and its diagnostics (line, code)."""

    body: SpecBody
    fields: tuple[tuple[str, str, str, int], ...]
    diagnostics: tuple[tuple[int, str], ...]


def fingerprint_spec(spec: Spec, *, lines: bool = True, marks: bool = True) -> SpecFingerprint:
    """Build the fingerprint of a spec; two specs that say the same have the same one.

    Columns and offsets never count: an edit moves those of everything that follows it in its line or file. Without
    `lines`, line numbers do not count either; without `marks`, nothing that `mark` may write.
    """
    criteria = tuple(
        (
            _read_content(criterion),
            criterion.line if lines else 0,
            criterion.box.mark if marks else "",
            criterion.nested if lines else tuple(replace(block, line=0) for block in criterion.nested),
        )
        for criterion in spec.criteria
    )
    done_items = tuple(
        (item.text, item.line if lines else 0, item.box.mark if marks else "") for item in spec.done_items
    )
    fields = tuple(
        (
            field.key,
            field.value if marks or field.key not in MARKED_FIELDS else "",
            field.quote,
            field.line if lines else 0,
        )
        for field in spec.fields
    )
    # Sorted, because their order is that of the rules that found them.
    diagnostics = tuple(sorted((diagnostic.line if lines else 0, diagnostic.code) for diagnostic in spec.diagnostics))
    return SpecFingerprint(SpecBody(criteria, done_items, spec.title, spec.purpose), fields, diagnostics)
