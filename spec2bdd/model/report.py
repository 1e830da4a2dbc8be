"""What a command found and did, for the reporters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.evidence import DoneItemVerdict
from spec2bdd.model.file_change import FileChange
from spec2bdd.model.spec import Spec
from spec2bdd.model.test_run import ScenarioResult, StepResult, TestRun
from spec2bdd.model.verdict import CriterionVerdict, Verdict


@dataclass(frozen=True, slots=True)
class BlockingSpec:
    """A spec that another one waits for, and that is not complete; `status` is the one it has after this mark."""

    feature_id: str
    path: str
    status: str


class CauseKind(StrEnum):
    """Why a spec does not have the status that its author wrote, or its criteria would give it."""

    DEMOTED = "demoted"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a status was demoted, or is held by other specs."""

    kind: CauseKind
    text: str


@dataclass(frozen=True, slots=True)
class SpecReport:
    """One spec after judging: the verdicts on its criteria in file order, and its status before and after.

    `answer` is whether it passes the check, with `reasons` if not. `why` says what demoted the status or held it,
    `blocking` which specs this one waits for.
    """

    spec: Spec
    verdicts: tuple[CriterionVerdict, ...]
    status_before: str = ""
    status_after: str = ""
    answer: bool = True
    reasons: tuple[str, ...] = ()
    done: tuple[DoneItemVerdict, ...] = ()
    why: tuple[Cause, ...] = ()
    blocking: tuple[BlockingSpec, ...] = ()

    @property
    def boxes(self) -> tuple[CriterionVerdict | DoneItemVerdict, ...]:
        """All whose boxes were judged: the criteria and the done items."""
        return (*self.verdicts, *self.done)


@dataclass(frozen=True, slots=True)
class UnlinkedScenario:
    """A scenario that has no criterion's tag: its newest result, and the verdict on it with the reason in words.

    `is_failing` is set where plain Behave fails as well: the scenario failed, or a step is undefined or pending.
    """

    record: ScenarioResult
    verdict: Verdict
    reason: str = ""
    step: StepResult | None = None
    is_failing: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What one command found and did; `wrote` is false under `--check`, `exit_code` is that of the process.

    `run` is the newest of the runs that were judged by, and `older` holds the others, the oldest first. `unlinked` are
    the scenarios of these runs that have no criterion's tag.
    """

    command: str
    changes: tuple[FileChange, ...] = ()
    wrote: bool = True
    specs: tuple[SpecReport, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    run: TestRun | None = None
    exit_code: int = 0
    notes: tuple[str, ...] = ()
    older: tuple[TestRun, ...] = ()
    unlinked: tuple[UnlinkedScenario, ...] = ()

    @property
    def runs(self) -> tuple[TestRun, ...]:
        """All runs that were judged by, the oldest first."""
        return (*self.older, self.run) if self.run else self.older
