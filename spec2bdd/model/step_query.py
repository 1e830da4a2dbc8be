"""Questions to Behave's step registry, and its answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepQuery:
    """A step that a generated feature needs, and the patterns to define it by, best first; the last one is literal.

    `matcher` is the one of Behave's step matchers that is to read them.
    """

    kind: str
    text: str
    patterns: tuple[str, ...]
    matcher: str = "parse"


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What Behave's registry says of a query: the pattern to write, or nothing where a definition matches already.

    `default` is the matcher that reads the patterns of a step file that chooses none.
    """

    query: StepQuery
    pattern: str = ""
    default: str = "parse"


@dataclass(frozen=True, slots=True)
class UnusedStep:
    """A step definition that no scenario uses: what Behave looks it up by, its pattern as written, and its place."""

    kind: str
    pattern: str
    path: str
    line: int
