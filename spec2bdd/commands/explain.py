"""The `explain` and `history` commands: why a box is as it is, by the last records and without a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spec2bdd.adapters.results.run_lines import join_ranges
from spec2bdd.commands._report import finalize_for_project, soften_levels
from spec2bdd.config.location import ProjectLocation
from spec2bdd.domain.changes.lines import merge_lines
from spec2bdd.domain.verdicts.rules import find_rule
from spec2bdd.domain.verdicts.status.blockers import list_holds
from spec2bdd.errors import HistoryError
from spec2bdd.model import (
    CriterionExplanation,
    CriterionHistory,
    CriterionLines,
    CriterionStrength,
    CriterionVerdict,
    Diagnostic,
    Explanation,
    JudgeOptions,
    Observation,
    ProcessLines,
    Severity,
    Verdict,
)
from spec2bdd.model.values import dataclass
from spec2bdd.project.assessment import Assessment, build_status_policy, judge_project
from spec2bdd.project.challenges import recall_strengths
from spec2bdd.project.history import read_history, summarize_histories, warn_of_history
from spec2bdd.project.left_out import report_left_out
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.lookup import Match, find_criterion, find_match, find_spec
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import find_current_errors, note_past_runs, soften_past_errors
from spec2bdd.project.runs import find_last_run_files, load_last_runs
from spec2bdd.project.since.line_uses import find_criterion_lines
from spec2bdd.text.markdown_lines import split_markdown_lines


def explain(project: ProjectLocation, spec: str, criterion: str = "") -> Explanation:
    """Explain the verdicts of a spec, or of one criterion; nothing is run or written.

    `spec` is a path, a `feature_id`, a part of a name, or what names just one criterion of the project. `criterion` is
    an id, a number (`#4`), or a part of the text.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: no spec or criterion matches, or several do.
    """
    loaded = load_project(project, scenarios=False)
    with report_left_out(loaded, spec):
        # A single name may be that of a spec or of a criterion.
        if criterion:
            subject = Match(*find_criterion([find_spec(loaded.plans, spec)], criterion))
        else:
            subject = find_match(loaded.plans, spec)
    return explain_match(loaded, subject)


@dataclass(frozen=True, slots=True)
class JudgedProject:
    """A project that was judged by its last records, with all that explains its verdicts.

    Of `diagnostics`, which are on runs and history, those of `current` are about the project as it is now.
    """

    project: Project
    runs: LoadedRuns
    assessed: Assessment
    observations: tuple[Observation, ...]
    strengths: Mapping[str, CriterionStrength]
    lines: Mapping[str, ProcessLines]
    diagnostics: tuple[Diagnostic, ...]
    current: tuple[Diagnostic, ...]


def judge_by_last_runs(loaded: Project) -> JudgedProject:
    """Judge a project by its last records, without a run."""
    config = loaded.config
    runs = load_last_runs(config) if find_last_run_files(config) else LoadedRuns()
    assessed = judge_project(loaded, runs.runs, JudgeOptions())
    observations: tuple[Observation, ...] = ()
    current = [*find_current_errors(loaded, runs, assessed.specs, assessed.context)]
    current += [item for item in assessed.diagnostics if item.code == "no-base"]
    try:
        observations = read_history(config)
    except HistoryError as error:
        # Everything but the history can still be explained.
        current.append(warn_of_history(error))
    strengths = recall_strengths(config, assessed.context.runs, with_faults=True)
    lines = find_criterion_lines(config, runs.runs)
    # What a run reported before files changed still explains verdicts.
    diagnostics = tuple(soften_past_errors(runs.diagnostics, current, assessed.context))
    runs = note_past_runs(runs, assessed.specs, assessed.context)
    return JudgedProject(loaded, runs, assessed, observations, strengths, lines, diagnostics, tuple(current))


def explain_match(loaded: Project, subject: Match) -> Explanation:
    """Explain the verdicts of a spec, or of the criterion that was found with it."""
    # Specs depend on each other, so all of them are judged, even if one is asked for.
    judged, plan = judge_by_last_runs(loaded), subject.plan
    histories = summarize_histories(judged.observations)
    explanation = explain_plan(judged, loaded.plans.index(plan), histories)
    diagnostics = [*judged.diagnostics, *_list_diagnostics(loaded, subject)]
    shown = soften_levels(finalize_for_project(loaded, diagnostics))
    manifest = loaded.feature_index.manifests.get(plan.feature.path) if plan.feature else None
    movable = frozenset(block.id for block in manifest.edited if block.is_movable) if manifest else frozenset()
    explanation = replace(explanation, diagnostics=shown, movable=movable)
    if subject.tracked is None:
        return explanation
    entries = tuple(entry for entry in explanation.entries if entry.item is subject.tracked)
    # The run that its verdict comes from, which a later run of others may have left out.
    record, runs = entries[0].judgement.record if entries[0].judgement else None, judged.runs
    run = next((run for run in reversed(runs.runs) if record in run.results), runs.run)
    older = tuple(other for other in runs.runs if other is not run)
    return replace(explanation, entries=entries, run=run, blocked=(), single=True, older=older)


def _list_diagnostics(loaded: Project, subject: Match) -> Iterator[Diagnostic]:
    """List what is reported of a spec; of one criterion, what is about it, or keeps the spec from being judged."""
    plan, tracked = subject.plan, subject.tracked
    path = plan.feature.path if plan.feature else plan.spec.path
    manifest = loaded.feature_index.manifests.get(path)
    edited = (
        {line: block.id for block in manifest.edited for line in range(block.line, block.last + 1)} if manifest else {}
    )
    lines = range(0)
    if tracked:
        first = tracked.criterion.line
        after = (item.criterion.line for item in plan.tracked if item.criterion.line > first)
        lines = range(first, min([*after, split_markdown_lines("", plan.spec.text).find_end(first)]))
    for diagnostic in loaded.diagnostics:
        is_in_spec = diagnostic.path == plan.spec.path
        if not is_in_spec and diagnostic.path != path:
            continue
        if tracked and is_in_spec and diagnostic.severity is not Severity.ERROR and diagnostic.line not in lines:
            continue
        # The file is not rewritten because of it, so that it concerns a criterion whose scenario is out of date.
        owner = "" if is_in_spec else edited.get(diagnostic.line, "")
        if tracked and tracked.current and owner not in ("", tracked.id):
            continue
        yield diagnostic


def explain_plan(judged: JudgedProject, index: int, histories: Mapping[str, CriterionHistory]) -> Explanation:
    """Explain the verdicts of one of the specs."""
    config, plan, report = judged.project.config, judged.project.plans[index], judged.assessed.specs[index]
    verdicts = {verdict.id: verdict for verdict in report.verdicts}
    explanations = tuple(
        CriterionExplanation(
            number,
            tracked,
            verdicts.get(tracked.id),
            find_rule(tracked, verdicts.get(tracked.id)),
            histories.get(tracked.id),
            judged.strengths.get(tracked.id),
            _join_lines(judged, verdicts.get(tracked.id)),
        )
        for number, tracked in enumerate(plan.tracked, 1)
    )
    blocked = list_holds(report, build_status_policy(config))
    return Explanation(report, explanations, judged.runs.run, blocked=blocked, older=judged.runs.older)


def _join_lines(judged: JudgedProject, verdict: CriterionVerdict | None) -> CriterionLines:
    """Join the lines that a criterion runs to ranges by path: those that a run recorded and those of challenges."""
    if verdict is None or verdict.verdict is Verdict.STALE:
        return CriterionLines()
    strength = judged.strengths.get(verdict.id)
    known = [scenario.lines for scenario in strength.scenarios] if strength else []
    ran = judged.lines.get(verdict.id, ProcessLines())
    steps = None if ran.steps is None else {keyword: _join_paths(own) for keyword, own in ran.steps.items()}
    runs_product = None
    if steps is not None:
        runs_product = bool(steps["when"] or steps["then"])
        # What else is run or read is not known, or it did not run to its end.
        if not runs_product and (ran.doubts or ran.read or verdict.verdict is not Verdict.PASSED):
            runs_product = None
    return CriterionLines(_join_paths(merge_lines((ran.lines, *known))), steps, runs_product)


def _join_paths(lines: Mapping[str, frozenset[int]]) -> Mapping[str, str]:
    """Join the lines of each file to ranges."""
    # An empty module runs in line 0.
    return {path: ranges for path, numbers in sorted(lines.items()) if (ranges := join_ranges(numbers - {0}))}
