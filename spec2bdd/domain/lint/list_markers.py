"""Check that the items of a list of criteria have the same marker: Markdown makes several lists of mixed ones."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Criterion, Diagnostic, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.markdown_lines import LIST_MARKER, LineKind, MarkdownLines


@dataclass(frozen=True, slots=True)
class ListMarker:
    """The character that marks an item of a list: a bullet, or the point or bracket after a number."""

    text: str
    offset: int
    line: int
    numbered: bool


def check_list_markers(spec: Spec, document: MarkdownLines) -> Iterator[Diagnostic]:
    """Report each marker that differs from the first one of its list of criteria."""
    for marker, first in find_mixed_markers(spec, document):
        message = f"this item begins with `{marker.text}`, and the list above it with `{first}`"
        yield build_diagnostic("mixed-markers", message, path=spec.path, at=document.find_place(marker.offset))


def find_mixed_markers(spec: Spec, document: MarkdownLines) -> Iterator[tuple[ListMarker, str]]:
    """Find each marker that differs from the first one of its list, together with that first one."""
    for markers in _find_lists(spec, document):
        # A numbered list under a bulleted one, or the other way round, is taken to be meant.
        if len({marker.numbered for marker in markers}) == 1:
            first = markers[0].text
            yield from ((marker, first) for marker in markers if marker.text != first)


def _find_lists(spec: Spec, document: MarkdownLines) -> Iterator[list[ListMarker]]:
    """Find the markers of criteria that follow one another at the same indent, with nothing between them."""
    # Criteria of several depths alternate in file order, so one list is open for each parent.
    open_lists: dict[int | None, list[ListMarker]] = {}
    last: dict[int | None, Criterion] = {}
    for criterion in spec.criteria:
        previous = last.get(criterion.parent)
        if previous and not _continues_list(document, previous, criterion):
            yield open_lists.pop(criterion.parent)
        line = document.lines[criterion.line - 1]
        match = LIST_MARKER.match(line.text)
        # Only an item with a line of its own: in front of its box there is nothing but the marker.
        if match and not line.text[match.end() : criterion.column - 1].strip():
            kind = "point" if match["point"] else "bullet"
            marker = ListMarker(match[kind], line.start + match.start(kind), line.number, numbered=kind == "point")
            open_lists.setdefault(criterion.parent, []).append(marker)
            last[criterion.parent] = criterion
        else:
            last.pop(criterion.parent, None)
    yield from open_lists.values()


def _continues_list(document: MarkdownLines, previous: Criterion, criterion: Criterion) -> bool:
    """Whether there is nothing between two criteria but what belongs to the first one."""
    indent = document.lines[previous.line - 1].indent
    if previous.tier is not criterion.tier or document.lines[criterion.line - 1].indent != indent:
        return False
    return all(
        line.kind in (LineKind.BLANK, LineKind.CODE) or (line.indent > indent and line.kind is not LineKind.HEADING)
        for line in document.lines[previous.line : criterion.line - 1]
    )
