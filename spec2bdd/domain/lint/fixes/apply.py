"""A spec and its findings in, the same spec with all mended that is beyond doubt out; each fix is proved by reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from spec2bdd.diagnostics.codes import CODES
from spec2bdd.domain.editing.fingerprint import fingerprint_spec
from spec2bdd.domain.lint.fixes.boxes import plan_boxes
from spec2bdd.domain.lint.fixes.quotes import find_breaking_value, find_cut_value, plan_quotes
from spec2bdd.domain.lint.list_markers import check_list_markers
from spec2bdd.errors import EditError, SpecError
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.markdown_lines import split_markdown_lines

# A fix can bring to light what is to be fixed next, such as two lists of boxes that were no boxes before.
_MOST_ROUNDS = 10

LintRunner = Callable[[Spec], Sequence[Diagnostic]]
"""What finds the findings on a spec."""

Reader = Callable[[str, bytes], Spec]
"""What reads a spec again: a path and the bytes of the file in, the spec out."""


@dataclass(frozen=True, slots=True)
class FixedSpec:
    """A spec with its fixes made, and the findings that are mended by them."""

    spec: Spec
    mended: tuple[Diagnostic, ...] = ()


def fix_spec(spec: Spec, find: LintRunner, read: Reader) -> FixedSpec:
    """Return the spec with every fix that, read anew, changes what it was meant to change and nothing else."""
    fixed = FixedSpec(spec)
    for _ in range(_MOST_ROUNDS):
        more = _fix_once(fixed.spec, find(fixed.spec), read)
        if not more.mended:
            break
        fixed = FixedSpec(more.spec, (*fixed.mended, *more.mended))
    return fixed


def can_be_fixed(code: str) -> bool:
    """Tell whether findings of a code can be mended where they are beyond doubt."""
    return code in CODES and CODES[code].fixable


def _fix_once(spec: Spec, findings: Sequence[Diagnostic], read: Reader) -> FixedSpec:
    """Make the fixes for the findings that there are now."""
    fixed = _fix_front(FixedSpec(spec), read)
    for finding in _pick(findings, "cut-value"):
        fixed = _fix_cut_value(fixed, finding, read)
    fixed = _fix_boxes(fixed, _pick(findings, "criteria-without-boxes"), read)
    return _fix_markers(fixed, _pick(findings, "mixed-markers"), read)


def _pick(findings: Sequence[Diagnostic], code: str) -> list[Diagnostic]:
    """Return the findings of one code."""
    return [finding for finding in findings if finding.code == code]


def _fix_front(fixed: FixedSpec, read: Reader) -> FixedSpec:
    """Put one value after another in quotes, as long as YAML refuses a value that can be."""
    while problem := next((one for one in fixed.spec.problems if one.code == "front-matter-yaml"), None):
        sheet = split_markdown_lines(fixed.spec.path, fixed.spec.text)
        pair = find_breaking_value(sheet, problem.line)
        after = _read_edited(fixed.spec, plan_quotes(sheet, problem.line), read) if pair else None
        if pair is None or after is None or not _is_quoted(fixed.spec, after, pair, problem):
            break
        fixed = FixedSpec(after, (*fixed.mended, problem))
    return fixed


def _fix_cut_value(fixed: FixedSpec, finding: Diagnostic, read: Reader) -> FixedSpec:
    """Put the value of one line in quotes, with what YAML takes for a comment."""
    sheet = split_markdown_lines(fixed.spec.path, fixed.spec.text)
    pair = find_cut_value(sheet, finding.line)
    after = _read_edited(fixed.spec, plan_quotes(sheet, finding.line), read) if pair else None
    if pair is None or after is None or not _is_quoted(fixed.spec, after, pair, finding):
        return fixed
    return FixedSpec(after, (*fixed.mended, finding))


def _fix_boxes(fixed: FixedSpec, findings: Sequence[Diagnostic], read: Reader) -> FixedSpec:
    """Give the items of all lists their boxes, at once or, where that goes wrong, list by list."""
    sheet = split_markdown_lines(fixed.spec.path, fixed.spec.text)
    edits = dict.fromkeys(edit for finding in findings for edit in plan_boxes(sheet, finding.line))
    after = _read_edited(fixed.spec, edits, read)
    if after and _has_boxes(fixed.spec, after, {sheet.find_place(edit.start)[0] for edit in edits}):
        return FixedSpec(after, (*fixed.mended, *findings))
    for finding in findings if len(findings) > 1 else ():
        fixed = _fix_boxes(fixed, [finding], read)
    return fixed


def _fix_markers(fixed: FixedSpec, findings: Sequence[Diagnostic], read: Reader) -> FixedSpec:
    """Give the items of each list the marker of its first one, all at once."""
    lines = {finding.line for finding in findings}
    sheet = split_markdown_lines(fixed.spec.path, fixed.spec.text)
    odd = (pair for pair in check_list_markers(fixed.spec, sheet) if pair[0].line in lines)
    edits = [Edit(marker.offset, marker.offset + 1, first) for marker, first in odd]
    after = _read_edited(fixed.spec, edits, read)
    if after is None or fingerprint_spec(after) != fingerprint_spec(fixed.spec):
        return fixed
    return FixedSpec(after, (*fixed.mended, *findings))


def _read_edited(spec: Spec, edits: Iterable[Edit], read: Reader) -> Spec | None:
    """Return the spec that the edited text is read as, or nothing if there is nothing to edit or to read."""
    made = tuple(edits)
    try:
        return read(spec.path, apply_edits(spec.text, made).encode("utf-8")) if made else None
    except (EditError, SpecError):
        return None


def _is_quoted(before: Spec, after: Spec, pair: tuple[str, str], problem: Diagnostic) -> bool:
    """Tell whether one field has got its whole value, and all else is as it was."""
    key, value = pair
    values = [(field.key, field.value) for field in after.fields]
    kept = [(field.key, field.value) for field in before.fields if field.key != key]
    mended = all(one.code != problem.code or one.line > problem.line for one in after.problems)
    same_body = fingerprint_spec(before).body == fingerprint_spec(after).body
    return mended and same_body and values.count((key, value)) == 1 and all(field in values for field in kept)


def _has_boxes(before: Spec, after: Spec, lines: set[int]) -> bool:
    """Tell whether the items in those lines have become criteria, and all else is as it was."""
    new = [criterion for criterion in after.criteria if criterion.line in lines]
    old = tuple(criterion for criterion in after.criteria if criterion.line not in lines)
    told = {(problem.line, problem.code) for problem in before.problems}
    same_rest = fingerprint_spec(_ungroup(before)).body == fingerprint_spec(_ungroup(replace(after, criteria=old))).body
    quiet = all((problem.line, problem.code) in told for problem in after.problems)
    same_fields = [field.value for field in before.fields] == [field.value for field in after.fields]
    return len(new) == len(lines) and same_rest and same_fields and quiet


def _ungroup(spec: Spec) -> Spec:
    """Return a spec without what new criteria change for the others: groups, which need a second block, and parents.

    Parents are indices, which move with every criterion above them.
    """
    return replace(spec, criteria=tuple(replace(criterion, group="", parent=None) for criterion in spec.criteria))
