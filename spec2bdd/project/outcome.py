"""The results that stages of a command pass on: planned changes, and loaded runs."""

from __future__ import annotations

from spec2bdd.model import Diagnostic, ExternalReport, FileChange, Fingerprint, TestRun
from spec2bdd.model.values import dataclass
from spec2bdd.project.cache.generate_cache import UNKNOWN, CacheInputs


@dataclass(frozen=True, slots=True)
class PlannedChanges:
    """The changes that a stage plans or has made, its diagnostics, and notes for the reader.

    `details` are notes for readers who ask for more. `inputs` are the files and folders that the plan was computed
    from. `defined` are the ids of new criteria that needed no new step.
    """

    changes: tuple[FileChange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    inputs: CacheInputs = UNKNOWN
    defined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedRuns:
    """The runs that were read: the newest one, older ones from the oldest on, and external reports.

    `today` is the fingerprint of the project, where a run that has just ended found it unchanged.
    """

    run: TestRun | None = None
    older: tuple[TestRun, ...] = ()
    reports: tuple[ExternalReport, ...] = ()
    today: Fingerprint | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def runs(self) -> tuple[TestRun, ...]:
        """All runs, the oldest first."""
        return (*self.older, self.run) if self.run else self.older
