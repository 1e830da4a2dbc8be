"""The `mark` command: write the verdicts of recorded runs into the specs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shlex import quote

from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.commands._baseline import plan_baseline, read_baseline
from spec2bdd.commands._report import apply_changes, finish_report, merge_changes
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.editing.marks import PlannedMarks, apply_marks, check_marked, find_uneditable_status, plan_edits
from spec2bdd.domain.gherkin.manifest.manifest import drop_unverified
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.criteria import find_no_longer_unverified
from spec2bdd.errors import EditError, RecordError, UsageError
from spec2bdd.model import BaseComparison, CriterionStrength, FileChange, JudgeOptions, Report, SpecReport
from spec2bdd.project.assessment import find_criterion_ids, find_status_diagnostics, judge_project
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.locks import lock_project
from spec2bdd.project.lookup import find_match
from spec2bdd.project.outcome import LoadedRuns, PlannedChanges
from spec2bdd.project.run_diagnostics import (
    build_no_results,
    describe_settings,
    describe_skipped,
    note_past_older,
    settle_past_errors,
)
from spec2bdd.project.runs import find_last_run_files, load_runs
from spec2bdd.project.spec_files import SPEC_SUFFIX, parse_project_spec


def mark(
    project: ProjectLocation = ".",
    *,
    records: Sequence[str] = (),
    judge_options: JudgeOptions = JudgeOptions(),  # noqa: B008  It is frozen.
    mode: WriteMode = WriteMode.WRITE,
    now: datetime | None = None,
) -> Report:
    """Write the verdicts of recorded runs into the specs; only boxes (or their place), `status`, `updated` change.

    `records` names record files, folders of them, and patterns of either; without any, the last run is used. `now` is
    the aware time for `updated`; by default the time of the call.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        BaselineError: the baseline is asked for, and cannot be read.
        RecordError: there are no results at all, or not those of all shards; nothing was judged.
        UsageError: a spec or a criterion is named where a record file is expected.
    """
    config, now = resolve_config(project), now or datetime.now(UTC)
    judge_options = read_baseline(config, judge_options)
    runs = load_runs(config, records)
    with lock_project(config, writes=mode.writes):
        loaded = load_project(config, scenarios=False)
        _check_names(loaded, records)
        if not judge_options.partial and any(run.shard for run in runs.runs):
            # Few runs are shards.
            from spec2bdd.domain.verdicts.shards import check_shards

            check_shards(runs.runs, runs.diagnostics)
        # Items of the definition of done can be judged by their evidence alone.
        if not runs.runs and not runs.reports and not config.done:
            errors = [
                RecordError(error.message, hint=error.hint, path=error.path, line=error.line, column=error.column)
                for error in runs.diagnostics
            ]
            if not records and not find_last_run_files(config):
                raise build_no_results(loaded, "run `spec2bdd verify`")
            first, *others = errors or [RecordError("no results yet", hint="run `spec2bdd verify`")]
            first.others = tuple(others)
            raise first
        return write_marks(Report("mark"), loaded, runs, judge_options=judge_options, mode=mode, now=now, is_past=True)


def _check_names(project: Project, names: Sequence[str]) -> None:
    """Refuse the name of a spec or of a criterion: what is marked is not selected by names.

    Raises:
        UsageError: there is such a name.
    """
    for name in names:
        # A spec is a file too, but none with results.
        if Path(name).exists() and not name.endswith(SPEC_SUFFIX):
            continue
        try:
            tracked = find_match(project.plans, name).tracked
        except UsageError:
            continue
        # A part of a text may as well be a misspelt file.
        if tracked and "#" not in name and name not in (tracked.id, tracked.criterion.given_id):
            continue
        hint = f"run `spec2bdd verify {quote(name)}`, or `spec2bdd mark` for all results of the last run"
        kind = "criterion" if tracked else "spec"
        raise UsageError(f"`{name}` is a {kind}, and `mark` takes record files", hint=hint)


def write_marks(
    report: Report,
    project: Project,
    runs: LoadedRuns,
    *,
    judge_options: JudgeOptions,
    mode: WriteMode,
    now: datetime,
    marks: bool = True,
    strengths: Mapping[str, CriterionStrength] | None = None,
    comparisons: Mapping[str, BaseComparison] | None = None,
    is_past: bool = False,
) -> Report:
    """Judge every spec, write its marks, and complete the report of the command that asked for it.

    Without `marks`, nothing is written here. `strengths` are those of the criteria that were just challenged, and
    `comparisons` those with the merge base. With `is_past`, the runs are of an earlier time: of what they report, only
    what still counts is an error.
    """
    assessed = judge_project(
        project,
        runs.runs,
        judge_options,
        runs.reports,
        today=runs.today,
        strengths=strengths,
        comparisons=comparisons,
    )
    # Each marked spec is parsed again before it is written; that is shared among all processors.
    planned = list(parallel_map(partial(plan_marks, project=project, now=now), assessed.specs))
    if project.config.plan_boxes:
        # Few projects have a plan with boxes.
        from spec2bdd.commands.tracing.plan_boxes import plan_plan_boxes

        planned.append(plan_plan_boxes(project.config, assessed.specs))
    pairs = zip(project.plans, assessed.specs, strict=True)
    # The notes `unverified` go first: if the process is killed in between, a note is lost, but no unearned tick stays.
    # The box of a spec that cannot be written keeps its note.
    unverified_removals = [
        replace(change, needs=frozenset({plan.spec.path}))
        for plan, spec in pairs
        if (change := plan_unverified_removal(plan, spec, project))
    ]
    changes = [*unverified_removals, *(change for plan in planned for change in plan.changes)]
    ids = find_criterion_ids(project) if judge_options.gate_baseline else frozenset[str]()
    baseline = plan_baseline(project.config, assessed.specs, judge_options, known=ids)
    written = apply_changes(project.config, [*changes, *baseline.changes] if marks else (), mode)
    reported = runs.diagnostics
    if is_past:
        reported, runs = settle_past_errors(project, runs, assessed.specs, assessed.context)
    else:
        runs = note_past_older(runs, assessed.specs, assessed.context)
    report = replace(
        report,
        changes=merge_changes((*report.changes, *written.changes)),
        specs=assessed.specs,
        run=runs.run,
        older=runs.older,
        unlinked=assessed.unlinked,
        gate_baseline=judge_options.gate_baseline,
        notes=(*report.notes, *assessed.notes, *(note for plan in (*planned, baseline) for note in plan.notes)),
    )
    diagnostics = [*(report.diagnostics or project.diagnostics), *reported]
    # Several runs are parts of one, which leave criteria without results on purpose.
    if report.command == "verify" and not judge_options.partial and not runs.older:
        diagnostics += describe_settings(project.config, runs.run, assessed.specs)
    diagnostics += describe_skipped(assessed.specs)
    diagnostics += assessed.diagnostics
    diagnostics += [diagnostic for plan in (*planned, baseline) for diagnostic in plan.diagnostics]
    return finish_report(project, report, diagnostics=(*diagnostics, *written.diagnostics), mode=mode)


def plan_marks(report: SpecReport, project: Project, *, now: datetime) -> PlannedChanges:
    """Plan the marks of one spec; they are refused if the marked text would not parse as the same spec."""
    spec = report.spec
    diagnostics = (*find_status_diagnostics(project, spec), *find_uneditable_status(spec, report.status_after))
    marks = PlannedMarks(report.verdicts, report.done, report.status_after)
    edits = plan_edits(spec, marks, now=now)
    if not edits:
        return PlannedChanges(diagnostics=diagnostics)
    try:
        after = apply_marks(spec, edits, marks).encode("utf-8")
        check_marked(spec, parse_project_spec(project.config, spec.path, after), marks)
    except EditError as error:
        return PlannedChanges(diagnostics=(*diagnostics, diagnose_error(error, path=spec.path)))
    return PlannedChanges((FileChange(spec.path, project.contents[spec.path], after),), diagnostics=diagnostics)


def plan_unverified_removal(plan: SpecPlan, report: SpecReport, project: Project) -> FileChange | None:
    """Plan to remove the note `unverified` from the criteria of one spec that have now passed or failed."""
    settled = find_no_longer_unverified(plan.tracked, report.verdicts)
    before = project.contents.get(plan.feature.path) if plan.feature else None
    if not settled or not plan.feature or before is None:
        return None
    after = drop_unverified(before.decode("utf-8", "surrogateescape"), settled).encode("utf-8", "surrogateescape")
    return FileChange(plan.feature.path, before, after) if after != before else None
