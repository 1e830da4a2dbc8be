"""Compare with the merge base what a branch newly claims, as a part of `verify`."""

from __future__ import annotations

from dataclasses import replace

from spec2bdd.model import BaseComparison, BaseOutcome, Diagnostic, JudgeOptions, RunOptions, Severity
from spec2bdd.project.loader import Project
from spec2bdd.project.merge_base.comparison import compare_criteria, diagnose_base_error
from spec2bdd.project.merge_base.passing import find_passing
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.runs import Listener


def compare_passed(
    project: Project,
    runs: LoadedRuns,
    judge_options: JudgeOptions,
    *,
    run_options: RunOptions,
    on_event: Listener,
    keep: bool,
) -> tuple[dict[str, BaseComparison], LoadedRuns]:
    """Compare all criteria that these runs prove; why one cannot be is added to the diagnostics of the runs.

    Results of earlier comparisons count where nothing has changed since. With `keep`, new ones are remembered.
    """
    passed, _ = find_passing(project, runs, judge_options)
    found = compare_criteria(project, runs.runs, passed.keys(), options=run_options, on_event=on_event, keep=keep)
    diagnostics = [*runs.diagnostics]
    # Of an error that concerns all of them, once; otherwise at the first criterion with each reason.
    if found.error:
        diagnostics.append(diagnose_base_error(project.config, found.error))
    else:
        unknown = {
            comparison.reason: id_
            for id_, comparison in reversed([*found.known.items()])
            if comparison.outcome is BaseOutcome.UNKNOWN
        }
        for reason, id_ in unknown.items():
            path, criterion = passed[id_]
            diagnostics.append(
                Diagnostic(path, criterion.line, criterion.column, Severity.WARNING, "not-compared", reason)
            )
    return dict(found.known), replace(runs, diagnostics=tuple(diagnostics))
