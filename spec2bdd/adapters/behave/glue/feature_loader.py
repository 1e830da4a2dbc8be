"""The places of feature files in, the features that Behave can parse out, and a problem for each file that it cannot.

The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from behave.parser import ParserError
from behave.runner_util import parse_features

from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.results.wire import derive_fault
from spec2bdd.model import Problem


def parse_singly(locations: Iterable[Any], *, language: str | None) -> tuple[list[Any], list[Problem]]:
    """Return the features of all files that can be parsed, in order, and the problems of the others."""
    features: list[Any] = []
    problems: list[Problem] = []
    for filename, group in groupby(locations, key=lambda location: location.filename):
        try:
            features += parse_features(list(group), language=language)
        except Exception as error:  # noqa: BLE001  Where Behave's parser is lost, it may raise anything.
            problems.append(_derive_problem(Path(os.path.relpath(filename)).as_posix(), error))
    return features, problems


def _derive_problem(path: str, error: Exception) -> Problem:
    """Return the problem of a file that Behave cannot parse."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8 text"
        return derive_fault(path, line, code="feature-encoding", message=message)
    line, why = 0, describe_error(error)
    if isinstance(error, KeyError):
        # This is all that Behave says of `# language: xx`.
        why = f"the language {error} is unknown"
    elif isinstance(error, ParserError):
        line, why = error.line or 0, str(error.args[0])
        why = why.replace(f" at line {line}", "", 1).replace("\nREASON:", ";").strip(",\n ")
    return derive_fault(path, line, code="feature-syntax", message=f"Behave cannot parse this file: {why}")
