"""Apply the fixes for lint diagnostics; each fix is verified by parsing the edited spec again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from spec2bdd.domain.editing.fingerprint import fingerprint_spec
from spec2bdd.domain.lint.fixes.boxes import plan_boxes, plan_heading
from spec2bdd.domain.lint.fixes.quotes import find_breaking_value, find_truncated_value, plan_quotes
from spec2bdd.domain.lint.list_markers import find_mixed_markers
from spec2bdd.domain.specs.unread.boxes import find_unread_boxes
from spec2bdd.errors import EditError, SpecError
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.markdown_lines import split_markdown_lines

# A fix can make the next one possible, such as two lists of boxes that had no boxes before. The limit keeps two fixes
# that undo each other from running forever.
_MAX_ROUNDS = 10

LintRunner = Callable[[Spec], Sequence[Diagnostic]]
"""Lint a spec."""

SpecParser = Callable[[str, bytes], Spec]
"""Parse a spec again, given its path and the bytes of its file."""


@dataclass(frozen=True, slots=True)
class FixedSpec:
    """A spec after its fixes, and the diagnostics that they resolved."""

    spec: Spec
    fixed: tuple[Diagnostic, ...] = ()


def fix_spec(spec: Spec, lint: LintRunner, parse: SpecParser) -> FixedSpec:
    """Apply every fix that, parsed again, changes what it should change and nothing else."""
    result = FixedSpec(spec)
    for _ in range(_MAX_ROUNDS):
        before = result
        by_code: dict[str, list[Diagnostic]] = {}
        for diagnostic in lint(before.spec):
            by_code.setdefault(diagnostic.code, []).append(diagnostic)
        # Each step plans its edits on the text of the step before. None adds or removes a line, so the lines of the
        # diagnostics stay valid.
        result = _quote_breaking_values(result, parse)
        for diagnostic in by_code.get("truncated-value", ()):
            pair = find_truncated_value(split_markdown_lines(spec.path, result.spec.text), diagnostic.line)
            result = _quote_value(result, diagnostic, pair, parse=parse) or result
        result = _write_headings(result, by_code.get("unread-heading", []), parse)
        result = _repair_boxes(result, by_code.get("unread-box", []), parse)
        result = _add_boxes(result, by_code.get("criteria-without-boxes", []), parse)
        result = _unify_markers(result, by_code.get("mixed-markers", []), parse)
        if result.fixed == before.fixed:
            break
    return result


def _quote_breaking_values(result: FixedSpec, parse: SpecParser) -> FixedSpec:
    """Quote one value after another, as long as YAML refuses a value that can be quoted."""
    # The diagnostics of the parser, not of lint: YAML reports only its first error, so each fix can reveal the next.
    while refused := [error for error in result.spec.diagnostics if error.code == "front-matter-yaml"]:
        diagnostic = refused[0]
        pair = find_breaking_value(split_markdown_lines(result.spec.path, result.spec.text), diagnostic.line)
        quoted = _quote_value(result, diagnostic, pair, parse=parse)
        if quoted is None:
            break
        result = quoted
    return result


def _quote_value(
    result: FixedSpec, diagnostic: Diagnostic, pair: tuple[str, str] | None, *, parse: SpecParser
) -> FixedSpec | None:
    """Quote the value in the line of a diagnostic, unless that changes anything but this one field."""
    before = result.spec
    document = split_markdown_lines(before.path, before.text)
    after = _parse_edited(before, plan_quotes(document, diagnostic.line), parse) if pair else None
    if pair is None or after is None:
        return None
    values = [(field.key, field.value) for field in after.fields]
    other_fields = [(field.key, field.value) for field in before.fields if field.key != pair[0]]
    # Under that line, YAML may report the next error, which it did not reach before.
    is_resolved = all(
        remaining.code != diagnostic.code or remaining.line > diagnostic.line for remaining in after.diagnostics
    )
    has_value = values.count(pair) == 1 and all(field in values for field in other_fields)
    if not (is_resolved and has_value and fingerprint_spec(before).body == fingerprint_spec(after).body):
        return None
    return FixedSpec(after, (*result.fixed, diagnostic))


def _add_boxes(result: FixedSpec, diagnostics: Sequence[Diagnostic], parse: SpecParser) -> FixedSpec:
    """Add the boxes of all lists at once or, where that changes anything else, list by list."""
    before = result.spec
    document = split_markdown_lines(before.path, before.text)
    # Two diagnostics may be about one list.
    edits = dict.fromkeys(edit for diagnostic in diagnostics for edit in plan_boxes(document, diagnostic.line))
    after = _parse_edited(before, edits, parse)
    if after and _has_new_boxes_only(before, after, {document.find_place(edit.start)[0] for edit in edits}):
        return FixedSpec(after, (*result.fixed, *diagnostics))
    for diagnostic in diagnostics if len(diagnostics) > 1 else ():
        result = _add_boxes(result, [diagnostic], parse)
    return result


def _write_headings(result: FixedSpec, diagnostics: Sequence[Diagnostic], parse: SpecParser) -> FixedSpec:
    """Write the blank after the marks of headings that Markdown does not see; no criterion may change by it."""
    for diagnostic in diagnostics:
        before = result.spec
        document = split_markdown_lines(before.path, before.text)
        after = _parse_edited(before, plan_heading(document, diagnostic.line), parse)
        # Under a heading that is read, items without a box may be reported that were not before.
        if after and _keeps_criteria(before, after) and {*before.unread} - {*after.unread}:
            result = FixedSpec(after, (*result.fixed, diagnostic))
    return result


def _keeps_criteria(before: Spec, after: Spec) -> bool:
    """Whether all criteria and done items of a spec are still there as they were, besides new ones.

    A text may lose what followed in it and is now an item or a heading of its own.
    """
    criteria = {item.line: item for item in after.criteria}
    items = {item.line: item.text for item in after.done_items}
    return all(
        (now := criteria.get(item.line)) is not None
        and (now.tier, now.given_id) == (item.tier, item.given_id)
        and item.text.startswith(now.text)
        for item in before.criteria
    ) and all(item.text.startswith(items.get(item.line, "\0")) for item in before.done_items)


def _repair_boxes(result: FixedSpec, diagnostics: Sequence[Diagnostic], parse: SpecParser) -> FixedSpec:
    """Write malformed boxes as they are meant, at once or one by one: each has to become a criterion or a done item."""
    if not diagnostics:
        return result
    read_boxes = [item.box for item in result.spec.criteria] + [item.box for item in result.spec.done_items]
    boxes = find_unread_boxes(result.spec.text, 0, frozenset(box.offset - 1 for box in read_boxes))
    edits = [box.edit for box in boxes if box.edit]
    # One by one from the end, so that the offsets of those before stay valid.
    for planned in (edits, *([edit] for edit in reversed(edits))):
        after = _parse_edited(result.spec, planned, parse)
        if (
            after
            and _keeps_criteria(result.spec, after)
            and len(after.criteria) + len(after.done_items)
            == len(result.spec.criteria) + len(result.spec.done_items) + len(planned)
        ):
            result = FixedSpec(after, result.fixed)
            if len(planned) == len(edits):
                break
    left = {diagnostic.line for diagnostic in result.spec.diagnostics if diagnostic.code == "unread-box"}
    return FixedSpec(
        result.spec, (*result.fixed, *(diagnostic for diagnostic in diagnostics if diagnostic.line not in left))
    )


def _unify_markers(result: FixedSpec, diagnostics: Sequence[Diagnostic], parse: SpecParser) -> FixedSpec:
    """Give the items of each list the marker of its first one, all at once."""
    before = result.spec
    lines = {diagnostic.line for diagnostic in diagnostics}
    mixed = find_mixed_markers(before, split_markdown_lines(before.path, before.text))
    # Only markers that are reported: a comment may suppress others.
    edits = [Edit(marker.offset, marker.offset + 1, first) for marker, first in mixed if marker.line in lines]
    after = _parse_edited(before, edits, parse)
    if after is None or fingerprint_spec(after) != fingerprint_spec(before):
        return result
    return FixedSpec(after, (*result.fixed, *diagnostics))


def _parse_edited(spec: Spec, edits: Iterable[Edit], parse: SpecParser) -> Spec | None:
    """Parse the edited text; `None` if there are no edits, or the text cannot be edited or parsed."""
    planned = tuple(edits)
    try:
        return parse(spec.path, apply_edits(spec.text, planned).encode("utf-8")) if planned else None
    except (EditError, SpecError):
        return None


def _has_new_boxes_only(before: Spec, after: Spec, lines: set[int]) -> bool:
    """Whether the items in those lines became criteria, and nothing else changed."""
    new = [criterion for criterion in after.criteria if criterion.line in lines]
    old = tuple(criterion for criterion in after.criteria if criterion.line not in lines)
    # Groups do not count: criteria get them only once a spec has a second block of criteria. Nor do parents, which are
    # indices that move with every criterion above them.
    bodies = [
        fingerprint_spec(
            replace(spec, criteria=tuple(replace(criterion, group="", parent=None) for criterion in criteria))
        ).body
        for spec, criteria in ((before, before.criteria), (after, old))
    ]
    known = {(diagnostic.line, diagnostic.code) for diagnostic in before.diagnostics}
    has_new_diagnostics = any((diagnostic.line, diagnostic.code) not in known for diagnostic in after.diagnostics)
    same_fields = [field.value for field in before.fields] == [field.value for field in after.fields]
    return len(new) == len(lines) and bodies[0] == bodies[1] and same_fields and not has_new_diagnostics
