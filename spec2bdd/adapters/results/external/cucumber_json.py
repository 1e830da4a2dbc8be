"""Parse the JSON reports of Cucumber.

Some versions write the steps of a background as an element before each scenario, others within the scenario; some
write hooks next to the steps, others among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.adapters.formats.json import JsonObject, find_count, find_object, find_objects, find_text
from spec2bdd.adapters.results.external.feature_list import find_tags, is_json_list, parse_features
from spec2bdd.model import ExternalReport, ExternalScenario, StepResult

# Cucumber gives the place of a feature as `uri`, Behave as `location`. Quotes within a string are escaped, so that this
# can only be a key.
_URI = re.compile(rb'"uri"\s*:')
_HOOKS = ("before", "after")


class CucumberJsonReader:
    """The reader of Cucumber's JSON, of the JVM, JavaScript and Ruby."""

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like a JSON list with the URIs of features."""
        return is_json_list(content) and _URI.search(content) is not None

    def parse(self, content: bytes, path: str) -> ExternalReport:
        """Parse a report; a scenario is as good as the worst of its steps and hooks.

        Raises:
            EvidenceError: it is no such report, is not whole, or holds no feature.
        """
        scenarios: list[ExternalScenario] = []
        for feature in parse_features(content):
            # Background elements belong to the next scenario.
            backgrounds: list[JsonObject] = []
            for element in find_objects(feature, "elements"):
                if find_text(element, "type") == "background" or find_text(element, "keyword") == "Background":
                    backgrounds.append(element)
                else:
                    scenarios.append(_parse_scenario(feature, element, backgrounds))
                    backgrounds = []
        return ExternalReport(path, "Cucumber report", placed=True, scenarios=tuple(scenarios))


def _parse_scenario(feature: JsonObject, element: JsonObject, backgrounds: Sequence[JsonObject]) -> ExternalScenario:
    """Parse one scenario with the results of its backgrounds, steps and hooks."""
    parts = [*backgrounds, element]
    items = [step for part in parts for step in find_objects(part, "steps")]
    steps = [item for item in items if not _is_hook(item)]
    hooks = [item for item in items if _is_hook(item)]
    # Other hooks are next to the steps, or next to the scenario.
    hooks += [hook for holder in (*parts, *items) for name in _HOOKS for hook in find_objects(holder, name)]
    results = [find_object(hook, "result") for hook in hooks]
    statuses = [find_text(result, "status").lower() for result in results]
    # Apart from its steps, a scenario has the status of its first hook that neither passed nor failed, or its own.
    own = find_text(element, "status").lower() or "passed"
    status = next((status or "untested" for status in statuses if status not in ("passed", "failed")), own)
    scenario = ExternalScenario(
        find_text(feature, "uri"),
        find_count(element, "line") or 0,
        find_text(element, "name"),
        status,
        tags=(*find_tags(feature), *find_tags(element)),
        steps=tuple(map(_parse_step, steps)),
    )
    failed = [result for result, status in zip(results, statuses, strict=True) if status == "failed"]
    messages = (f"a hook failed: {find_text(result, 'error_message')}".rstrip(": ") for result in failed)
    return replace(scenario, failures=tuple(messages))


def _is_hook(item: JsonObject) -> bool:
    """Whether an item among the steps is a hook: it is hidden, or has no line in a feature file."""
    return item.get("hidden") is True or not find_count(item, "line")


def _parse_step(step: JsonObject) -> StepResult:
    """Parse one step; a step without a result was not run."""
    result = find_object(step, "result")
    keyword, line = find_text(step, "keyword").strip(), find_count(step, "line") or 0
    status = find_text(result, "status").lower() or "untested"
    # Some versions write a message also for pending steps, which is no error.
    error = find_text(result, "error_message") if status == "failed" else ""
    return StepResult(keyword, "", find_text(step, "name"), line, status, error=error)
