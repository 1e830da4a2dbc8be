"""Results of other tools, and the scenarios of the feature files that they are matched with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from spec2bdd.model.test_run import ScenarioResult, StepResult
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ExternalScenario:
    """One scenario in a report, with the statuses of Behave; `line` is 0 where the format has no lines.

    `feature` is the path of its file, or without a line the name of its feature in the report. `failures` are errors of
    hooks; `doubt` says why the scenario proves nothing even if it passed.
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
    """A report of another tool, which `whose` names; `old` says why it does not match the current files.

    `placed` is set if its scenarios have lines, tags and steps.
    """

    path: str
    whose: str
    placed: bool
    scenarios: tuple[ExternalScenario, ...] = ()
    old: str = ""


@dataclass(frozen=True, slots=True)
class FeatureOutline:
    """A feature file as it is now: its path, the name of its feature, and its scenarios, none of them run.

    The steps of a background are not included. `expected` counts the scenarios of each criterion; an outline without
    rows counts as one.
    """

    path: str
    name: str
    scenarios: tuple[ScenarioResult, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
