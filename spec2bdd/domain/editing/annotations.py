"""A criterion and what is to be noted of it in, the text of its spec with the note, or without it, out.

Places and forms are only tried: the first that reads back as the same spec, with this criterion as it shall be, is
taken. So a reason with brackets or Markdown in it goes into a comment, and one that no form holds is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.editing.verified_edit import SpecReader, find_verified_edit
from spec2bdd.model import Criterion, Spec
from spec2bdd.text.edits import Edit

WAIVER = re.compile(r"[ \t]*(?:\(waived:(?:[^()]|\([^()]*\))*\)|<!--\s*waived:.*?-->)", re.IGNORECASE | re.DOTALL)
MANUAL = re.compile(r"[ \t]*(?:\(manual\)|<!--\s*manual\s*-->)", re.IGNORECASE)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# What cannot go on with the words of an item: a blank line, another item, a fence, a heading, a quote, a table.
_OTHER = re.compile(r"[ \t]*(?:$|[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~|#{1,6}[ \t]|>|\|)")
_MOST_LINES = 60


def add_annotation(spec: Spec, index: int, wanted: Criterion, *, note: str, read: SpecReader) -> str:
    """Return the text in which `note` stands behind the words of a criterion, or nothing where it cannot.

    It stands in brackets if it reads back so, as most authors write it, and else in a comment.
    """
    box = derive_box_edits(spec.criteria[index], wanted)
    ends = _find_ends(spec, spec.criteria[index])
    edits = ([*box, Edit(end, end, form)] for form in (f" ({note})", f" <!-- {note} -->") for end in ends)
    return find_verified_edit(spec, index, wanted, edits, read=read)


def remove_annotation(spec: Spec, index: int, wanted: Criterion, *, pattern: re.Pattern[str], read: SpecReader) -> str:
    """Return the text without the notes of that form at a criterion, or nothing where they cannot be told for sure."""
    box = derive_box_edits(spec.criteria[index], wanted)
    found = [_derive_cut(spec.text, match) for match in _find_notes(spec, index, pattern)]
    edits = ([*box, *cuts] for cuts in [*([cut] for cut in found), found])
    return find_verified_edit(spec, index, wanted, edits, read=read)


def derive_box_edits(criterion: Criterion, wanted: Criterion) -> list[Edit]:
    """Return the edit that gives a box its mark, or none if it has it."""
    box = criterion.box
    return [Edit(box.offset, box.offset + 1, wanted.box.mark)] if box.mark != wanted.box.mark else []


def _find_ends(spec: Spec, criterion: Criterion) -> Sequence[int]:
    """Return the offsets behind the words of each line that an item may reach over, the last one first."""
    ends: list[int] = []
    for line in _find_lines(spec.text, criterion.box.offset + 2):
        if ends and (_OTHER.match(line[0].rstrip("\r\n")) or len(ends) == _MOST_LINES):
            break
        ends.append(line.start() + len(line[0].rstrip(" \t\r\n")))
    return ends[::-1]


def _find_lines(text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the lines of a text from an offset on."""
    return (match for match in _LINE.finditer(text, start) if match[0])


def _find_notes(spec: Spec, index: int, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what looks like a note between the box of a criterion and the next box."""
    start = spec.criteria[index].box.offset
    boxes = [item.box.offset for item in spec.criteria] + [item.box.offset for item in spec.done_items]
    return pattern.finditer(spec.text, start, min((box for box in boxes if box > start), default=len(spec.text)))


def _derive_cut(text: str, match: re.Match[str]) -> Edit:
    """Return the edit that takes a note out, with its whole line where nothing else stands there."""
    start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
    rest = _LINE.match(text, match.end())
    alone = rest is not None and not text[start : match.start()].strip() and not rest[0].strip()
    return Edit(start, rest.end(), "") if alone and rest else Edit(match.start(), match.end(), "")
