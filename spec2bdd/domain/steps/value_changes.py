"""Find the criteria whose values have changed, and record those with a new value that no step definition reads."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from spec2bdd.domain.gherkin.scenarios import build_scenarios
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import StepChange


def list_value_changes(plans: Sequence[SpecPlan]) -> tuple[StepChange, ...]:
    """List the steps in which a value differs from the wording that was accepted last."""
    changes: list[StepChange] = []
    for plan in plans:
        # A feature file that is not written cannot record anything either.
        feature = plan.feature if not plan.hand_edited else None
        for tracked in plan.tracked if feature else ():
            if not feature or not tracked.revalued:
                continue
            accepted = replace(tracked, criterion=replace(tracked.criterion, text=tracked.revalued))
            before, after = (
                [step for scenario in build_scenarios(version, feature.language) for step in scenario.steps]
                for version in (accepted, tracked)
            )
            # Values alone differ, so the steps are the same ones in the same order.
            pairs = zip(before, after, strict=False)
            changes += [
                StepChange(tracked.id, new.kind, old.text, new.text) for old, new in pairs if old.text != new.text
            ]
    return tuple(changes)


def record_unread_values(plans: Sequence[SpecPlan], ids: Set[str]) -> tuple[SpecPlan, ...]:
    """Record the criteria with these ids as reworded: a result says nothing about a value that no step has read."""
    return tuple(_record_in_plan(plan, ids) for plan in plans)


def _record_in_plan(plan: SpecPlan, ids: Set[str]) -> SpecPlan:
    """Record the accepted wordings in the scenarios of a plan; a plan without any of the ids is left as it is."""
    accepted = {tracked.id: tracked.revalued for tracked in plan.tracked if tracked.id in ids}
    if not accepted or not plan.feature:
        return plan
    scenarios = tuple(
        replace(scenario, reworded=accepted.get(scenario.id, scenario.reworded)) for scenario in plan.feature.scenarios
    )
    return replace(plan, feature=replace(plan.feature, scenarios=scenarios))
