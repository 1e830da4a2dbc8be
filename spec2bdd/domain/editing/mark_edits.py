"""Plan the edit of a single mark: the character of a box, the comment after an item, or a cell."""

from __future__ import annotations

from spec2bdd.domain.specs.markdown.blocks import Paragraph
from spec2bdd.model import Box, BoxKind
from spec2bdd.text.edits import LINE_END, Edit

# What `marks = "comments"` writes at the end of the line of a criterion that passed.
PASSED_COMMENT = " <!-- passed -->"


def plan_mark(box: Box, mark: str) -> list[Edit]:
    """Plan the edit that sets a mark; none if it is set already, or if there is no place for one."""
    if mark == box.mark or box.kind is BoxKind.NONE:
        return []
    content = mark
    if box.kind is BoxKind.COMMENT:
        content = PASSED_COMMENT if mark == "x" else ""
    elif box.kind is BoxKind.CELL:
        content = box.opposite
    return [Edit(box.offset, box.offset + box.length, content)]


def find_comment_box(line: str, offset: int) -> Box:
    """Find the comment that marks the item whose text ends with this line, which begins at `offset`, or its place."""
    text = line.rstrip(" \t")
    # A pattern would take quadratic time for a line with many blanks.
    start = text.rfind("<!--") if text.endswith("-->") else -1
    if start >= 0 and text[start:].removeprefix("<!--").removesuffix("-->").strip(" \t") == "passed":
        end = len(text[:start].rstrip(" \t"))
        return Box("x", offset + end, len(text) - end, BoxKind.COMMENT)
    return Box(" ", offset + len(text), 0, BoxKind.COMMENT)


def find_item_box(text: str, paragraph: Paragraph) -> Box:
    """Find the comment that marks an item without a box, or the place for it: the end of the last line of its text."""
    offset = paragraph.offset
    for _ in range(paragraph.source.count("\n")):
        line_end = LINE_END.search(text, offset)
        offset = line_end.end() if line_end else offset
    end = LINE_END.search(text, offset)
    return find_comment_box(text[offset : end.start() if end else len(text)], offset)
