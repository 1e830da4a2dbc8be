"""The history of a criterion: its verdict in each run, and a summary of these."""

from __future__ import annotations

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
