"""Queries to Behave's step registry, and its answers."""

from __future__ import annotations

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class StepQuery:
    """A step that a generated feature needs, and the patterns to define it by, best first; the last one is literal.

    `matcher` is the step matcher of Behave that will parse them.
    """

    kind: str
    text: str
    patterns: tuple[str, ...]
    matcher: str = "parse"


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """The answer to a query: the pattern to write, or nothing where a definition matches already.

    `default` is the matcher of step files that choose none.
    """

    query: StepQuery
    pattern: str = ""
    default: str = "parse"


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step of the criterion `id` whose text has other values than before."""

    id: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnusedStep:
    """A step definition that no scenario uses: its step type, its pattern as written, and its position."""

    kind: str
    pattern: str
    path: str
    line: int
