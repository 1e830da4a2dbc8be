"""The features of a JSON report of Cucumber in, what it says of scenarios out.

Some versions put the steps of a background into an element before each scenario, others into the scenario; some have
hooks beside the steps, others among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spec2bdd.adapters.formats.taking_reports import Item, find_item, find_items, find_number, find_tags, find_text
from spec2bdd.model import ExternalReport, ExternalScenario, StepResult

_AROUND = ("before", "after")


def parse_cucumber(features: Iterable[Item], *, path: str) -> ExternalReport:
    """Return the report; a scenario is as good as the worst of its steps and hooks."""
    found = (one for feature in features for one in _find_scenarios(feature))
    return ExternalReport(path, "a report of Cucumber's", placed=True, scenarios=tuple(found))


def _find_scenarios(feature: Item) -> Iterator[ExternalScenario]:
    """Yield the scenarios of one feature; what stands in backgrounds belongs to the scenario behind them."""
    backgrounds: list[Item] = []
    for element in find_items(feature, "elements"):
        if find_text(element, "type") == "background" or find_text(element, "keyword") == "Background":
            backgrounds.append(element)
            continue
        yield _derive_scenario(feature, element, backgrounds)
        backgrounds = []


def _derive_scenario(feature: Item, element: Item, backgrounds: Sequence[Item]) -> ExternalScenario:
    """Return one scenario with the results of all that belongs to it."""
    parts = [*backgrounds, element]
    items = [step for part in parts for step in find_items(part, "steps")]
    steps = [step for step in items if not _is_hook(step)]
    hooks = [step for step in items if _is_hook(step)]
    hooks += [hook for holder in (*parts, *items) for name in _AROUND for hook in find_items(holder, name)]
    results = [find_item(hook, "result") for hook in hooks]
    statuses = [find_text(result, "status").lower() for result in results]
    scenario = ExternalScenario(
        find_text(feature, "uri"),
        find_number(element, "line"),
        find_text(element, "name"),
        _find_status(element, statuses),
        tags=(*find_tags(feature), *find_tags(element)),
        steps=tuple(map(_derive_step, steps)),
    )
    failed = [result for result, status in zip(results, statuses, strict=True) if status == "failed"]
    return replace(scenario, failures=tuple(f"a hook failed: {_find_error(result)}".rstrip(": ") for result in failed))


def _is_hook(step: Item) -> bool:
    """Tell whether a step is a hook: it stands in no line of a feature file, or is hidden."""
    return step.get("hidden") is True or not find_number(step, "line")


def _find_status(element: Item, hooks: Sequence[str]) -> str:
    """Return the status of a scenario apart from its steps: the first of its hooks that is not passed, or its own."""
    own = find_text(element, "status").lower() or "passed"
    return next((status or "untested" for status in hooks if status not in ("passed", "failed")), own)


def _derive_step(step: Item) -> StepResult:
    """Return one step; a step without a result was not run."""
    result = find_item(step, "result")
    keyword, line = find_text(step, "keyword").strip(), find_number(step, "line")
    status = find_text(result, "status").lower() or "untested"
    return StepResult(keyword, "", find_text(step, "name"), line, status, error=_find_error(result, status))


def _find_error(result: Item, status: str = "failed") -> str:
    """Return what went wrong; some versions write a message also for what is pending, which is no error."""
    return find_text(result, "error_message") if status == "failed" else ""
