"""Collect the steps of the scenarios that have a criterion's tag, to see whether a criterion is proved by others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.manifest.manifest import parse_tags

_SCENARIOS = {word for dialect in LANGUAGES.values() for word in (*dialect.scenario, *dialect.outline)}
_EXAMPLES = {word for dialect in LANGUAGES.values() for word in dialect.examples}
_OTHERS = {"Background"}.union(*({dialect.feature, dialect.rule} for dialect in LANGUAGES.values())) - {""}
_IGNORED = re.compile(r"\s*(?:#|$)")


def collect_steps(text: str) -> Mapping[str, list[list[str]]]:
    """Collect, for each tag on a scenario or an outline, the lines under it, with its examples."""
    blocks: dict[str, list[list[str]]] = defaultdict(list)
    waiting: set[str] = set()
    block: list[str] = []
    for line in text.removeprefix("\ufeff").splitlines():
        word = line.partition(":")[0].strip() if ":" in line else ""
        if line.lstrip().startswith("@"):
            waiting |= parse_tags(line)
        elif word in _SCENARIOS or word in _OTHERS:
            block = []
            for tag in waiting if word in _SCENARIOS else ():
                blocks[tag].append(block)
            waiting = set()
        elif not _IGNORED.match(line):
            block.append(" ".join(line.split()))
            waiting = set() if word in _EXAMPLES else waiting
    return blocks
