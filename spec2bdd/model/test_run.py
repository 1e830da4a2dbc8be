"""The recorded results of one run of Behave."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import ClassVar

from spec2bdd.model.diagnostic import Diagnostic
from spec2bdd.model.files import Fingerprint
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of a scenario in a run; `status` is that of Behave, `location` that of the step definition.

    `vacuous` is set where the body of the definition cannot fail, so that a pass proves nothing; `vacuity` is why.
    """

    keyword: str
    kind: str
    text: str
    line: int
    status: str
    seconds: float = 0.0
    location: str = ""
    error: str = ""
    vacuous: bool = False
    vacuity: str = ""


def find_vacuous_step(steps: Sequence[StepResult], own_steps: int | None = None) -> StepResult | None:
    """Find the step because of which a scenario proves nothing although all its steps passed, if there is one.

    Every `Then` step has to be able to fail, and one of the last `own_steps` steps: those before them are of a
    background. Where the number is not known, all steps count as the scenario's own.
    """
    own = steps[-own_steps:] if own_steps else steps
    vacuous = next((step for step in steps if step.kind == "then" and step.vacuous), None)
    return vacuous or (own[0] if own and all(step.vacuous for step in own) else None)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario (or outline row) in one run."""

    feature: str
    line: int
    name: str
    # Without `@`, the inherited ones included.
    tags: tuple[str, ...]
    status: str = "untested"
    # False where the run died before the end of the scenario was recorded.
    finished: bool = False
    steps: tuple[StepResult, ...] = ()
    # Errors of hooks, fixtures and clean-ups.
    failures: tuple[str, ...] = ()
    # The file and line of the project that raised the first of them, and the calls that led to it, if known. Not
    # compared: where a hook of its feature failed, a verdict adds it to the same result.
    failed_at: str = field(default="", compare=False)
    failure_traceback: str = ""
    # The earlier tries of a scenario that was run again, in order.
    tries: tuple[ScenarioResult, ...] = ()
    # What a failing scenario printed and logged, with the tracebacks.
    output: str = ""
    # Whether it has no steps of its own: those of a background run even so.
    bare: bool = False
    # How many of its last steps are its own, the others being of backgrounds; None if that is not known.
    own_steps: int | None = None
    # Why a step or hook of the project skipped it, `""` without a reason; None where the run left it out.
    skip_reason: str | None = None
    # Those of its tags that neither its own lines nor those of its feature have: of its rule, or of other rows.
    indirect_tags: tuple[str, ...] = ()
    # Whether Ctrl-C came while it ran.
    interrupted: bool = False

    @property
    def left_out(self) -> bool:
        """Whether the run left it out; what a step or hook skipped was selected."""
        return self.status == "skipped" and self.skip_reason is None


@dataclass(frozen=True, slots=True)
class RunFailure:
    """An error outside of scenarios, as in `after_all`: `feature` is its path, or `""` for the whole run.

    `location` is the file and line of the project that raised it, `traceback` the calls that led to it, if known.
    """

    feature: str
    message: str
    location: str = ""
    traceback: str = ""


# Without slots: `cached_property` needs a `__dict__`.
@dataclass(frozen=True)
class TestRun:
    """The results of one run, read from its record file."""

    # The name is Cucumber's and JUnit's; pytest must not collect it as a class of tests.
    __test__: ClassVar[bool] = False

    id: str
    # Whether the file has its end record.
    complete: bool
    # Scenarios and outline rows that the run found in its feature files, by criterion id.
    expected: Mapping[str, int] = field(default_factory=dict)
    # The feature files that the run loaded.
    features: tuple[str, ...] = ()
    # The digests of all feature and step files that it ran from, by path.
    digests: Mapping[str, str] = field(default_factory=dict)
    # All other files that it ran from.
    fingerprint: Fingerprint = field(default_factory=Fingerprint)
    # The files that changed before it ended.
    changed: tuple[str, ...] = ()
    # The content ids of other files, which git did not track, where they did not change before it ended.
    untracked: Mapping[str, str] = field(default_factory=dict)
    # Whether an older version recorded it, in a format that is not read any more.
    outdated: bool = False
    results: tuple[ScenarioResult, ...] = ()
    failures: tuple[RunFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    # A timestamp that sorts as text.
    started: str = ""
    # The commit that was checked out, if no file differed from it.
    commit: str = ""
    # Of a run with `--shard I/N`: (I, N).
    shard: tuple[int, int] | None = None
    # Of such a run: the digest of the way in which the scenarios were divided, and how many had no known duration.
    partition: str = ""
    estimated: int = 0
    # By the id of an earlier run, whose results in it are those of the project that this one ran from.
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Whether files have changed since, or newer runs have all its results: why it broke off is no longer of interest.
    is_past: bool = field(default=False, compare=False)
    # Not compared: a copy of a file is the same run.
    path: str = field(default="", compare=False)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The feature files that the run loaded."""
        return frozenset(self.features)

    @property
    def files_key(self) -> Hashable:
        """What distinguishes runs by the files that they ran from, apart from those of `digests`."""
        return self.fingerprint.digest, frozenset(self.untracked.items())

    @cached_property
    def tree(self) -> Hashable:
        """What distinguishes runs by the files that they ran from: shards of one run have the same."""
        # A short text: a page compares the trees of all runs for each criterion.
        files = repr(sorted(self.digests.items()))
        return self.fingerprint.digest, hashlib.sha256(files.encode()).hexdigest()

    def repeats(self, earlier: TestRun) -> bool:
        """Whether this run found again all that an earlier one did, so that the earlier one adds nothing."""
        found = {(result.feature, result.tags, result.name): result.status for result in self.results}
        # What the run left out is no result.
        results = [result for result in earlier.results if not result.left_out]
        if earlier.failures or earlier.shard or any(result.tries for result in results):
            return False
        return all(found.get((result.feature, result.tags, result.name)) == result.status for result in results)

    @cached_property
    def results_by_tag(self) -> Mapping[str, tuple[ScenarioResult, ...]]:
        """The results of the scenarios that have each tag."""
        by_tag: dict[str, list[ScenarioResult]] = {}
        for record in self.results:
            for tag in dict.fromkeys(record.tags):
                by_tag.setdefault(tag, []).append(record)
        return {tag: tuple(records) for tag, records in by_tag.items()}
