"""Criteria in which a value alone has changed, and the record of those whose new value no step reads."""

from __future__ import annotations

from planned_project import World, make_spec
from rewording_project import regenerate

from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.value_changes import list_value_changes, record_unread_values
from spec2bdd.model import StepChange

OLD, NEW = "The reader owes 20 cents", "The reader owes 30 cents"


def plan(*, edit: tuple[str, str] = ("", "")) -> tuple[SpecPlan, ...]:
    """Plan the new wording of a criterion, after an edit of its feature file by hand."""
    first = regenerate(World(), make_spec(OLD, "Other"))
    features = {path: text.replace(*edit) for path, text in first.features.items()}
    return World(features, first.steps).draft(make_spec(NEW, "Other"))[0]


def test_a_change_of_a_value_has_both_steps() -> None:
    plans = plan()
    expected = StepChange(plans[0].tracked[0].id, "then", "the reader owes 20 cents", "the reader owes 30 cents")
    assert list_value_changes(plans) == (expected,)


def test_nothing_is_recorded_of_a_feature_file_that_was_edited_by_hand() -> None:
    assert list_value_changes(plan(edit=("20 cents", "25 cents"))) == ()


def test_the_accepted_wording_is_recorded_of_the_criteria_that_are_named() -> None:
    plans = plan()
    recorded = record_unread_values(plans, {plans[0].tracked[0].id})
    assert [scenario.reworded for plan in recorded if plan.feature for scenario in plan.feature.scenarios] == [OLD, ""]
    assert record_unread_values(plans, {"ac_other"}) == plans
