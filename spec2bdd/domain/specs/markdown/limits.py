"""Refuse Markdown that marko would take minutes to parse; no spec that a person writes comes near these limits."""

from __future__ import annotations

import re
from itertools import islice

from spec2bdd.domain.specs.markdown.blocks import MOST_CHARACTERS, MOST_DEFINITIONS, MOST_LINES, TooLongError
from spec2bdd.domain.specs.markdown.source_map import SourceMap

# With marko 2.2.4, the time for a heading grows with the square of the blanks in it: 200,000 take minutes.
_MOST_BLANKS = 5_000
_BLANKS = re.compile(rf"[^\S\r\n]{{{_MOST_BLANKS}}}")
_DEFINITION = re.compile(r"\n[ \t>]*\[[^\[\]\n]{1,1000}\]:")


def check_length(source_map: SourceMap) -> None:
    """Check that a part of the text is short enough for marko.

    Raises:
        TooLongError: it is not, from an offset on.
    """
    text = source_map.text
    if len(text) > MOST_CHARACTERS:
        raise TooLongError(f"more than {MOST_CHARACTERS:,} characters", source_map.find_offset(MOST_CHARACTERS))
    if text.count("\n") > MOST_LINES:
        end = next(islice(re.finditer("\n", text), MOST_LINES, None)).start()
        raise TooLongError(f"more than {MOST_LINES:,} lines", source_map.find_offset(end))
    if "#" in text and (blanks := _BLANKS.search(text)):
        what = f"a run of {_MOST_BLANKS:,} blanks or more"
        raise TooLongError(what, source_map.find_offset(blanks.start()))
    if text.count("]:") > MOST_DEFINITIONS:
        definition = next(islice(_DEFINITION.finditer(text), MOST_DEFINITIONS, None), None)
        if definition is not None:
            what = f"more than {MOST_DEFINITIONS} link definitions"
            raise TooLongError(what, source_map.find_offset(definition.start() + 1))
