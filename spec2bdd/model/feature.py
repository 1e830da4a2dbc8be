"""What is made of a spec: identified criteria, scenarios, features, and what a file remembers of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spec2bdd.model.spec import Criterion, Tier


@dataclass(frozen=True, slots=True)
class Step:
    """One step line: the `keyword` as written (`And`), the `kind` that Behave looks it up by (`then`), the text.

    At most one argument stands below it: the rows of a data `table`, or a `doc` string, which may be empty.
    """

    keyword: str
    kind: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """One table of values for the placeholders of an outline: its rows, the header first."""

    rows: tuple[tuple[str, ...], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario to be generated for the criterion `id`; `trusted` boxes were ticked before spec2bdd met them.

    `reworded` is the wording that was accepted last, where the criterion has another one today.
    """

    id: str
    tier: Tier
    name: str
    steps: tuple[Step, ...]
    group: str = ""
    trusted: bool = False
    examples: tuple[Examples, ...] = ()
    rule: str = ""
    reworded: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The memory of a criterion without a generated scenario; `state` is its tier, or `retired`.

    `above` is the criterion whose scenario comes next, if there is one.
    """

    id: str
    state: str
    text: str
    trusted: bool = False
    reworded: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One `.feature` file to be generated from one spec; `language` is that of its keywords."""

    path: str
    spec_path: str
    name: str
    description: str
    tags: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    kept: tuple[Kept, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a generated feature file on disk remembers of one criterion; `intact` is false after an edit by hand.

    `reworded` is the wording that was accepted last, where `text` is a later one.
    """

    id: str
    state: str
    text: str
    line: int
    intact: bool = True
    trusted: bool = False
    reworded: str = ""


class Proof(StrEnum):
    """What a criterion is proved by."""

    GENERATED = "generated"
    HAND_WRITTEN = "hand-written"
    CHILDREN = "children"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Identified:
    """A criterion and its id in the whole project.

    `known` is false where no feature file remembers it yet; `current` is true if the scenario on disk is untouched and
    the one that today's spec gives; `files` are the feature files on disk that carry its tag. `reworded` is the wording
    that was accepted last, where it has another one today.
    """

    criterion: Criterion
    id: str
    proof: Proof
    known: bool = False
    current: bool = False
    trusted: bool = False
    files: tuple[str, ...] = ()
    reworded: str = ""


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
