"""Find the status and the date of a spec without front matter, in lines such as `**Status:** Draft` near its top."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownBody, RegionKind
from spec2bdd.domain.specs.vocabulary import find_words, render_choice
from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.model import Diagnostic, Field
from spec2bdd.model.values import dataclass
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
_LINES = {
    key: re.compile(_LINE % render_choice(find_words("fields", key)), re.IGNORECASE | re.MULTILINE | re.VERBOSE)
    for key in ("status", "updated")
}
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
    status = next((line for line in lines if line.key == "status"), None)
    dates = (line for line in lines if line.key == "updated" and _DATE.fullmatch(file.text, line.start, line.end))
    fields = tuple(_build_field(file, line) for line in (status, next(dates, None)) if line)
    diagnostics: list[Diagnostic] = []
    for field in fields:
        if field.placeholder:
            message = f"`{field.key}` still contains the placeholder `{field.value}`"
            hint = "write one of the values, such as `**Status:** Draft`"
            offset = file.text.index(field.value)
            diagnostics.append(file.build_warning(offset, "placeholder-field", message=message, hint=hint))
    return fields, tuple(diagnostics)


def _find_lines(text: str, start: int) -> Iterator[_PreambleField]:
    """Find the lines such as `**Status:** Draft`, in any of their forms."""
    for key, pattern in _LINES.items():
        for match in pattern.finditer(text, start):
            value = match["value"]
            first, last = match.start("value"), match.start("value") + len(_END.sub("", value))
            if match["bold"] and match["bold"] not in (match["early"] or ""):
                # The whole line is bold, so the closing marks are not part of the value; without them it is no field.
                last = last - 2 if text.endswith(match["bold"], first, last) else first
            # In a quote or a list, a plain `status:` is more likely to be part of a sentence.
            if first < last and (match["bold"] or not (match["quote"] or match["marker"])):
                yield _PreambleField(key, match.start("key"), *_unwrap(text, first, last))


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow the span of a value by the marks of bold, italic or code around all of it."""
    while match := _WRAPPED.fullmatch(text, start, end):
        start, end = start + len(match[1]), end - len(match[1])
    return start, end


def _build_field(file: SourceFile, line: _PreambleField) -> Field:
    """Build the field of a line; a template's choice such as `Draft | Review` is a placeholder, and never replaced."""
    start, end = line.start, line.end
    statuses = find_words("fields", "statuses")
    # A sign before one of the four statuses is not part of it.
    if line.key == "status" and (signs := _SIGNS.match(file.text, start, end)):
        inner_start, inner_end = _unwrap(file.text, signs.end(), end)
        if normalize_heading(file.text[inner_start:inner_end]) in statuses:
            start, end = inner_start, inner_end
    value = file.text[start:end]
    choices = [normalize_heading(part) for part in value.split("|")]
    is_choice = len(choices) > 1 and (len(choices) > 2 or set(choices) <= set(statuses))
    place = file.find_place(line.offset)
    if is_choice or is_placeholder(value):
        return Field(line.key, value, *place, placeholder=True)
    return Field(line.key, value, *place, start, end)
