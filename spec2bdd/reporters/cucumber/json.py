"""The `cucumber-json` format: the older report of Cucumber's, which many tools for test management import."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from spec2bdd.reporters.cucumber.results import Played, StepOutcome, list_played
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.summary import find_report


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the results of the scenarios of an answer; scenarios without a result are left out."""
    features: dict[str, dict[str, Any]] = {}
    for scenario in list_played(find_report(answer), answer.sources):
        if not scenario.attempts:
            continue
        path, feature = scenario.feature.path, scenario.feature.document["feature"]
        head = {
            "uri": path,
            "id": _make_id(feature["name"]),
            "keyword": feature["keyword"],
            "name": feature["name"],
            "description": feature["description"],
            "line": feature["location"]["line"],
            "tags": [{"name": tag["name"], "line": tag["location"]["line"]} for tag in feature["tags"]],
            "elements": [],
        }
        entry = features.setdefault(path, head)
        entry["elements"].append(_build_element(scenario, entry["id"]))
    # As ASCII, it can hold no character that a terminal would obey.
    return json.dumps([*features.values()], indent=2) + "\n"


def _build_element(scenario: Played, feature: str) -> dict[str, Any]:
    """Build a scenario or row with the results of its last try; the steps of backgrounds are among its own."""
    pickle, attempt = scenario.pickle, scenario.attempts[-1]
    nodes = [scenario.nodes[id_] for id_ in pickle["astNodeIds"]]
    # The second node of a row is that row, of whichever table of examples.
    row = f";;{nodes[1]['location']['line']}" if len(nodes) > 1 else ""
    return {
        "id": f"{feature};{_make_id(pickle['name'])}{row}",
        "keyword": nodes[0]["keyword"],
        "type": "scenario",
        "name": pickle["name"],
        "description": nodes[0]["description"],
        "line": nodes[-1]["location"]["line"],
        "tags": [
            {"name": tag["name"], "line": scenario.nodes[tag["astNodeId"]]["location"]["line"]}
            for tag in pickle["tags"]
        ],
        "steps": [
            *_build_hook("Before", attempt.before),
            *(
                _build_step(scenario, step, outcome)
                for step, outcome in zip(pickle["steps"], attempt.steps, strict=True)
            ),
            *_build_hook("After", attempt.after),
        ],
    }


def _build_step(scenario: Played, step: Mapping[str, Any], outcome: StepOutcome) -> dict[str, Any]:
    """Build a step with its result."""
    node = scenario.nodes[step["astNodeIds"][0]]
    built = {
        "keyword": node["keyword"],
        "name": step["text"],
        "line": node["location"]["line"],
        "match": {"location": outcome.location} if outcome.location else {},
        "result": _build_result(outcome),
    }
    argument = step.get("argument", {})
    if table := argument.get("dataTable"):
        built["rows"] = [{"cells": [cell["value"] for cell in row["cells"]]} for row in table["rows"]]
    if text := argument.get("docString"):
        line = node["docString"]["location"]["line"]
        kind = text.get("mediaType", "")
        built["doc_string"] = {"value": text["content"], "content_type": kind, "line": line}
    if outcome.output:
        built["output"] = [outcome.output]
    return built


def _build_hook(kind: str, error: str) -> list[dict[str, Any]]:
    """Build the step of a hook that failed, if it did, as Cucumber for JavaScript has it.

    Cucumber for the JVM has hooks next to the steps, where some readers miss them and take the scenario for passed.
    """
    hook = {"keyword": kind, "name": f"{kind.lower()} the scenario", "hidden": True, "match": {}}
    return [{**hook, "result": _build_result(StepOutcome("FAILED", 0.0, error))}] if error else []


def _build_result(outcome: StepOutcome) -> dict[str, Any]:
    """Build the result of a step or hook, with its duration in nanoseconds."""
    # This format has no word for a result that Cucumber does not know.
    status = "skipped" if outcome.status == "UNKNOWN" else outcome.status.lower()
    message = {"error_message": outcome.message} if outcome.message else {}
    return {"status": status, "duration": round(outcome.seconds * 1_000_000_000), **message}


def _make_id(name: str) -> str:
    """Make the id of a feature or scenario of its name, as Cucumber does."""
    return re.sub(r"\s", "-", name).lower()
