"""The history of criteria: their verdicts in each run, a summary of these, and what changed between runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import Verdict


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
    """What became of a criterion between two runs: what failed before is fixed, what was pending is newly passed."""

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
    """The newest recorded runs, the oldest first, and the results of each criterion in them.

    `results` has for each criterion one letter for each run: `p` passed, `f` failed, `o` pending, `-` no result.
    `before` has its last result before the first of these runs, in the same way.
    """

    runs: tuple[TimelineRun, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
