"""The places of feature files in, the features that Behave can parse out, and a problem for each file that it cannot.

The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from behave.parser import ParserError
from behave.runner_util import parse_features

from spec2bdd.adapters.behave.glue.serialize import count_expected, describe_error
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic, FeatureOutline, ScenarioResult, StepResult
from spec2bdd.text.clean import clean_text


def load_features(locations: Iterable[Any], *, language: str | None) -> tuple[list[Any], list[Diagnostic]]:
    """Return the features of all files that can be parsed, in order, and the problems of the others."""
    features: list[Any] = []
    problems: list[Diagnostic] = []
    for filename, group in groupby(locations, key=lambda location: location.filename):
        try:
            features += parse_features(list(group), language=language)
        except Exception as error:  # noqa: BLE001  Where Behave's parser is lost, it may raise anything.
            problems.append(_derive_problem(Path(os.path.relpath(filename)).as_posix(), error))
    return features, problems


def _derive_problem(path: str, error: Exception) -> Diagnostic:
    """Return the problem of a file that Behave cannot parse."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8 text"
        return build_file_diagnostic(path, line, code="feature-encoding", message=message)
    line, why = 0, describe_error(error)
    if isinstance(error, KeyError):
        # This is all that Behave says of `# language: xx`.
        why = f"the language {error} is unknown"
    elif isinstance(error, ParserError):
        line, why = error.line or 0, str(error.args[0])
        why = why.replace(f" at line {line}", "", 1).replace("\nREASON:", ";").strip(",\n ")
    return build_file_diagnostic(path, line, code="feature-syntax", message=f"Behave cannot parse this file: {why}")


def list_features(contents: Mapping[str, bytes]) -> tuple[FeatureOutline, ...]:
    """Return the features of all files that Behave can parse; the others are left out."""
    # Only who brings a report of another tool needs Behave's parser here.
    from behave.parser import parse_feature

    found: list[FeatureOutline] = []
    for path, content in contents.items():
        try:
            feature = parse_feature(content.decode("utf-8-sig"), filename=path)
        except Exception:  # noqa: BLE001, S112  Where Behave's parser is lost, it may raise anything; a run tells it.
            continue
        if feature is not None:
            found.append(_list_feature(path, feature))
    return tuple(found)


def _list_feature(path: str, feature: Any) -> FeatureOutline:
    """Return one feature."""
    scenarios = tuple(_list_scenario(path, scenario) for scenario in feature.walk_scenarios())
    return FeatureOutline(path, clean_text(feature.name), scenarios, count_expected([feature]))


def _list_scenario(path: str, scenario: Any) -> ScenarioResult:
    """Return one scenario, with the steps of its backgrounds if it has any of its own."""
    steps = list(scenario.all_steps) if scenario.steps else []
    return ScenarioResult(
        path,
        scenario.line,
        clean_text(scenario.name),
        tuple(sorted(map(str, scenario.effective_tags))),
        steps=tuple(
            StepResult(clean_text(step.keyword), step.step_type, clean_text(step.name), step.line, "untested")
            for step in steps
        ),
    )
