"""Errors, warnings and suggestions with their position."""

from __future__ import annotations

from enum import StrEnum

from spec2bdd.model.values import dataclass


class Severity(StrEnum):
    """The severity of a diagnostic: an error makes the exit code 2; suggestions are reported by `lint` alone."""

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error, a warning or a suggestion, with its position (line and column count from 1; 0 where there is none).

    `diff` compares the actual lines (`-`) with the expected ones (`+`), where the diagnostic is about a difference.
    `fixable` is set where `lint` has found that `lint --fix` resolves it.
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""
    diff: str = ""
    fixable: bool = False
