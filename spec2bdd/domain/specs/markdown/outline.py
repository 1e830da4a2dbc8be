"""Parse a Markdown body into sections: the blocks under each heading, with the headings above them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spec2bdd.domain.specs.markdown.blocks import Block, Heading, MarkdownBody, Region
from spec2bdd.domain.specs.markdown.chunks import Chunk, find_chunks
from spec2bdd.domain.specs.markdown.fast_path import parse_heading, parse_plain
from spec2bdd.domain.specs.markdown.limits import check_length
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map, cut_source_map


class OutlineSection(NamedTuple):
    """The blocks up to the next heading; `headings` are those above them, outermost first, the last one their own."""

    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]


class Outline(NamedTuple):
    """The sections of a body in file order, and the body that they come from.

    The first section is what precedes all headings. The body has only the blocks and regions that were parsed.
    """

    sections: tuple[OutlineSection, ...]
    body: MarkdownBody


def parse_outline(text: str, start: int, *, is_wanted: Callable[[Heading], bool] = lambda _: True) -> Outline:
    """Parse the Markdown that begins at `start`; of a section whose heading is not wanted, only the heading.

    Sections are asked for in the order of the file. Marko parses only what the fast path cannot.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: marko would have to parse a part of the text, and that may take minutes.
    """
    source_map = build_source_map(text, start)
    chunks = find_chunks(source_map.text)
    if chunks is None:
        # Marko costs start-up time, and many specs can be read without it.
        from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk

        body = parse_chunk(source_map)
        return Outline(_split(body.blocks), body)
    blocks: list[Block] = []
    regions: list[Region] = []
    for chunk in chunks:
        heading = parse_heading(source_map, chunk.start)
        if heading and not _has_inner_heading(source_map, chunk) and not is_wanted(heading):
            blocks.append(heading)
            continue
        chunk_start = source_map.text.find("\n", chunk.start) if heading else chunk.start
        # Above the first section, the regions of tables matter, which marko finds.
        plain = parse_plain(source_map, chunk_start, chunk.end, below_title=heading is not None and heading.level > 1)
        if plain is not None:
            blocks += [heading, *plain] if heading else plain
            continue
        # All chunks together must not be too long either.
        check_length(source_map)
        from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk

        body = parse_chunk(cut_source_map(source_map, chunk.start, chunk.end))
        blocks += body.blocks
        regions += body.regions
    return Outline(_split(blocks), MarkdownBody(tuple(blocks), regions=tuple(regions)))


def _has_inner_heading(source_map: SourceMap, chunk: Chunk) -> bool:
    """Whether there may be a heading in a chunk besides the one that it begins with."""
    return any(
        source_map.text.find("\n#", start + 1, end) >= 0 or source_map.text.find("\n==", start, end) >= 0
        for start, end in chunk.prose
    )


def _split(blocks: list[Block] | tuple[Block, ...]) -> tuple[OutlineSection, ...]:
    """Split blocks at their headings."""
    sections: list[OutlineSection] = []
    path: list[Heading] = []
    own: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            sections.append(OutlineSection(tuple(path), tuple(own)))
            while path and path[-1].level >= block.level:
                path.pop()
            path.append(block)
            own = []
        else:
            own.append(block)
    sections.append(OutlineSection(tuple(path), tuple(own)))
    return tuple(sections)
