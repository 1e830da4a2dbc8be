"""Report the lines of a file that look like criteria of its dialect and were not read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence

from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines

_PLACES = frozenset({LinePlace.TEXT, LinePlace.TABLE, LinePlace.QUOTE, LinePlace.HTML})


def report_unread_lines(
    builder: SpecBuilder,
    sections: Sequence[OutlineSection],
    pattern: re.Pattern[str],
    *,
    place: str,
    hint: str = "",
    skip: Callable[[OutlineSection], bool] = lambda _: False,
) -> None:
    """Warn once in each section about the lines that match a pattern and are no part of a criterion.

    `place` says where the dialect reads criteria, as in "under `#### Acceptance Criteria`"; `hint` replaces the hint.
    Lines in sections that fulfil `skip` are something else.
    """
    file = builder.file
    read = {criterion.line for criterion in builder.criteria} | {found.line for found in builder.diagnostics}
    read |= {block.line for criterion in builder.criteria for block in criterion.nested}
    headed = [section for section in sections if section.headings]
    starts = [section.headings[-1].offset for section in headed]
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(file.text, builder.start):
        number = bisect_right(starts, match.start())
        is_skipped = number > 0 and skip(headed[number - 1])
        if not is_skipped and file.find_place(match.start())[0] not in read:
            found.append((number, match.start()))
    if not found:
        return
    prose = {line.offset for line in place_lines(file.text, builder.start) if line.place in _PLACES}
    unread: dict[int, list[int]] = defaultdict(list)
    for number, offset in found:
        if offset in prose:
            unread[number].append(offset)
    for lines in unread.values():
        count = f"{len(lines)} lines here look like criteria" if len(lines) > 1 else "this line looks like a criterion"
        verb = "are" if len(lines) > 1 else "is"
        move = f"move them {place}" if len(lines) > 1 else f"move it {place}"
        builder.warn(lines[0], "unread-criterion", message=f"{count} and {verb} not {place}", hint=hint or move)
