"""Compute the overview of a project, or of the specs that were edited since it was computed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.commands._report import finalize_for_project, finish_report, soften_levels
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import Config
from spec2bdd.domain.gherkin.naming import build_spec_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.overview import summarize_spec
from spec2bdd.model import JudgeOptions, Report, Severity, TestRun
from spec2bdd.model.explanation import ProjectOverview
from spec2bdd.model.report import count_unlinked, find_unlinked_failure
from spec2bdd.project.assessment import build_status_policy, find_status_diagnostics, judge_project
from spec2bdd.project.cache.overview_cache import KnownOverview, SpecFacts
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import find_current_errors, note_past_runs
from spec2bdd.project.runs import find_last_run_files, load_last_runs

# The specs of more edits are computed faster together with all others.
_MOST_EDITED = 20


@pause_collector()
def compute_overview(config: Config) -> tuple[KnownOverview, bool]:
    """Judge all specs by the last records; the flag is whether nothing counted that the key of the cache leaves out."""
    loaded = load_project(config, sources=False, scenarios=False)
    runs = load_last_runs(config) if find_last_run_files(config) else LoadedRuns()
    assessed = judge_project(loaded, runs.runs, JudgeOptions())
    runs = note_past_runs(runs, assessed.specs, assessed.context)
    run = runs.run
    current = [*find_current_errors(loaded, runs, assessed.specs, assessed.context)]
    current += [diagnostic for diagnostic in assessed.diagnostics if diagnostic.code == "no-base"]
    current += [item for plan in loaded.plans for item in find_status_diagnostics(loaded, plan.spec)]
    report = finish_report(
        loaded,
        Report("status", notes=assessed.notes),
        diagnostics=[*loaded.diagnostics, *current],
        mode=WriteMode.CHECK,
    )
    shown = soften_levels(report.diagnostics)
    warnings = Counter(item.path for item in shown if item.severity is Severity.WARNING)
    failing = [scenario for scenario in assessed.unlinked if scenario.is_failing]
    policy = build_status_policy(config)
    # Where files have changed since, the other shards alone prove nothing.
    is_of_today = bool(assessed.context.runs) and assessed.context.runs[-1].is_of_today
    overview = ProjectOverview(
        tuple(summarize_spec(report, policy) for report in assessed.specs),
        unusable=loaded.unusable,
        run=run and replace(_reduce(run), failures=run.failures, shard=run.shard if is_of_today else None),
        # Only shards of the same files belong together.
        older=tuple(_reduce(older) for older in runs.older if run and older.tree == run.tree),
        unlinked=len(failing),
        unlinked_counts=count_unlinked(assessed.unlinked),
        unlinked_first=find_unlinked_failure(failing if config.unlinked == "fail" else (), loaded.orphans),
        warnings=warnings.total(),
        diagnostics=tuple(item for item in shown if item.severity is Severity.ERROR),
        notes=report.notes,
        # An error that the project has made of a warning is no reason: everything was read.
        exit_code=report.exit_code if report.exit_code == 2 else 0,
    )
    # For these, git is asked for earlier commits, or files are read that say what was renamed.
    unknown = (plan.spec for plan in loaded.plans if not loaded.feature_index.find_generated(plan.spec.path))
    asks_git = any(criterion.box.ticked for spec in unknown for criterion in spec.criteria)
    is_closed = not asks_git and not any(plan.spec.renamed_in for plan in loaded.plans)
    waits = any(plan.spec.upstream for plan in loaded.plans)
    return KnownOverview(overview, _find_facts(loaded, warnings), waits), is_closed


def _reduce(run: TestRun) -> TestRun:
    """Leave out of a run what it ran from and what it found."""
    return TestRun(run.id, run.complete, started=run.started, commit=run.commit, shard=run.shard, is_past=run.is_past)


@pause_collector()
def update_overview(config: Config, known: KnownOverview, edited: Collection[str]) -> KnownOverview | None:
    """Judge the specs that were edited since an overview was computed, and replace their rows in it.

    Nothing where that would not give the overview of the whole project: something that was edited is no spec, or more
    than the rows may depend on it.
    """
    # What was seen earlier, is challenged or is the evidence of an item may concern other specs.
    if len(edited) > _MOST_EDITED or config.done or config.require_red != "off" or config.challenge != "off":
        return None
    loaded = load_project(config, sources=False, scenarios=False, only=edited)
    facts = _find_facts(loaded, {})
    if {*edited} != facts.keys() or any(
        path not in known.facts or known.facts[path].identity != own.identity for path, own in facts.items()
    ):
        return None
    ids = frozenset(tracked.id for plan in loaded.plans for tracked in plan.tracked)
    runs = load_last_runs(config, tags=ids) if find_last_run_files(config) else LoadedRuns()
    assessed = judge_project(loaded, runs.runs, JudgeOptions())
    policy = build_status_policy(config)
    rows = {report.spec.path: summarize_spec(report, policy) for report in assessed.specs}
    overview = known.overview
    is_held = known.waits and any(
        row.path in rows and row.status_after != rows[row.path].status_after for row in overview.specs
    )
    if is_held or assessed.notes or any(path in note for note in overview.notes for path in edited):
        return None
    own = [
        item
        for plan in loaded.plans
        for item in (*plan.spec.diagnostics, *plan.diagnostics, *find_status_diagnostics(loaded, plan.spec))
    ]
    shown = Counter((item.path, item.severity) for item in soften_levels(finalize_for_project(loaded, own)))
    facts = {path: replace(fact, warnings=shown[path, Severity.WARNING]) for path, fact in facts.items()}
    if any(severity is Severity.ERROR for _, severity in shown):
        return None
    added = sum(fact.warnings - known.facts[path].warnings for path, fact in facts.items())
    specs = tuple(rows.get(row.path, row) for row in overview.specs)
    overview = replace(overview, specs=specs, warnings=overview.warnings + added)
    return KnownOverview(overview, {**known.facts, **facts}, known.waits)


def _find_facts(project: Project, warnings: Mapping[str, int]) -> dict[str, SpecFacts]:
    """Find the facts of the specs whose rows can be replaced: all that is reported of them follows from their plans."""
    plain = [plan for plan in project.plans if _is_plain(plan)]
    own = {item for plan in plain for item in (*plan.spec.diagnostics, *plan.diagnostics)}
    shared = {item.path for item in project.diagnostics if item not in own}
    return {
        plan.spec.path: SpecFacts(_identify(plan), warnings.get(plan.spec.path, 0))
        for plan in plain
        if plan.spec.path not in shared
    }


def _is_plain(plan: SpecPlan) -> bool:
    """Whether a plan is about its spec and its feature file alone."""
    spec, reported = plan.spec, (*plan.spec.diagnostics, *plan.diagnostics)
    return (
        plan.feature is not None
        and not (plan.hand_edits or plan.merged or spec.upstream or spec.merged_from or spec.renamed_in)
        and all(item.path == spec.path and item.severity is not Severity.ERROR for item in reported)
        and all(tracked.known for tracked in plan.tracked)
    )


def _identify(plan: SpecPlan) -> str:
    """Compute the digest of what other specs may depend on: the names of a spec, of its feature and of its criteria."""
    spec, feature = plan.spec, plan.feature
    names = (build_spec_key(spec), spec.find_value("feature_id"), spec.derived_id, spec.dialect, spec.is_template)
    ids = [(tracked.id, tracked.files) for tracked in plan.tracked]
    facts = (names, feature and (feature.path, feature.name, feature.tags), ids)
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()
