"""The body of a spec in, the words out that may be the ids of features that it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.model import Dependency
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine, split_markdown_lines
from spec2bdd.text.source_file import SourceFile

_NAME = "upstream dependenc"
_LABEL = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:#{1,6}\s+)?[*_]*upstream dependenc(?:y|ies)[*_]*\s*(?:(?=:)|#*$)", re.IGNORECASE
)
_BOLD = re.compile(r"\s*(?:[-*+]\s+)?\*\*")
_NEXT_HEADING = re.compile(r"[\r\n] {0,3}#{1,6}[ \t]")

# An id stands where an entry begins: behind the label, a marker, a comma, "and", or the word feature or spec. What
# stands behind another word, as in "Python 3.11", is a version. Which letters ids begin with, only a project knows.
_ENTRY = re.compile(
    r"(?:^\s*(?:(?:[-*+]|\d+[.)])\s+)?|[:,;&(][*_]*\s*|\band\s+|\bor\s+)(?:\[[ xX]\]\s+)?[\[(*`_]*(?:the\s+)?"
    r"(?:features?\s+|specs?\s+)?#?(?P<id>\d+(?:\.\d+)+|[^\W\d_]+[-_]\d+)(?![\w%+]|\.[\dx*]|-(?:alpha|beta|dev|rc)\.?\d*\b)",
    re.IGNORECASE,
)


def find_dependencies(page: SourceFile, start: int) -> tuple[Dependency, ...]:
    """Return what stands at the places of ids below `Upstream Dependencies`, from the offset `start` on."""
    folded = page.text.lower()
    found = folded.find(_NAME, start)
    if found < 0:
        return ()
    # Whether a line is code depends on all fences above it; mostly there are none, and the lines from the label on do.
    fenced = "```" in folded[start:found] or "~~~" in folded[start:found]
    begin = start if fenced else _find_line_start(page.text, found)
    lines = split_markdown_lines(
        page.path, _cut(page.text, begin, found, fenced=fenced or folded.count(_NAME, start) > 1)
    ).lines
    return tuple(
        Dependency(match["id"], *page.find_place(begin + line.start + match.start("id")))
        for line, column in _find_lines(lines)
        for match in _ENTRY.finditer(line.text, column)
    )


def _find_line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _cut(text: str, begin: int, found: int, *, fenced: bool) -> str:
    """Return the lines to look at: up to the heading that ends the only list, or all that are left."""
    end = None if fenced else _NEXT_HEADING.search(text, found)
    return text[begin : end.start() if end else len(text)]


def _find_lines(lines: tuple[MarkdownLine, ...]) -> Iterator[tuple[MarkdownLine, int]]:
    """Yield the lines that list what a spec waits for, and where in them the list begins."""
    label: MarkdownLine | None = None
    for line in lines:
        if line.kind in (LineKind.FRONT, LineKind.CODE, LineKind.BLANK):
            continue
        match = _LABEL.match(line.text)
        if match:
            label = line
            yield line, match.end()
        elif label and _is_below(line, label):
            yield line, 0
        else:
            label = None


def _is_below(line: MarkdownLine, label: MarkdownLine) -> bool:
    """Tell whether a line still belongs to the list below a label."""
    if line.kind is LineKind.HEADING:
        return False
    if label.kind is LineKind.ITEM:
        return line.indent > label.indent or line.kind is LineKind.WORDS
    # A bold line is another label, unless it is an item that says at once what it stands for.
    return not _BOLD.match(line.text) or (line.kind is LineKind.ITEM and _ENTRY.match(line.text) is not None)
