"""Parse the fields of front matter, with the span of each value that may be replaced, and check them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field, Severity
from spec2bdd.text.source_file import SourceFile

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
    pairs = root.value if root else []
    return tuple(_convert_pair(file, key, value, start) for key, value in pairs if isinstance(key, yaml.ScalarNode))


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
            message = f"the front matter has no `{key}`"
            hint = _render_example(key)
            diagnostics.append(file.derive_warning(opening, "missing-field", message=message, hint=hint))
        elif not required.value:
            diagnostics.append(_warn(file, required, "missing-field", message=f"`{key}` is empty"))
    return checked, (*diagnostics, *_check_values(file, checked, counts))


def _convert_pair(file: SourceFile, key: yaml.ScalarNode, value: yaml.Node, start: int) -> Field:
    """Convert one pair to a field."""
    line, column = file.find_place(start + key.start_mark.index)
    begin, end = start + value.start_mark.index, start + value.end_mark.index
    text = str(value.value) if isinstance(value, yaml.ScalarNode) else file.text[begin:end].rstrip()
    quote = value.style if isinstance(value, yaml.ScalarNode) and value.style in ("'", '"') else ""
    placeholder = _is_template_value(key.value, value, text, quote=quote)
    # The node of an alias is that of its anchor, which is before the key and must not be replaced.
    is_alias = value.start_mark.index < key.end_mark.index
    span = None if placeholder or is_alias else _find_span(file.text, value, begin=begin, end=end, quote=quote)
    return Field(sys.intern(key.value), text, line, column, *(span or (None, None)), quote, placeholder)


def _find_span(text: str, value: yaml.Node, *, begin: int, end: int, quote: str) -> tuple[int, int] | None:
    """Find the span of a plain or quoted value on one line, without its quotes; `None` if it has a tag or an anchor."""
    raw = text[begin:end]
    if not isinstance(value, yaml.ScalarNode) or _BREAKS.intersection(raw):
        return None
    if quote:
        return (begin + 1, end - 1) if len(raw) > 1 and raw[0] == raw[-1] == quote else None
    return (begin, end) if raw and raw == value.value else None


def _is_template_value(key: str, value: yaml.Node, text: str, *, quote: str) -> bool:
    """Whether a value is an unfilled placeholder of the template, which YAML reads as a collection or a string."""
    if isinstance(value, yaml.ScalarNode):
        return bool(quote) and is_placeholder(text)
    if not isinstance(value, yaml.CollectionNode) or not value.flow_style:
        return False
    return key in _SINGLE or (key in _LISTABLE and len(value.value) == 1)


def _check_values(file: SourceFile, fields: Sequence[Field], counts: Mapping[str, int]) -> Iterator[Diagnostic]:
    """Warn of placeholders, of duplicate keys, and of values that `mark` would have to write and cannot."""
    seen: set[str] = set()
    for field in fields:
        if field.key in seen:
            hint = "keep one of the two lines"
            yield _warn(file, field, "duplicate-key", message=f"duplicate key `{field.key}`", hint=hint)
        elif field.placeholder:
            message = f"`{field.key}` still holds the placeholder `{field.value}`"
            yield _warn(file, field, "placeholder-field", message=message)
        elif field.key in WRITTEN and field.start is None and field.value and counts[field.key] == 1:
            message = f"`{field.key}` cannot be updated, because it is not a plain value on one line"
            yield _warn(file, field, "field-not-editable", message=message)
        seen.add(field.key)


def _warn(file: SourceFile, field: Field, code: str, *, message: str, hint: str = "") -> Diagnostic:
    """Build a warning at a field; by default, its hint is a line to write instead."""
    hint = hint or _render_example(field.key)
    return Diagnostic(file.path, field.line, field.column, Severity.WARNING, code, message, hint)


def _render_example(key: str) -> str:
    """Render a hint with a line to write for that key."""
    if key not in _EXAMPLES:
        return "replace it, brackets included, or delete the line"
    return f"write it on one line, such as `{key}: {_EXAMPLES[key]}`"
