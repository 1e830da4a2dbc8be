"""The lines above the first section of a spec without front matter in, the status and the date that they give out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spec2bdd.domain.specs.headings.classifier import render_choice
from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownBody, RegionKind
from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.domain.specs.vocabulary.words import find_words
from spec2bdd.model import Diagnostic, Field
from spec2bdd.text.normalize import normalize_heading
from spec2bdd.text.scalars import TIMESTAMP
from spec2bdd.text.source_file import SourceFile

# A quote in front, or the marker of a list; the whole line may be bold, or only its name.
_LINE = (
    r"^[ \t]*(?P<quote>(?:>[ \t]?)*)(?P<marker>[-*+][ \t]+)?(?P<bold>\*\*|__)?(?P<key>%s)"
    r"(?(bold)(?P<early>[ \t]*[:\uff1a](?P=bold)|(?P=bold)[ \t]*[:\uff1a]|[ \t]*[:\uff1a])|[ \t]*[:\uff1a])"
    r"[ \t]*(?P<value>\S[^\r\n]*)"
)
# It is tried from the beginning of a blank only, and never tries anew what it has taken: values may hold long blanks.
_END = re.compile(r"(?<![ \t])(?:[ \t]++|\\|<!--(?:[^-]|-(?!->))*+-->)++$")
_WRAPPED = re.compile(r"(\*\*|__|[*_`])(?!\s)(?:(?!\1).)+(?<!\s)\1")
_SIGNS = re.compile(r"[^\w\s*_`\[({]+\s*")


@dataclass(frozen=True, slots=True)
class _PreambleField:
    """One line that gives a value: where its name stands, and what of it is the value."""

    key: str
    offset: int
    start: int
    end: int


def find_preamble(
    page: SourceFile, body: MarkdownBody, *, start: int
) -> tuple[tuple[Field, ...], tuple[Diagnostic, ...]]:
    """Return the first status, and the first date of an update in ISO form, that stand above the first section."""
    limit = next((b.offset for b in body.blocks if isinstance(b, Heading) and b.level > 1), len(page.text))
    lines = [line for line in _find_lines(page.text[:limit], start) if not _tell_covered(body, line.offset)]
    status = next((_derive_status(page, line) for line in lines if line.key == "status"), None)
    dates = (line for line in lines if line.key == "updated" and TIMESTAMP.fullmatch(page.text, line.start, line.end))
    updated = next((_derive_field(page, line) for line in dates), None)
    fields = tuple(field for field in (status, updated) if field)
    return fields, tuple(_derive_placeholder(page, field) for field in fields if field.placeholder)


def _find_lines(text: str, start: int) -> Iterator[_PreambleField]:
    """Yield the lines that look like `**Status:** Draft`, in any of their shapes."""
    for key in ("status", "updated"):
        for match in _derive_pattern(key).finditer(text, start):
            value = match["value"]
            closing = match["bold"] and match["bold"] not in (match["early"] or "")
            first, last = match.start("value"), match.start("value") + len(_END.sub("", value))
            if closing:
                # The whole line is bold, so its closing marks are no part of the value.
                last = last - 2 if text.endswith(match["bold"], first, last) else first
            if first < last and (match["bold"] or not (match["quote"] or match["marker"])):
                yield _PreambleField(key, match.start("key"), *_unwrap(text, first, last))


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a value without the marks of bold, italic or code around all of it."""
    while match := _WRAPPED.fullmatch(text, start, end):
        start, end = start + len(match[1]), end - len(match[1])
    return start, end


def _tell_covered(body: MarkdownBody, offset: int) -> bool:
    """Tell whether a place lies in code, a comment, a table or a heading; a quote gives a status like any line."""
    return any(plot.start <= offset < plot.end for plot in body.plots if plot.ground is not RegionKind.QUOTE)


def _derive_status(page: SourceFile, line: _PreambleField) -> Field:
    """Return the field of a status; a sign in front of one of the four is no part of it."""
    signs = _SIGNS.match(page.text, line.start, line.end)
    if signs:
        start, end = _unwrap(page.text, signs.end(), line.end)
        if normalize_heading(page.text[start:end]) in find_words("fields", "statuses"):
            return _derive_field(page, _PreambleField(line.key, line.offset, start, end))
    return _derive_field(page, line)


def _derive_field(page: SourceFile, line: _PreambleField) -> Field:
    """Return the field of a line; a template's choice of several values is a placeholder, which is never replaced."""
    value = page.text[line.start : line.end]
    choices = [normalize_heading(part) for part in value.split("|")]
    chosen = len(choices) > 1 and (len(choices) > 2 or set(choices) <= set(find_words("fields", "statuses")))
    place = page.find_place(line.offset)
    if chosen or is_placeholder(value):
        return Field(line.key, value, *place, placeholder=True)
    return Field(line.key, value, *place, line.start, line.end)


def _derive_placeholder(page: SourceFile, field: Field) -> Diagnostic:
    """Report a value that is still the template's."""
    message = f"`{field.key}` still holds the placeholder `{field.value}`"
    offset = page.text.index(field.value)
    hint = "write one of the values, such as `**Status:** Draft`"
    return page.derive_warning(offset, "placeholder-field", message=message, hint=hint)


@cache
def _derive_pattern(key: str) -> re.Pattern[str]:
    """Return the pattern of the lines that give a value, under any of its names."""
    return re.compile(_LINE % render_choice(find_words("fields", key)), re.IGNORECASE | re.MULTILINE)
