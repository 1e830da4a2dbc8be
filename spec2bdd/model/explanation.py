"""The answer of `explain`: why the boxes of a spec, or of one criterion, are as they are."""

from __future__ import annotations

from spec2bdd.model.challenge import CriterionStrength
from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.history import CriterionHistory
from spec2bdd.model.manifest import TrackedCriterion
from spec2bdd.model.report import SpecReport
from spec2bdd.model.test_run import TestRun
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import CriterionVerdict


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule that decided a verdict, in one sentence, and where the documentation has it."""

    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion: its number in its spec, its verdict unless it is a won't-have, the rule for it, its history."""

    number: int
    item: TrackedCriterion
    judgement: CriterionVerdict | None
    rule: Rule
    past: CriterionHistory | None = None
    # Where it was challenged in today's project.
    strength: CriterionStrength | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The criteria of one spec that were asked for, and the run that they were judged by.

    `single` is set where just one criterion was asked for; else `holds` says what blocks the status from advancing.
    """

    spec: SpecReport
    entries: tuple[CriterionExplanation, ...]
    run: TestRun | None = None
    holds: tuple[str, ...] = ()
    single: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
