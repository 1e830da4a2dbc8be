"""Parse the fields of front matter, with the span of each value that may be replaced, and check them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import yaml

from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field, Severity
from spec2bdd.text.source_file import SourceFile
from spec2bdd.text.suggest import count_edits

# A line that every YAML loader reads the same: a simple key and a plain value that ends with the line. The value begins
# with a letter or a digit and has a colon only where a letter or a digit follows, as in a time.
_PLAIN_LINE = re.compile(
    r"\n([A-Za-z_][A-Za-z0-9_-]{0,60}): +"  # the key
    r"([A-Za-z0-9](?:[A-Za-z0-9_./,()+@; -]|:(?=[A-Za-z0-9]))*)\r?(?=\n)"  # the value
)

REQUIRED = ("feature_id", "name", "status")
WRITTEN = ("status", "updated")

# The template's fields hold one value each, so a collection in one of them is an unfilled `[...]` or `{{...}}`. Some
# may be meant as lists; there a collection of one item is still a placeholder.
_SINGLE = frozenset({"feature_id", "name", "branch", "status", "created", "updated"})
_LISTABLE = frozenset({"owner", "prd_section", "implementation_plan_section"})
_KNOWN = _SINGLE | _LISTABLE

# All that ends a line in YAML 1.1; a value with one of these in it is not on one line.
_BREAKS = frozenset("\r\n\x85\u2028\u2029")

_EXAMPLES = {"feature_id": "3.2", "name": "Book returns", "status": "Draft", "updated": "2026-01-31T09:00:00-04:00"}


def find_plain_fields(file: SourceFile, start: int, end: int) -> tuple[Field, ...] | None:
    """Parse front matter without YAML; `None` if a line is not plain.

    This is the fast path, which most specs take: loading YAML takes many times longer.
    """
    fields: list[Field] = []
    while start < end - 1:
        match = _PLAIN_LINE.match(file.text, start, end)
        if match is None:
            return None
        key, value = match[1], match[2].rstrip(" ")
        begin = match.start(2)
        # Interned, because a thousand specs have the same nine keys.
        fields.append(Field(sys.intern(key), value, *file.find_place(match.start(1)), begin, begin + len(value)))
        start = match.end()
    return tuple(fields) or None


def find_fields(file: SourceFile, root: yaml.MappingNode | None, start: int) -> tuple[Field, ...]:
    """Convert the pairs of a mapping to fields, in the order of the file; `start` is the offset of the YAML."""
    fields: list[Field] = []
    for key, value in root.value if root else []:
        if not isinstance(key, yaml.ScalarNode):
            continue
        line, column = file.find_place(start + key.start_mark.index)
        begin = start + value.start_mark.index
        raw = file.text[begin : start + value.end_mark.index]
        if isinstance(value, yaml.ScalarNode):
            text, quote = str(value.value), value.style if value.style in ("'", '"') else ""
            placeholder = bool(quote) and is_placeholder(text)
            # The node of an alias is that of its anchor, which is before the key and must not be replaced.
            is_alias = value.start_mark.index < key.end_mark.index
            span = None if placeholder or is_alias else _find_span(raw, text, begin=begin, quote=quote)
        else:
            # YAML reads an unfilled `[...]` or `{{...}}` as a collection.
            text, quote, span = raw.rstrip(), "", None
            can_be_list = key.value not in _SINGLE and not (key.value in _LISTABLE and len(value.value) == 1)
            placeholder = bool(value.flow_style) and not can_be_list
        first, last = span or (None, None)
        fields.append(Field(sys.intern(key.value), text, line, column, first, last, quote, placeholder))
    return tuple(fields)


def check_fields(
    file: SourceFile, fields: Sequence[Field], opening: int
) -> tuple[tuple[Field, ...], tuple[Diagnostic, ...]]:
    """Check the fields, and make read-only those whose key occurs twice; `opening` is the offset of the first `---`."""
    counts = Counter(field.key for field in fields)
    checked = tuple(replace(field, start=None, end=None) if counts[field.key] > 1 else field for field in fields)
    diagnostics: list[Diagnostic] = []
    for key in REQUIRED:
        required = next((field for field in checked if field.key == key), None)
        if required is None:
            diagnostics.append(_report_missing(file, checked, key, opening))
        elif not required.value:
            diagnostics.append(_warn(file, required, code="missing-field", message=f"`{key}` is empty"))
    seen: set[str] = set()
    for field in checked:
        if field.key in seen:
            message, hint = f"duplicate key `{field.key}`", "keep one of the two lines"
            diagnostics.append(_warn(file, field, code="duplicate-key", message=message, hint=hint))
        elif field.placeholder:
            message = f"`{field.key}` still contains the placeholder `{field.value}`"
            diagnostics.append(_warn(file, field, code="placeholder-field", message=message))
        elif field.key in WRITTEN and field.start is None and field.value and counts[field.key] == 1:
            # `mark` would have to write this one, and cannot.
            message = f"`{field.key}` cannot be updated, because it is not a plain value on one line"
            diagnostics.append(_warn(file, field, code="field-not-editable", message=message))
        seen.add(field.key)
    return checked, tuple(diagnostics)


def _report_missing(file: SourceFile, fields: Sequence[Field], key: str, opening: int) -> Diagnostic:
    """Report a key that is missing, at a key that seems to be meant for it or else at the first `---`."""
    for field in fields:
        same = re.sub(r"[\s_-]+", "_", field.key).casefold() == key
        if same or (field.key not in _KNOWN and count_edits(field.key.casefold(), key) <= min(2, len(key) // 3)):
            message = f"the front matter has no `{key}`, and `{field.key}` is not read as it"
            return _warn(file, field, code="missing-field", message=message, hint=f"did you mean `{key}`?")
    message = f"the front matter has no `{key}`"
    return file.build_warning(opening, "missing-field", message=message, hint=_render_example(key))


def _find_span(raw: str, value: str, *, begin: int, quote: str) -> tuple[int, int] | None:
    """Find the span of a plain or quoted value on one line, without its quotes; `None` if it has a tag or an anchor.

    `raw` is the source of the value, which begins at the offset `begin`.
    """
    if _BREAKS.intersection(raw):
        return None
    end = begin + len(raw)
    if quote:
        return (begin + 1, end - 1) if len(raw) > 1 and raw[0] == raw[-1] == quote else None
    return (begin, end) if raw and raw == value else None


def _warn(file: SourceFile, field: Field, *, code: str, message: str, hint: str = "") -> Diagnostic:
    """Build a warning at a field; by default, its hint is a line to write instead."""
    hint = hint or _render_example(field.key)
    return Diagnostic(file.path, field.line, field.column, Severity.WARNING, code, message, hint)


def _render_example(key: str) -> str:
    """Render a hint with a line to write for that key."""
    if key not in _EXAMPLES:
        return "replace it, including the brackets, or delete the line"
    return f"write a value on one line, such as `{key}: {_EXAMPLES[key]}`"
