"""Parse the JSON report of plain Behave.

Its scenarios contain the steps of backgrounds, and have the status null where Behave wrote the status of another
element.
"""

from __future__ import annotations

from spec2bdd.adapters.formats.json import JsonObject, find_object, find_objects, find_text
from spec2bdd.adapters.results.external.feature_list import find_tags, is_json_list, parse_features
from spec2bdd.model import ExternalReport, ExternalScenario, StepResult

# A hook or clean-up around the feature failed, and Behave does not report which scenarios that concerns.
_FAILED_AROUND = ("hook_error", "cleanup_error")
# More digits are no line number.
_MAX_DIGITS = 9


class BehaveJsonReader:
    """The reader of `behave --format json`."""

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like a JSON list; Cucumber's reader comes first."""
        return is_json_list(content)

    def parse(self, content: bytes, path: str) -> ExternalReport:
        """Parse a report; statuses are Behave's own words, and `untested` where there is none.

        Raises:
            EvidenceError: it is no such report, is not whole, or holds no feature.
        """
        scenarios = tuple(
            _parse_scenario(feature, element)
            for feature in parse_features(content)
            for element in find_objects(feature, "elements")
            if find_text(element, "type") == "scenario"
        )
        return ExternalReport(path, "Behave JSON report", placed=True, scenarios=scenarios)


def _parse_scenario(feature: JsonObject, element: JsonObject) -> ExternalScenario:
    """Parse one scenario with its steps."""
    status = find_text(feature, "status")
    doubt = (
        f"its feature is reported as `{status}`, without the scenarios concerned" if status in _FAILED_AROUND else ""
    )
    # `features/lamp.feature:12`
    file, _, line = find_text(element, "location").rpartition(":")
    return ExternalScenario(
        file,
        int(line) if line.isascii() and line.isdigit() and len(line) <= _MAX_DIGITS else 0,
        find_text(element, "name"),
        find_text(element, "status") or "untested",
        tags=(*find_tags(feature), *find_tags(element)),
        steps=tuple(map(_parse_step, find_objects(element, "steps"))),
        doubt=doubt,
    )


def _parse_step(step: JsonObject) -> StepResult:
    """Parse one step; a step that was not reached has no result."""
    result = find_object(step, "result")
    # Behave splits messages of several lines into a list.
    message = result.get("error_message")
    lines = message if isinstance(message, list) else [message]
    return StepResult(
        find_text(step, "keyword"),
        find_text(step, "step_type"),
        find_text(step, "name"),
        0,
        find_text(result, "status") or "untested",
        error="\n".join(line for line in lines if isinstance(line, str)),
    )
