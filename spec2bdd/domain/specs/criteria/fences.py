"""Read the scenarios that a spec has in fenced Gherkin below a heading of criteria, each as a criterion."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from spec2bdd.domain.gherkin.phrasing.scenario_split import split_scenarios
from spec2bdd.domain.specs.criteria.gherkin_criteria import build_gherkin_criteria
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, find_tier, is_criteria_section
from spec2bdd.model import Criterion, Tier
from spec2bdd.text.edits import LINE_END
from spec2bdd.text.source_file import SourceFile

# A fence that is not inside of an item, whose block belongs to that item.
_FENCE = re.compile(
    r"^ {0,1}(?P<fence>`{3,}|~{3,})[ \t]*(?:gherkin|feature|cucumber)[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE | re.MULTILINE
)


def read_fences(
    file: SourceFile, start: int, paths: Sequence[tuple[int, HeadingPath]], language: str
) -> Iterator[Criterion]:
    """Read the scenarios from offset `start` on; `paths` has the headings above each part of the file."""
    offsets = [offset for offset, _ in paths]
    for match in _FENCE.finditer(file.text, start):
        index = bisect_right(offsets, match.start()) - 1
        path = paths[index][1] if index >= 0 else HeadingPath()
        if not is_criteria_section(path):
            continue
        end = re.compile(rf"^ {{0,3}}{re.escape(match['fence'])}[`~]*[ \t]*$", re.MULTILINE).search(
            file.text, match.end()
        )
        body = file.text[match.end() : end.start() if end else len(file.text)]
        first_line = file.find_place(match.end())[0]
        lines = list(enumerate(LINE_END.split(body), first_line))
        own = path.headings[-1]
        yield from build_gherkin_criteria(
            file,
            list(split_scenarios(lines, language, needs_heading=True)),
            title=own.text,
            tier=find_tier(path, 1) or Tier.MUST,
        )
