"""The `explain` and `history` commands: why a box is as it is, by the last records and without a run."""

from __future__ import annotations

from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.config.tables import name_tables_in_diagnostics
from spec2bdd.diagnostics.levels import add_default_hint
from spec2bdd.domain.verdicts.rules import find_rule
from spec2bdd.domain.verdicts.status.blockers import find_blockers
from spec2bdd.errors import HistoryError
from spec2bdd.model import CriterionExplanation, CriterionHistory, Explanation, JudgeOptions
from spec2bdd.project.assessment import judge_project
from spec2bdd.project.challenges import recall_strengths
from spec2bdd.project.history import load_histories, warn_of_history
from spec2bdd.project.left_out import report_left_out
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.lookup import Match, find_criterion, find_match, find_spec
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.runs import load_last_runs


def explain(project: ProjectLocation, spec: str, criterion: str = "") -> Explanation:
    """Explain the verdicts of a spec, or of one criterion; nothing is run or written.

    `spec` is a path, a `feature_id`, a part of a name, or what names just one criterion of the project. `criterion` is
    an id, a number (`#4`), or a part of the text.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: no spec or criterion matches, or several do.
    """
    config = resolve_config(project)
    loaded = load_project(config)
    subject = _find_subject(loaded, spec, criterion)
    plan = subject.plan
    runs = load_last_runs(config) if config.records.exists() else LoadedRuns()
    # Specs depend on each other, so all of them are judged, even if one is asked for.
    assessed = judge_project(loaded, runs.runs, JudgeOptions())
    report = assessed.specs[loaded.plans.index(plan)]
    histories: dict[str, CriterionHistory] = {}
    diagnostics = [*runs.diagnostics]
    try:
        histories = dict(load_histories(config))
    except HistoryError as error:
        # Everything but the history can still be explained.
        diagnostics.append(warn_of_history(error))
    diagnostics += [diagnostic for diagnostic in loaded.diagnostics if diagnostic.path == plan.spec.path]
    strengths = recall_strengths(config, runs.runs)
    verdicts = {verdict.id: verdict for verdict in report.verdicts}
    explanations = tuple(
        CriterionExplanation(
            plan.tracked.index(tracked) + 1,
            tracked,
            verdicts.get(tracked.id),
            find_rule(tracked, verdicts.get(tracked.id)),
            histories.get(tracked.id),
            strengths.get(tracked.id),
        )
        for tracked in ([subject.tracked] if subject.tracked else plan.tracked)
    )
    # Of a criterion, the run that its verdict comes from, which a later run of others may have left out.
    record = explanations[0].judgement.record if subject.tracked and explanations[0].judgement else None
    run = next((run for run in reversed(runs.runs) if record in run.results), runs.run)
    holds = () if subject.tracked else find_blockers(report, config.gate)
    return Explanation(
        report,
        explanations,
        run,
        holds=holds,
        single=subject.tracked is not None,
        diagnostics=tuple(name_tables_in_diagnostics(map(add_default_hint, diagnostics), config)),
    )


def _find_subject(project: Project, spec: str, criterion: str) -> Match:
    """Find the spec, and the criterion if one is asked for; a single name may be that of either."""
    with report_left_out(project, spec):
        if not criterion:
            return find_match(project.plans, spec)
        return Match(*find_criterion([find_spec(project.plans, spec)], criterion))
