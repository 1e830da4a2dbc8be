"""What somebody asks about a spec or a criterion in, the explanation out: by the last records, without a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spec2bdd.config import Config
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.rules import find_rule
from spec2bdd.domain.verdicts.status.blockers import find_blockers
from spec2bdd.errors import ConfigError, HistoryError
from spec2bdd.model import CriterionExplanation, CriterionHistory, Diagnostic, Explanation, SpecReport, TrackedCriterion
from spec2bdd.project.assessment import JudgeOptions, judge_project
from spec2bdd.project.history import load_histories, warn_of_history
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.lookup import find_criterion, find_spec
from spec2bdd.project.outcome import StageResult
from spec2bdd.project.runs import load_last_runs


def explain(config: Config, spec: str, criterion: str = "") -> Explanation:
    """Say why the boxes of a spec are as they are, or the box of one criterion; nothing is run or written.

    Raises:
        ConfigError: it is not clear which spec or criterion is meant.
    """
    project = load_project(config)
    draft, item = _find_asked(project, spec, criterion)
    ran = load_last_runs(config) if config.records.exists() else StageResult()
    # Specs wait for each other, so that all are judged where one is asked for.
    judged = judge_project(project, ran.runs, JudgeOptions())
    report = judged.specs[project.drafts.index(draft)]
    asked = [item] if item else draft.identified
    pasts, faults = _find_pasts(config)
    return Explanation(
        report,
        tuple(_explain(one, draft, report, pasts=pasts) for one in asked),
        ran.run,
        holds=() if item else find_blockers(report, config.gate),
        single=item is not None,
        problems=(*ran.problems, *faults, *(one for one in project.problems if one.path == draft.spec.path)),
    )


def _find_pasts(config: Config) -> tuple[Mapping[str, CriterionHistory], tuple[Diagnostic, ...]]:
    """Return what is remembered, or a warning: the question can be answered without."""
    try:
        return load_histories(config), ()
    except HistoryError as error:
        return {}, (warn_of_history(error),)


def _find_asked(project: Project, spec: str, criterion: str) -> tuple[SpecPlan, TrackedCriterion | None]:
    """Return the spec, and the criterion if one is asked for; one name alone may be that of either."""
    try:
        draft = find_spec(project.drafts, spec)
    except ConfigError:
        found = None if criterion else _find_alone(project.drafts, spec)
        if found is None:
            raise
        return found
    return find_criterion([draft], criterion) if criterion else (draft, None)


def _find_alone(drafts: Sequence[SpecPlan], typed: str) -> tuple[SpecPlan, TrackedCriterion] | None:
    """Return the one criterion that is meant, if just one is."""
    try:
        return find_criterion(drafts, typed)
    except ConfigError:
        return None


def _explain(
    item: TrackedCriterion, draft: SpecPlan, report: SpecReport, *, pasts: Mapping[str, CriterionHistory]
) -> CriterionExplanation:
    """Explain one criterion."""
    found = next((one for one in report.judgements if one.id == item.id), None)
    return CriterionExplanation(
        draft.identified.index(item) + 1, item, found, find_rule(item, found), pasts.get(item.id)
    )
