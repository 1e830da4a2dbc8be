"""What was not understood or could not be done, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error makes the exit code 2; advice is given by `lint` alone."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that was not understood or could not be done, with its place (line and column count from 1).

    `diff` shows what stands there (`-`) and what was to stand (`+`), where that is the matter.
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""
    diff: str = ""
