"""Find the headings and bold labels of a Markdown file in its lines, without parsing its blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import zip_longest

from spec2bdd.domain.specs.headings.heading_path import ROOT, HeadingPath, parse_section_heading, push_heading
from spec2bdd.domain.specs.headings.labels import find_label
from spec2bdd.domain.specs.headings.sections import LabelTracker
from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownList, Paragraph
from spec2bdd.domain.specs.unread.places import ITEM, LinePlace, PlacedLine
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary

_MARKED = re.compile(r"(?P<indent> {0,3})(?P<marks>#{1,6})[ \t]+(?P<text>\S.*)")
# Marks at the end of a heading, which close it.
_CLOSING = re.compile(r"(?:^|[ \t])#+\Z")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")


def list_line_paths(lines: Sequence[PlacedLine], vocabulary: HeadingVocabulary) -> tuple[tuple[int, HeadingPath], ...]:
    """List where each heading and each bold label begins, with the path under it, in file order."""
    find = partial(find_label, links={}, vocabulary=vocabulary)
    open_paths, labels = [ROOT], LabelTracker(ROOT, find)
    paths: list[tuple[int, HeadingPath]] = []
    for line, below in zip_longest(lines, lines[1:]):
        if line.place is not LinePlace.TEXT:
            continue
        if heading := _find_heading(line, below.text if below else ""):
            path = push_heading(open_paths, parse_section_heading(heading, {}, vocabulary))
            labels = LabelTracker(path, find)
            paths.append((heading.offset, path))
        elif ITEM.match(line.text):
            labels.read(MarkdownList((), line.offset))
        elif (text := line.text.strip()) and (label := labels.read(Paragraph(text, line.offset))):
            paths.append((line.offset, label))
    return tuple(paths)


def find_line_path(paths: Sequence[tuple[int, HeadingPath]], offset: int) -> HeadingPath:
    """Find the path that an offset is under."""
    index = bisect_right(paths, offset, key=lambda place: place[0]) - 1
    return paths[index][1] if index >= 0 else ROOT


def _find_heading(line: PlacedLine, below: str) -> Heading | None:
    """Find the heading that a line is, by its marks or by the line under it."""
    text = line.text.rstrip("\r\n")
    if match := _MARKED.fullmatch(text):
        words = _CLOSING.sub("", match["text"].rstrip()).rstrip()
        return Heading(len(match["marks"]), words, line.offset + len(match["indent"]))
    if not text.strip() or text.startswith(("    ", "\t")) or ITEM.match(text):
        return None
    if not _UNDERLINE.fullmatch(below.rstrip("\r\n")):
        return None
    return Heading(1 if "=" in below else 2, text.strip(), line.offset + len(text) - len(text.lstrip()))
