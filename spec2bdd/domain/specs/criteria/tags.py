"""Find the tags that an author gives scenarios: `<!-- tags: serial, fixture.browser -->` in an item or at a heading.

At a heading, or on a line of its own under one, they are the tags of all criteria under it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from spec2bdd.model import Criterion, Diagnostic, Severity, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine, MarkdownLines, split_markdown_lines
from spec2bdd.text.source_file import SourceFile

# The limits keep the time linear for hostile texts.
_COMMENT = re.compile(r"<!--[ \t]{0,9}tags:(?P<tags>[^\n>]{0,500}?)-->", re.IGNORECASE)
_LOOK_BEHIND = 2000
_SEPARATOR = re.compile(r"[\s,]+")
# The alphabet that tag expressions, outlines, Cucumber and the linters of Behave accept, and Behave's tags of fixtures.
_TAG = re.compile(r"(?:fixture\.[a-z0-9_]+(?:\.[a-z0-9_]+)*|[a-z0-9_]+)")
# The tags that spec2bdd writes itself, and those that they begin with.
_OWN = frozenset(tier.value for tier in Tier)
_OWN_PREFIXES = ("ac_", "spec_", "group_", "prd_", "plan_")
_LABEL = re.compile(r" {0,3}(?:\*\*|__)\S")
_MARKS = re.compile(r" {0,3}(#{1,6})(?=\s)")
# A bold label is under headings of all levels.
_LABEL_LEVEL = 7
_HINT = (
    "use lower-case letters, digits and `_`; a tag of a fixture begins with `fixture.`: "
    "`<!-- tags: serial, fixture.browser -->`"
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The lines, from `first` up to but not including `end`, whose criteria have some tags."""

    first: int
    end: int
    tags: tuple[str, ...]


def add_tags(file: SourceFile, criteria: Sequence[Criterion]) -> tuple[tuple[Criterion, ...], tuple[Diagnostic, ...]]:
    """Add the author's tags to the criteria, and report each tag that cannot be written and each that has no place."""
    # Nearly no spec has any.
    if not _COMMENT.search(file.text):
        return tuple(criteria), ()
    document = split_markdown_lines(file.path, file.text)
    scopes: list[_Scope] = []
    diagnostics: list[Diagnostic] = []
    for match in _COMMENT.finditer(file.text):
        line = document.lines[document.find_place(match.start())[0] - 1]
        column = match.start() - line.start
        before = line.text[max(column - _LOOK_BEHIND, 0) : column]
        # Code only shows what a comment looks like.
        if line.kind in (LineKind.CODE, LineKind.FRONT) or before.count("`") % 2 or before.lstrip().startswith(">"):
            continue
        tags, errors = _parse_tags(file, match)
        diagnostics += errors
        span = _find_span(document, line, criteria)
        if span:
            scopes.append(_Scope(*span, tags))
        else:
            message = "these tags belong to no criterion"
            hint = "write the comment in an item, indented as its text is, or at a heading of criteria"
            diagnostics.append(_build_error(file, match.start(), message, hint=hint))
    tagged = (
        replace(
            criterion,
            tags=tuple(
                sorted(
                    {
                        *criterion.tags,
                        *(tag for scope in scopes if scope.first <= criterion.line < scope.end for tag in scope.tags),
                    }
                )
            ),
        )
        for criterion in criteria
    )
    return tuple(tagged), tuple(diagnostics)


def is_own_tag(tag: str) -> bool:
    """Whether a tag is one that spec2bdd writes itself; an author's would count as the proof of another criterion."""
    return tag in _OWN or tag.startswith(_OWN_PREFIXES)


def is_writable_tag(tag: str) -> bool:
    """Whether an author's tag can be written above a generated scenario."""
    return not is_own_tag(tag) and _TAG.fullmatch(tag) is not None


def _parse_tags(file: SourceFile, match: re.Match[str]) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Parse the tags of a comment; a tag that cannot be written is left out and reported."""
    tags: list[str] = []
    diagnostics: list[Diagnostic] = []
    names = [name for name in _SEPARATOR.split(match["tags"]) if name]
    for name in names:
        tag = name.removeprefix("@")
        if is_own_tag(tag):
            message, hint = f"`{tag}` is a tag that spec2bdd writes itself", "use another name for the tag"
        elif not _TAG.fullmatch(tag):
            message, hint = f"`{name}` cannot be the tag of a scenario", _HINT
        else:
            tags.append(tag)
            continue
        offset = match.start("tags") + match["tags"].index(name)
        diagnostics.append(_build_error(file, offset, message, hint=hint))
    if not names:
        message = "this comment names no tags"
        diagnostics.append(_build_error(file, match.start(), message, hint=_HINT))
    return tuple(tags), diagnostics


def _build_error(file: SourceFile, offset: int, message: str, *, hint: str) -> Diagnostic:
    """Build the error about a comment or one of its tags."""
    line, column = file.find_place(offset)
    return Diagnostic(file.path, line, column, Severity.ERROR, "bad-tag", message, hint)


def _find_span(document: MarkdownLines, line: MarkdownLine, criteria: Sequence[Criterion]) -> tuple[int, int] | None:
    """Find the lines of the criteria that a comment in a line is about, from the first up to the one after the last."""
    # The nearest criterion above, if the comment is part of its item.
    above = bisect_right(criteria, line.number, key=attrgetter("line"))
    if above:
        item = document.lines[criteria[above - 1].line - 1]
        between = document.lines[item.number : line.number]
        is_inside = all(other.kind is LineKind.BLANK or other.indent > item.indent for other in between)
        if is_inside:
            return item.number, item.number + 1
    heading = line
    if line.text.lstrip().startswith("<!--"):
        # On a line of its own, under a heading.
        filled = (other for other in reversed(document.lines[: line.number - 1]) if other.kind is not LineKind.BLANK)
        heading = next(filled, line)
    level = _find_level(heading)
    if not level:
        return None
    below = (other for other in document.lines[line.number :] if 0 < _find_level(other) <= level)
    end = next((other.number for other in below), len(document.lines) + 1)
    has_criteria = any(heading.number < criterion.line < end for criterion in criteria)
    return (heading.number, end) if has_criteria else None


def _find_level(line: MarkdownLine) -> int:
    """Find the level of a heading or of a bold label; 0 for any other line."""
    if line.kind is LineKind.HEADING:
        marks = _MARKS.match(line.text)
        # Of a heading that is underlined, only the underline counts as one.
        return len(marks[1]) if marks else 1 if "=" in line.text else 2
    return _LABEL_LEVEL if line.kind in (LineKind.APART, LineKind.WORDS) and _LABEL.match(line.text) else 0
