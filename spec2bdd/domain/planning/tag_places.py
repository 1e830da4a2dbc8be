"""Warn of criteria's tags in the user's own feature files that are on more or less than a scenario of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.tag_places import TagPlace, find_tags
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import Diagnostic, Severity

# Two criteria may be one behaviour that is seen from two sides.
_MANY = 3


def diagnose_tags(
    plans: Sequence[SpecPlan], library: FeatureIndex, features: Mapping[str, bytes]
) -> Iterator[Diagnostic]:
    """Warn of tags on a feature, a rule or a table of examples, and of a scenario with those of many criteria."""
    criteria = {item.id for plan in plans for item in plan.tracked}
    for path, content in features.items():
        if path in library.manifests or criteria.isdisjoint(library.tags[path]):
            continue
        scenarios: dict[int, list[str]] = defaultdict(list)
        for line, tag, place in find_tags(content.decode("utf-8", "replace")):
            if tag in criteria and place is TagPlace.SCENARIO:
                scenarios[line].append(f"`{tag}`")
            elif tag in criteria:
                part = "all rows of its outline" if place is TagPlace.EXAMPLES else "all scenarios under it"
                message = f"the tag `@{tag}` is on a {place}, so the criterion needs {part} to pass"
                hint = "put the tag on the scenario or scenario outline that proves the criterion"
                yield Diagnostic(path, line, 1, Severity.WARNING, "shared-tag", message, hint)
        for line, tags in scenarios.items():
            if len(tags) >= _MANY:
                message = f"one scenario proves {len(tags)} criteria: {', '.join(sorted(tags))}"
                hint = "write a scenario for each criterion"
                yield Diagnostic(path, line, 1, Severity.WARNING, "shared-scenario", message, hint)
