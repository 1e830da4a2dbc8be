"""The answers of `explain`, why boxes are as they are, and of `status` and `report`, the whole project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from spec2bdd.model.diagnostic import Severity
from spec2bdd.model.files import FileState
from spec2bdd.model.values import dataclass

# `status` reads thousands of these from its cache, and none of the others.
if TYPE_CHECKING:
    from spec2bdd.model.challenge import CriterionStrength
    from spec2bdd.model.diagnostic import Diagnostic
    from spec2bdd.model.history import CriterionHistory, Timeline
    from spec2bdd.model.manifest import TrackedCriterion
    from spec2bdd.model.report import SpecReport, UnlinkedScenario
    from spec2bdd.model.spec import Status, Tier
    from spec2bdd.model.test_run import TestRun
    from spec2bdd.model.verdict import CriterionVerdict, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule that decided a verdict, in one sentence, and where the documentation has it."""

    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class CriterionLines:
    """The lines of the product that the scenarios of a criterion run, as ranges such as `3-8,12` by path.

    `steps` has those of its steps by keyword, and is None where they are not known. `runs_product` says whether its
    When and Then steps run any; None where that is not known, as if a step starts a process or reads a file.
    """

    ranges: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Mapping[str, str]] | None = None
    runs_product: bool | None = None

    def select(self, path: str) -> Mapping[str, str]:
        """Select the lines of one file, by the keyword of the steps that run them."""
        return {keyword: lines[path] for keyword, lines in (self.steps or {}).items() if path in lines}


@dataclass(frozen=True, slots=True)
class CriterionExplanation:
    """One criterion: its number in its spec, its verdict unless it is a won't-have, the rule for it, its history."""

    number: int
    item: TrackedCriterion
    judgement: CriterionVerdict | None
    rule: Rule
    past: CriterionHistory | None = None
    # Where it was challenged in today's project.
    strength: CriterionStrength | None = None
    lines: CriterionLines = field(default_factory=CriterionLines)


@dataclass(frozen=True, slots=True)
class StatusHolds:
    """What a spec lacks for a status, in words; `reached` if it has that status already.

    `completes` is set for the highest status, which waits for the definition of done.
    `status` is empty where the spec has no status, or its dialect has no name for this one.
    """

    status: str
    holds: tuple[str, ...] = ()
    reached: bool = False
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """The criteria of one spec that were asked for, and the run that they were judged by; `older` are the other runs.

    `single` is set where just one criterion was asked for; else `blocked` says what is missing for each status.
    `movable` are the ids of the criteria whose scenarios were edited by hand and can be moved by `eject`.
    """

    spec: SpecReport
    entries: tuple[CriterionExplanation, ...]
    run: TestRun | None = None
    blocked: tuple[StatusHolds, ...] = ()
    single: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    older: tuple[TestRun, ...] = ()
    movable: frozenset[str] = frozenset()

    @property
    def exit_code(self) -> int:
        """2 if something could not be read; verdicts do not matter."""
        return 2 if any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics) else 0

    @property
    def holds(self) -> tuple[str, ...]:
        """All that blocks the status from advancing, or endangers it."""
        return tuple(hold for blocked in self.blocked for hold in blocked.holds)


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """The criteria of a spec with one tier and the same tags of their author, counted by their verdicts.

    `before` counts the verdicts that stale criteria had in results that no longer count, and `staleness` counts them by
    why they are stale: see `CriterionVerdict.staleness`. `next` is the criterion to work on next, if any is open, with
    only what a reader needs to find it; `urgency` is its rank, the lowest first.
    """

    tier: Tier
    tags: tuple[str, ...] = ()
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    fulfilled: int = 0
    before: Mapping[Verdict, int] = field(default_factory=dict)
    next: CriterionVerdict | None = None
    urgency: int = 0
    staleness: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpecOverview:
    """One spec: what its author wrote at its top, and its criteria in groups.

    `status_after` is the status that `mark` would write. `done` counts the ticked done items and all of them. `changed`
    counts stale criteria by the file because of which their results do not count; `states` says which of them are
    deleted or new. `blocker` is what the status `blocked` waits for where no criterion is open; `reached` is set if the
    spec has that status already. `unmarked` is set where `mark` would change the status or the box of a done item.
    `open_item` is the line of the first done item that is open, and what its evidence lacks, where nothing but done
    items keeps the spec from being complete. `unread` is the first line that looks like a criterion and is not read,
    and how urgent it is, as for `urgent`.
    """

    path: str
    feature_id: str = ""
    name: str = ""
    owner: str = ""
    dialect: str = "template"
    status: str = ""
    status_after: str = ""
    groups: tuple[CriterionGroup, ...] = ()
    done: tuple[int, int] = (0, 0)
    changed: Mapping[str, int] = field(default_factory=dict)
    blocker: str = ""
    states: Mapping[str, FileState] = field(default_factory=dict)
    blocked: str = ""
    reached: bool = False
    unmarked: bool = False
    open_item: tuple[int, str] = (0, "")
    unread: tuple[int, int] = (0, 0)

    @property
    def urgent(self) -> CriterionGroup | None:
        """The group with the criterion to work on next; nothing where no criterion is open."""
        return min((group for group in self.groups if group.next), key=lambda group: group.urgency, default=None)

    def count(self, *verdicts: Verdict) -> int:
        """Count the criteria with one of these verdicts."""
        return sum(group.verdicts.get(verdict, 0) for group in self.groups for verdict in verdicts)

    def count_before(self, verdict: Verdict) -> int:
        """Count the stale criteria whose last result was this verdict."""
        return sum(group.before.get(verdict, 0) for group in self.groups)


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """Which specs and criteria of an overview are wanted; an empty tuple excludes nothing.

    Owners, statuses, dialects and tags are compared without case. A spec without a criterion of one of the tiers, or
    with one of the tags, is left out where they are asked for.
    """

    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    dialects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnlinkedFailure:
    """The first scenario without a criterion that fails the check: its feature file, and the line to go to.

    `pending` is set if the step there is not written, `orphan` if the spec of the feature file is gone.
    """

    feature: str
    line: int
    pending: bool = False
    orphan: bool = False


