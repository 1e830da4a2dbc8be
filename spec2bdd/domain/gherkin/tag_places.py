"""Find tags that are on more or less than one scenario: on a feature, a rule, or one table of examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.manifest import parse_tags

# A comment or a blank line, which may come between tags and what they belong to.
_BETWEEN = re.compile(r"\s*(?:#|$)")


class TagPlace(StrEnum):
    """What a tag is on, if it is neither a scenario nor an outline."""

    FEATURE = "feature"
    RULE = "rule"
    EXAMPLES = "table of examples"


_PLACES = {
    **{dialect.feature: TagPlace.FEATURE for dialect in LANGUAGES.values()},
    **{dialect.rule: TagPlace.RULE for dialect in LANGUAGES.values() if dialect.rule},
    **{word: TagPlace.EXAMPLES for dialect in LANGUAGES.values() for word in dialect.examples},
}


def find_shared_tags(text: str) -> Iterator[tuple[int, str, TagPlace]]:
    """Yield line, tag and place of each tag of a feature file that is on a feature, a rule or a table of examples."""
    waiting: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.lstrip().startswith("@"):
            waiting += [(number, tag) for tag in sorted(parse_tags(line))]
        elif not _BETWEEN.match(line):
            place = _PLACES.get(line.partition(":")[0].strip())
            if place:
                yield from ((tagged, tag, place) for tagged, tag in waiting)
            waiting = []
