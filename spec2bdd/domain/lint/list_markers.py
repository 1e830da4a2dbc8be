"""The criteria of a spec in, the markers out by which an item differs from the first one of its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Criterion, Diagnostic, Spec
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines

_MARKER = re.compile(r"[ \t]*(?:\d{1,9}(?P<point>[.)])|(?P<bullet>[-*+]))(?=[ \t])")


@dataclass(frozen=True, slots=True)
class ListMarker:
    """The character that makes an item one, where it stands, and whether it is behind a number."""

    text: str
    offset: int
    line: int
    numbered: bool


def find_mixed_markers(spec: Spec, sheet: MarkdownLines) -> Iterator[Diagnostic]:
    """Yield advice for each list of criteria with several markers, at the first one that differs."""
    for odd in check_list_markers(spec, sheet):
        message = f"this item begins with `{odd[0].text}`, and the list above it with `{odd[1]}`"
        place = sheet.find_place(odd[0].offset)
        yield build_diagnostic(spec.path, place, code="mixed-markers", message=message)


def check_list_markers(spec: Spec, sheet: MarkdownLines) -> Iterator[tuple[ListMarker, str]]:
    """Yield each marker that differs from the first one of its list, with that first one."""
    for markers in _find_lists(spec, sheet):
        first = markers[0]
        if any(marker.numbered is not first.numbered for marker in markers):
            continue
        yield from ((marker, first.text) for marker in markers if marker.text != first.text)


def _find_lists(spec: Spec, sheet: MarkdownLines) -> Iterator[list[ListMarker]]:
    """Yield the markers of all criteria that stand below one another, with the same indent and nothing between."""
    found: dict[int | None, list[ListMarker]] = {}
    last: dict[int | None, Criterion] = {}
    for criterion in spec.criteria:
        marker = _find_marker(sheet, criterion)
        before = last.get(criterion.parent)
        if before and not _is_next(sheet, before, criterion):
            yield found.pop(criterion.parent)
        if marker:
            found.setdefault(criterion.parent, []).append(marker)
            last[criterion.parent] = criterion
        else:
            last.pop(criterion.parent, None)
    yield from found.values()


def _find_marker(sheet: MarkdownLines, criterion: Criterion) -> ListMarker | None:
    """Return the marker of an item that has a line of its own."""
    line = sheet.lines[criterion.line - 1]
    match = _MARKER.match(line.text)
    if match is None or line.text[match.end() : criterion.column - 1].strip():
        return None
    name = "point" if match["point"] else "bullet"
    return ListMarker(match[name], line.start + match.start(name), line.number, numbered=name == "point")


def _is_next(sheet: MarkdownLines, before: Criterion, after: Criterion) -> bool:
    """Tell whether nothing but what belongs to the first item stands between two."""
    first = sheet.lines[before.line - 1]
    between = sheet.lines[before.line : after.line - 1]
    if before.tier is not after.tier or sheet.lines[after.line - 1].indent != first.indent:
        return False
    inside = (line.kind in (LineKind.BLANK, LineKind.CODE) or line.indent > first.indent for line in between)
    return all(inside) and not any(line.kind is LineKind.HEADING for line in between)
