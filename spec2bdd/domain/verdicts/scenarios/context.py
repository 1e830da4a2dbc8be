"""What criteria are judged by: the runs, each compared with today's files, and what else is known of the project."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType

from spec2bdd.domain.verdicts.scenarios.external import NO_EXTERNAL_RESULTS, ExternalResults
from spec2bdd.model import BaseComparison, CriterionStrength, Observation, TestRun, Verdict
from spec2bdd.model.files import FileState
from spec2bdd.model.values import dataclass

_FEATURE = ".feature"


@dataclass(frozen=True, slots=True)
class CheckedRun:
    """A run, and `changed`: the first file, other than a feature file, that is not the one of the run, or nothing.

    `state` is what has become of that file. `kept` are the ids of criteria, or places of scenarios without one,
    that no such file affects.
    """

    run: TestRun
    changed: str = ""
    state: FileState = FileState.CHANGED
    kept: frozenset[str] = frozenset()

    @property
    def is_of_today(self) -> bool:
        """Whether all files that it ran from, apart from feature files, were the same all the time and are now."""
        during = [path for path in self.run.changed if not path.endswith(_FEATURE)]
        return not (self.changed or during or self.run.outdated)

    def find_stale_reason(self, criterion: str, files: Sequence[str], today: Mapping[str, str]) -> str:
        """Say why the run proves nothing about a criterion as the project is today, or nothing if it does.

        Its own feature files count, and all files that are no feature files: any step file may define one of its steps,
        and anything may be what the steps test. A feature or step file without a digest in the run proves nothing.
        """
        if self.run.outdated:
            return "recorded by an older version of spec2bdd"
        if self.run.changed:
            own = self._find_own_files(criterion, files)
            during = min((path for path in self.run.changed if path in own or not path.endswith(_FEATURE)), default="")
            if during:
                return f"`{during}` changed during this run"
        changed = self.find_changed(criterion, files, today)
        state = self.find_state(changed, today)
        return f"`{changed}` {state.phrase} since these results were recorded" if changed else ""

    def find_changed(self, criterion: str, files: Sequence[str], today: Mapping[str, str]) -> str:
        """Find the first file that a criterion depends on and that has changed since the run, or nothing."""
        different = _find_different(self._find_own_files(criterion, files), self.run.digests, today)
        others = "" if criterion in self.kept else self.changed
        return min(different, others) if different and others else different or others

    def find_state(self, path: str, today: Mapping[str, str]) -> FileState:
        """Find what has become of a file that has changed since the run; `today` has the feature and step files."""
        if path in self.run.digests:
            return FileState.CHANGED if path in today else FileState.DELETED
        if path in today:
            return FileState.NEW
        return self.state if path == self.changed else FileState.CHANGED

    def _find_own_files(self, criterion: str, files: Sequence[str]) -> set[str]:
        """Find the feature files with scenarios of a criterion; `generate` may not know of a hand-written one."""
        return {*files, *[record.feature for record in self.run.results_by_tag.get(criterion, ())]}


@dataclass(frozen=True, slots=True)
class SeenFailing:
    """The ids of the criteria that were seen failing or pending with today's text; `doubt` says why it is not known."""

    ids: frozenset[str] = frozenset()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """What criteria are judged by: the runs, the oldest first, and the digests of today's feature and step files.

    `strict` trusts no tick; `flaky_passes` lets contradictory results pass; `seen_failing` is given if a pass needs an
    earlier failure, `comparisons`, by criterion id, if it needs one at the merge base, and `strengths` if its checks
    have to notice a fault; `external` are the results of other tools; `features` holds the bytes of today's feature
    files by path.
    """

    runs: tuple[CheckedRun, ...] = ()
    today: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    flaky_passes: bool = False
    seen_failing: SeenFailing | None = None
    external: ExternalResults = NO_EXTERNAL_RESULTS
    strengths: Mapping[str, CriterionStrength] | None = None
    comparisons: Mapping[str, BaseComparison] | None = None
    features: Mapping[str, bytes] = field(default_factory=dict)


def build_context(
    runs: Iterable[TestRun],
    today: Mapping[str, str],
    *,
    changed: Mapping[Hashable, tuple[str, FileState]] = MappingProxyType({}),
    strict: bool = False,
    flaky_passes: bool = False,
) -> JudgingContext:
    """Build the context of several runs, in whatever order they come; a run that comes twice counts once.

    `changed` holds, by the `files_key` of a run, the first file that is not the one of the run, with its state.
    """
    # Runs of one start are ordered as well, so that the result does not depend on the order of the arguments.
    ordered = sorted(runs, key=lambda run: (run.started, run.id, len(run.results), run.complete))
    checked = []
    for index, run in enumerate(ordered):
        if run not in ordered[:index]:
            # Every criterion depends on all step files, so they are compared once for each run.
            steps = {path for path in (*run.digests, *today) if not path.endswith(_FEATURE)}
            other, state = changed.get(run.files_key, ("", FileState.CHANGED))
            first = min(filter(None, (_find_different(steps, run.digests, today), other)), default="")
            checked.append(CheckedRun(run, first, state if first == other else FileState.CHANGED))
    # What a run of today's files has found to be unaffected by all that has changed since an earlier run.
    kept: dict[str, set[str]] = {}
    for one in checked:
        if one.run.complete and not (one.changed or one.run.changed or one.run.outdated):
            for run_id, names in one.run.kept.items():
                kept.setdefault(run_id, set()).update(names)
    checked = [replace(one, kept=frozenset(kept.get(one.run.id, ()))) for one in checked]
    return JudgingContext(tuple(checked), today, strict, flaky_passes)


def _find_different(paths: Iterable[str], then: Mapping[str, str], today: Mapping[str, str]) -> str:
    """Find the first of the files whose digest differs between then and today, or nothing."""
    # A file without any digest is `""` then and `None` today: never equal.
    return min([path for path in paths if then.get(path, "") != today.get(path)], default="")


def ignore_vacuity(run: TestRun) -> TestRun:
    """Mark every step of a run as one that can fail, for projects with `vacuous = "pass"`."""
    records = (
        replace(record, steps=tuple(replace(step, vacuous=False) for step in record.steps)) for record in run.results
    )
    return replace(run, results=tuple(records))


def find_seen_failing(observations: Iterable[Observation], wordings: Mapping[str, str]) -> SeenFailing:
    """Find which criteria failed or were pending with the text that they have today; `wordings` holds it by id."""
    red = (seen for seen in observations if seen.verdict in (Verdict.FAILED, Verdict.PENDING))
    return SeenFailing(frozenset(seen.criterion for seen in red if wordings.get(seen.criterion) == seen.wording))
