"""The body of a spec in, its blocks out: the one place that knows marko's blocks, to be imported late."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from marko import block
from marko.element import Element
from marko.ext.gfm import elements as gfm
from marko.parser import Parser
from marko.source import Source

from spec2bdd.domain.specs.markdown.blocks import (
    MOST_LINES,
    Block,
    Code,
    Comment,
    Heading,
    Item,
    MarkdownBody,
    MarkdownList,
    Paragraph,
    Region,
    RegionKind,
    Table,
    TooLongError,
)
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map

# Marko's time doubles with each level of quotes that have blanks between them: twenty take a blink, thirty a minute.
_QUOTES = re.compile(r"^(?:[ \t]|(?:[-+*]|\d{1,9}[.)])[ \t]|>)*+", re.MULTILINE)
_SPACED = re.compile(r">[ \t]+(?=[^ \t]*>)")
_MOST_SPACED = 22
# Without blanks it only adds up; but Python ends before as many, which takes long, and nobody writes them.
_MOST = 500


class _LinkDefinition(block.LinkRefDef):
    """Marko's own, asked only where a label and a colon stand.

    Without that, marko looks as far as the next blank line at every `[`, and a long list of boxes takes minutes.
    """

    override = True
    _label = re.compile(r" {,3}\[(?:[^\[\]\\]|\\[\s\S]){1,1000}\]:")

    @classmethod
    def match(cls, source: Source) -> bool:
        """Tell whether a link definition stands here."""
        return source.expect_re(cls._label) is not None and super().match(source)


class _Table(gfm.Table):
    """GitHub's table, asked only where a bar stands; marko's own look at every other line is slow on long blanks."""

    override = True

    @classmethod
    def match(cls, source: Source) -> bool:
        """Tell whether a table begins here."""
        return "|" in (source.next_line() or "") and bool(super().match(source))  # type: ignore[no-untyped-call]


class _Quote(block.Quote):
    """Marko's own, where it can go on: behind a tab it sees a quote that it cannot then enter, and tries for ever."""

    override = True

    @classmethod
    def match(cls, source: Source) -> re.Match[str] | None:
        """Tell whether a quote begins here."""
        line = source.next_line(require_prefix=False)
        return super().match(source) if source.match_prefix(source.prefix + cls._prefix, line) >= 0 else None


class _BlockParser(Parser):
    """Marko with GitHub's tables and alerts, and without the inline parsing that takes half of its time.

    GitHub's paragraph is left out on purpose: it cuts `[x]` off some paragraphs and not off others.
    """

    def __init__(self) -> None:
        super().__init__()
        for element in (_LinkDefinition, _Quote, _Table, gfm.TableRow, gfm.TableCell, gfm.Alert):
            self.add_element(element)

    def parse_inline(self, element: block.BlockElement, source: Source) -> None:
        """Leave the inline Markdown as it is."""


def parse_blocks(text: str, start: int) -> MarkdownBody:
    """Read the Markdown that begins at `start`; block quotes and rules are left out, and quotes are named as plots.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: there is so much of it that marko would take minutes.
    """
    return parse_chunk(build_source_map(text, start))


def parse_chunk(origin: SourceMap) -> MarkdownBody:
    """Read a stretch of Markdown as if it were a body by itself.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: there is so much of it that marko would take minutes.
    """
    if origin.text.count("\n") > MOST_LINES:
        raise TooLongError
    if _tell_endless(origin.text):
        raise RecursionError
    document = _derive_parser().parse(origin.text)
    plots = tuple(_find_plots(document.children, origin))
    return MarkdownBody(_derive_blocks(document.children, origin), dict(document.link_ref_defs), plots)


def _tell_endless(text: str) -> bool:
    """Tell whether quotes are nested so deeply in some line that marko would not come to an end."""
    if text.count(">") < _MOST_SPACED:
        return False
    leads = (match[0] for match in _QUOTES.finditer(text) if match.end() - match.start() > _MOST_SPACED)
    return any(lead.count(">") > _MOST or len(_SPACED.findall(lead)) >= _MOST_SPACED for lead in leads)


@cache
def _derive_parser() -> _BlockParser:
    """Return the parser; it keeps nothing of the texts that it reads."""
    return _BlockParser()


def _find_plots(elements: Sequence[Element], origin: SourceMap) -> Iterator[Region]:
    """Yield the stretches that hold no criteria; what is in a quote or a table is not looked at further."""
    for element in elements:
        if ground := _find_ground(element):
            yield Region(ground, _find_start(element, origin), origin.find_offset(element.end_pos or 0))
        elif isinstance(element, block.List | block.ListItem):
            yield from _find_plots(element.children, origin)


def _find_start(element: Element, origin: SourceMap) -> int:
    """Return the offset in the file of the first visible character of an element."""
    return origin.find_visible(element.start_pos or 0)


def _find_ground(element: Element) -> RegionKind | None:
    """Return the kind of stretch that an element makes, or nothing where criteria may stand."""
    match element:
        case block.FencedCode() | block.CodeBlock():
            return RegionKind.CODE
        case block.HTMLBlock():
            return RegionKind.COMMENT if element.body.lstrip().startswith("<!--") else RegionKind.HTML
        case block.Quote():
            return RegionKind.QUOTE
        case gfm.Table():
            return RegionKind.TABLE
        case block.Heading() | block.SetextHeading():
            return RegionKind.HEADING
    return None


def _derive_blocks(elements: Sequence[Element], origin: SourceMap) -> tuple[Block, ...]:
    """Keep the elements that a spec is read from."""
    return tuple(found for element in elements if (found := _derive_block(element, origin)))


def _derive_block(element: Element, origin: SourceMap) -> Block | None:
    """Turn one of marko's elements into ours, or into nothing."""
    offset = _find_start(element, origin)
    match element:
        case block.Heading() | block.SetextHeading():
            return Heading(element.level, element.inline_body, offset)
        case block.Paragraph():
            return Paragraph(element.inline_body, offset)
        case block.HTMLBlock():
            return Comment(element.body, offset)
        case block.List():
            return MarkdownList(tuple(_derive_item(item, origin) for item in element.children), offset)
        case block.FencedCode():
            return Code(_find_code(element), element.lang, offset)
        case block.CodeBlock():
            return Code(_find_code(element), "", offset)
        case gfm.Table():
            return Table(tuple(_find_cells(row) for row in element.children), offset)
    return None


def _derive_item(element: Element, origin: SourceMap) -> Item:
    """Turn one of marko's list items into ours."""
    children = element.children if isinstance(element, block.ListItem) else ()
    return Item(_derive_blocks(children, origin), _find_start(element, origin))


def _find_code(element: block.BlockElement) -> str:
    """Return the text of a code block."""
    return "".join(str(getattr(child, "children", "")) for child in element.children)


def _find_cells(row: Element) -> tuple[str, ...]:
    """Return the inline Markdown of the cells of one row."""
    cells = row.children if isinstance(row, gfm.TableRow) else ()
    return tuple(str(cell.inline_body) for cell in cells if isinstance(cell, block.BlockElement))
