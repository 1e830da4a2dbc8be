"""Why boxes are as they are: what is told of one criterion, or of all criteria of one spec."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.history import CriterionHistory
from spec2bdd.model.manifest import TrackedCriterion
from spec2bdd.model.report import SpecReport
from spec2bdd.model.test_run import TestRun
from spec2bdd.model.verdict import CriterionVerdict


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule that decided a verdict, in one sentence, and where in the documentation it stands."""

    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion: its number in its spec, its verdict unless nobody asks for it, the rule that decided, its past."""

    number: int
    item: TrackedCriterion
    judgement: CriterionVerdict | None
    rule: Rule
    past: CriterionHistory | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The criteria of one spec that were asked for, and the run that they were judged by.

    `single` is set where just one criterion was asked for; else `holds` says what keeps the status from going on.
    """

    spec: SpecReport
    entries: tuple[CriterionExplanation, ...]
    run: TestRun | None = None
    holds: tuple[str, ...] = ()
    single: bool = False
    problems: tuple[Diagnostic, ...] = ()
