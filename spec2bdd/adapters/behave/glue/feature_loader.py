"""Parse feature files one by one, so that a broken file does not hide the others.

The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from behave.parser import ParserError
from behave.runner_util import parse_features

from spec2bdd.adapters.behave.glue.serialize import count_expected, describe_error, read_tags
from spec2bdd.adapters.behave.glue.special_files import build_special_file_diagnostic, is_special_file
from spec2bdd.adapters.results.wire import build_file_diagnostic
from spec2bdd.model import Diagnostic, FeatureOutline, ScenarioResult, StepResult
from spec2bdd.text.clean import clean_text
from spec2bdd.text.encoding import describe_bad_byte

# What Behave says of a line that it does not expect where it is.
_BAD_LINE = re.compile(r'Parser failure in state=(\w+): "([^\n]*)"')


def load_features(locations: Iterable[Any], *, language: str | None) -> tuple[list[Any], list[Diagnostic]]:
    """Parse all files, in order, into Behave's features, and errors for those that cannot be parsed."""
    features: list[Any] = []
    diagnostics: list[Diagnostic] = []
    for filename, group in groupby(locations, key=lambda location: location.filename):
        path = Path(os.path.relpath(filename)).as_posix()
        # To open a named pipe would wait until another program writes into it.
        if is_special_file(filename):
            diagnostics.append(build_special_file_diagnostic(path))
            continue
        try:
            features += parse_features(list(group), language=language)
        except Exception as error:  # noqa: BLE001  Behave's parser may raise anything at malformed text.
            diagnostics.append(_diagnose_parsing(path, error))
    return features, diagnostics


def list_features(contents: Mapping[str, bytes]) -> tuple[FeatureOutline, ...]:
    """Parse the files that Behave can parse into outlines, of which no step has run; skip the others."""
    # Only a caller with reports of other tools needs Behave's parser here.
    from behave.parser import parse_feature

    outlines: list[FeatureOutline] = []
    for path, content in contents.items():
        try:
            feature = parse_feature(content.decode("utf-8-sig"), filename=path)
        except Exception:  # noqa: BLE001, S112  Behave's parser may raise anything; a run reports it.
            continue
        if feature is not None:
            scenarios = tuple(_build_scenario(path, scenario) for scenario in feature.walk_scenarios())
            outlines.append(FeatureOutline(path, clean_text(feature.name), scenarios, count_expected([feature])))
    return tuple(outlines)


def _diagnose_parsing(path: str, error: Exception) -> Diagnostic:
    """Build the diagnostic of a file that Behave cannot parse."""
    if isinstance(error, UnicodeDecodeError):
        bad = describe_bad_byte(error)
        return build_file_diagnostic(path, bad.line, code="feature-encoding", message=bad.message)
    line, reason = 0, describe_error(error)
    if isinstance(error, KeyError):
        # Behave looks up the language of `# language: xx` in a dictionary, and says nothing else.
        reason = f"the language {error} is unknown"
    elif isinstance(error, ParserError):
        # Its text has the line and the file in it, which the diagnostic has already.
        line, reason = error.line or 0, str(error.args[0])
        reason = reason.replace(f" at line {line}", "", 1).replace("\nREASON:", ";").strip(",\n ")
        if found := _BAD_LINE.match(reason):
            reason = f"`{found[2].strip()}` is {'not a step' if found[1] == 'steps' else 'not expected here'}"
    return build_file_diagnostic(path, line, code="feature-syntax", message=f"Behave cannot parse this file: {reason}")


def _build_scenario(path: str, scenario: Any) -> ScenarioResult:
    """Build the result of a scenario that has not run, with the steps of its backgrounds if it has any of its own."""
    steps = list(scenario.all_steps) if scenario.steps else []
    tags = tuple(read_tags(scenario))
    direct = {str(tag) for tag in (*scenario.tags, *scenario.feature.tags)}
    return ScenarioResult(
        path,
        scenario.line,
        clean_text(scenario.name),
        tags,
        indirect_tags=tuple(tag for tag in tags if tag not in direct),
        steps=tuple(
            StepResult(clean_text(step.keyword), step.step_type, clean_text(step.name), step.line, "untested")
            for step in steps
        ),
    )
