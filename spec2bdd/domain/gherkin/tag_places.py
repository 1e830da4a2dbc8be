"""Find what the tags of a feature file are on, which may be more or less than one scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.manifest import parse_tags

# A comment or a blank line, which may come between tags and what they belong to.
_BETWEEN = re.compile(r"\s*(?:#|$)")


class TagPlace(StrEnum):
    """What a tag is on."""

    SCENARIO = "scenario"
    FEATURE = "feature"
    RULE = "rule"
    EXAMPLES = "table of examples"


_PLACES = {
    **{dialect.feature: TagPlace.FEATURE for dialect in LANGUAGES.values()},
    **{dialect.rule: TagPlace.RULE for dialect in LANGUAGES.values() if dialect.rule},
    **{word: TagPlace.EXAMPLES for dialect in LANGUAGES.values() for word in dialect.examples},
}


def find_tags(text: str) -> Iterator[tuple[int, str, TagPlace]]:
    """Yield line, tag and place of each tag of a feature file; the line is that of the scenario, if it is on one."""
    waiting: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.lstrip().startswith("@"):
            waiting += [(number, tag) for tag in sorted(parse_tags(line))]
        elif not _BETWEEN.match(line):
            place = _PLACES.get(line.partition(":")[0].strip())
            yield from ((tagged if place else number, tag, place or TagPlace.SCENARIO) for tagged, tag in waiting)
            waiting = []
