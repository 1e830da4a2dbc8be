"""A YAML mapping in, its fields as raw text out, each with the span that may be replaced, and their problems."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import yaml

from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field, Severity
from spec2bdd.text.source_file import SourceFile

_LINE = re.compile(
    r"\n([A-Za-z_][A-Za-z0-9_-]{0,60}): +([A-Za-z0-9](?:[A-Za-z0-9_./,()+@; -]|:(?=[A-Za-z0-9]))*)\r?(?=\n)"
)

REQUIRED = ("feature_id", "name", "status")
WRITTEN = ("status", "updated")

# The template's fields hold one value each, so a collection there is an unfilled `[...]` or `{{...}}`; only some may be
# meant as lists, and are where they have more than one item.
_SINGLE = frozenset({"feature_id", "name", "branch", "status", "created", "updated"})
_LISTABLE = frozenset({"owner", "prd_section", "implementation_plan_section"})

# All that ends a line for YAML 1.1; a value with one of these in it is not a one-line value.
_BREAKS = frozenset("\r\n\x85\u2028\u2029")


def find_fields(page: SourceFile, root: yaml.MappingNode | None, start: int) -> tuple[Field, ...]:
    """Return the fields of a mapping in file order; `start` is the offset of the YAML."""
    pairs = [(key, value) for key, value in (root.value if root else []) if isinstance(key, yaml.ScalarNode)]
    return tuple(_derive_field(page, key, value, start=start) for key, value in pairs)


def check_fields(
    page: SourceFile, fields: Sequence[Field], opening: int
) -> tuple[tuple[Field, ...], tuple[Diagnostic, ...]]:
    """Return the fields, none of which may be written if it comes twice, and their problems; `opening` is the `---`."""
    times = Counter(field.key for field in fields)
    unique = tuple(_lock(field) if times[field.key] > 1 else field for field in fields)
    return unique, (*_find_missing(page, unique, opening), *_find_faults(page, unique))


def _derive_field(page: SourceFile, key: yaml.ScalarNode, value: yaml.Node, *, start: int) -> Field:
    """Read one field; an alias points at its anchor, which stands before the key."""
    line, column = page.find_place(start + key.start_mark.index)
    begin, end = start + value.start_mark.index, start + value.end_mark.index
    text = str(value.value) if isinstance(value, yaml.ScalarNode) else page.text[begin:end].rstrip()
    placeholder = _tell_placeholder(key.value, value, text)
    quote = _find_quote(value)
    editable = not placeholder and value.start_mark.index >= key.end_mark.index
    first, last = (_find_span(page.text, value, begin=begin, end=end) if editable else None) or (None, None)
    return Field(sys.intern(key.value), text, line, column, first, last, quote, placeholder)


def _find_quote(value: yaml.Node) -> str:
    """Return the quote that a value is written in, or nothing."""
    return value.style if isinstance(value, yaml.ScalarNode) and value.style in ("'", '"') else ""


def _find_span(text: str, value: yaml.Node, *, begin: int, end: int) -> tuple[int, int] | None:
    """Return the span of a one-line plain or quoted value, without its quotes; a tag or an anchor forbids it."""
    raw = text[begin:end]
    if not isinstance(value, yaml.ScalarNode) or _BREAKS.intersection(raw):
        return None
    quote = _find_quote(value)
    if quote:
        return (begin + 1, end - 1) if len(raw) > 1 and raw[0] == raw[-1] == quote else None
    return (begin, end) if raw and raw == value.value else None


def _tell_placeholder(key: str, value: yaml.Node, text: str) -> bool:
    """Tell whether a value is what the template left there."""
    if isinstance(value, yaml.ScalarNode):
        return bool(_find_quote(value)) and is_placeholder(text)
    if not isinstance(value, yaml.CollectionNode) or not value.flow_style:
        return False
    return key in _SINGLE or (key in _LISTABLE and len(value.value) == 1)


def _lock(field: Field) -> Field:
    """Return the field as one that may not be written."""
    return Field(field.key, field.value, field.line, field.column, quote=field.quote, placeholder=field.placeholder)


def _find_missing(page: SourceFile, fields: Sequence[Field], opening: int) -> Iterator[Diagnostic]:
    """Warn of the required fields that are not there or are empty."""
    for key in REQUIRED:
        found = next((field for field in fields if field.key == key), None)
        if found is None:
            message = f"the front matter has no `{key}`"
            yield page.derive_warning(opening, "missing-field", message=message, hint=_render_example(key))
        elif not found.value:
            yield _derive_warning(page, found, "missing-field", message=f"`{key}` is empty", hint=_render_example(key))


def _find_faults(page: SourceFile, fields: Sequence[Field]) -> Iterator[Diagnostic]:
    """Warn of placeholders, of keys that come twice, and of values that `mark` would have to write and cannot."""
    seen: set[str] = set()
    for field in fields:
        if field.key in seen:
            message, hint = f"`{field.key}` stands here a second time", "keep one of the two lines"
            yield _derive_warning(page, field, "duplicate-key", message=message, hint=hint)
        elif field.placeholder:
            message = f"`{field.key}` still holds the placeholder `{field.value}`"
            yield _derive_warning(page, field, "placeholder-field", message=message, hint=_render_example(field.key))
        elif field.key in WRITTEN and field.start is None and field.value and _count(fields, field.key) == 1:
            message = f"`{field.key}` cannot be updated, because it is not a plain value on one line"
            yield _derive_warning(page, field, "field-not-editable", message=message, hint=_render_example(field.key))
        seen.add(field.key)


def _count(fields: Sequence[Field], key: str) -> int:
    """Return how many fields have that key."""
    return sum(field.key == key for field in fields)


def _derive_warning(page: SourceFile, field: Field, code: str, *, message: str, hint: str) -> Diagnostic:
    """Return a warning at the place of a field."""
    return Diagnostic(page.path, field.line, field.column, Severity.WARNING, code, message, hint)


def _render_example(key: str) -> str:
    """Return a hint with a line to write for that key."""
    examples = {"feature_id": "3.2", "name": "Book returns", "status": "Draft", "updated": "2026-01-31T09:00:00-04:00"}
    if key not in examples:
        return "replace it, brackets included, or delete the line"
    return f"write it on one line, such as `{key}: {examples[key]}`"


def find_plain_fields(page: SourceFile, start: int, end: int) -> tuple[Field, ...] | None:
    """Return the fields that stand from one place to another, or nothing if a line is not plain."""
    fields: list[Field] = []
    while start < end - 1:
        match = _LINE.match(page.text, start, end)
        if match is None:
            return None
        key, value = match[1], match[2].rstrip(" ")
        begin = match.start(2)
        # A thousand specs have the same nine keys.
        fields.append(Field(sys.intern(key), value, *page.find_place(match.start(1)), begin, begin + len(value)))
        start = match.end()
    return tuple(fields) or None
