"""Find the last result of each scenario, whether it has a criterion or not."""

from __future__ import annotations

from collections.abc import Mapping

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import ScenarioResult, Verdict
from spec2bdd.model.trace import LastResult, TracedScenario
from spec2bdd.model.values import dataclass

_Place = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class ScenarioResults:
    """The rulings on results of today's files, and on those of other files, by path, line and name of the scenario.

    `outdated` also has, for each, why it does not count.
    """

    current: Mapping[_Place, Ruling]
    outdated: Mapping[_Place, tuple[Ruling, str]]

    def find_result(self, scenario: TracedScenario) -> LastResult | None:
        """Find the last result of a scenario; of an outline, the worst of its rows decides."""
        places = [(scenario.path, line, name) for line, name in scenario.rows]
        rulings = [(self.current[place], "") for place in places if place in self.current]
        # A result beats being left out, even if it is of other files.
        if not any(ruling.verdict in RESULTS for ruling, _ in rulings):
            rulings = [self.outdated[place] for place in places if place in self.outdated] or rulings
        if not rulings:
            return None
        worst = find_worst([ruling for ruling, _ in rulings])
        outdated = next((why for ruling, why in rulings if ruling is worst), "")
        missing = len(places) - len(rulings)
        if missing and worst.verdict is Verdict.PASSED:
            return LastResult(Verdict.NOT_RUN, f"{missing} of {len(places)} rows were not run", outdated)
        return LastResult(worst.verdict, worst.reason, outdated)


def judge_scenarios(context: JudgingContext) -> ScenarioResults:
    """Judge the newest result of every scenario in the records."""
    reasons: dict[tuple[int, str, str], str] = {}

    def find_reason(checked: CheckedRun, feature: str, kept: str = "") -> str:
        """Say why the results of a feature file in a run do not count today, or nothing; found once for each."""
        key = (id(checked), feature, kept)
        if key not in reasons:
            reasons[key] = checked.find_stale_reason(kept, (feature,), context.today)
        return reasons[key]

    def is_current(checked: CheckedRun, record: ScenarioResult) -> bool:
        """Whether a result counts today, since it is of today's files or is kept."""
        names = checked.kept.intersection((*record.tags, f"{record.feature}:{record.line}")) if checked.kept else ()
        return not find_reason(checked, record.feature, min(names, default=""))

    current = collect_rulings(
        context.runs,
        lambda checked: (record for record in checked.run.results if is_current(checked, record)),
    )
    others: dict[_Place, tuple[Ruling, str]] = {}
    for checked in context.runs:
        # One after the other, the oldest first: the newest reason is the one that is shown.
        stale = collect_rulings(
            [checked], lambda run: (record for record in run.run.results if not is_current(run, record))
        )
        for (path, line, name, _), rulings in stale.items():
            ruling = resolve_results(rulings, flaky_passes=context.flaky_passes)
            others[path, line, name] = (ruling, find_reason(checked, path))
    resolved = {
        place[:3]: resolve_results(rulings, flaky_passes=context.flaky_passes) for place, rulings in current.items()
    }
    return ScenarioResults(resolved, others)
