"""Record in the history what runs proved, and read it back; a history that cannot be used is only a warning."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spec2bdd.adapters.history.store import read_observations, write_observations
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.manifest import build_id_suffix
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.tracking.wording import normalize_shape
from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.history import summarize_history
from spec2bdd.domain.verdicts.scenarios.context import SeenFailing, build_context, find_seen_failing
from spec2bdd.errors import HistoryError
from spec2bdd.model import (
    BaseOutcome,
    CriterionHistory,
    CriterionVerdict,
    Diagnostic,
    Observation,
    ProofSource,
    Report,
    Severity,
    SpecReport,
    TestRun,
    TrackedCriterion,
    Verdict,
)
from spec2bdd.project.loader import Project
from spec2bdd.text.normalize import digest_text, to_comparison_key

_OBSERVED = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
# What is added to the name of a scenario: by us the number of one of several, by Behave the row of an outline.
_ROW = re.compile(r"(?: \(\d+\))?(?: -- @\d+\.\d+ ?.*)?$")


def record_run(project: Project, run: TestRun | None) -> tuple[Diagnostic, ...]:
    """Record what a complete run of unchanged files proved; a history that cannot be written is a warning."""
    if run is None or not run.complete or run.changed:
        return ()
    try:
        write_observations(project.config.history, tuple(_observe_run(project.plans, run)))
    except HistoryError as error:
        return (warn_of_history(error),)
    return ()


def load_seen_failing(project: Project) -> SeenFailing | None:
    """Find the criteria that were seen failing or pending in their current wording, if the project requires that."""
    config = project.config
    if config.require_red != "history":
        return None
    if not config.history.exists():
        return SeenFailing(doubt="no earlier runs in the history")
    # Needed where an earlier failure is required.
    from spec2bdd.adapters.system.git import is_tracked

    if is_tracked(config.root, path := config.history.relative_to(config.root).as_posix()):
        return SeenFailing(doubt=f"git tracks `{path}`, so it may come from any machine")
    try:
        observations = read_observations(config.history)
    except HistoryError as error:
        return SeenFailing(doubt=error.message)
    items = (tracked for plan in project.plans for tracked in plan.tracked)
    return find_seen_failing(
        observations, {tracked.id: _digest_wording(tracked, tracked.criterion.text) for tracked in items}
    )


def read_history(config: Config) -> tuple[Observation, ...]:
    """Read all observations of a project, the oldest first for each criterion.

    Raises:
        HistoryError: the history cannot be read.
    """
    return read_observations(config.history)


def summarize_histories(observations: Iterable[Observation]) -> dict[str, CriterionHistory]:
    """Summarize the history of each criterion, by its id."""
    by_criterion: dict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        by_criterion[observation.criterion].append(observation)
    histories = ((criterion, summarize_history(seen)) for criterion, seen in by_criterion.items())
    return {criterion: history for criterion, history in histories if history}


def find_never_failed(project: Project, specs: Iterable[SpecReport]) -> tuple[CriterionVerdict, ...]:
    """Find the criteria that are ticked now and that no earlier run in the history has seen fail or pending."""
    ticked = [verdict for spec in specs for verdict in spec.verdicts if verdict.ticked]
    # At the merge base, these were.
    red = {verdict.id for verdict in ticked if verdict.comparison and verdict.comparison.outcome is BaseOutcome.RED}
    config = project.config
    try:
        # Most runs tick nothing, and reading the history takes time.
        histories = summarize_histories(read_history(config)) if ticked and config.history.exists() else {}
    except HistoryError:
        # `record_run` warns of it.
        return ()
    known = {criterion for criterion, history in histories.items() if history.changes or history.last_failed}
    pending = {criterion for criterion, history in histories.items() if history.first_passed is None}
    return tuple(verdict for verdict in ticked if verdict.id not in known | pending | red)


def note_contradicted(project: Project, report: Report) -> Report:
    """Note how many criteria are ticked now although an earlier run of the same commit has seen them fail."""
    commit, path = report.run.commit if report.run else "", project.config.history
    ticked = {verdict.id: verdict for spec in report.specs for verdict in spec.verdicts if verdict.ticked}
    try:
        # Most runs tick nothing, and reading the history takes time.
        observations = read_observations(path) if commit and ticked and path.exists() else ()
    except HistoryError:
        # `record_run` warns of it.
        return report
    failed = (seen for seen in observations if seen.verdict is Verdict.FAILED and seen.commit == commit)
    known = {seen.criterion for seen in failed} & ticked.keys()
    if not known:
        return report
    what, them = ("1 criterion passes that", "it") if len(known) == 1 else (f"{len(known)} criteria pass that", "them")
    note = f"{what} failed in an earlier run of this commit: flaky? (`-v` lists {them})"
    texts = (f"failed before at this commit: {ticked[id_].criterion.text}" for id_ in ticked if id_ in known)
    return replace(report, notes=(*report.notes, note), details=(*report.details, *texts))


def rebuild_history_store(project: Project, runs: Iterable[TestRun]) -> int | None:
    """Replace the history by what these runs proved; return how many runs it had, nothing if it was unreadable.

    Raises:
        HistoryError: the history cannot be written.
    """
    observations = tuple(observation for run in runs for observation in _observe_run(project.plans, run))
    try:
        replaced = len({seen.run for seen in read_observations(project.config.history)})
    except HistoryError:
        replaced = None
    write_observations(project.config.history, observations, replace=True)
    return replaced


def _observe_run(plans: Sequence[SpecPlan], run: TestRun) -> Iterator[Observation]:
    """Judge each criterion by one run, as if the current files were those of the run."""
    # The digests of the run itself make every result current; `strict` ignores ticked boxes.
    context = build_context([run], run.digests, strict=True)
    seconds: dict[str, float] = defaultdict(float)
    for record in run.results:
        for tag in record.tags:
            seconds[tag] += sum(step.seconds for step in record.steps)
    for plan in plans:
        items = {tracked.id: tracked for tracked in plan.tracked}
        for verdict in judge_spec(plan.tracked, context):
            tracked = items[verdict.id]
            # A parent follows from its children, whose observations are enough.
            if verdict.verdict in _OBSERVED and verdict.record and tracked.proof is not ProofSource.CHILDREN:
                # The name of a generated scenario is the wording that the criterion had in the run.
                text = verdict.record.name if tracked.proof is ProofSource.GENERATED else tracked.criterion.text
                wording = _digest_wording(tracked, text)
                yield Observation(
                    tracked.id, run.id, run.started, verdict.verdict, wording, seconds[tracked.id], run.commit
                )


def _digest_wording(tracked: TrackedCriterion, text: str) -> str:
    """Digest the wording of a criterion; other values in a generated step are the same wording."""
    # The mark of an id is added where names would be equal.
    plain = _ROW.sub("", text.removesuffix(build_id_suffix(tracked.id)))
    return digest_text(
        normalize_shape(plain) if tracked.proof is ProofSource.GENERATED else to_comparison_key(plain), length=16
    )


def warn_of_history(error: HistoryError) -> Diagnostic:
    """Build the warning for a history that cannot be used."""
    return Diagnostic(error.path, 0, 0, Severity.WARNING, "history", error.message, error.hint)
