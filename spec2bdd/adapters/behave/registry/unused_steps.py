"""Step definitions, queries and feature files in, the definitions that no step of them matches out.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from behave.parser import ParserError, parse_file

from spec2bdd.adapters.behave.glue.pattern_words import find_text
from spec2bdd.adapters.behave.glue.step_index import StepIndex
from spec2bdd.adapters.behave.registry.pattern_selection import find_match

_Step = tuple[str, str]


def find_unused(
    steps: Mapping[str, Sequence[Any]],
    wanted: Iterable[_Step],
    *,
    features: Iterable[str],
    indexes: Mapping[str, StepIndex],
) -> Iterator[tuple[str, str, str, int]]:
    """Yield kind, pattern, file and line of each definition that neither a wanted step nor one of a feature matches.

    `steps` are the matchers of Behave's registry by the kind of step, and `indexes` theirs. More than one may match a
    step: all of them are in use. Where a feature cannot be parsed, nothing is sure.
    """
    parsed = _parse_features(features)
    if parsed is None:
        return
    used: set[int] = set()
    for kind, text in dict.fromkeys([*wanted, *parsed]):
        for index in (indexes[kind], indexes["step"]):
            found = (matcher for matcher in index.find_matchers(text) if id(matcher) not in used)
            used |= {id(matcher) for matcher in found if find_match(matcher, text)}
    for kind, matchers in steps.items():
        for matcher in matchers:
            if id(matcher) not in used:
                place = matcher.location
                yield kind, find_text(matcher), Path(place.filename).as_posix(), place.line


def _parse_features(paths: Iterable[str]) -> list[_Step] | None:
    """Return the steps of all scenarios, those of outlines with their values, or nothing if a file has a fault."""
    steps: list[_Step] = []
    for path in paths:
        try:
            feature = parse_file(path)
        except (ParserError, OSError, UnicodeError):
            return None
        for scenario in feature.walk_scenarios() if feature else ():
            steps += [(step.step_type, step.name) for step in scenario.all_steps]
    return steps
