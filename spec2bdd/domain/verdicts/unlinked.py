"""Judge the scenarios without a criterion's tag: they prove no criterion, but a run in which one fails has failed."""

from __future__ import annotations

from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import RuleId, UnlinkedScenario, Verdict

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
            if criteria.isdisjoint(record.tags)
            and not checked.find_stale_reason(f"{record.feature}:{record.line}", (record.feature,), context.today)
        ),
    )
    unlinked: list[UnlinkedScenario] = []
    for rulings in run_rulings.values():
        ruling = resolve_results(rulings, flaky_passes=context.flaky_passes)
        if not ruling.record:
            continue
        verdict, reason = ruling.verdict, ruling.reason
        # That a step cannot fail matters only where a criterion depends on it.
        if ruling.rule is RuleId.VACUOUS:
            verdict, reason = Verdict.PASSED, ""
        unlinked.append(
            UnlinkedScenario(ruling.record, verdict, reason, step=ruling.step, is_failing=is_failing(ruling))
        )
    return tuple(unlinked)


def is_failing(ruling: Ruling) -> bool:
    """Whether a run has failed because of a scenario without a criterion."""
    return ruling.verdict is Verdict.FAILED or bool(ruling.step and ruling.step.status in _FAILING_STEPS)
