"""Run today's scenarios and steps with the product of another commit, in a temporary checkout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from spec2bdd.adapters.behave.launcher import OnEvent, run_behave
from spec2bdd.adapters.behave.protocol import REDIRECT
from spec2bdd.adapters.git.merge_base import MergeBase
from spec2bdd.adapters.git.worktree import copy_files, open_worktree
from spec2bdd.domain.verdicts.merge_base import judge_at_base
from spec2bdd.domain.verdicts.scenarios.context import build_context, ignore_vacuity
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.domain.verdicts.scenarios.runs import NOTHING_RUNS, judge_runs
from spec2bdd.errors import RunError
from spec2bdd.model import (
    BaseComparison,
    BaseOutcome,
    RunOptions,
    Severity,
    TestRun,
    TrackedCriterion,
    Verdict,
    ignore_event,
)
from spec2bdd.model.values import dataclass
from spec2bdd.project.loader import Project
from spec2bdd.project.merge_base.changes import Changes
from spec2bdd.project.runs import read_run
from spec2bdd.text.globs import build_expression

Runner = Callable[[Sequence[TrackedCriterion]], "CheckoutRun"]


@dataclass(frozen=True, slots=True)
class CheckoutRun:
    """The rulings on criteria by their ids, and whether the run got beyond what concerns all scenarios."""

    rulings: Mapping[str, Ruling]
    everything_ran: bool


def compare_products(
    project: Project,
    base: MergeBase,
    changes: Changes,
    items: Sequence[TrackedCriterion],
    *,
    options: RunOptions,
    on_event: OnEvent,
    claims_nothing: bool,
) -> dict[str, BaseComparison]:
    """Compare each of the criteria, which pass today, with what they say of the product of a commit.

    What does not pass there is run once more in the same checkout with today's product: that shows whether the product
    makes the difference, or what a new checkout lacks.

    Raises:
        MergeBaseError: the commit cannot be checked out.
    """
    on_event({"event": "comparison", "base": base.name, "criteria": len(items)})
    with open_worktree(base.top, changes.commit) as tree:
        # What the branch adds may be the project itself.
        (tree / base.prefix).mkdir(parents=True, exist_ok=True)
        copy_files(base.top, tree, changes.checks)
        at_base = _run(project, base, tree, items, options)
        others = [item for item in items if at_base.rulings[item.id].verdict is not Verdict.PASSED]
        control = CheckoutRun({}, everything_ran=True)
        if others:
            copy_files(base.top, tree, changes.product)
            control = _run(project, base, tree, others, options)
    comparisons: dict[str, BaseComparison] = {}
    for item in items:
        there = at_base.rulings[item.id]
        outcome, reason = BaseOutcome.GREEN, ""
        if there.verdict is not Verdict.PASSED:
            is_red, reason = judge_at_base(
                there,
                control=control.rulings[item.id],
                everything_ran=at_base.everything_ran,
                claims_nothing=claims_nothing,
            )
            outcome = BaseOutcome.RED if is_red else BaseOutcome.UNKNOWN
        if outcome is BaseOutcome.UNKNOWN:
            reason = f"could not be run at `{base.name}`: {reason}"
        comparisons[item.id] = BaseComparison(outcome, base.name, changes.commit, reason)
    return comparisons


def _run(
    project: Project, base: MergeBase, tree: Path, items: Sequence[TrackedCriterion], options: RunOptions
) -> CheckoutRun:
    """Run the scenarios of criteria in a checkout, and judge each by what came of it."""
    config, records, run_id = project.config, tree.parent / f"{uuid4().hex}.ndjson", uuid4().hex
    ids = frozenset(item.id for item in items)
    # A scenario that fails now and then must not count as red.
    plan = replace(options, retries=max(options.retries, 1), only=ids, arguments=options.values)
    plan = replace(plan.local, shard=None, durations=None, features=None, debugger=False)
    # What Python compiles would outlive the file that is exchanged within the same second.
    redirect = [str(base.top), str(tree), build_expression(config.step_helpers)]
    environment = {REDIRECT: json.dumps(redirect), "PYTHONDONTWRITEBYTECODE": "1"}
    run: TestRun | None = None
    try:
        run_behave(
            tree / base.prefix,
            features=config.features,
            record_path=records,
            run_id=run_id,
            on_event=ignore_event,
            plan=plan,
            sources=config.sources,
            environment=environment,
        )
        read = read_run(records, run_id=run_id)
        run, diagnostics = read.run, read.diagnostics
        why = next((found.message for found in diagnostics if found.severity is Severity.ERROR), "")
    except RunError as error:
        why = error.message
    if run is None:
        ruling = Ruling(Verdict.NOT_RUN, why)
        return CheckoutRun(dict.fromkeys(ids, ruling), everything_ran=False)
    # What fails around all scenarios, or ends the run, says nothing about one of them.
    around = next((failure.message for failure in run.failures if not failure.feature), "")
    everything_ran = run.complete and not (around or any(found.code == NOTHING_RUNS for found in run.diagnostics))
    why = around or why
    context = build_context([ignore_vacuity(run) if config.vacuous == "pass" else run], run.digests, flaky_passes=True)
    return CheckoutRun({item.id: _describe(judge_runs(item, context), why) for item in items}, everything_ran)


def _describe(ruling: Ruling, why: str) -> Ruling:
    """Add to the ruling on a scenario that could not run the error of the file that kept it from running."""
    return replace(ruling, reason=why) if why and ruling.verdict is Verdict.NOT_RUN else ruling
