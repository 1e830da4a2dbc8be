"""Render events as the lines of the event log: as `json.dumps` does, but the most frequent ones in less time.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from spec2bdd.text.clean import clean_text

_encode = json.JSONEncoder().encode
_CACHE_SIZE = 10_000
# A longer text is rarely that of more than one step.
_LONGEST_CACHED = 500


def render_event(event: str, facts: dict[str, Any]) -> str:
    """Render any event as a line.

    Only ASCII: a line cut anywhere is still text, and any path survives.
    """
    return _encode({"event": event, **facts}) + "\n"


def render_passed_step(scenario: int, step: Any, *, seconds: float, location: str, vacuity: str) -> str:
    """Render the event `step` of one that passed, with the facts of `describe_step`."""
    return (
        f'{{"event": "step", "scenario": {scenario}, "keyword": {render_text(step.keyword)}, '
        f'"kind": {render_text(step.step_type)}, "text": {render_text(step.name)}, "line": {step.location.line}, '
        f'"status": "passed", "seconds": {seconds!r}, "location": {render_text(location)}, "error": "", '
        f'"exception": "", "vacuous": {"true" if vacuity else "false"}, "vacuity": {render_text(vacuity)}}}\n'
    )


def render_start(scenario: int, facts: dict[str, Any], *, worker: int, number: int) -> str:
    """Render the event `scenario_start` with the facts of `describe_scenario`; `number` is that of the try."""
    # The names of scenarios are read once, those of features and tags by many of them.
    tags = ", ".join(map(render_text, facts["tags"]))
    row = _encode(facts["row"]) if facts["row"] else "{}"
    return (
        f'{{"event": "scenario_start", "scenario": {scenario}, "feature": {render_text(facts["feature"])}, '
        f'"line": {facts["line"]}, "name": {_encode(facts["name"])}, "tags": [{tags}], '
        f'"rule": {render_text(facts["rule"])}, "row": {row}, "steps": {facts["steps"]}, "worker": {worker}, '
        f'"try": {number}}}\n'
    )


def render_passed_end(scenario: int, seconds: float, *, is_vacuous: bool) -> str:
    """Render the event `scenario_end` of one that passed, with all of its steps."""
    return (
        f'{{"event": "scenario_end", "scenario": {scenario}, "status": "passed", "seconds": {seconds!r}, '
        f'"output": "", "rest": [], "vacuous": {"true" if is_vacuous else "false"}}}\n'
    )


def render_text(text: str) -> str:
    """Render a text, cleaned, as JSON."""
    return _render_cached(text) if len(text) < _LONGEST_CACHED else _encode(clean_text(text))


@lru_cache(_CACHE_SIZE)
def _render_cached(text: str) -> str:
    return _encode(clean_text(text))
