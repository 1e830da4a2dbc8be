"""Parse Markdown blocks with marko; the only module that knows marko's block elements.

It is imported only when the fast path gives up, because loading marko costs start-up time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from marko import block
from marko.element import Element
from marko.ext.gfm import elements as gfm
from marko.parser import Parser
from marko.source import Source

from spec2bdd.domain.specs.markdown.blocks import (
    Block,
    Code,
    Comment,
    Heading,
    Item,
    MarkdownBody,
    MarkdownList,
    Paragraph,
    Quote,
    Region,
    RegionKind,
    Rule,
    Table,
)
from spec2bdd.domain.specs.markdown.limits import check_length
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map

# The markers that a line begins with.
_MARKERS = re.compile(r"^(?:[ \t]|(?:[-+*]|\d{1,9}[.)])[ \t]|>)*+", re.MULTILINE)
# With marko 2.2.4, each level of quotes with blanks between them doubles the time: 20 take an instant, 30 a minute.
_SPACED_QUOTE = re.compile(r">[ \t]+(?=[^ \t]*>)")
_MAX_SPACED_QUOTES = 22
# Without blanks the time only adds up. Python's recursion limit allows for more levels than this, which take long, and
# which no spec has.
_MAX_QUOTES = 500


class _LinkDefinition(block.LinkRefDef):
    """Marko's link definition, tried only at a label and a colon.

    Without that check, marko 2.2.4 looks as far as the next blank line at every `[`, and a long list of boxes takes
    minutes.
    """

    override = True
    _label = re.compile(r" {,3}\[(?:[^\[\]\\]|\\[\s\S]){1,1000}\]:")

    @classmethod
    def match(cls, source: Source) -> bool:
        """Whether a link definition begins here."""
        return source.expect_re(cls._label) is not None and super().match(source)


class _Table(gfm.Table):
    """GitHub's table, tried only at a line with a bar; marko 2.2.4 is slow on every other line with long blanks."""

    override = True

    @classmethod
    def match(cls, source: Source) -> bool:
        """Whether a table begins here."""
        return "|" in (source.next_line() or "") and bool(super().match(source))  # type: ignore[no-untyped-call]


class _Quote(block.Quote):
    """Marko's quote, tried only where it can continue.

    Marko 2.2.4 recognizes a quote after a tab but cannot parse its content, and loops forever.
    """

    override = True

    @classmethod
    def match(cls, source: Source) -> re.Match[str] | None:
        """Whether a quote begins here."""
        line = source.next_line(require_prefix=False)
        return super().match(source) if source.match_prefix(source.prefix + cls._prefix, line) >= 0 else None


# Faster than the cache of `re.compile`; marko has a few dozen patterns, and takes most of them as text.
_compile = lru_cache(maxsize=256)(re.compile)


