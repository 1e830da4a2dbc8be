"""What a stage of a command plans, reads and reports."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model import Change, ForeignReport, Problem, Run
from spec2bdd.project.generate_cache import UNKNOWN, Inputs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one stage gives: the changes it plans or made, the newest run that it read, what went wrong, what to tell.

    `inputs` is all that it came from, `older` holds further runs, the oldest first, and `reports` those of other tools.
    """

    changes: tuple[Change, ...] = ()
    run: Run | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: Inputs = UNKNOWN
    older: tuple[Run, ...] = ()
    reports: tuple[ForeignReport, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the oldest first."""
        return (*self.older, self.run) if self.run else self.older
