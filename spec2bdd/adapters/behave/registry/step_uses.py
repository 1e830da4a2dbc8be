"""Describe which definition each step of the feature files has.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

from behave.runner_util import FileLocation

from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.pattern_words import find_text
from spec2bdd.adapters.behave.glue.serialize import read_tags
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.behave.registry.pattern_selection import is_found
from spec2bdd.adapters.behave.registry.sub_steps import find_sub_steps
from spec2bdd.adapters.results.wire import JsonObject, diagnostic_to_json
from spec2bdd.text.clean import clean_text


def describe_uses(definitions: LenientStepRegistry, paths: Sequence[str], *, language: str) -> JsonObject:
    """Describe all definitions by their places, and the scenarios of these files with the definition of each step.

    A step names its definition by its number in the list, or has none; so do the calls of functions that run steps.
    """
    matchers = sorted(
        (*_describe_definition(matcher), kind, find_text(matcher), id(matcher))
        for kind, group in definitions.steps.items()
        for matcher in group
    )
    numbers = {entry[-1]: number for number, entry in enumerate(matchers)}
    indexes = definitions.list_indexes()
    known: dict[tuple[str, str], int | None] = {}

    def find_number(kind: str, text: str) -> int | None:
        """Find the number of the definition that Behave uses for a step."""
        if (kind, text) not in known:
            candidates = [matcher for name in (kind, "step") for matcher in indexes[name].find_matchers(text)]
            found = next((matcher for matcher in candidates if _is_used(matcher, text)), None)
            known[kind, text] = numbers[id(found)] if found else None
        return known[kind, text]

    features, diagnostics = load_features(map(FileLocation, paths), language=language or None)
    scenarios = []
    for feature in features:
        path = Path(feature.filename).as_posix()
        for scenario, rows in _group_rows(feature):
            steps = {
                (step.line, step.name): [clean_text(step.keyword), step.step_type, clean_text(step.name), step.line]
                for row in rows or [scenario]
                for step in row.all_steps
            }
            described = [[*step, find_number(step[1], text)] for (_, text), step in steps.items()]
            tags = sorted({tag for row in rows or [scenario] for tag in read_tags(row)})
            places = [[row.line, clean_text(row.name)] for row in rows]
            scenarios.append([path, scenario.line, clean_text(scenario.name), tags, places, described])
    sub_steps = find_sub_steps(dict.fromkeys(entry[0] for entry in matchers))
    calls = [(place, find_number(kind, text)) for place, kind, text in sub_steps]
    return {
        "calls": [[place, number] for place, number in dict.fromkeys(calls) if number is not None],
        "definitions": [list(entry[:-1]) for entry in matchers],
        "scenarios": scenarios,
        "diagnostics": list(map(diagnostic_to_json, diagnostics)),
    }


def _describe_definition(matcher: Any) -> tuple[str, int, int]:
    """Describe where a definition is: its file, its first and its last line."""
    location = matcher.location
    last = location.line
    # A function may be anything that can be called, and wrapped in anything.
    with suppress(Exception):
        code = inspect.unwrap(matcher.func).__code__
        if code.co_firstlineno == location.line:
            last = max(last, *_find_lines(code))
    return Path(location.filename).as_posix(), location.line, last


def _find_lines(code: CodeType) -> Iterator[int]:
    """Find the lines of a function and of what is defined in it."""
    yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _find_lines(constant)


def _is_used(matcher: Any, text: str) -> bool:
    """Whether Behave finds a definition for a text; a converter that raises has found it."""
    try:
        return is_found(matcher, text)
    except Exception:  # noqa: BLE001  A converter of the project may raise anything.
        return True


def _group_rows(feature: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each scenario with itself as its only row, and each outline with its rows; it may have none."""
    for scenario in feature.walk_scenarios(with_outlines=True):
        if scenario.type == "scenario_outline":
            yield scenario, list(scenario.scenarios)
        elif getattr(scenario.parent, "type", "") != "scenario_outline":
            yield scenario, [scenario]
