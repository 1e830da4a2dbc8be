"""The fields of a spec in, findings about what the template asks of them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Diagnostic, Field, Spec
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines

DETAILS = ("owner", "branch", "created", "updated", "prd_section", "implementation_plan_section")
TIMES = ("created", "updated")
_EXAMPLE = "2026-05-04T09:00:00-04:00"

_FEATURE_ID = re.compile(r"\d+(?:\.\d+)+", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?P<offset> ?(?:Z|z|[+-]\d\d(?::?\d\d)?))?)?", re.ASCII
)
_COMMENT = re.compile(r"^[A-Za-z_][\w-]*:[ \t]+[^\s'\"#|>\[{&*!][^#\r\n]*?(?=[ \t]+(?P<cut>#[^\s#][^\r\n]*)$)")
_NUMBER = re.compile(r"#\d+")


def check_front_matter(spec: Spec, sheet: MarkdownLines) -> Iterator[Diagnostic]:
    """Yield what is amiss in the front matter, besides what reading it has told already."""
    if spec.fields and not any(problem.code == "front-matter-yaml" for problem in spec.problems):
        yield from _find_missing_details(spec, sheet)
    if (field := spec.find_field("feature_id")) and field.value and not _FEATURE_ID.fullmatch(field.value):
        message = f"the feature id `{field.value}` is not of the form `3.2`"
        yield _derive_at(spec, field, code="odd-feature-id", message=message)
    for key in TIMES:
        if (field := spec.find_field(key)) and field.value:
            yield from _find_time_faults(spec, field)
    yield from _find_reversed_times(spec)
    yield from _find_cut_values(sheet)


def _find_missing_details(spec: Spec, sheet: MarkdownLines) -> Iterator[Diagnostic]:
    """Yield one finding for all the template's fields that are not there or are empty."""
    present = {field.key for field in spec.fields if field.value}
    missing = [f"`{key}`" for key in DETAILS if key not in present]
    if missing and sheet.lines[0].kind is LineKind.FRONT:
        names = ", ".join(missing[:-1]) + (" and " if missing[1:] else "") + missing[-1]
        message = f"the front matter lacks {names}, which the template has"
        hint = 'add them; or write `missing-detail = "off"` below `[tool.spec2bdd.lint]` if nobody needs them'
        yield build_diagnostic(spec.path, (1, 1), code="missing-detail", message=message, hint=hint)


def _find_time_faults(spec: Spec, field: Field) -> Iterator[Diagnostic]:
    """Yield the finding for a time that cannot be read, or that does not say its offset."""
    match = _TIME.fullmatch(field.value)
    if match is None or _parse_time(field.value) is None:
        message = f"`{field.key}: {field.value}` is not a time in the form of ISO 8601"
        hint = f"write it as `{field.key}: {_EXAMPLE}`"
        yield _derive_at(spec, field, code="not-a-time", message=message, hint=hint)
    elif not match["offset"]:
        message = f"`{field.key}: {field.value}` does not say how far it is from UTC"
        hint = f"write the time and the offset as well: `{field.key}: {_EXAMPLE}`"
        yield _derive_at(spec, field, code="time-without-offset", message=message, hint=hint)


def _parse_time(value: str) -> datetime | None:
    """Return the time that a value says, if there is such a time."""
    try:
        return datetime.fromisoformat(value.replace(" ", "T", 1).replace(" ", "").replace(",", "."))
    except ValueError:
        return None


def _find_reversed_times(spec: Spec) -> Iterator[Diagnostic]:
    """Yield the finding for a spec that was updated before it was created."""
    created, updated = (spec.find_field(key) for key in TIMES)
    if created and updated and _is_earlier(updated.value, created.value):
        message = f"`updated: {updated.value}` is earlier than `created: {created.value}`"
        yield _derive_at(spec, updated, code="updated-before-created", message=message)


def _is_earlier(left: str, right: str) -> bool:
    """Tell whether one time is earlier than another; where one has no offset, whether its day is."""
    times = _parse_time(left), _parse_time(right)
    if times[0] is None or times[1] is None:
        return False
    if times[0].tzinfo and times[1].tzinfo:
        return times[0] < times[1]
    days: tuple[date, date] = times[0].date(), times[1].date()
    return days[0] < days[1]


def _find_cut_values(sheet: MarkdownLines) -> Iterator[Diagnostic]:
    """Yield advice where YAML ends a value at a `#` that seems to belong to it."""
    for line in sheet.lines:
        match = _COMMENT.match(line.text) if line.kind is LineKind.FRONT else None
        if match:
            message = f"YAML takes `{match['cut']}` for a comment, so it is no part of the value"
            place = (line.number, match.start("cut") + 1)
            yield build_diagnostic(sheet.path, place, code="cut-value", message=message, hint=_render_hint(line.text))


def _render_hint(row: str) -> str:
    """Say what to type instead of a line whose value is cut."""
    key, _, value = row.partition(":")
    quote = "'" if '"' in value or "\\" in value else '"'
    return f"put the value in quotes, `{key}: {quote}{value.strip()}{quote}`, or write a blank behind the `#`"


def _derive_at(spec: Spec, field: Field, *, code: str, message: str, hint: str = "") -> Diagnostic:
    """Return a finding at the place of a field."""
    return build_diagnostic(spec.path, (field.line, field.column), code=code, message=message, hint=hint)
