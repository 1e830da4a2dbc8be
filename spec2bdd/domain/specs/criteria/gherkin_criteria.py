"""Build a criterion of each scenario that a spec has in Gherkin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from spec2bdd.domain.gherkin.phrasing.scenario_split import GherkinScenario
from spec2bdd.domain.specs.criteria.tags import is_own_tag, is_writable_tag
from spec2bdd.model import Box, BoxKind, Criterion, NestedBlock, NestedBlockKind, Tier
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile

# A tag that identifies a criterion.
_ID_TAG = re.compile(r"[A-Za-z]+[-_]?\d[\w.-]*")


def build_gherkin_criteria(
    file: SourceFile, scenarios: Sequence[GherkinScenario], *, title: str, tier: Tier = Tier.MUST, group: str = ""
) -> Iterator[Criterion]:
    """Build the criteria of scenarios; one without a name is called after the title, by its number."""
    counts = Counter(scenario.name for scenario in scenarios)
    numbers: Counter[str] = Counter()
    for scenario in scenarios:
        numbers[scenario.name] += 1
        name = scenario.name or title
        if counts[scenario.name] > 1 or not scenario.name:
            name = f"{name} ({numbers[scenario.name]})"
        own_tier = next((Tier(tag) for tag in scenario.tags if tag in list(Tier)), tier)
        offset = file.places.find_start(scenario.line)
        yield Criterion(
            tier=own_tier,
            text=to_single_line(name),
            box=Box(" ", offset, 0, BoxKind.NONE),
            line=scenario.line,
            column=1,
            given_id=next((tag for tag in scenario.tags if _ID_TAG.fullmatch(tag) and not is_own_tag(tag)), ""),
            group=group,
            nested=(NestedBlock(NestedBlockKind.CODE, scenario.text, "gherkin", line=scenario.line),),
            tags=tuple(filter(is_writable_tag, scenario.tags)),
            start=offset,
        )
