"""The features of a JSON report of plain Behave in, what it says of scenarios out.

Its scenarios hold the steps of backgrounds, and a status of null where Behave laid it on another element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spec2bdd.adapters.formats.taking_reports import Item, find_item, find_items, find_tags, find_text
from spec2bdd.model import ExternalReport, ExternalScenario, StepResult

# They concern a hook or clean-up around the feature, and Behave does not say which scenarios it spoiled.
_SPOILED = ("hook_error", "cleanup_error")


def parse_behave(features: Iterable[Item], *, path: str) -> ExternalReport:
    """Return the report; statuses are Behave's own words, and `untested` where there is none."""
    found = (one for feature in features for one in _find_scenarios(feature))
    return ExternalReport(path, "a report of Behave's", placed=True, scenarios=tuple(found))


def _find_scenarios(feature: Item) -> Iterator[ExternalScenario]:
    """Yield the scenarios of one feature."""
    status = find_text(feature, "status")
    doubt = f"its feature is `{status}` there, and whom that concerns is not said" if status in _SPOILED else ""
    for element in find_items(feature, "elements"):
        if find_text(element, "type") == "scenario":
            place, _, line = find_text(element, "location").rpartition(":")
            yield ExternalScenario(
                place,
                int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 0,
                find_text(element, "name"),
                find_text(element, "status") or "untested",
                tags=(*find_tags(feature), *find_tags(element)),
                steps=tuple(map(_derive_step, find_items(element, "steps"))),
                doubt=doubt,
            )


def _derive_step(step: Item) -> StepResult:
    """Return one step; one that was not reached has no result."""
    result = find_item(step, "result")
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
