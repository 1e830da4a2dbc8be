"""The history of criteria: verdicts in each run, a summary, and what changes from run to run or on a branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from spec2bdd.model.challenge import CriterionStrength
from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.spec import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import BaseComparison, RuleId, Verdict


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of one criterion in one complete run: passed, failed or pending, before any other rule applies."""

    criterion: str
    run: str
    # A timestamp that sorts as text.
    started: str
    verdict: Verdict
    # Identifies the wording of the criterion in that run.
    wording: str
    # The duration of its scenarios.
    seconds: float = 0.0
    # The commit that was checked out, if no file differed from it.
    commit: str = ""


@dataclass(frozen=True, slots=True)
class CriterionHistory:
    """The summary of all observations of one criterion.

    `changes` counts how often the verdict switched between passed and not passed; `flaky` names a commit at which it
    both passed and did not. Seconds are those of runs that passed or failed.
    """

    runs: int
    first_passed: Observation | None = None
    last_failed: Observation | None = None
    changes: int = 0
    flaky: str = ""
    median_seconds: float | None = None
    last_seconds: float | None = None


class Change(StrEnum):
    """What became of a criterion between two runs: what failed before is fixed, what was pending is newly passed.

    `NEW` is one with its first result: it is new, or earlier runs have left it out.
    """

    REGRESSED = "regressed"
    FIXED = "fixed"
    NEWLY_PASSED = "newly passed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class TimelineRun:
    """One recorded run, and how many criteria had passed, failed or were pending after it.

    A criterion that a run left out counts with its result before.
    """

    id: str
    started: str
    commit: str = ""
    counts: Mapping[Verdict, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest recorded runs and the last one of each day before, the oldest first, with the results of criteria.

    `results` has for each criterion one letter for each run: `p` passed, `f` failed, `o` pending, `-` no result.
    Of a day, it is the last result of that day. `before` has the last one before the first of these runs.
    """

    runs: tuple[TimelineRun, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


class TransitionKind(StrEnum):
    """What became of a criterion since the base, in the order in which reviewers want to know."""

    # It was claimed at the base, and does not pass any more.
    LOST = "lost"
    # It was claimed at the base, and its last result no longer counts.
    STALE = "stale"
    # It is new, has another wording, or is ticked, and does not pass.
    UNPROVED = "not proved"
    # It was claimed at the base, and is in no spec any more.
    REMOVED = "removed"
    # It needs no proof any more: it was waived, or made manual or a won't-have.
    EXEMPTED = "exempted"
    # It was claimed at the base, passes, and is in a lower tier.
    LOWERED = "lowered"
    # It was claimed at the base with this wording, passes, and its scenarios have other steps than there.
    RESTEPPED = "other steps"
    # It was claimed at the base with this wording, passes, and the code of its steps is another one than there.
    RECODED = "changed step code"
    # It passes, and its checks no longer notice a fault that they noticed before.
    WEAKER = "weaker"
    # It passes, and was not claimed at the base with this wording.
    PROVED = "newly proved"


@dataclass(frozen=True, slots=True)
class BaseCriterion:
    """A criterion as a spec had it at the base; `claimed` if it was ticked, or has no place for a mark.

    `set_aside` if it needed no proof there: it was waived, manual, or a won't-have. `manual` if it counted by its box,
    `unverified` if it was ticked before anything could prove it.
    """

    id: str
    path: str
    line: int
    tier: Tier
    text: str
    claimed: bool
    set_aside: bool = False
    manual: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One criterion of which something changed since the base.

    `before` is its wording there, if it is another one. Of one that was removed, `path` and `line` are those at the
    base, and there is no `verdict`. `ticked` is whether its box is ticked today, `comparison` that with the product of
    the base, where the project requires one, and `strength` what came of its challenges, where these are known. `rule`
    is that of the verdict.
    """

    kind: TransitionKind
    id: str
    path: str
    line: int
    tier: Tier
    text: str
    before: str = ""
    verdict: Verdict | None = None
    reason: str = ""
    ticked: bool = False
    comparison: BaseComparison | None = None
    strength: CriterionStrength | None = None
    rule: RuleId | None = None

    @property
    def fails(self) -> bool:
        """Whether it fails the check: what was claimed is not proved any more, or what is ticked is not proved."""
        is_unproved = self.kind is TransitionKind.UNPROVED and self.ticked
        return is_unproved or self.kind in (TransitionKind.LOST, TransitionKind.STALE)


@dataclass(frozen=True, slots=True)
class StatusTransition:
    """A spec whose status is another one than at the base; `before` is empty if it had none there, or is new."""

    path: str
    before: str
    after: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class SettingTransition:
    """A key of the configuration that asks for less than at the base; both values are JSON.

    With a `path`, it is a mark in a file by which checks count for more, and the values say how often it is there.
    """

    key: str
    before: str
    after: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class BranchReport:
    """What a branch changes: the criteria with a transition, and how many stayed `proved` or `open` (not proved).

    `settings` are those that ask for less, in the file `configuration`. `base` is the name of what it is compared with,
    `commit` the one at which it left that. Without any results, `has_results` is false, and what they would say is left
    out. `notes` say how the base was read, where that is not as it was then.
    """

    base: str
    commit: str
    transitions: tuple[Transition, ...] = ()
    statuses: tuple[StatusTransition, ...] = ()
    settings: tuple[SettingTransition, ...] = ()
    configuration: str = ""
    proved: int = 0
    open: int = 0
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    has_results: bool = True

    def select(self, kind: TransitionKind) -> list[Transition]:
        """Select the transitions of one kind."""
        return [transition for transition in self.transitions if transition.kind is kind]
