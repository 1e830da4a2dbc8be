"""Challenges: whether the checks of a criterion notice a fault that is put into the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Criterion
from spec2bdd.model.values import dataclass


class ChallengeOutcome(StrEnum):
    """What came of one fault."""

    # A check of a step failed.
    NOTICED = "noticed"
    # The scenario broke in another way, which says nothing about its checks.
    TRIPPED = "tripped"
    # It passed.
    UNNOTICED = "unnoticed"


class Strength(StrEnum):
    """What the challenges of a criterion say about its checks."""

    NOTICES = "notices"
    # It notices a fault, but no longer one that it noticed before.
    WEAKER = "weaker"
    # Faults reached it, and no check noticed one of them.
    BLIND = "blind"
    # No fault could be put where its product runs.
    OUT_OF_REACH = "out of reach"
    # The tag of a scenario opts it out.
    OPTED_OUT = "opted out"
    # A scenario is flaky, or there was no time left.
    NOT_CHALLENGED = "not challenged"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: an answer to a step that was altered, or one changed line of the product.

    `kind` is `altered`, `skipped`, `swallowed`, `constant` or `mutant`. `path` is empty for an answer of a client, such
    as a process or a server. `change` is one description, or a statement before and after.
    """

    kind: str
    path: str
    line: int
    change: tuple[str, ...]

    @property
    def identity(self) -> tuple[str, ...]:
        """What is the same of a fault in another run, in which its line may have moved."""
        return (self.kind, self.path, *self.change)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One fault, what came of it, and the step that ended the scenario, with its line in the feature file, if any."""

    fault: Fault
    outcome: ChallengeOutcome
    step: str = ""
    line: int = 0
    location: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ChallengedScenario:
    """The challenges of one scenario, in the order in which they were tried.

    `reached` are words for what its steps reached, such as `product` and `process`; `lines` are those of the product
    that it runs, by path. `problem` says why it was not, or not completely, challenged; `opted_out` is set if a tag
    asked for that. `checks` are the places of its Then steps in the code. `dropped` are the identities of faults that
    were noticed before, in functions that its steps no longer call.
    """

    feature: str
    line: int
    name: str
    tags: tuple[str, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    reached: tuple[str, ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    problem: str = ""
    opted_out: bool = False
    checks: tuple[str, ...] = ()
    dropped: tuple[tuple[str, ...], ...] = ()

    def count(self, outcome: ChallengeOutcome) -> int:
        """Count the challenges with that outcome."""
        return sum(challenge.outcome is outcome for challenge in self.challenges)


@dataclass(frozen=True, slots=True)
class CriterionStrength:
    """The strength of the checks of one criterion, the reason in words, and the scenarios that were challenged."""

    id: str
    strength: Strength
    reason: str = ""
    scenarios: tuple[ChallengedScenario, ...] = ()

    @property
    def tried(self) -> int:
        """How many faults reached its scenarios."""
        return sum(len(scenario.challenges) for scenario in self.scenarios)

    @property
    def noticed(self) -> int:
        """How many of them a check noticed."""
        return sum(scenario.count(ChallengeOutcome.NOTICED) for scenario in self.scenarios)

    def list_faults(self, outcome: ChallengeOutcome) -> list[Fault]:
        """List the faults with that outcome."""
        challenges = (challenge for scenario in self.scenarios for challenge in scenario.challenges)
        return [challenge.fault for challenge in challenges if challenge.outcome is outcome]


@dataclass(frozen=True, slots=True)
class ChallengedCriterion:
    """One criterion of a spec with the strength of its checks."""

    path: str
    criterion: Criterion
    strength: CriterionStrength


@dataclass(frozen=True, slots=True)
class ChallengeReport:
    """The answer of `challenge`: the criteria that were challenged, and how many were not, since they do not pass.

    `changed` is the file because of which the results of most of these no longer count, if there is one.
    """

    criteria: tuple[ChallengedCriterion, ...] = ()
    not_passed: int = 0
    changed: str = ""
    state: FileState = FileState.CHANGED
    diagnostics: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
