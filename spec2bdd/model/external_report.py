"""What other tools say of scenarios in their reports, and today's scenarios that this is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spec2bdd.model.test_run import ScenarioResult, StepResult


@dataclass(frozen=True, slots=True)
class ExternalScenario:
    """One scenario in a report, all words turned into ours; `line` is 0 where the format has no places.

    `feature` is the path of its file, or without a line what the report calls its feature. `failures` are errors of
    hooks; `doubt` says why it proves nothing however green it is.
    """

    feature: str
    line: int
    name: str
    status: str
    tags: tuple[str, ...] = ()
    steps: tuple[StepResult, ...] = ()
    failures: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ExternalReport:
    """A report of another tool: whose it is in words, and what it says; `old` says why it is not of today's files.

    `placed` is set if its scenarios have places, tags and steps.
    """

    path: str
    whose: str
    placed: bool
    scenarios: tuple[ExternalScenario, ...] = ()
    old: str = ""


@dataclass(frozen=True, slots=True)
class FeatureOutline:
    """A feature file as it stands today: its path, the name of its feature, and its scenarios, none of them run.

    A scenario without steps of its own has none, whatever its background holds. `expected` counts the scenarios of each
    criterion, an outline without rows among them.
    """

    path: str
    name: str
    scenarios: tuple[ScenarioResult, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
