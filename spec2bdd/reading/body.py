"""The body of a spec in, its blocks out: slice by slice, and by marko only what is not plain and can mean something.

What a spec says must be the same as if marko had read all of it, as `markdown.parse_blocks` does. Where it is not
certain that the slices mean the same, this has marko read all of it, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.reading.blocks import Block, Body, Ground, Heading, Plot
from spec2bdd.reading.captions import find_announced
from spec2bdd.reading.names import Known
from spec2bdd.reading.origin import Origin, derive_origin, derive_stretch
from spec2bdd.reading.plain import parse_heading, parse_plain
from spec2bdd.reading.rules import Rules
from spec2bdd.reading.slices import Slice, find_slices

# How a line begins that may be a list, a heading of any kind, or a quote.
_MEANING = re.compile(r"\n[ \t]*[-+*=#>\d]")
# More of this sign than there are in quotes that are nested too deeply to be read, even if they stand in a fence.
_MOST_QUOTES = 20


def parse_body(text: str, start: int, rules: Rules) -> Body:
    """Read the Markdown that begins at `start`, leaving out what cannot mean anything.

    Left out are the blocks of sections without a list, and plots below the first heading that is not of level 1.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
    """
    origin = derive_origin(text, start)
    slices = find_slices(origin.text)
    if slices is None:
        return _parse_with_marko(origin)
    parts = [_parse_slice(origin, found, rules) for found in slices]
    return Body(
        tuple(block for blocks, _ in parts for block in blocks), plots=tuple(p for _, plots in parts for p in plots)
    )


def _parse_slice(origin: Origin, found: Slice, rules: Rules) -> tuple[Sequence[Block], Sequence[Plot]]:
    """Return the blocks of a slice, and the plots in it as far as they may matter."""
    heading = parse_heading(origin, found.start)
    if heading and _tell_idle(heading, origin.text, found, rules=rules):
        return (heading,), ()
    start = origin.text.find("\n", found.start) if heading else found.start
    blocks = parse_plain(origin, start, found.end)
    if blocks is None:
        body = _parse_with_marko(derive_stretch(origin, found.start, found.end))
        return body.blocks, body.plots
    if heading is None:
        return blocks, ()
    # A status may stand above the first heading that is not of level 1, and is none if it stands in a heading.
    plots = (Plot(Ground.HEADING, heading.offset, origin.find_offset(start)),) if heading.level == 1 else ()
    return (heading, *blocks), plots


def _tell_idle(heading: Heading, text: str, found: Slice, *, rules: Rules) -> bool:
    """Tell whether all that a slice can mean is its heading: there is no list, and its paragraphs are no purpose."""
    if heading.level == 1 or find_announced(heading.source, rules) is Known.PURPOSE:
        return False
    if text.count(">", found.start, found.end) > _MOST_QUOTES:
        return False
    return all(not _MEANING.search(text, start, end) for start, end in found.prose)


def _parse_with_marko(origin: Origin) -> Body:
    """Have marko read a stretch."""
    # Marko costs start-up time, and many a spec can be read without it.
    from spec2bdd.reading.markdown import parse_stretch

    return parse_stretch(origin)
