"""Find the status and the date of a spec without front matter, in lines such as `**Status:** Draft` near its top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownBody, RegionKind
from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.domain.specs.vocabulary.words import find_words, render_choice
from spec2bdd.model import Diagnostic, Field
from spec2bdd.text.normalize import normalize_heading
from spec2bdd.text.source_file import SourceFile

# One line; `%s` is replaced by the names of a field.
_LINE = r"""
    ^[ \t]*
    (?P<quote>(?:>[ \t]?)*)
    (?P<marker>[-*+][ \t]+)?                  # a bullet
    (?P<bold>\*\*|__)?                        # the name is bold, or the whole line is
    (?P<key>%s)
    (?(bold)
        (?P<early>                            # the bold words end next to the colon:
            [ \t]*[:\uff1a](?P=bold)          #   **Status:** Draft
          | (?P=bold)[ \t]*[:\uff1a]          #   **Status**: Draft
          | [ \t]*[:\uff1a]                   # or with the line: **Status: Draft**
        )
      | [ \t]*[:\uff1a]
    )
    [ \t]*
    (?P<value>\S[^\r\n]*)
"""
# Blanks, a backslash and comments at the end of a line. It is tried only where blanks begin, and its possessive
# quantifiers never backtrack, because values may hold long runs of blanks.
_END = re.compile(r"(?<![ \t])(?:[ \t]++|\\|<!--(?:[^-]|-(?!->))*+-->)++$")
_WRAPPED = re.compile(r"(\*\*|__|[*_`])(?!\s)(?:(?!\1).)+(?<!\s)\1")
_SIGNS = re.compile(r"[^\w\s*_`\[({]+\s*")
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d"
    r"(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"  # the time
    r"(?: ?(?:[Zz]|[+-]\d\d(?::?\d\d)?))?)?",  # its offset from UTC
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _PreambleField:
    """A line that states a value: the offset of its name, and the span of the value."""

    key: str
    offset: int
    start: int
    end: int


def find_preamble(
    file: SourceFile, body: MarkdownBody, *, start: int
) -> tuple[tuple[Field, ...], tuple[Diagnostic, ...]]:
    """Find the first status, and the first date of an update in ISO 8601, above the first section."""
    headings = (block for block in body.blocks if isinstance(block, Heading))
    limit = next((heading.offset for heading in headings if heading.level > 1), len(file.text))
    # Lines in code, comments, tables and headings do not count; a quote may well state the status.
    covering = [region for region in body.regions if region.kind is not RegionKind.QUOTE]
    lines = [
        line
        for line in _find_lines(file.text[:limit], start)
        if not any(region.start <= line.offset < region.end for region in covering)
    ]
    status = next((_strip_sign(file.text, line) for line in lines if line.key == "status"), None)
    dates = (line for line in lines if line.key == "updated" and _DATE.fullmatch(file.text, line.start, line.end))
    fields = tuple(_build_field(file, line) for line in (status, next(dates, None)) if line)
    diagnostics: list[Diagnostic] = []
    for field in fields:
        if field.placeholder:
            message = f"`{field.key}` still holds the placeholder `{field.value}`"
            hint = "write one of the values, such as `**Status:** Draft`"
            offset = file.text.index(field.value)
            diagnostics.append(file.derive_warning(offset, "placeholder-field", message=message, hint=hint))
    return fields, tuple(diagnostics)


def _find_lines(text: str, start: int) -> Iterator[_PreambleField]:
    """Find the lines such as `**Status:** Draft`, in any of their forms."""
    for key in ("status", "updated"):
        for match in _compile_line(key).finditer(text, start):
            value = match["value"]
            first, last = match.start("value"), match.start("value") + len(_END.sub("", value))
            if match["bold"] and match["bold"] not in (match["early"] or ""):
                # The whole line is bold, so the closing marks are not part of the value; without them it is no field.
                last = last - 2 if text.endswith(match["bold"], first, last) else first
            # In a quote or a list, a plain `status:` is more likely to be part of a sentence.
            if first < last and (match["bold"] or not (match["quote"] or match["marker"])):
                yield _PreambleField(key, match.start("key"), *_unwrap(text, first, last))


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a value without the marks of bold, italic or code around all of it."""
    while match := _WRAPPED.fullmatch(text, start, end):
        start, end = start + len(match[1]), end - len(match[1])
    return start, end


def _strip_sign(text: str, line: _PreambleField) -> _PreambleField:
    """Exclude a sign before one of the four statuses from the value."""
    if signs := _SIGNS.match(text, line.start, line.end):
        start, end = _unwrap(text, signs.end(), line.end)
        if normalize_heading(text[start:end]) in find_words("fields", "statuses"):
            return replace(line, start=start, end=end)
    return line


def _build_field(file: SourceFile, line: _PreambleField) -> Field:
    """Build the field of a line; a template's choice such as `Draft | Review` is a placeholder, and never replaced."""
    value = file.text[line.start : line.end]
    choices = [normalize_heading(part) for part in value.split("|")]
    is_choice = len(choices) > 1 and (len(choices) > 2 or set(choices) <= set(find_words("fields", "statuses")))
    place = file.find_place(line.offset)
    if is_choice or is_placeholder(value):
        return Field(line.key, value, *place, placeholder=True)
    return Field(line.key, value, *place, line.start, line.end)


@cache
def _compile_line(key: str) -> re.Pattern[str]:
    """Compile the pattern of the lines that state a field, under any of its names."""
    return re.compile(_LINE % render_choice(find_words("fields", key)), re.IGNORECASE | re.MULTILINE | re.VERBOSE)
