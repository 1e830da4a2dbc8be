"""Features, scenarios and steps to be generated from a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from spec2bdd.model.manifest import ManifestEntry
from spec2bdd.model.spec import Tier
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step line: the `keyword` as written (`And`), the `kind` that Behave looks it up by (`then`), the text.

    It has at most one argument: the rows of a data `table`, or a `doc` string, which may be empty.
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
    """A scenario to be generated for the criterion `id`; `unverified` ones were ticked before spec2bdd read them.

    `text` is that of the criterion, where the scenario has another name; `tags` are those of its author. `reworded` is
    the wording that was accepted last, where the criterion has another one now.
    """

    id: str
    tier: Tier
    name: str
    steps: tuple[Step, ...]
    group: str = ""
    unverified: bool = False
    examples: tuple[Examples, ...] = ()
    rule: str = ""
    reworded: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One `.feature` file to be generated from one spec; `language` is that of its keywords.

    With `names_language` the file names its language even if that is English, since Behave's default is another one.
    """

    path: str
    spec_path: str
    name: str
    description: str
    tags: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    manifest_entries: tuple[ManifestEntry, ...] = ()
    language: str = "en"
    names_language: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFeature:
    """A feature file as the official parser of Gherkin reads it: its tree, and its scenarios and rows as pickles.

    `digest` is that of the file as in the records of a run. A file that the parser refuses has an `error`, and no tree.
    """

    path: str
    text: str
    digest: str
    document: Mapping[str, Any] = field(default_factory=dict)
    pickles: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    error_line: int = 0


@dataclass(frozen=True, slots=True)
class GherkinSources:
    """What formats of Cucumber's need besides the results: the features, and the pattern of each step definition.

    `patterns` has the matcher and the pattern by the location of the definition.
    """

    features: tuple[ParsedFeature, ...] = ()
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
