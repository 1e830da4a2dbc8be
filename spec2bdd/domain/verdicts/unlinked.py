"""Judge the scenarios without a criterion's tag: they prove no criterion, but a run in which one fails has failed."""

from __future__ import annotations

from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import RuleId, ScenarioResult, UnlinkedScenario, Verdict

# Behave 1.3.3 fails a scenario with one of these; `pending_warn`, the status under `@wip`, lets it pass.
_FAILING_STEPS = frozenset({"undefined", "pending"})


def judge_unlinked(context: JudgingContext, criteria: frozenset[str]) -> tuple[UnlinkedScenario, ...]:
    """Judge the scenarios of today's feature files that have the tag of none of these criteria, in file order."""
    # Results of other files, or with other steps, say nothing about today's scenarios.
    run_rulings = collect_rulings(
        context.runs,
        lambda checked: (
            record
            for record in checked.run.results
            if criteria.isdisjoint(record.tags) and not checked.find_stale_reason("", (record.feature,), context.today)
        ),
    )
    rulings = (resolve_results(found, flaky_passes=context.flaky_passes) for found in run_rulings.values())
    return tuple(_build_scenario(ruling, ruling.record) for ruling in rulings if ruling.record)


def _build_scenario(ruling: Ruling, record: ScenarioResult) -> UnlinkedScenario:
    """Build the result of one scenario; that a step cannot fail matters only where a criterion depends on it."""
    verdict, reason = ruling.verdict, ruling.reason
    if ruling.rule is RuleId.VACUOUS:
        verdict, reason = Verdict.PASSED, ""
    is_failing = verdict is Verdict.FAILED or bool(ruling.step and ruling.step.status in _FAILING_STEPS)
    return UnlinkedScenario(record, verdict, reason, step=ruling.step, is_failing=is_failing)