class _Source(Source):
    """Marko's source, which finds a line and the end of its prefix once.

    Marko 2.2.4 does that again in each try of an element, some sixty times for an item of a list.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._line_key: tuple[int, str] | None = None
        self._line: re.Match[str] | None = None
        self._prefix_length = 0

    def expect_re(self, regexp: re.Pattern[str] | str) -> re.Match[str] | None:
        """Match a pattern at the position, after the prefix of the line; without the prefix, nothing matches."""
        # The document itself is always one of the states, and has no prefix.
        key = self.pos, self.prefix if len(self._states) > 1 else ""
        if key != self._line_key:
            line = self.next_line(require_prefix=False)
            self._line_key, self._line = key, self.match
            self._prefix_length = self.match_prefix(key[1], line)
        # Some elements consume what was matched last, which is the line where the prefix is missing.
        self.match = self._line
        if self._prefix_length < 0:
            return None
        self.match = self._expect_re(regexp, self.pos + self._prefix_length)
        return self.match

    def _expect_re(self, regexp: re.Pattern[str] | str, pos: int) -> re.Match[str] | None:
        """Match a pattern at a position."""
        return _compile(regexp).match(self._buffer, pos)


class _BlockParser(Parser):
    """Marko with GitHub's tables and alerts, and without the inline parsing that takes half of its time.

    GitHub's paragraph is left out on purpose: it cuts `[x]` off some paragraphs and not off others.
    """

    def __init__(self) -> None:
        super().__init__()
        for element in (_LinkDefinition, _Quote, _Table, gfm.TableRow, gfm.TableCell, gfm.Alert):
            self.add_element(element)
        # Marko 2.2.4 sorts the elements again for each line.
        self._sorted_elements = super()._build_block_element_list()

    def _build_block_element_list(self) -> list[type[block.BlockElement]]:
        """Return the elements in the order in which they are tried."""
        return self._sorted_elements

    def parse(self, text: str) -> block.Document:
        """Parse the blocks of a text."""
        source, document = _Source(text), block.Document()
        source.parser = self
        with source.under_state(document):
            document.children = self.parse_source(source)
        return document


# It keeps nothing of the texts that it parses, so one is enough.
_PARSER = _BlockParser()


def parse_blocks(text: str, start: int) -> MarkdownBody:
    """Parse the Markdown that begins at `start`; quotes are listed as regions only, and rules are dropped.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: the text is so long that marko would take minutes.
    """
    return parse_chunk(build_source_map(text, start))


def parse_chunk(source_map: SourceMap, *, whole: bool = False) -> MarkdownBody:
    """Parse a part of the Markdown as if it were a document by itself; `whole` keeps the quotes and rules in it.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: the text is so long that marko would take minutes.
    """
    check_length(source_map)
    # Quotes that are nested too deeply would keep marko busy practically forever, so they never reach it.
    if source_map.text.count(">") >= _MAX_SPACED_QUOTES:
        for match in _MARKERS.finditer(source_map.text):
            if match[0].count(">") > _MAX_QUOTES or len(_SPACED_QUOTE.findall(match[0])) >= _MAX_SPACED_QUOTES:
                raise RecursionError
    document = _PARSER.parse(source_map.text)
    regions = tuple(_find_regions(document.children, source_map))
    blocks = _convert_blocks(document.children, source_map, whole=whole)
    return MarkdownBody(blocks, dict(document.link_ref_defs), regions)


def _find_regions(elements: Sequence[Element], source_map: SourceMap) -> Iterator[Region]:
    """Find the blocks that hold no criteria, without looking inside of quotes and tables."""
    for element in elements:
        match element:
            case block.List() | block.ListItem():
                yield from _find_regions(element.children, source_map)
                continue
            case block.FencedCode() | block.CodeBlock():
                kind = RegionKind.CODE
            case block.HTMLBlock():
                kind = RegionKind.COMMENT if element.body.lstrip().startswith("<!--") else RegionKind.HTML
            case block.Quote():
                kind = RegionKind.QUOTE
            case gfm.Table():
                kind = RegionKind.TABLE
            case block.Heading() | block.SetextHeading():
                kind = RegionKind.HEADING
            case _:
                continue
        start = source_map.find_visible(element.start_pos or 0)
        yield Region(kind, start, source_map.find_offset(element.end_pos or 0))


def _convert_blocks(elements: Sequence[Element], source_map: SourceMap, *, whole: bool) -> tuple[Block, ...]:
    """Convert marko's elements to our blocks, unless `whole` without those that say nothing about a spec."""
    blocks: list[Block] = []
    for element in elements:
        offset = source_map.find_visible(element.start_pos or 0)
        match element:
            case block.Heading() | block.SetextHeading():
                blocks.append(Heading(element.level, element.inline_body, offset))
            case block.Paragraph():
                blocks.append(Paragraph(element.inline_body, offset))
            case block.HTMLBlock():
                blocks.append(Comment(element.body, offset))
            case block.List():
                items = (
                    Item(
                        _convert_blocks(item.children, source_map, whole=whole),
                        source_map.find_visible(item.start_pos or 0),
                    )
                    for item in element.children
                    if isinstance(item, block.ListItem)
                )
                blocks.append(MarkdownList(tuple(items), offset))
            case block.FencedCode() | block.CodeBlock():
                # Marko keeps the code as raw text elements. Only a fenced block has a language.
                code = "".join(str(getattr(child, "children", "")) for child in element.children)
                info = element.lang if isinstance(element, block.FencedCode) else ""
                blocks.append(Code(code, info, offset))
            case gfm.Table():
                rows = (row.children for row in element.children if isinstance(row, gfm.TableRow))
                cells = (
                    tuple(str(cell.inline_body) for cell in row if isinstance(cell, block.BlockElement)) for row in rows
                )
                blocks.append(Table(tuple(cells), offset))
            case block.Quote() | gfm.Alert() if whole:
                blocks.append(Quote(_convert_blocks(element.children, source_map, whole=whole), offset))
            case block.ThematicBreak() if whole:
                blocks.append(Rule(offset))
    return tuple(blocks)
