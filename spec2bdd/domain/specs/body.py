"""The body of a spec in, its blocks out: slice by slice, and by marko only what is not plain and can mean something.

What a spec says must be the same as if marko had read all of it, as `markdown.parse_blocks` does. Where it is not
certain that the slices mean the same, this has marko read all of it, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import find_announced, may_hold_criteria
from spec2bdd.domain.specs.markdown.blocks import (
    MOST_LINES,
    Block,
    Heading,
    MarkdownBody,
    Region,
    RegionKind,
    TooLongError,
)
from spec2bdd.domain.specs.markdown.chunks import Chunk, find_chunks
from spec2bdd.domain.specs.markdown.fast_path import parse_heading, parse_plain
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map, derive_stretch
from spec2bdd.domain.specs.vocabulary.rules import HeadingVocabulary

# How a line begins that may be a list, a heading of any kind, or a quote.
_MEANING = re.compile(r"\n[ \t]*[-+*=#>\d]")
# The same above all criteria, where a list means something only if there is a bracket in it, or if it is below a bold
# line: that is in front of it in the same item, or outside of all items.
_ITEM = r" (?:[^-+*\d\s]|\*\*)"
_MEANING_ABOVE = re.compile(
    rf"\n(?:[ \t]*[=#>]|[ \t]+[-+*\d]|[-+*](?!{_ITEM})|\d(?!\d{{0,8}}[.)]{_ITEM})|[^-+*\d\n][^\n]*?(?:\*\*|__))|\["
)
# More of this sign than there are in quotes that are nested too deeply to be read, even if they stand in a fence.
_MOST_QUOTES = 20


def parse_body(text: str, start: int, rules: HeadingVocabulary) -> MarkdownBody:
    """Read the Markdown that begins at `start`, leaving out what cannot mean anything.

    Left out are the blocks of sections without a list, or with lists that cannot be criteria, and plots below the first
    heading that is not of level 1.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: marko would have to read a part of the text, and that may take minutes.
    """
    origin = build_source_map(text, start)
    slices = find_chunks(origin.text)
    if slices is None:
        return _parse_with_marko(origin)
    blocks: list[Block] = []
    plots: list[Region] = []
    for part in _parse_slices(origin, slices, rules):
        blocks += part[0]
        plots += part[1]
    return MarkdownBody(tuple(blocks), plots=tuple(plots))


def _parse_slices(
    origin: SourceMap, slices: Sequence[Chunk], rules: HeadingVocabulary
) -> Iterator[tuple[Sequence[Block], Sequence[Region]]]:
    """Yield the blocks of each slice, and the plots in it as far as they may matter."""
    meaning, long = _MEANING_ABOVE, origin.text.count("\n") > MOST_LINES
    for found in slices:
        heading = parse_heading(origin, found.start)
        if heading and may_hold_criteria(heading.source, rules):
            meaning = _MEANING
        if heading and _tell_idle(heading, origin.text, found, rules=rules, meaning=meaning):
            yield (heading,), ()
            continue
        blocks, plots = _parse_slice(origin, found, heading, long=long)
        inner = (block for block in blocks if isinstance(block, Heading))
        if any(may_hold_criteria(block.source, rules) for block in inner):
            meaning = _MEANING
        yield blocks, plots


def _parse_slice(
    origin: SourceMap, found: Chunk, heading: Heading | None, *, long: bool
) -> tuple[Sequence[Block], Sequence[Region]]:
    """Return the blocks of a slice, and the plots in it as far as they may matter."""
    start = origin.text.find("\n", found.start) if heading else found.start
    blocks = parse_plain(origin, start, found.end)
    if blocks is None:
        if long:
            raise TooLongError
        body = _parse_with_marko(derive_stretch(origin, found.start, found.end))
        return body.blocks, body.plots
    if heading is None:
        return blocks, ()
    # A status may stand above the first heading that is not of level 1, and is none if it stands in a heading.
    plots = (Region(RegionKind.HEADING, heading.offset, origin.find_offset(start)),) if heading.level == 1 else ()
    return (heading, *blocks), plots


def _tell_idle(
    heading: Heading, text: str, found: Chunk, *, rules: HeadingVocabulary, meaning: re.Pattern[str]
) -> bool:
    """Tell whether all that a slice can mean is its heading: no list matters, and its paragraphs are no purpose."""
    if heading.level == 1 or find_announced(heading.source, rules) is HeadingKind.PURPOSE:
        return False
    if text.count(">", found.start, found.end) > _MOST_QUOTES:
        return False
    # A loop, because a generator takes longer than what it is asked here for nearly every section.
    for start, end in found.prose:  # noqa: SIM110
        if meaning.search(text, start, end):
            return False
    return True


def _parse_with_marko(origin: SourceMap) -> MarkdownBody:
    """Have marko read a stretch."""
    # Marko costs start-up time, and many a spec can be read without it.
    from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk

    return parse_chunk(origin)
