"""Add the author's annotation to a criterion, such as `(waived: reason)`, or remove it.

Places and forms are only tried: the first that reads back as the same spec, with this criterion as wanted, is taken.
So a reason with brackets or Markdown in it goes into a comment, and one that no form can hold is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.domain.editing.mark_edits import plan_mark
from spec2bdd.domain.editing.verified_edit import SpecReader, find_verified_edit
from spec2bdd.model import Criterion, Spec
from spec2bdd.text.edits import Edit

WAIVER = re.compile(
    r"""
    [ \t]*
    (?: \(waived: (?: [^()] | \([^()]*\) )* \)  # in brackets; the reason may have one level of brackets itself
      | <!-- \s* waived: .*? -->                # in a comment
    )
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
MANUAL = re.compile(r"[ \t]*(?:\(manual\)|<!--\s*manual\s*-->)", re.IGNORECASE)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# What cannot continue the text of an item.
_OTHER = re.compile(
    r"""
    [ \t]*
    (?: $                    # a blank line
      | [-*+][ \t]           # another item
      | \d{1,9}[.)][ \t]     # a numbered one
      | ``` | ~~~            # a fence
      | \#{1,6}[ \t]         # a heading
      | > | \|               # a quote, a table
    )
    """,
    re.VERBOSE,
)
# Each line is a place to try, and each try reads the whole spec.
_MOST_LINES = 60


def add_annotation(spec: Spec, index: int, wanted: Criterion, *, note: str, read: SpecReader) -> str:
    """Add `note` after the text of a criterion, and return the edited spec, or nothing where that is not possible.

    The note is in brackets if it reads back so, as most authors write it, and else in a comment.
    """
    criterion = spec.criteria[index]
    # The end of each line that the text of the item may reach to; the last one is tried first.
    ends: list[int] = []
    for line in _LINE.finditer(spec.text, criterion.start):
        if not line[0] or (ends and (_OTHER.match(line[0].rstrip()) or len(ends) == _MOST_LINES)):
            break
        ends.append(line.start() + len(line[0].rstrip(" \t\r\n")))
    box = plan_box_edit(criterion, wanted)
    forms = (f" ({note})", f" <!-- {note} -->")
    candidates = ([*box, Edit(end, end, form)] for form in forms for end in reversed(ends))
    return find_verified_edit(spec, index, wanted, candidates, read=read)


def remove_annotation(spec: Spec, index: int, wanted: Criterion, *, pattern: re.Pattern[str], read: SpecReader) -> str:
    """Remove the notes of that form from a criterion, and return the edited spec, or nothing where that is not sure."""
    # A note of the criterion is between its text and the next one.
    start = spec.criteria[index].start
    starts = [item.start for item in spec.criteria] + [item.box.offset for item in spec.done_items]
    end = min((offset for offset in starts if offset > start), default=len(spec.text))
    cuts: list[Edit] = []
    for match in pattern.finditer(spec.text, start, end):
        # A note that is alone in its line takes the line with it.
        line_start = max(spec.text.rfind(sign, 0, match.start()) for sign in "\r\n") + 1
        rest = _LINE.match(spec.text, match.end())
        if rest and not spec.text[line_start : match.start()].strip() and not rest[0].strip():
            cuts.append(Edit(line_start, rest.end(), ""))
        else:
            cuts.append(Edit(match.start(), match.end(), ""))
    box = plan_box_edit(spec.criteria[index], wanted)
    # What looks like a note may be text of the author's: try each alone before all together.
    candidates = ([*box, *chosen] for chosen in [*([cut] for cut in cuts), cuts])
    return find_verified_edit(spec, index, wanted, candidates, read=read)


def plan_box_edit(criterion: Criterion, wanted: Criterion) -> Sequence[Edit]:
    """Plan the edit that gives a criterion its wanted mark; none if it has it, or no place for one."""
    return plan_mark(criterion.box, wanted.box.mark)
