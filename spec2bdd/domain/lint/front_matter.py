"""Check the fields of the front matter: missing details, ids, timestamps, and values that YAML cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from spec2bdd.diagnostics.build import Position, build_diagnostic
from spec2bdd.domain.specs.front_matter import BROKEN_CODES
from spec2bdd.model import Diagnostic, Field, Spec
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines
from spec2bdd.text.scalars import TIMESTAMP, quote_scalar

# The fields of the template that no command needs.
DETAILS = ("owner", "branch", "created", "updated", "prd_section", "implementation_plan_section")
TIMES = ("created", "updated")
_EXAMPLE = "2026-05-04T09:00:00-04:00"

_FEATURE_ID = re.compile(r"\d+(?:\.\d+)+", re.ASCII)
# A plain value that ends at a `#` without the blank after it that remarks have.
_CUT_VALUE = re.compile(
    r"""
    ^[A-Za-z_][\w-]*:[ \t]+
    [^\s'"\#|>\[{&*!]                            # neither quoted nor any other kind of YAML value
    [^\#\r\n]*?
    (?=[ \t]+(?P<cut>\#[^\s\#][^\r\n]*)$)
    """,
    re.VERBOSE,
)


def check_front_matter(spec: Spec, document: MarkdownLines) -> Iterator[Diagnostic]:
    """Check what parsing the front matter does not: whether its values are complete and make sense."""
    # The fields that were recovered from broken front matter are not all there are.
    if spec.fields and not any(diagnostic.code in BROKEN_CODES for diagnostic in spec.diagnostics):
        yield from _check_details(spec, document)
    if (field := spec.find_field("feature_id")) and field.value and not _FEATURE_ID.fullmatch(field.value):
        message = f"the feature id `{field.value}` is not of the form `3.2`"
        yield build_diagnostic("malformed-feature-id", message, path=spec.path, at=_position(field))
    yield from _check_times(spec)
    for line in document.lines:
        match = _CUT_VALUE.match(line.text) if line.kind is LineKind.FRONT else None
        if match:
            key, _, value = line.text.partition(":")
            message = f"YAML reads `{match['cut']}` as a comment, so it is not part of the value"
            quoted = f"{key}: {quote_scalar(value.strip())}"
            hint = f"put the value in quotes, `{quoted}`, or write a space after the `#`"
            at = (line.number, match.start("cut") + 1)
            yield build_diagnostic("truncated-value", message, path=document.path, at=at, hint=hint)


def _check_details(spec: Spec, document: MarkdownLines) -> Iterator[Diagnostic]:
    """Report all fields of the template that are missing or empty, in one diagnostic."""
    present = {field.key for field in spec.fields if field.value}
    missing = [f"`{key}`" for key in DETAILS if key not in present]
    # A spec may also have its status in the text, with no front matter to add a field to.
    if missing and spec.dialect == "template" and document.lines[0].kind is LineKind.FRONT:
        fields = "field is" if len(missing) == 1 else "fields are"
        message = f"optional {fields} missing: {', '.join(missing)}"
        hint = 'add them; or write `missing-detail = "off"` under `[tool.spec2bdd.lint]` if they are not needed'
        yield build_diagnostic("missing-detail", message, path=spec.path, at=(1, 1), hint=hint)


def _check_times(spec: Spec) -> Iterator[Diagnostic]:
    """Report times that are not in the form of ISO 8601, lack an offset, or are in the wrong order."""
    created, updated = (spec.find_field(key) for key in TIMES)
    for field in (created, updated):
        if field is None or not field.value:
            continue
        match = TIMESTAMP.fullmatch(field.value)
        if match is None or _parse_time(field) is None:
            message = f"`{field.key}: {field.value}` is not an ISO 8601 time"
            hint = f"write it as `{field.key}: {_EXAMPLE}`"
            yield build_diagnostic("not-a-time", message, path=spec.path, at=_position(field), hint=hint)
        elif not match["offset"]:
            message = f"`{field.key}: {field.value}` has no UTC offset"
            hint = f"add the time and the offset: `{field.key}: {_EXAMPLE}`"
            yield build_diagnostic("time-without-offset", message, path=spec.path, at=_position(field), hint=hint)
    if not created or not updated:
        return
    first, last = _parse_time(created), _parse_time(updated)
    if first is None or last is None:
        return
    # Where one of them has no offset, only their days can be compared.
    is_reversed = last < first if first.tzinfo and last.tzinfo else last.date() < first.date()
    if is_reversed:
        message = f"`updated: {updated.value}` is earlier than `created: {created.value}`"
        yield build_diagnostic("updated-before-created", message, path=spec.path, at=_position(updated))


def _parse_time(field: Field) -> datetime | None:
    """Parse a time as far as `datetime` can; `None` where there is no such time."""
    # `fromisoformat` wants a `T` or one blank, no blank in front of the offset, and a dot before the fraction.
    text = field.value.replace(" ", "T", 1).replace(" ", "").replace(",", ".")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _position(field: Field) -> Position:
    """Line and column of a field."""
    return (field.line, field.column)
