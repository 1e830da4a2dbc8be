"""What a command found and did, for the reporters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.evidence import DoneItemVerdict
from spec2bdd.model.explanation import UnlinkedFailure
from spec2bdd.model.files import FileChange
from spec2bdd.model.spec import Spec, Tier
from spec2bdd.model.test_run import ScenarioResult, StepResult, TestRun
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import CriterionVerdict, RuleId, Verdict


@dataclass(frozen=True, slots=True)
class BlockingSpec:
    """A spec that another one waits for, and that is not complete; `status` is the one it has after this mark."""

    feature_id: str
    path: str
    status: str

    @property
    def label(self) -> str:
        """Its id, or else its path, with its status: `1.1 (In Progress)`."""
        return f"{self.feature_id or self.path} ({self.status or 'no status'})"


def describe_blocking(blocking: Sequence[BlockingSpec]) -> str:
    """Describe which specs another one waits for, such as `waiting for 1.1 (In Progress)`."""
    return f"waiting for {', '.join(spec.label for spec in blocking)}"


class CauseKind(StrEnum):
    """Why a spec does not have the status that its author wrote, or its criteria would give it."""

    DEMOTED = "demoted"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a status was demoted, or is held by other specs."""

    kind: CauseKind
    text: str


class FailureKind(StrEnum):
    """Why a spec fails the check."""

    FAILED = "failed"
    """A criterion of the gate fails."""

    REGRESSED = "regressed"
    """A criterion that was ticked no longer passes."""

    UNPROVED = "unproved"
    """The status of the spec claims more than the criteria of its gate prove, or `--gate all` asks for all of them."""

    LOST = "lost"
    """A criterion of the baseline no longer passes."""

    DONE = "done"
    """A done item that was ticked is not supported by its evidence."""


@dataclass(frozen=True, slots=True)
class FailureReason:
    """One reason why a spec fails the check; `line` is that of the criterion or done item."""

    kind: FailureKind
    line: int
    text: str
    detail: str = ""

    def __str__(self) -> str:
        """Describe the reason with its line."""
        return f"{self.text} (line {self.line}){': ' if self.detail else ''}{self.detail}"


@dataclass(frozen=True, slots=True)
class SpecReport:
    """One spec after judging: the verdicts on its criteria in file order, and its status before and after.

    `passed` is whether it passes the check, with `reasons` if not. `why` says what demoted the status or held it,
    `blocking` which specs this one waits for, `gate` which tiers acceptance depends on.
    """

    spec: Spec
    verdicts: tuple[CriterionVerdict, ...]
    status_before: str = ""
    status_after: str = ""
    passed: bool = True
    reasons: tuple[FailureReason, ...] = ()
    done: tuple[DoneItemVerdict, ...] = ()
    why: tuple[Cause, ...] = ()
    blocking: tuple[BlockingSpec, ...] = ()
    gate: tuple[Tier, ...] = (Tier.MUST,)

    @property
    def gating(self) -> tuple[CriterionVerdict, ...]:
        """The criteria of the gate that are not waived: acceptance waits for them."""
        return tuple(
            verdict
            for verdict in self.verdicts
            if verdict.criterion.tier in self.gate and verdict.verdict is not Verdict.WAIVED
        )

    @property
    def changes_status(self) -> bool:
        """Whether `mark` would write another status: a value that is not on one line cannot be edited."""
        field = self.spec.find_field("status")
        return self.status_after != self.status_before and field is not None and field.start is not None

    @property
    def is_gate_waived(self) -> bool:
        """Whether it has criteria of the gate, and all of them are waived."""
        return not self.gating and any(verdict.criterion.tier in self.gate for verdict in self.verdicts)

    @property
    def open_item(self) -> DoneItemVerdict | None:
        """The first done item that is not ticked, or that its evidence does not prove today."""
        return next((item for item in self.done if not item.box_ticked or item.is_unproved), None)

    @property
    def boxes(self) -> tuple[CriterionVerdict | DoneItemVerdict, ...]:
        """All whose boxes were judged: the criteria and the done items."""
        return (*self.verdicts, *self.done)


class Outcome(StrEnum):
    """How a command ended: its exit code as a word."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


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
    rule: RuleId | None = None

    @property
    def label(self) -> str:
        """The word in which it is counted: what fails in plain Behave has another one than what does not."""
        if self.rule is RuleId.NO_STEPS:
            return "without steps"
        status = self.step.status if self.step and self.verdict is Verdict.PENDING else ""
        return {"undefined": "undefined", "pending_warn": "pending under @wip"}.get(status, str(self.verdict))


def count_unlinked(scenarios: Sequence[UnlinkedScenario]) -> Mapping[str, int]:
    """Count unlinked scenarios by their labels, in the order of the verdicts, those that fail first."""
    verdicts = list(Verdict)
    ordered = sorted(scenarios, key=lambda scenario: (verdicts.index(scenario.verdict), not scenario.is_failing))
    return Counter(scenario.label for scenario in ordered)


def find_unlinked_failure(failing: Sequence[UnlinkedScenario], orphans: Container[str]) -> UnlinkedFailure | None:
    """Find the first of the unlinked scenarios that fail; `orphans` are the feature files whose spec is gone."""
    if not failing:
        return None
    record, step = failing[0].record, failing[0].step
    is_pending = failing[0].verdict is Verdict.PENDING
    line = step.line if step else record.line
    return UnlinkedFailure(record.feature, line, pending=is_pending, orphan=record.feature in orphans)


@dataclass(frozen=True, slots=True)
class Report:
    """What one command found and did; `wrote` is false under `--check`, `exit_code` is that of the process.

    `run` is the newest of the runs that were judged by, and `older` holds the others, the oldest first; `kept` holds
    runs that were not judged by: of other shards, or with results of all that this shard left out. `unlinked` are the
    scenarios of the judged runs that have no criterion's tag. `notes` are for every reader, `details` for those who ask
    for more. `nothing_run` is set where the selection left no scenario to run; then the notes say why.
    `typed` is the command line, where it is known, and `rerun` the one that writes what this one only planned;
    `patch` is the file to which these changes were written as a patch.
    `follow_up` is the next step, where the rest of the report does not show it; `folders` are those that were created,
    or would be, which `init` needs besides its files, and `additions` the files to which lines are to be added by hand.
    `versioned` is whether the project is in a git repository, `unlinked_fails` whether unlinked scenarios can fail it,
    `gate_baseline` whether only the criteria of the baseline are required, `partial` whether the run was limited to a
    selection, so that what it left out fails nothing.
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
    details: tuple[str, ...] = ()
    nothing_run: bool = False
    typed: str = ""
    rerun: str = ""
    patch: str = ""
    follow_up: str = ""
    folders: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    versioned: bool = True
    kept: tuple[TestRun, ...] = ()
    unlinked_fails: bool = True
    gate_baseline: bool = False
    partial: bool = False

    @property
    def failing(self) -> tuple[UnlinkedScenario, ...]:
        """The unlinked scenarios that fail the check."""
        return tuple(scenario for scenario in self.unlinked if scenario.is_failing and self.unlinked_fails)

    @property
    def outcome(self) -> Outcome:
        """What the exit code means."""
        return (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)[min(self.exit_code, 2)]

    @property
    def runs(self) -> tuple[TestRun, ...]:
        """All runs that were judged by, the oldest first."""
        return (*self.older, self.run) if self.run else self.older
