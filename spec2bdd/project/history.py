"""The runs of a project in, what is remembered of them out; a memory that cannot be used is told, and harms nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.adapters.history.store import read_observations, write_observations
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.manifest import derive_mark
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.tracking.wording import derive_shape
from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.history import summarize_history
from spec2bdd.domain.verdicts.scenarios.context import SeenFailing, build_context, find_seen_failing
from spec2bdd.errors import HistoryError
from spec2bdd.model import (
    CriterionHistory,
    Diagnostic,
    Observation,
    ProofSource,
    ScenarioResult,
    Severity,
    TestRun,
    TrackedCriterion,
    Verdict,
)
from spec2bdd.project.loader import Project
from spec2bdd.text.normalize import digest_text, to_comparison_key

_SEEN = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
# What Behave and we add to the name of a scenario: the row of an outline, and the number of one of several.
_ROW = re.compile(r"(?: \(\d+\))?(?: -- @\d+\.\d+ ?.*)?$")


def record_run(project: Project, run: TestRun | None) -> tuple[Diagnostic, ...]:
    """Keep what a run says that came to its end, of all or of a part.

    A memory that cannot be written is a warning, and nothing else.
    """
    if run is None or not run.complete:
        return ()
    try:
        write_observations(project.config.history, tuple(_derive_sightings(project.drafts, run)))
    except HistoryError as error:
        return (warn_of_history(error),)
    return ()


def load_seen_failing(project: Project) -> SeenFailing | None:
    """Return which criteria were seen failing or pending in today's words, if the project asks for it."""
    config = project.config
    if not config.require_red:
        return None
    if not config.history.exists():
        return SeenFailing(doubt="no earlier run is remembered here")
    try:
        sightings = read_observations(config.history)
    except HistoryError as error:
        return SeenFailing(doubt=error.message)
    items = (item for draft in project.drafts for item in draft.identified)
    return find_seen_failing(sightings, {item.id: _derive_wording(item, item.criterion.text) for item in items})


def load_histories(config: Config) -> dict[str, CriterionHistory]:
    """Return what is remembered of each criterion, by its id.

    Raises:
        HistoryError: the history cannot be read.
    """
    seen: dict[str, list[Observation]] = defaultdict(list)
    for sighting in read_observations(config.history):
        seen[sighting.criterion].append(sighting)
    pasts = ((criterion, summarize_history(sightings)) for criterion, sightings in seen.items())
    return {criterion: past for criterion, past in pasts if past}


def rebuild_history_store(project: Project, runs: Iterable[TestRun]) -> None:
    """Forget all, and keep what these runs say.

    Raises:
        HistoryError: the history cannot be written.
    """
    sightings = tuple(one for run in runs for one in _derive_sightings(project.drafts, run))
    write_observations(project.config.history, sightings, afresh=True)


def _derive_sightings(drafts: Sequence[SpecPlan], run: TestRun) -> Iterator[Observation]:
    """Yield what a run said of each criterion, as if today's files were those of the run."""
    facts = build_context([run], run.digests, strict=True)
    seconds: dict[str, float] = defaultdict(float)
    for record in run.records:
        for tag in record.tags:
            seconds[tag] += sum(step.seconds for step in record.steps)
    for draft in drafts:
        items = {item.id: item for item in draft.identified}
        for found in judge_spec(draft.identified, facts):
            item = items[found.id]
            if found.verdict in _SEEN and found.record and item.proof is not ProofSource.CHILDREN:
                wording = _derive_wording(item, _find_words(item, found.record))
                yield Observation(item.id, run.id, run.started, found.verdict, wording, seconds[item.id], run.commit)


def _find_words(item: TrackedCriterion, record: ScenarioResult) -> str:
    """Return the words that a criterion had in a run: the name of its generated scenario."""
    return record.name if item.proof is ProofSource.GENERATED else item.criterion.text


def _derive_wording(item: TrackedCriterion, text: str) -> str:
    """Return what stands for some words of a criterion: a value in a generated step is no other wording."""
    plain = _ROW.sub("", text.removesuffix(derive_mark(item.id)))
    return digest_text(
        derive_shape(plain) if item.proof is ProofSource.GENERATED else to_comparison_key(plain), length=16
    )


def warn_of_history(error: HistoryError) -> Diagnostic:
    """Return a fault of the memory as a warning."""
    return Diagnostic(error.path, 0, 0, Severity.WARNING, "history", error.message, error.hint)
