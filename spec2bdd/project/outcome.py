"""What a stage of a command plans, reads and reports."""

from __future__ import annotations

from dataclasses import dataclass

from spec2bdd.model import Diagnostic, ExternalReport, FileChange, TestRun
from spec2bdd.project.generate_cache import UNKNOWN, CacheInputs


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage gives: the changes it plans or made, the newest run that it read, what went wrong, what to tell.

    `inputs` is all that it came from, `older` holds further runs, the oldest first, and `reports` those of other tools.
    """

    changes: tuple[FileChange, ...] = ()
    run: TestRun | None = None
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: CacheInputs = UNKNOWN
    older: tuple[TestRun, ...] = ()
    reports: tuple[ExternalReport, ...] = ()

    @property
    def runs(self) -> tuple[TestRun, ...]:
        """Return all runs, the oldest first."""
        return (*self.older, self.run) if self.run else self.older
