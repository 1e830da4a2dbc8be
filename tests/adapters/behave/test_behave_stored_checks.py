"""A step that stores the outcome of a check in the context proves something only if a later step or hook reads it."""

from __future__ import annotations

from behave_project import Project, find_record
from grouped import in_one_test

STEPS = """
from behave import given, then

class Cart:
    def total(self):
        return 5

def store(context):
    context.ok = context.total == 5

@given("a cart")
def a_cart(context):
    context.total, context.cart, context.results, context.empty = 5, Cart(), {{}}, False

@then("it is stored")
def it_is_stored(context):
    {body}

@then("another one is stored")
def another_one_is_stored(context):
    context.also = context.total == 6

@then("it is asserted")
def it_is_asserted(context):
    assert context.ok

@then("it is read by its name")
def it_is_read_by_its_name(context):
    assert getattr(context, "o" + "k")

@then("it is looked for")
def it_is_looked_for(context):
    assert "ok" in context

@then("something else is asserted")
def something_else_is_asserted(context):
    assert context.total == 5

@then("a sub-step asserts it")
def a_sub_step_asserts_it(context):
    context.execute_steps("Then it is asserted")
"""
STORED = {
    "a-comparison": "context.ok = context.total == 5",
    "of-what-a-call-returns": "context.ok = context.cart.total() == 5",
    "several": "context.ok = context.total == 5 and context.total < 6",
    "a-negation": "context.ok = not context.empty",
    "an-answer": "context.ok = isinstance(context.total, int)",
    "under-another-name": "found = context.total == 5; context.ok = found",
    "with-an-annotation": "context.ok: bool = context.total == 5",
    "by-setattr": "setattr(context, 'ok', context.total == 5)",
    "together-with-what-was-there": "context.ok = context.empty or context.total == 5",
    "by-an-operator": "context.ok = True; context.ok &= context.total == 5",
    "in-place-of-what-was-compared": "context.ok = context.total; context.ok = context.ok == 5",
    "two-at-once": "context.ok, context.fine = context.total == 5, context.total > 4",
    "in-a-helper": "store(context)",
    "as-a-branch": "if context.total == 5:\n        context.ok = True\n    else:\n        context.ok = False",
}


def run_scenario(project: Project, body: str, *steps: str, environment: str = "") -> list[str]:
    """Run a scenario whose first outcome has a body, with more steps, and return the reasons of the vacuous ones."""
    lines = "".join(f"    Then {step}\n" for step in ("it is stored", *steps))
    project.write(features__cart_feature=f"Feature: Cart\n  Scenario: total\n    Given a cart\n{lines}")
    project.write(steps__cart_steps_py=STEPS.format(body=body))
    project.write(environment_py=environment)
    record = find_record(project.run(), "total")
    assert {step.status for step in record.steps} == {"passed"}
    return [step.vacuity for step in record.steps[1:] if step.vacuous]


@in_one_test("body", STORED.values(), ids=STORED)
def test_an_outcome_that_nothing_reads_is_vacuous(project: Project, body: str) -> None:
    reasons = run_scenario(project, body, "something else is asserted")
    assert [reason.partition(": ")[2].partition(",")[0] for reason in reasons] == ["nothing reads `context.ok`"]


@in_one_test("body", STORED.values(), ids=STORED)
def test_an_outcome_that_a_later_step_asserts_is_not_vacuous(project: Project, body: str) -> None:
    assert run_scenario(project, body, "it is asserted") == []


def test_an_outcome_that_is_only_stored_in_another_one_is_vacuous(project: Project) -> None:
    body = "context.ok = not context.empty and context.total == 5"
    more = "\n@then('one more is stored')\ndef f(context):\n    context.ok = context.ok and context.total < 6\n"
    project.write(steps__more_steps_py=f"from behave import then{more}")
    assert len(run_scenario(project, body, "one more is stored", "one more is stored")) == 3
    assert run_scenario(project, body, "one more is stored", "one more is stored", "it is asserted") == []


READERS = {
    "by-its-name": "it is read by its name",
    "only-looked-for": "it is looked for",
    "in-a-sub-step": "a sub-step asserts it",
}


@in_one_test("step", READERS.values(), ids=READERS)
def test_an_outcome_that_a_later_step_reads_in_another_way_is_not_vacuous(project: Project, step: str) -> None:
    assert run_scenario(project, STORED["a-comparison"], step) == []


HOOKS = {
    "after-the-step": "def after_step(context, step):\n    getattr(context, 'ok', None)\n",
    "after-the-scenario": "def after_scenario(context, scenario):\n    assert context.ok\n",
    "a-clean-up": (
        "def before_scenario(context, scenario):\n    context.add_cleanup(lambda: getattr(context, 'ok', None))\n"
    ),
}


@in_one_test("environment", HOOKS.values(), ids=HOOKS)
def test_an_outcome_that_a_hook_reads_is_not_vacuous(project: Project, environment: str) -> None:
    assert run_scenario(project, STORED["a-comparison"], environment=environment) == []


def test_each_scenario_has_to_read_the_outcome_itself(project: Project) -> None:
    project.write(
        features__cart_feature="""
Feature: Cart
  Scenario: first
    Given a cart
    Then it is stored
  Scenario: second
    Given a cart
    Then it is stored
    And it is asserted
  Scenario: third
    Given a cart
    Then it is stored
    And another one is stored
"""
    )
    project.write(steps__cart_steps_py=STEPS.format(body=STORED["a-comparison"]))
    run = project.run()
    vacuous = [[step.vacuous for step in find_record(run, name).steps] for name in ("first", "second", "third")]
    assert vacuous == [[False, True], [False, False, False], [False, True, True]]


def test_a_step_that_also_checks_is_not_vacuous_whatever_it_stores(project: Project) -> None:
    assert run_scenario(project, "context.ok = context.total == 5; assert context.total") == []


def test_of_two_stored_outcomes_one_that_is_read_is_enough(project: Project) -> None:
    assert run_scenario(project, STORED["two-at-once"], "it is asserted") == []


def test_a_comparison_of_what_a_check_returns_may_fail_by_itself(project: Project) -> None:
    body = "check = lambda total: None; context.ok = check(context.total) is None"
    assert run_scenario(project, body) == []


def test_a_comparison_that_is_stored_elsewhere_may_be_read(project: Project) -> None:
    assert run_scenario(project, "context.results['total'] = context.total == 5") == []
