"""Run the features and judge the specs: the part of `run` and `verify` that is loaded while Behave starts."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from spec2bdd.adapters.behave.preloaded import PreloadedBehave
from spec2bdd.commands._report import finish_report
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import Config
from spec2bdd.model import (
    BaseComparison,
    CriterionStrength,
    Diagnostic,
    JudgeOptions,
    Report,
    RunOptions,
    Selection,
    Severity,
)
from spec2bdd.project.loader import Project, load_project, refresh_digests
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import (
    describe_settings,
    describe_skipped,
    diagnose_no_features,
    note_past_older,
    settle_past_errors,
)
from spec2bdd.project.runs import (
    Listener,
    add_kept_runs,
    find_last_run_files,
    load_last_runs,
    load_other_shards,
    run_and_store,
    run_features,
)
from spec2bdd.project.selection import SelectedRun, select_run


def run_and_judge(
    config: Config,
    *,
    selection: Selection,
    run_options: RunOptions,
    judge_options: JudgeOptions,
    on_event: Listener,
    preloaded: PreloadedBehave | None,
) -> Report:
    """Run the selected features, keep the records, and judge the specs."""
    project = load_project(config, scenarios=False)
    selected = select_run(project, selection, run_options)
    if selected.nothing and not selection.is_failed_only:
        report = Report("run", notes=selected.notes, nothing_run=True)
        return finish_report(project, report, diagnostics=project.diagnostics, mode=WriteMode.WRITE)
    partial = selected.plan.may_be_partial
    if selected.nothing:
        # Everything passed before, which counts if nothing that it depends on has changed since.
        runs, partial = load_last_runs(config), run_options.may_be_partial
    elif project.feature_index.tags:
        runs = run_and_store(
            project, selected.plan, on_event, whole=not partial, preloaded=preloaded, meanwhile=_import_judging
        )
    else:
        runs = diagnose_no_features(project)
    ran = None if selected.nothing else runs.run
    if ran:
        selected, runs = _refuse_empty_run(selected, runs)
    is_limited = partial
    if partial and ran and selection.is_failed_only:
        # What is left out passed before: it counts as for `verify` and `mark`.
        runs, is_limited = add_kept_runs(config, runs), run_options.may_be_partial
    selected = _note_selected(selected, runs) if ran else selected
    from spec2bdd.commands._baseline import plan_baseline
    from spec2bdd.project.assessment import find_criterion_ids, judge_project
    from spec2bdd.project.cache.first_sight import note_first_sight
    from spec2bdd.project.history import note_contradicted, record_run

    project, options = refresh_digests(project), replace(judge_options, partial=is_limited)
    assessed = judge_project(project, runs.runs, options, runs.reports, today=runs.today)
    ids = find_criterion_ids(project) if options.gate_baseline else frozenset[str]()
    baseline = plan_baseline(config, assessed.specs, options, known=ids)
    notes = (*selected.notes, *assessed.notes, *baseline.notes)
    reported = runs.diagnostics
    if selected.nothing and not ran:
        reported, runs = settle_past_errors(project, runs, assessed.specs, assessed.context)
    else:
        runs = note_past_older(runs, assessed.specs, assessed.context)
    report = Report(
        "run",
        specs=assessed.specs,
        run=runs.run,
        older=runs.older,
        kept=load_other_shards(config, ran),
        notes=notes,
        unlinked=assessed.unlinked,
        nothing_run=selected.nothing,
        gate_baseline=options.gate_baseline,
        partial=is_limited,
    )
    # Before the run is recorded: what it shows is not part of the history that it is compared with.
    report = note_contradicted(project, note_first_sight(project, report, writes=True)) if ran else report
    diagnostics = [*project.diagnostics, *reported]
    # A run of a part leaves criteria without results on purpose; no setting of Behave is to blame.
    diagnostics += () if partial or not ran else describe_settings(config, runs.run, assessed.specs)
    diagnostics += [*describe_skipped(assessed.specs), *assessed.diagnostics]
    diagnostics += [*baseline.diagnostics, *record_run(project, ran)]
    return finish_report(project, report, diagnostics=diagnostics, mode=WriteMode.WRITE)


def generate_run_and_mark(
    config: Config,
    *,
    selection: Selection,
    run_options: RunOptions,
    judge_options: JudgeOptions,
    mode: WriteMode,
    marks: bool,
    now: datetime | None,
    on_event: Listener,
    preloaded: PreloadedBehave | None,
) -> Report:
    """Generate, run the selected features, and mark the specs."""
    from spec2bdd.commands.generation import write_generated

    generated, _, unchanged = write_generated(config, checked=selection.names, mode=mode, registry=preloaded)
    if preloaded and mode.writes and generated.changes:
        preloaded.note_files_written()
    if not marks:
        on_event({"event": "generated", "changes": generated.changes})
    project = unchanged or load_project(config, scenarios=False)
    selected = select_run(project, selection.add_generated(generated.changes), run_options)
    # What was generated is listed on request: the verdicts and the next step are the news.
    details = (*generated.notes, *generated.details)
    # What comes next is found by the verdicts.
    generated = replace(generated, command="verify", notes=selected.notes, details=details, follow_up="")
    partial = selected.plan.may_be_partial
    if selected.nothing:
        runs = load_last_runs(config) if find_last_run_files(config) else LoadedRuns()
        if not runs.run:
            return replace(generated, nothing_run=True)
    elif mode.writes:
        runs = run_and_store(
            project, selected.plan, on_event, whole=not partial, preloaded=preloaded, meanwhile=_import_judging
        )
    else:
        with TemporaryDirectory() as folder:
            records = Path(folder) / "records"
            runs = run_features(
                project, records, on_event, plan=selected.plan, preloaded=preloaded, meanwhile=_import_judging
            )
    ran = None if selected.nothing else runs.run
    if ran:
        selected, runs = _refuse_empty_run(selected, runs)
        # One tree gets one answer, whether all of it was run at once or in parts.
        runs = add_kept_runs(config, runs) if partial else runs
        selected = _note_selected(selected, runs)
    from spec2bdd.commands.mark import write_marks
    from spec2bdd.project.cache.first_sight import note_first_sight
    from spec2bdd.project.history import note_contradicted, record_run

    # A feature or step file may have changed during the run.
    project = refresh_digests(project)
    # What `--failed` leaves out has passed before: it counts if nothing that it depends on has changed since.
    is_limited = partial and not (selection.is_failed_only and not run_options.may_be_partial)
    generated = replace(generated, notes=selected.notes, nothing_run=selected.nothing, partial=is_limited)
    judge_options, now = replace(judge_options, partial=is_limited), now or datetime.now(UTC)
    comparisons, strengths, runs = _test_passes(
        project, runs, judge_options, run_options=run_options, on_event=on_event, keep=mode.writes
    )
    # Without its cluster, a run proves less than it was asked for; its records are kept for `mark`.
    marks = marks and not any(diagnostic.code == "cluster" for diagnostic in runs.diagnostics)
    report = write_marks(
        generated,
        project,
        runs,
        judge_options=judge_options,
        mode=mode,
        marks=marks,
        now=now,
        strengths=strengths,
        comparisons=comparisons,
        is_past=selected.nothing and not ran,
    )
    if ran:
        report = note_contradicted(project, note_first_sight(project, report, writes=mode.writes))
    # The run is recorded after it was judged: `require-red` looks at the runs before it.
    not_recorded = record_run(project, ran) if mode.writes else ()
    return replace(report, diagnostics=(*report.diagnostics, *not_recorded))


def _test_passes(
    project: Project,
    runs: LoadedRuns,
    judge_options: JudgeOptions,
    *,
    run_options: RunOptions,
    on_event: Listener,
    keep: bool,
) -> tuple[Mapping[str, BaseComparison] | None, Mapping[str, CriterionStrength] | None, LoadedRuns]:
    """Compare what passes with the merge base, and challenge it, where the project requires that of a pass."""
    comparisons: dict[str, BaseComparison] | None = None
    if project.config.require_red == "base" and runs.runs:
        # Few projects require it.
        from spec2bdd.project.merge_base.passed import compare_passed

        comparisons, runs = compare_passed(
            project, runs, judge_options, run_options=run_options, on_event=on_event, keep=keep
        )
    strengths: dict[str, CriterionStrength] | None = None
    if project.config.challenge != "off" and runs.runs:
        # Few projects require it.
        from spec2bdd.commands.challenge import challenge_passed

        strengths, runs = challenge_passed(
            project, runs, judge_options, run_options=run_options, on_event=on_event, keep=keep
        )
    return comparisons, strengths, runs


def _note_selected(selected: SelectedRun, runs: LoadedRuns) -> SelectedRun:
    """Add notes on how few scenarios a run of a part has run, on what judges the others, and on its shard."""
    run = runs.run
    if run is None or selected.nothing:
        return selected
    notes: tuple[str, ...] = ()
    if run.shard:
        # Few runs are shards.
        from spec2bdd.domain.verdicts.shards import describe_shard

        notes = describe_shard(selected.plan, run)
    if selected.plan.may_be_partial:
        # Most runs are whole.
        from spec2bdd.domain.verdicts.partial_run import describe_partial_run

        part = describe_partial_run(selected.plan, run, runs.older)
        notes += (part,) if part else ()
    return replace(selected, notes=(*selected.notes, *notes))


def _refuse_empty_run(selected: SelectedRun, runs: LoadedRuns) -> tuple[SelectedRun, LoadedRuns]:
    """Add an error where arguments for Behave left no scenario to run: a typo must not pass."""
    run, arguments = runs.run, selected.plan.arguments
    if not run or not run.complete or not arguments or any(result.status != "skipped" for result in run.results):
        return selected, runs
    message = f"no scenario matches `{shlex.join(arguments)}`: nothing was run"
    error = Diagnostic("", 0, 0, Severity.ERROR, "not-found", message, "check the arguments after `--`")
    return replace(selected, nothing=True), replace(runs, diagnostics=(*runs.diagnostics, error))


def _import_judging() -> None:
    """Import what judges and marks; called while Behave runs, which would be waited for in any case."""
    import spec2bdd.adapters.results.event_log
    import spec2bdd.commands.mark
    import spec2bdd.project.assessment
    import spec2bdd.project.cache.first_sight  # noqa: F401
