"""Plan the edits that give the items of a list their checkboxes."""

from __future__ import annotations

import re

from spec2bdd.text.edits import Edit
from spec2bdd.text.markdown_lines import LIST_MARKER, LineKind, MarkdownLine, MarkdownLines

# With five blanks behind the marker, Markdown takes the words for code.
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}(?=[^ \t])")
# An item with a box, or with another single character in brackets.
_BOXED = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[.\](?:[ \t]|$)")


def plan_boxes(document: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Plan the boxes of a list from the item in line `number` on; an item with boxes nested in it is a label."""
    items, last = _find_list(document, number)
    # The lines of an item reach up to the next item of its list, or up to the end of the list.
    ends = [*(item.number for item in items[1:]), last + 1]
    edits = []
    for item, end in zip(items, ends, strict=True):
        match = _ITEM.match(item.text)
        has_nested_boxes = any(
            line.kind is LineKind.ITEM and line.indent > item.indent and _BOXED.match(line.text)
            for line in document.lines[item.number : end - 1]
        )
        if match and not _BOXED.match(item.text) and not has_nested_boxes:
            edits.append(Edit(item.start + match.end(), item.start + match.end(), "[ ] "))
    return tuple(edits)


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
    """Find the character by which Markdown separates lists: the bullet, or the point or bracket behind the number."""
    match = LIST_MARKER.match(line.text)
    return match["point"] or match["bullet"] if match else ""
