"""The first item without a box in a list of criteria in, the edits that give it and those below it one out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.text.edits import Edit
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine, MarkdownLines

# With five blanks behind the marker, Markdown takes the words for code.
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}(?=[^ \t])")
_MARKER = re.compile(r"[ \t]*(?:\d{1,9}(?P<point>[.)])|(?P<bullet>[-*+]))(?=[ \t]|$)")
_LABELLED = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[.\](?:[ \t]|$)")


def plan_boxes(sheet: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Return the edits for the list that the item in that line belongs to; a label above boxes gets none."""
    items = list(_find_items(sheet, number))
    ends = [*(item.number for item in items[1:]), len(sheet.lines) + 1] if items else []
    return tuple(
        Edit(item.start + match.end(), item.start + match.end(), "[ ] ")
        for item, end in zip(items, ends, strict=True)
        if (match := _ITEM.match(item.text)) and not _LABELLED.match(item.text) and not _holds_boxes(sheet, item, end)
    )


def _find_items(sheet: MarkdownLines, number: int) -> Iterator[MarkdownLine]:
    """Yield the items of one list from that line on: the same indent, the same kind of marker."""
    first = sheet.lines[number - 1]
    marker = _find_marker(first)
    blank = False
    for line in sheet.lines[number - 1 :] if marker else ():
        if line.kind in (LineKind.BLANK, LineKind.CODE):
            blank = blank or line.kind is LineKind.BLANK
            continue
        if line.kind is LineKind.ITEM and line.indent == first.indent:
            if _find_marker(line) != marker:
                return
            yield line
        elif line.indent <= first.indent and (blank or line.kind is not LineKind.WORDS):
            return
        blank = False


def _find_marker(line: MarkdownLine) -> str:
    """Return what tells the lists apart: the bullet, or what stands behind the number."""
    match = _MARKER.match(line.text)
    return match["point"] or match["bullet"] if match else ""


def _holds_boxes(sheet: MarkdownLines, item: MarkdownLine, end: int) -> bool:
    """Tell whether boxes are nested in an item, whose lines reach up to that number."""
    inside = sheet.lines[item.number : end - 1]
    return any(
        line.indent > item.indent and _LABELLED.match(line.text) for line in inside if line.kind is LineKind.ITEM
    )
