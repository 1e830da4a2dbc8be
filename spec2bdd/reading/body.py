"""The body of a spec in, its blocks out: slice by slice, and by marko only what is not plain and can mean something.

What a spec says must be the same as if marko had read all of it, as `markdown.parse_blocks` does. Where it is not
certain that the slices mean the same, this has marko read all of it, too.
"""

from __future__ import annotations

import re

from spec2bdd.reading.blocks import Body, Heading
from spec2bdd.reading.captions import derive_caption
from spec2bdd.reading.names import Known
from spec2bdd.reading.origin import Origin, derive_origin, derive_stretch
from spec2bdd.reading.plain import parse_heading, parse_plain
from spec2bdd.reading.rules import Rules
from spec2bdd.reading.slices import find_slices

# How a line begins that may be a list, a heading of any kind, or a quote, which may be nested too deeply to be read.
_MEANING = re.compile(r"^[ \t]*[-+*=#>\d]", re.MULTILINE)


def parse_body(text: str, start: int, rules: Rules) -> Body:
    """Read the Markdown that begins at `start`, leaving out blocks that cannot mean anything.

    Raises:
        RecursionError: quotes or lists are nested too deeply for marko.
    """
    origin = derive_origin(text, start)
    slices = find_slices(origin.text)
    if slices is None:
        return _parse_with_marko(origin)
    bodies = [_parse_slice(derive_stretch(origin, found.start, found.end), found.prose, rules) for found in slices]
    blocks = tuple(block for body in bodies for block in body.blocks)
    return Body(blocks, plots=tuple(plot for body in bodies for plot in body.plots))


def _parse_slice(origin: Origin, prose: str, rules: Rules) -> Body:
    """Read one slice."""
    heading = parse_heading(origin)
    if heading and _tell_idle(heading, prose, rules):
        return heading
    return parse_plain(origin) or _parse_with_marko(origin)


def _tell_idle(heading: Body, prose: str, rules: Rules) -> bool:
    """Tell whether all that a slice can mean is its heading: it has no list, and its paragraphs are not the purpose.

    A status may stand above the first heading below level 1, so what stands below that of level 1 is always read.
    """
    first = heading.blocks[0]
    if not isinstance(first, Heading) or first.level == 1 or _MEANING.search(prose, prose.find("\n") + 1):
        return False
    return derive_caption(first, {}, rules).known is not Known.PURPOSE


def _parse_with_marko(origin: Origin) -> Body:
    """Have marko read a stretch."""
    # Marko costs start-up time, and many a spec can be read without it.
    from spec2bdd.reading.markdown import parse_stretch

    return parse_stretch(origin)