@dataclass(frozen=True, slots=True)
class ProjectOverview:
    """All specs of a project, or those that a filter leaves, and the run that they were judged by.

    `left_out` counts the specs that the filter excludes, `unusable` those that have errors and are not among `specs`.
    `run` has no results, nor have the `older` runs that the specs were judged by as well. `unlinked` counts the failing
    scenarios without a criterion, `unlinked_counts` all of them by label, and `unlinked_first` is given if one of those
    that fail fails the check. `warnings` counts what `generate --check` lists; `diagnostics` are the errors, those
    included that the run reported of files which are still the same.
    """

    specs: tuple[SpecOverview, ...] = ()
    left_out: int = 0
    unusable: int = 0
    run: TestRun | None = None
    unlinked: int = 0
    warnings: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    exit_code: int = 0
    unlinked_first: UnlinkedFailure | None = None
    older: tuple[TestRun, ...] = ()
    unlinked_counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpecDocument:
    """One spec of the documentation.

    `key` identifies it in the page, as in the tags of its feature. `stage` is its status, where that is one of
    the four, and `is_proved` whether nothing keeps it from its review. `html` is the author's document,
    with an empty `<span data-line="12"></span>` at each criterion and done item; nothing where it was not asked for.
    `source` has the code of step definitions by their location.
    """

    key: str
    explanation: Explanation
    stage: Status | None = None
    is_proved: bool = False
    html: str = ""
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Documentation:
    """All specs of a project with their verdicts, the runs that these come from, and the history.

    `name` is that of the project, `made` the time of the answer. `diagnostics` has the errors because of which
    something is missing; `warnings` counts what `generate --check` lists, `unusable` the specs that are missing.
    `failed` says whether the check fails by these results, whatever the exit code of the command is, and
    `unlinked_fails` whether unlinked scenarios can fail it.
    """

    name: str
    made: str
    timeline: Timeline
    specs: tuple[SpecDocument, ...] = ()
    runs: tuple[TestRun, ...] = ()
    unlinked: tuple[UnlinkedScenario, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    warnings: int = 0
    unusable: int = 0
    notes: tuple[str, ...] = ()
    exit_code: int = 0
    failed: bool = False
    unlinked_fails: bool = True
