"""The `status` command: the whole project at a glance, by the last records and without a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.config import Config
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.verdicts.overview_filter import filter_overview
from spec2bdd.model.explanation import OverviewFilter, ProjectOverview
from spec2bdd.project.cache.overview_cache import compute_overview_key, load_overview, store_overview

if TYPE_CHECKING:
    from spec2bdd.model import Explanation


def status(project: ProjectLocation = ".", *, wanted: OverviewFilter = OverviewFilter()) -> ProjectOverview:  # noqa: B008
    """Summarize all specs of a project, or those that are wanted; nothing is run, and no file of it is written.

    The overview is kept in the cache of the project, and computed again when the content of any file that it depends on
    is another one.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read.
    """
    config = resolve_config(project)
    key = compute_overview_key(config)
    overview = load_overview(config, key)
    if overview is None:
        overview, is_closed = _judge(config)
        # Files may change while they are read.
        if is_closed and key and compute_overview_key(config) == key:
            store_overview(config, overview, key)
    return filter_overview(overview, wanted)


def status_of_spec(project: ProjectLocation, spec: str) -> Explanation:
    """Explain the verdicts of a spec: its criteria, what they were judged by, and their history.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: no spec matches, or several do.
    """
    from spec2bdd.commands.explain import explain_match
    from spec2bdd.project.left_out import report_left_out
    from spec2bdd.project.loader import load_project
    from spec2bdd.project.lookup import Match, find_spec

    loaded = load_project(project)
    with report_left_out(loaded, spec):
        plan = find_spec(loaded.plans, spec)
    return explain_match(loaded, Match(plan))


@pause_collector()
def _judge(config: Config) -> tuple[ProjectOverview, bool]:
    """Judge all specs by the last records; the flag is whether nothing counted that the key of the cache leaves out."""
    # Most calls find the overview in the cache, and need none of this.
    from spec2bdd.commands._report import finish_report, soften_levels
    from spec2bdd.commands.options import WriteMode
    from spec2bdd.domain.verdicts.overview import summarize_spec
    from spec2bdd.model import JudgeOptions, Report, Severity, TestRun
    from spec2bdd.project.assessment import judge_project
    from spec2bdd.project.loader import load_project
    from spec2bdd.project.outcome import LoadedRuns
    from spec2bdd.project.runs import find_last_run_files, load_last_runs

    loaded = load_project(config, sources=False, scenarios=False)
    runs = load_last_runs(config) if find_last_run_files(config) else LoadedRuns()
    run = runs.run
    assessed = judge_project(loaded, runs.runs, JudgeOptions())
    # Of a run, what counts is whether its records can be read; the rest of what it reported is of that time.
    unread = [diagnostic for diagnostic in runs.diagnostics if diagnostic.code == "record"]
    report = finish_report(
        loaded,
        Report("status", notes=assessed.notes),
        diagnostics=[*loaded.diagnostics, *unread],
        mode=WriteMode.CHECK,
    )
    shown = soften_levels(report.diagnostics)
    severities = Counter(diagnostic.severity for diagnostic in shown)
    overview = ProjectOverview(
        tuple(summarize_spec(report, config.gate) for report in assessed.specs),
        unusable=loaded.unusable,
        run=run and TestRun(run.id, run.complete, failures=run.failures, started=run.started, commit=run.commit),
        unlinked=sum(scenario.is_failing for scenario in assessed.unlinked),
        warnings=severities[Severity.WARNING],
        diagnostics=tuple(item for item in shown if item.severity is Severity.ERROR),
        notes=report.notes,
        # An error that the project has made of a warning is no reason: everything was read.
        exit_code=report.exit_code if report.exit_code == 2 else 0,
    )
    # For these, git is asked for earlier commits, or files are read that say what was renamed.
    unknown = (plan.spec for plan in loaded.plans if not loaded.feature_index.find_generated(plan.spec.path))
    asks_git = any(criterion.box.ticked for spec in unknown for criterion in spec.criteria)
    return overview, not asks_git and not any(plan.spec.renamed_in for plan in loaded.plans)
