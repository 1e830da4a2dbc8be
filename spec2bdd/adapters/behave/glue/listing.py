"""The contents of feature files in, the scenarios that Behave sees in them out, none of them run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spec2bdd.adapters.behave.glue.serialize import clean_text, count_expected
from spec2bdd.model import ListedFeature, ScenarioRecord, StepRecord


def list_features(contents: Mapping[str, bytes]) -> tuple[ListedFeature, ...]:
    """Return the features of all files that Behave can parse; the others are left out."""
    # Only who brings a report of another tool needs Behave's parser here.
    from behave.parser import parse_feature

    found: list[ListedFeature] = []
    for path, content in contents.items():
        try:
            feature = parse_feature(content.decode("utf-8-sig"), filename=path)
        except Exception:  # noqa: BLE001, S112  Where Behave's parser is lost, it may raise anything; a run tells it.
            continue
        if feature is not None:
            found.append(_list_feature(path, feature))
    return tuple(found)


def _list_feature(path: str, feature: Any) -> ListedFeature:
    """Return one feature."""
    scenarios = tuple(_list_scenario(path, scenario) for scenario in feature.walk_scenarios())
    return ListedFeature(path, clean_text(feature.name), scenarios, count_expected([feature]))


def _list_scenario(path: str, scenario: Any) -> ScenarioRecord:
    """Return one scenario, with the steps of its backgrounds if it has any of its own."""
    steps = list(scenario.all_steps) if scenario.steps else []
    return ScenarioRecord(
        path,
        scenario.line,
        clean_text(scenario.name),
        tuple(sorted(map(str, scenario.effective_tags))),
        steps=tuple(
            StepRecord(clean_text(step.keyword), step.step_type, clean_text(step.name), step.line, "untested")
            for step in steps
        ),
    )
