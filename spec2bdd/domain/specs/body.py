"""Parse the body of a spec chunk by chunk: quickly where it is plain, with marko only where it must be.

The resulting spec must be the same as if marko had parsed the whole body, as `marko_blocks.parse_blocks` does. Where
that is not certain for the chunks, marko parses the whole body here as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import (
    classify_heading_source,
    may_hold_criteria,
    parse_section_heading,
)
from spec2bdd.domain.specs.markdown.blocks import (
    Block,
    Heading,
    MarkdownBody,
    Region,
    RegionKind,
)
from spec2bdd.domain.specs.markdown.chunks import Chunk, find_chunks
from spec2bdd.domain.specs.markdown.fast_path import parse_heading, parse_plain
from spec2bdd.domain.specs.markdown.limits import check_length
from spec2bdd.domain.specs.markdown.source_map import SourceMap, build_source_map, cut_source_map
from spec2bdd.domain.specs.unread.headings import find_likeness
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary

# The start of a line that may be a list, a heading of any kind, or a quote.
_RELEVANT = re.compile(r"\n[ \t]*[-+*=#>\d]")
# The same for the chunks before the first criteria. There a list is relevant only if there is a bracket or the id of a
# criterion in it, or if it is under a bold label, which is on an earlier line of the same item or outside of all items.
_PLAIN_ITEM = r"[ ](?:[^-+*\d\s]|\*\*)"
_RELEVANT_BEFORE_CRITERIA = re.compile(
    rf"""
    \n(?:
        [ \t]*[=\#>]                                # a heading or a quote
      | [ \t]+[-+*\d]                               # a nested list
      | [-+*](?!{_PLAIN_ITEM})                      # a bullet that is not plain
      | [-+*][ ][*_~`]{{0,4}}AC[-_A-Z]{{0,6}}\d       # an item with the id of a criterion
      | \d(?!\d{{0,8}}[.)]{_PLAIN_ITEM})            # a number that is not plain
      | [^-+*\d\n][^\n]*?(?:\*\*|__)                # bold words outside of an item
      | [^\W\d_][^\n:\uff1a]{1, 58}[:\uff1a][ \t]*(?=\n)  # a short line that ends with a colon
    )
    """,
    re.VERBOSE,
)
# With more of this sign than this, a chunk may hold quotes that are nested too deeply, which marko has to report. Signs
# inside of fences are counted as well, which costs time and nothing else.
_MAX_QUOTE_SIGNS = 20


def parse_body(text: str, start: int, vocabulary: HeadingVocabulary) -> MarkdownBody:
    """Parse the Markdown that begins at `start`, leaving out what cannot affect the spec.

    Left out are the blocks of sections without a list, or with lists that cannot be criteria, and the regions under the
    first heading that is not of level 1.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
        TooLongError: marko would have to parse a part of the text, and that may take minutes.
    """
    source_map = build_source_map(text, start)
    chunks = find_chunks(source_map.text)
    if chunks is None:
        return _parse_with_marko(source_map)
    relevant = _RELEVANT_BEFORE_CRITERIA
    blocks: list[Block] = []
    regions: list[Region] = []
    is_checked = False
    for chunk in chunks:
        heading = parse_heading(source_map, chunk.start)
        if (
            heading
            and relevant is not _RELEVANT
            and _may_matter(heading.source, vocabulary, is_title=heading.level == 1)
        ):
            relevant = _RELEVANT
        if heading and _is_skippable(heading, source_map.text, chunk, vocabulary=vocabulary, relevant=relevant):
            blocks.append(heading)
            continue
        parsed = _parse_plain_chunk(source_map, chunk, heading)
        if parsed is None:
            if not is_checked:
                # All chunks together must not be too long either.
                check_length(source_map)
                is_checked = True
            body = _parse_with_marko(cut_source_map(source_map, chunk.start, chunk.end))
            parsed = body.blocks, body.regions
        chunk_blocks, chunk_regions = parsed
        if relevant is not _RELEVANT:
            inner = (block for block in chunk_blocks if isinstance(block, Heading))
            if any(_may_matter(block.source, vocabulary, is_title=block.level == 1) for block in inner):
                relevant = _RELEVANT
        blocks += chunk_blocks
        regions += chunk_regions
    return MarkdownBody(tuple(blocks), regions=tuple(regions))


def _parse_plain_chunk(
    source_map: SourceMap, chunk: Chunk, heading: Heading | None
) -> tuple[Sequence[Block], Sequence[Region]] | None:
    """Parse the blocks of a chunk, and those of its regions that may matter; None if only marko can do that."""
    start = source_map.text.find("\n", chunk.start) if heading else chunk.start
    # Above the first section, the regions of tables matter, which marko finds.
    blocks = parse_plain(source_map, start, chunk.end, below_title=heading is not None and heading.level > 1)
    if blocks is None:
        return None
    if heading is None:
        return blocks, ()
    # A status line counts above the first heading that is not of level 1, unless it is itself a heading.
    is_title = heading.level == 1
    title = (Region(RegionKind.HEADING, heading.offset, source_map.find_offset(start)),) if is_title else ()
    return (heading, *blocks), title


@lru_cache(maxsize=1024)
def _may_matter(source: str, vocabulary: HeadingVocabulary, *, is_title: bool) -> bool:
    """Whether the lists below a heading may be criteria, or would be if it were not misspelt."""
    if may_hold_criteria(source, vocabulary):
        return True
    if is_title:
        # It says what the document is about, and misspells nothing.
        return False
    likeness = find_likeness(parse_section_heading(Heading(2, source, 0), {}, vocabulary).text, vocabulary)
    return likeness is not None and likeness.is_misspelt


def _is_skippable(
    heading: Heading, text: str, chunk: Chunk, *, vocabulary: HeadingVocabulary, relevant: re.Pattern[str]
) -> bool:
    """Whether only the heading of a chunk matters: no list in it does, and its paragraphs are not the purpose."""
    kind = classify_heading_source(heading.source, vocabulary)
    # Paragraphs under the name of a tier or of criteria may be criteria without boxes.
    if heading.level == 1 or kind in (HeadingKind.PURPOSE, HeadingKind.CRITERIA) or (kind and kind.tier):
        return False
    if text.count(">", chunk.start, chunk.end) > _MAX_QUOTE_SIGNS:
        return False
    # Not `any()`: creating a generator takes longer than the one search that nearly every chunk needs.
    for start, end in chunk.prose:
        if relevant.search(text, start, end):
            return False
        # A box, perhaps. It is no part of the pattern, which is found fast because all of it begins with a line end.
        if relevant is _RELEVANT_BEFORE_CRITERIA and text.find("[", start, end) >= 0:
            return False
    return True


def _parse_with_marko(source_map: SourceMap) -> MarkdownBody:
    """Parse a part of the text with marko."""
    # Marko costs start-up time, and many specs can be read without it.
    from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk

    return parse_chunk(source_map)
