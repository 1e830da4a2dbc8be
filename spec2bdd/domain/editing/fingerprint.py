"""Compare a spec with what is read after an edit: a fingerprint holds everything that the edit must not change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spec2bdd.model import Criterion, Spec

# `mark` writes these fields, besides the boxes.
MARKED_FIELDS = ("status", "updated")


@dataclass(frozen=True, slots=True)
class SpecBody:
    """What a spec says below its front matter."""

    criteria: tuple[Criterion, ...]
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

    def line_of(number: int) -> int:
        return number if lines else 0

    def mark_of(mark: str) -> str:
        return mark if marks else ""

    criteria = tuple(
        replace(
            criterion,
            line=line_of(criterion.line),
            column=0,
            box=replace(criterion.box, mark=mark_of(criterion.box.mark), offset=0),
            nested=tuple(replace(block, line=line_of(block.line)) for block in criterion.nested),
        )
        for criterion in spec.criteria
    )
    done_items = tuple((item.text, line_of(item.line), mark_of(item.box.mark)) for item in spec.done_items)
    fields = tuple(
        (field.key, field.value if marks or field.key not in MARKED_FIELDS else "", field.quote, line_of(field.line))
        for field in spec.fields
    )
    # Sorted, because their order is that of the rules that found them.
    diagnostics = tuple(sorted((line_of(problem.line), problem.code) for problem in spec.problems))
    return SpecFingerprint(SpecBody(criteria, done_items, spec.title, spec.purpose), fields, diagnostics)
