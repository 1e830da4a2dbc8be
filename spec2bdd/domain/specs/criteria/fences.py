"""Read the scenarios that a spec has in fenced Gherkin, each as a criterion.

The heading above announces criteria or scenarios, or it is that of a story or a requirement.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from spec2bdd.domain.gherkin.phrasing.gherkin_block import INFOS
from spec2bdd.domain.gherkin.phrasing.scenario_split import split_scenarios
from spec2bdd.domain.specs.criteria.gherkin_criteria import build_gherkin_criteria
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, find_tier, is_criteria_section
from spec2bdd.domain.specs.markdown.fences import find_fenced_blocks
from spec2bdd.model import Criterion, Tier
from spec2bdd.text.edits import LINE_END
from spec2bdd.text.source_file import SourceFile

# A name that nothing is filled into; with a table of examples, it is that of an outline.
_UNFILLED = re.compile(r"[<\[{]+[^<>\[\]{}]+[>\]}]+")
# A heading that announces nothing but scenarios: "Gherkin", "Acceptance scenarios (BDD)".
_SCENARIOS = re.compile(
    r"[\W\d]*(?:(?:bdd|gherkin|acceptance|functional|user)\W+)*"
    r"(?:gherkin|(?:scenario|sc\u00e9nario|escenario|szenari|cen\u00e1rio)[a-z]*)"
    r"(?:\W+(?:in |en )?(?:bdd|gherkin|ac))*\W*",
    re.IGNORECASE,
)
# A heading of stories or requirements, or of one of them: "User Stories", "US-1: Sign in", "Feature: Search".
_DEMANDS = re.compile(
    r"[\W\d]*(?:(?:(?:user|functional|non.?functional|business|product)\W+)*(?:story|stories|requirements?)\b"
    r"|(?:US|FR|NFR|REQ)[-_ ]?[A-Z]*\d|feature[ ]*:)",
    re.IGNORECASE,
)
# A heading above whose scenarios only show something, or are proposals.
_SHOWN = re.compile(r"[\W\d]*(?:suggest|propos|recommend|example|sample|illustrat|template|appendix)", re.IGNORECASE)


def read_fences(
    file: SourceFile, start: int, paths: Sequence[tuple[int, HeadingPath]], language: str
) -> Iterator[Criterion]:
    """Read the scenarios from offset `start` on; `paths` has the headings above each part of the file."""
    offsets = [offset for offset, _ in paths]
    for block in find_fenced_blocks(file.text, start):
        # A block that is indented belongs to the item that it is in.
        if block.info.lower() not in INFOS or block.indent > 1:
            continue
        index = bisect_right(offsets, block.start) - 1
        path = paths[index][1] if index >= 0 else HeadingPath()
        headings = path.headings if path.owner is None else ()
        # The title says what the whole document is about.
        demands = (heading for heading in headings[-2:] if heading.level > 1)
        is_demanded = any(
            heading.kind is HeadingKind.REQUIREMENTS or _DEMANDS.match(heading.text) for heading in demands
        ) and not any(_SHOWN.match(heading.text) for heading in headings)
        is_announced = is_demanded or any(_SCENARIOS.fullmatch(heading.text) for heading in headings[-1:])
        if not is_criteria_section(path) and not is_announced:
            continue
        body = file.text[block.content_start : block.content_end]
        first_line = file.find_place(block.content_start)[0]
        lines = list(enumerate(LINE_END.split(body), first_line))
        own = path.headings[-1]
        yield from build_gherkin_criteria(
            file,
            [
                scenario
                for scenario in split_scenarios(lines, language, needs_heading=True)
                if not _UNFILLED.fullmatch(scenario.name) or "|" in scenario.text
            ],
            title=own.text,
            tier=find_tier(path, 1) or Tier.MUST,
        )
