"""The `challenge` command: put faults into the product, and see whether the checks of passed criteria notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.commands._report import finalize_for_project
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.errors import RunError
from spec2bdd.model import (
    ChallengedCriterion,
    ChallengeReport,
    CriterionStrength,
    Diagnostic,
    JudgeOptions,
    RunOptions,
    Selection,
    Severity,
    Strength,
    ignore_event,
)
from spec2bdd.model.files import FileState
from spec2bdd.project.challenges import challenge_criteria
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.locks import lock_records
from spec2bdd.project.merge_base.passing import find_passing
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import build_no_results
from spec2bdd.project.runs import Listener, find_last_run_files, load_last_runs
from spec2bdd.project.selection import select_run

# What the exit code and the warnings are about.
_WEAK = (Strength.BLIND, Strength.WEAKER)


def challenge(
    project: ProjectLocation = ".",
    *,
    names: Sequence[str] = (),
    options: ChallengeOptions = ChallengeOptions(),  # noqa: B008  It is frozen.
    on_event: Listener = ignore_event,
) -> ChallengeReport:
    """Challenge the criteria that pass by the last records: all, or those named; no file of the project is changed.

    For each of their scenarios, one fault after the other is put into the product as it is in memory, and the scenario
    is run again. `on_event` is called with each event while it happens: `challenges` with the number of
    `scenarios`, `challenge` for each fault with its `outcome`, `challenged` at the end of each scenario, and
    `challenges_end`.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches nothing or more than one thing.
        RecordError: nothing was run yet.
        RunError: Behave cannot be started, or ended before all criteria were challenged.
    """
    config = resolve_config(project)
    with lock_records(config, on_event, whole=False, writes=True):
        loaded = load_project(config, scenarios=False)
        if not find_last_run_files(config):
            raise build_no_results(loaded, "run `spec2bdd verify` first")
        runs = load_last_runs(config)
        passed, others = find_passing(loaded, runs, JudgeOptions())
        selected = select_run(loaded, Selection(tuple(names)), RunOptions())
        only, features = selected.plan.only, selected.plan.features
        files = {item.id: item.files for plan in loaded.plans for item in plan.tracked}

        def is_asked(id_: str) -> bool:
            """Whether the names select a criterion."""
            return (only is None or id_ in only) and (features is None or not features.isdisjoint(files[id_]))

        passed = {id_: found for id_, found in passed.items() if is_asked(id_)}
        strengths = challenge_criteria(config, passed.keys(), options, on_event, runs=runs.runs)
    criteria = tuple(ChallengedCriterion(path, criterion, strengths[id_]) for id_, (path, criterion) in passed.items())
    diagnostics = [*loaded.diagnostics, *runs.diagnostics]
    left_out = [verdict for verdict in others if is_asked(verdict.id)]
    stale = Counter((verdict.changed, verdict.state) for verdict in left_out if verdict.changed)
    changed, state = max(stale, key=stale.__getitem__, default=("", FileState.CHANGED))
    is_weak = any(challenged.strength.strength in _WEAK for challenged in criteria)
    has_errors = any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    return ChallengeReport(
        criteria,
        not_passed=len(left_out),
        changed=changed,
        state=state,
        diagnostics=finalize_for_project(loaded, diagnostics),
        exit_code=2 if has_errors else int(is_weak),
    )


def challenge_passed(
    project: Project,
    runs: LoadedRuns,
    judge_options: JudgeOptions,
    *,
    run_options: RunOptions,
    on_event: Listener,
    keep: bool,
) -> tuple[dict[str, CriterionStrength], LoadedRuns]:
    """Challenge all criteria that these runs prove, for `verify`; warnings are added to the diagnostics of the runs.

    Results of earlier challenges count where nothing has changed since. With `keep`, new ones are remembered.
    """
    config = project.config
    passed, _ = find_passing(project, runs, judge_options)
    options = ChallengeOptions(jobs=run_options.jobs, timeout=run_options.timeout)
    try:
        strengths = challenge_criteria(config, passed.keys(), options, on_event, runs=runs.runs, keep=keep)
    except RunError as error:
        # Nothing is proved without it, but what failed can still be marked.
        return {}, replace(runs, diagnostics=(*runs.diagnostics, diagnose_error(error)))
    weak = {id_: strength for id_, strength in strengths.items() if strength.strength in _WEAK}
    warnings = []
    for id_, strength in weak.items() if config.challenge == "warn" else ():
        path, criterion = passed[id_]
        blind = Diagnostic(path, criterion.line, criterion.column, Severity.WARNING, "blind-criterion", strength.reason)
        warnings.append(blind if strength.strength is Strength.BLIND else replace(blind, code="weaker-criterion"))
    return strengths, replace(runs, diagnostics=(*runs.diagnostics, *warnings))
