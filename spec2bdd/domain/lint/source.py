"""A criterion in, the words behind its box out as the author wrote them, with all that is quoted masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spec2bdd.model import Criterion, DoneItem
from spec2bdd.text.markdown_lines import Sheet

# What stands in code, in quotes, in comments or in an address is data, and not the author's way of saying things.
_DATA = re.compile(
    r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<!--.*?-->|\]\([^()\s]*\)|https?://\S+"
    r'|"[^"\n]*"|\u201c[^\u201d\n]*\u201d|\u00ab[^\u00bb\n]*\u00bb|(?<!\w)\'[^\'\n]*\'(?!\w)',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Source:
    """The words behind a box; `start` is the offset of the first character, and masked ones are underscores."""

    start: int
    words: str


def derive_source(sheet: Sheet, item: Criterion | DoneItem) -> Source:
    """Return the words of an item, wrapped lines included."""
    start = item.box.offset + 2
    last = sheet.lines[sheet.find_extent(item.line)[1] - 1]
    words = sheet.text[start : last.start + len(last.text)]
    return Source(start, _DATA.sub(lambda match: "_" * len(match[0]), words))
