"""What is remembered of earlier runs: what each said of a criterion, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Observation:
    """What one ended run said of one criterion: passed, failed or pending, before anything else was asked.

    `wording` stands for the words of the criterion in that run; `started` is a time that sorts; `commit` is where the
    project stood, if nothing differed from it; `seconds` is how long its scenarios took.
    """

    criterion: str
    run: str
    started: str
    verdict: Verdict
    wording: str
    seconds: float = 0.0
    commit: str = ""


@dataclass(frozen=True, slots=True)
class CriterionHistory:
    """What the sightings of one criterion come to.

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
