"""Run a command about named criteria: plan it for each of them, update the features and statuses that follow, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from spec2bdd.adapters.behave.registry.client import open_registry
from spec2bdd.commands._report import apply_changes, finish_report, merge_changes
from spec2bdd.commands.generation import plan_feature, plan_generation
from spec2bdd.commands.mark import plan_marks
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.step_modules import list_queries
from spec2bdd.errors import UsageError
from spec2bdd.model import Diagnostic, FileChange, JudgeOptions, Report, Severity, TrackedCriterion
from spec2bdd.project.assessment import judge_project
from spec2bdd.project.left_out import report_left_out
from spec2bdd.project.loader import Project, load_project, update_project
from spec2bdd.project.locks import lock_project
from spec2bdd.project.lookup import find_criterion
from spec2bdd.project.outcome import PlannedChanges
from spec2bdd.project.runs import load_last_runs

PlannedDecision = tuple[tuple[FileChange, ...], tuple[str, ...]]
"""The changes that a decision needs, and notes for the reader."""

Decision = Callable[[Project, SpecPlan, TrackedCriterion], PlannedDecision]
"""Plans what was decided about one criterion.

Raises:
    UsageError: it cannot be decided about this criterion.
"""


def decide(
    command: str, project: ProjectLocation, names: Sequence[str], plan: Decision, *, mode: WriteMode = WriteMode.WRITE
) -> Report:
    """Plan a decision about each named criterion, write all of them, and report them under the name of the command.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, or a plan was refused; nothing was written.
    """
    config = resolve_config(project)
    with lock_project(config, writes=mode.writes):
        before = load_project(config)
        # Every name is looked up before anything is planned, and a criterion that is named twice is planned once.
        ids: list[str] = []
        for name in names:
            with report_left_out(before, name):
                ids.append(find_criterion(before.plans, name)[1].id)
        return finish_decision(command, before, plan_decisions(before, list(dict.fromkeys(ids)), plan), mode=mode)


def describe_place(plan: SpecPlan, tracked: TrackedCriterion) -> str:
    """Name a criterion by its text and its place: it may have been chosen by a part of its text."""
    return f"`{tracked.criterion.text}` ({plan.spec.path}:{tracked.criterion.line})"


def refuse_decision(verb: str, plan: SpecPlan, tracked: TrackedCriterion, why: str, hint: str) -> UsageError:
    """Build the error of a decision that is not possible for this criterion."""
    criterion = tracked.criterion
    message = f"cannot {verb} `{criterion.text}`: {why}"
    return UsageError(message, hint=hint, path=plan.spec.path, line=criterion.line, column=criterion.column)


def plan_decisions(project: Project, ids: Sequence[str], plan: Decision) -> PlannedDecision:
    """Plan a decision about each of several criteria, on the files as the plans before leave them."""
    changes: list[FileChange] = []
    notes: list[str] = []
    for id_ in ids:
        planned, remarks = plan(project, *find_criterion(project.plans, id_))
        changes += planned
        notes += remarks
        if planned and id_ != ids[-1]:
            project = update_project(project, planned)
    return merge_changes(changes), tuple(notes)


def finish_decision(command: str, before: Project, planned: PlannedDecision, *, mode: WriteMode) -> Report:
    """Write planned decisions with the changes that follow from them, and build the report."""
    changes, notes = planned
    following, is_outdated = _plan_following(before, changes)
    merged = merge_changes((*changes, *following.changes))
    # As `generate` and `mark` write them: a command that was killed finds in the spec what is still to be done.
    specs = {plan.spec.path for plan in before.plans}
    joined = _join(sorted(merged, key=lambda change: change.path in specs))
    written = apply_changes(before.config, joined, mode)
    # The notes say what has changed.
    done = {change.path for change in written.changes}
    planned_only = any(mode is not WriteMode.WRITE or change.path not in done for change in changes)
    said = () if planned_only else (*notes, *following.notes)
    # A commit of what the decision has changed would not pass a check.
    follow_up = "run `spec2bdd generate`" if is_outdated and written.changes else ""
    report = Report(command, written.changes, notes=said, follow_up=follow_up)
    diagnostics = (*_list_errors(before, changes), *following.diagnostics, *written.diagnostics)
    return finish_report(before, report, diagnostics=diagnostics, mode=mode)


def _join(changes: Sequence[FileChange]) -> list[FileChange]:
    """Let all changes be made, or none: a decision is in the spec, in its feature file and in its steps."""
    paths = frozenset(change.path for change in changes)
    # The first one needs all others, and each of these needs it.
    return [
        replace(change, needs=change.needs | ((paths if number == 0 else {changes[0].path}) - {change.path}))
        for number, change in enumerate(changes)
    ]


def _list_errors(project: Project, changes: Sequence[FileChange]) -> list[Diagnostic]:
    """List the errors in the specs that were decided about: until they are fixed, nothing follows from a decision."""
    changed = {change.path for change in changes}
    decided = [
        plan.spec
        for plan in project.plans
        if plan.spec.path in changed or (plan.feature and plan.feature.path in changed)
    ]
    return [item for spec in decided for item in spec.diagnostics if item.severity is Severity.ERROR]


def _plan_following(before: Project, changes: Sequence[FileChange]) -> tuple[PlannedChanges, bool]:
    """Plan what follows from changes of specs: their feature files, stubs and statuses.

    The flag is whether the feature file of such a spec was out of date before, and still is.
    """
    edited = {plan.spec.path for plan in before.plans} & {change.path for change in changes}
    if not edited:
        return PlannedChanges(), False
    after = update_project(before, changes)
    plans = tuple(
        plan
        for plan, old in _pair_plans(after, before)
        if plan.spec.path in edited
        # The first feature file of a spec is written by `generate`.
        and old.feature
        and old.feature.path in before.contents
        and (render_feature(plan.feature) if plan.feature else "") != render_feature(old.feature)
    )
    following = _plan_features(before, after, plans) if plans else PlannedChanges()
    others = (plan for plan in after.plans if plan.spec.path in edited and plan not in plans)
    is_outdated = any(plan_feature(plan, after) for plan in others)
    return replace(following, changes=(*following.changes, *_plan_statuses(after, edited))), is_outdated


def _plan_features(before: Project, after: Project, plans: tuple[SpecPlan, ...]) -> PlannedChanges:
    """Plan the feature files of some specs, and the stubs for steps that they did not have before."""
    narrowed = replace(after, plans=plans)
    refused = tuple(diagnostic for plan in plans for diagnostic in plan.hand_edits)
    old = [old for plan, old in _pair_plans(narrowed, before)]
    # The step modules need not be loaded where scenarios only go away from files that were up to date.
    up_to_date = not any(plan_feature(plan, before) for plan in old)
    if up_to_date and set(list_queries(plans)) <= set(list_queries(old)):
        features = tuple(filter(None, [plan_feature(plan, after) for plan in plans]))
        return PlannedChanges(features, diagnostics=refused)
    with open_registry(after.config.root, steps=after.config.steps) as registry:
        planned = plan_generation(narrowed, registry, whole=False)
    return replace(planned, diagnostics=(*refused, *planned.diagnostics))


def _plan_statuses(after: Project, edited: set[str]) -> tuple[FileChange, ...]:
    """Plan the status of each edited spec, where nothing else would be marked by the last records.

    The digests are still those from before the decision, and all scenarios that were there before and after it are the
    same: results of these files still hold, although the next `mark` will call them stale.
    """
    runs = load_last_runs(after.config).runs
    if not runs:
        return ()
    # Specs depend on each other, so all of them are judged.
    judged = judge_project(after, runs, JudgeOptions()).specs
    reports = [
        report
        for report in judged
        if report.spec.path in edited and not any(box.ticked or box.unticked for box in report.boxes)
    ]
    now = datetime.now(UTC)
    return tuple(change for report in reports for change in plan_marks(report, after, now=now).changes)


def _pair_plans(project: Project, before: Project) -> list[tuple[SpecPlan, SpecPlan]]:
    """Pair each plan of a project with the plan that the same spec had before."""
    old = {plan.spec.path: plan for plan in before.plans}
    return [(plan, old[plan.spec.path]) for plan in project.plans]
