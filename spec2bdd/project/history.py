"""The runs of a project in, what is remembered of them out; a memory that cannot be used is told, and harms nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.adapters.history.store import read_sightings, write_sightings
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.manifest.manifest import derive_mark
from spec2bdd.domain.planning.spec_plan import Draft
from spec2bdd.domain.tracking.wording import derive_shape
from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.history import derive_past
from spec2bdd.domain.verdicts.scenarios.context import Red, derive_red, gather_facts
from spec2bdd.errors import HistoryError
from spec2bdd.model import (
    Identified,
    Past,
    Problem,
    Proof,
    Run,
    ScenarioRecord,
    Severity,
    Sighting,
    Verdict,
)
from spec2bdd.project.loader import Project
from spec2bdd.text.normalize import derive_digest, derive_sameness

_SEEN = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
# What Behave and we add to the name of a scenario: the row of an outline, and the number of one of several.
_ROW = re.compile(r"(?: \(\d+\))?(?: -- @\d+\.\d+ ?.*)?$")


def remember_run(project: Project, run: Run | None) -> tuple[Problem, ...]:
    """Keep what a run says that came to its end, of all or of a part.

    A memory that cannot be written is a warning, and nothing else.
    """
    if run is None or not run.complete:
        return ()
    try:
        write_sightings(project.config.history, tuple(_derive_sightings(project.drafts, run)))
    except HistoryError as error:
        return (warn_of_history(error),)
    return ()


def find_red(project: Project) -> Red | None:
    """Return which criteria were seen failing or pending in today's words, if the project asks for it."""
    config = project.config
    if not config.require_red:
        return None
    if not config.history.exists():
        return Red(doubt="no earlier run is remembered here")
    try:
        sightings = read_sightings(config.history)
    except HistoryError as error:
        return Red(doubt=error.message)
    items = (item for draft in project.drafts for item in draft.identified)
    return derive_red(sightings, {item.id: _derive_wording(item, item.criterion.text) for item in items})


def find_pasts(config: Config) -> dict[str, Past]:
    """Return what is remembered of each criterion, by its id.

    Raises:
        HistoryError: the history cannot be read.
    """
    seen: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in read_sightings(config.history):
        seen[sighting.criterion].append(sighting)
    pasts = ((criterion, derive_past(sightings)) for criterion, sightings in seen.items())
    return {criterion: past for criterion, past in pasts if past}


def remember_afresh(project: Project, runs: Iterable[Run]) -> None:
    """Forget all, and keep what these runs say.

    Raises:
        HistoryError: the history cannot be written.
    """
    sightings = tuple(one for run in runs for one in _derive_sightings(project.drafts, run))
    write_sightings(project.config.history, sightings, afresh=True)


def _derive_sightings(drafts: Sequence[Draft], run: Run) -> Iterator[Sighting]:
    """Yield what a run said of each criterion, as if today's files were those of the run."""
    facts = gather_facts([run], run.digests, strict=True)
    seconds: dict[str, float] = defaultdict(float)
    for record in run.records:
        for tag in record.tags:
            seconds[tag] += sum(step.seconds for step in record.steps)
    for draft in drafts:
        items = {item.id: item for item in draft.identified}
        for found in judge_spec(draft.identified, facts):
            item = items[found.id]
            if found.verdict in _SEEN and found.record and item.proof is not Proof.CHILDREN:
                wording = _derive_wording(item, _find_words(item, found.record))
                yield Sighting(item.id, run.id, run.started, found.verdict, wording, seconds[item.id], run.commit)


def _find_words(item: Identified, record: ScenarioRecord) -> str:
    """Return the words that a criterion had in a run: the name of its generated scenario."""
    return record.name if item.proof is Proof.GENERATED else item.criterion.text


def _derive_wording(item: Identified, text: str) -> str:
    """Return what stands for some words of a criterion: a value in a generated step is no other wording."""
    plain = _ROW.sub("", text.removesuffix(derive_mark(item.id)))
    return derive_digest(derive_shape(plain) if item.proof is Proof.GENERATED else derive_sameness(plain), length=16)


def warn_of_history(error: HistoryError) -> Problem:
    """Return a fault of the memory as a warning."""
    return Problem(error.path, 0, 0, Severity.WARNING, "history", error.message, error.hint)
