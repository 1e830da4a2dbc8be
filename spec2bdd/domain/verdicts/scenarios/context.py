"""Runs in, witnesses out: each knows whether it speaks of today's step files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spec2bdd.domain.verdicts.scenarios.external import NO_EXTERNAL_RESULTS, ExternalResults
from spec2bdd.model import Observation, TestRun, Verdict

_RED = (Verdict.FAILED, Verdict.PENDING)

_FEATURE = ".feature"


@dataclass(frozen=True, slots=True)
class CheckedRun:
    """A run, and `changed`: a step file of today that is not the one of the run, or nothing."""

    run: TestRun
    changed: str = ""

    def find_changed(self, criterion: str, files: Sequence[str], today: Mapping[str, str]) -> str:
        """Return a file that a criterion depends on and that is not the one of the run, or nothing.

        Its own feature files count, and every step file: any of them may define, or come to shadow, one of its steps.
        A file that nobody took the digest of proves nothing.
        """
        own = {*files, *(record.feature for record in self.run.records_by_tag.get(criterion, ()))}
        found = _find_different(own, self.run.digests, today)
        return min(filter(None, (found, self.changed)), default="")


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """What criteria are judged by: the witnesses, the oldest first, and the digests of today's feature and step files.

    `strict` trusts no tick; `flaky_passes` lets contradictory results pass; `red` is what was seen to fail, if that is
    asked for; `hearing` is what other tools say; `features` holds the bytes of today's feature files by their paths.
    """

    witnesses: tuple[CheckedRun, ...] = ()
    today: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    flaky_passes: bool = False
    red: SeenFailing | None = None
    hearing: ExternalResults = NO_EXTERNAL_RESULTS
    features: Mapping[str, bytes] = field(default_factory=dict)


def build_context(
    runs: Iterable[TestRun], today: Mapping[str, str], *, strict: bool = False, flaky_passes: bool = False
) -> JudgingContext:
    """Return the facts that several runs give, in whatever order they come; a run that comes twice counts once."""
    ordered = sorted(runs, key=lambda run: (run.started, run.id, len(run.records), run.complete))
    each = [run for index, run in enumerate(ordered) if run not in ordered[:index]]
    return JudgingContext(tuple(_call_witness(run, today) for run in each), today, strict, flaky_passes)


def ignore_vacuity(run: TestRun) -> TestRun:
    """Return a run in which every step counts as one that can fail, where a project wants it so."""
    records = (
        replace(record, steps=tuple(replace(step, vacuous=False) for step in record.steps)) for record in run.records
    )
    return replace(run, records=tuple(records))


def _call_witness(run: TestRun, today: Mapping[str, str]) -> CheckedRun:
    """Return the run with what can be known of it before any criterion is asked for."""
    steps = {path for path in (*run.digests, *today) if not path.endswith(_FEATURE)}
    changed = _find_different(steps, run.digests, today)
    return CheckedRun(run, changed)


def _find_different(paths: Iterable[str], then: Mapping[str, str], today: Mapping[str, str]) -> str:
    """Return the first of the files that has not the same digest then and today, or nothing."""
    return min((path for path in paths if then.get(path, "") != today.get(path)), default="")


@dataclass(frozen=True, slots=True)
class SeenFailing:
    """The ids of the criteria that were seen failing or pending in today's words; `doubt` says why nobody can know."""

    ids: frozenset[str] = frozenset()
    doubt: str = ""


def find_seen_failing(sightings: Iterable[Observation], wordings: Mapping[str, str]) -> SeenFailing:
    """Return which criteria were red in the words that they have today; `wordings` holds those by id."""
    return SeenFailing(
        frozenset(
            one.criterion for one in sightings if one.verdict in _RED and wordings.get(one.criterion) == one.wording
        )
    )
