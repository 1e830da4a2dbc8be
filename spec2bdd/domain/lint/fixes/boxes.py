"""Plan the edits that give the items of a list their checkboxes."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.markdown.task_list import starts_with_box
from spec2bdd.text.edits import Edit
from spec2bdd.text.markdown_lines import LIST_MARKER, LineKind, MarkdownLine, MarkdownLines

_HEADING_MARKS = re.compile(r" {0,3}#{1,6}(?=[^#\s])")
# With five blanks after the marker, Markdown takes the words for code.
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}(?=[^ \t])")


def plan_boxes(document: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Plan the boxes of a list from the item in line `number` on; an item with boxes nested in it is a label."""
    items, last = _find_list(document, number)
    if not items:
        # Markdown sees an item in that line, and its first letters do not show one.
        return ()
    # The lines of an item reach up to the next item of its list, or up to the end of the list.
    ends = [*(item.number for item in items[1:]), last + 1]
    edits = []
    for item, end in zip(items, ends, strict=True):
        match = _ITEM.match(item.text)
        has_nested_boxes = any(
            line.kind is LineKind.ITEM and line.indent > item.indent and _is_boxed(line)
            for line in document.lines[item.number : end - 1]
        )
        if match and not _is_boxed(item) and not has_nested_boxes:
            edits.append(Edit(item.start + match.end(), item.start + match.end(), "[ ] "))
    return tuple(edits)


def plan_heading(document: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Plan the blank that makes a heading of the line `number`, which begins with up to six marks and no blank."""
    line = document.lines[number - 1]
    match = _HEADING_MARKS.match(line.text)
    return (Edit(line.start + match.end(), line.start + match.end(), " "),) if match else ()


def _is_boxed(line: MarkdownLine) -> bool:
    """Whether a line is an item with a box, or with something that looks like one."""
    match = _ITEM.match(line.text)
    return match is not None and starts_with_box(line.text, match.end())


def _find_list(document: MarkdownLines, number: int) -> tuple[list[MarkdownLine], int]:
    """Find the items of one list from a line on (the same indent, the same kind of marker), and its last line."""
    first = document.lines[number - 1]
    marker = _find_marker(first)
    items: list[MarkdownLine] = []
    after_blank = False
    for line in document.lines[number - 1 :] if marker else ():
        if line.kind in (LineKind.BLANK, LineKind.CODE):
            after_blank = after_blank or line.kind is LineKind.BLANK
            continue
        if line.kind is LineKind.ITEM and line.indent == first.indent:
            # With another marker, another list begins.
            if _find_marker(line) != marker:
                return items, line.number - 1
            items.append(line)
        elif line.indent <= first.indent and (after_blank or line.kind is not LineKind.WORDS):
            # Words at the margin continue an item only if there is no blank line between (a lazy continuation line).
            return items, line.number - 1
        after_blank = False
    return items, len(document.lines)


def _find_marker(line: MarkdownLine) -> str:
    """Find the character by which Markdown separates lists: the bullet, or the point or bracket after the number."""
    match = LIST_MARKER.match(line.text)
    return match["point"] or match["bullet"] if match else ""
