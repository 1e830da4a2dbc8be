"""Judge the scenarios without a criterion's tag: they prove no criterion, but a run in which one fails has failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import RuleId, ScenarioResult, UnlinkedScenario, Verdict

# Behave 1.3.3 fails a scenario with one of these; `pending_warn`, the status under `@wip`, lets it pass.
_FAILING_STEPS = frozenset({"undefined", "pending"})


def judge_unlinked(context: JudgingContext, criteria: frozenset[str]) -> tuple[UnlinkedScenario, ...]:
    """Judge the scenarios of today's feature files that have the tag of none of these criteria, in file order."""
    run_rulings = collect_rulings(context.runs, lambda checked: _find_records(checked, criteria, context.today))
    unlinked: list[UnlinkedScenario] = []
    for rulings in run_rulings.values():
        ruling = resolve_results(rulings, flaky_passes=context.flaky_passes)
        if not ruling.record:
            continue
        verdict, reason, rule = ruling.verdict, ruling.reason, ruling.rule
        # That a step cannot fail matters only where a criterion depends on it.
        if ruling.rule is RuleId.VACUOUS:
            verdict, reason, rule = Verdict.PASSED, "", None
        fails = is_failing(ruling)
        unlinked.append(UnlinkedScenario(ruling.record, verdict, reason, step=ruling.step, is_failing=fails, rule=rule))
    return tuple(unlinked)


def _find_records(checked: CheckedRun, criteria: frozenset[str], today: Mapping[str, str]) -> Iterator[ScenarioResult]:
    """Find the results of a run without a criterion that are those of today's files.

    Results of other files, or with other steps, say nothing about today's scenarios.
    """
    # By the file, and whether nothing that has changed affects the scenario: all else is the same for those of a file.
    stale: dict[tuple[str, bool], bool] = {}
    for record in checked.run.results:
        if not criteria.isdisjoint(record.tags):
            continue
        place = f"{record.feature}:{record.line}"
        key = record.feature, place in checked.kept
        if key not in stale:
            stale[key] = bool(checked.find_stale_reason(place, (record.feature,), today))
        if not stale[key]:
            yield record


def is_failing(ruling: Ruling) -> bool:
    """Whether a run has failed because of a scenario without a criterion."""
    return ruling.verdict is Verdict.FAILED or bool(ruling.step and ruling.step.status in _FAILING_STEPS)
