"""Find step definitions that no step of the project matches.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from behave.parser import ParserError, parse_file

from spec2bdd.adapters.behave.glue.pattern_words import find_text
from spec2bdd.adapters.behave.glue.step_index import StepIndex
from spec2bdd.adapters.behave.registry.pattern_selection import is_found

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
    step: all of them are in use. If a feature cannot be parsed, its steps are unknown, and nothing is yielded.
    """
    feature_steps: list[_Step] = []
    for path in features:
        try:
            feature = parse_file(path)
        except (ParserError, OSError, UnicodeError):
            return
        for scenario in feature.walk_scenarios() if feature else ():
            feature_steps += [(step.step_type, step.name) for step in scenario.all_steps]
    used: set[int] = set()
    for kind, text in dict.fromkeys([*wanted, *feature_steps]):
        for index in (indexes[kind], indexes["step"]):
            # Only those that are not known to be used already: `is_found` may have to compile a pattern.
            candidates = (matcher for matcher in index.find_matchers(text) if id(matcher) not in used)
            used |= {id(matcher) for matcher in candidates if is_found(matcher, text)}
    for kind, matchers in steps.items():
        for matcher in matchers:
            if id(matcher) not in used:
                location = matcher.location
                yield kind, find_text(matcher), Path(location.filename).as_posix(), location.line
